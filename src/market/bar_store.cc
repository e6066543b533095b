#include "market/bar_store.h"

#include <algorithm>

namespace hone {

Status BarStore::Append(const std::string& instrument, const Bar& bar) {
  HONE_ASSIGN_OR_RETURN(Statement newest,
                        database_->Prepare("SELECT max(open_time) FROM market_bars WHERE instrument = ?"));
  newest.BindAll(instrument);
  HONE_ASSIGN_OR_RETURN(const bool found, newest.Step());
  if (found && !newest.IsNull(0) && newest.Int(0) >= bar.open_time) {
    return Error{
        ErrorCode::kConflict,
        "bar of " + FormatTime(bar.open_time) + " is not later than the newest one, " + FormatTime(newest.Int(0)),
        instrument, 0, "open_time"};
  }
  newest.Reset();
  HONE_ASSIGN_OR_RETURN(Statement insert,
                        database_->Prepare("INSERT INTO market_bars (instrument, open_time, known_at, open, high, low, "
                                           "close, volume) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  return insert.Run(instrument, bar.open_time, bar.known_at, bar.open, bar.high, bar.low, bar.close, bar.volume);
}

Result<std::vector<Bar>> BarStore::Newest(const std::string& instrument, std::int64_t count) {
  HONE_ASSIGN_OR_RETURN(
      Statement select,
      database_->Prepare("SELECT open_time, known_at, open, high, low, close, volume FROM market_bars "
                         "WHERE instrument = ? ORDER BY open_time DESC LIMIT ?"));
  select.BindAll(instrument, count);
  std::vector<Bar> bars;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    bars.push_back({select.Int(0), select.Int(1), select.Double(2), select.Double(3), select.Double(4),
                    select.Double(5), select.Double(6)});
  }
  std::reverse(bars.begin(), bars.end());
  return bars;
}

Migrations MarketMigrations() {
  return {{"market", 1, "market_bars",
           "CREATE TABLE market_bars (instrument TEXT NOT NULL, open_time INTEGER NOT NULL, known_at INTEGER NOT NULL, "
           "open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL, "
           "PRIMARY KEY (instrument, open_time)) WITHOUT ROWID;"}};
}

}  // namespace hone
