#include "market/bar_store.h"

#include <algorithm>

namespace hone {
namespace {

constexpr const char* kOfInstrument =
    "SELECT open_time, known_at, open, high, low, close, volume FROM market_bars WHERE instrument = ? ";

Bar BarOf(const Statement& row) {
  return {row.Int(0), row.Int(1), row.Double(2), row.Double(3), row.Double(4), row.Double(5), row.Double(6)};
}

}  // namespace

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
  HONE_ASSIGN_OR_RETURN(Statement select,
                        database_->Prepare(std::string(kOfInstrument) + "ORDER BY open_time DESC LIMIT ?"));
  select.BindAll(instrument, count);
  std::vector<Bar> bars;
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) break;
    bars.push_back(BarOf(select));
  }
  std::reverse(bars.begin(), bars.end());
  return bars;
}

Status BarStore::Visit(const std::string& instrument, const std::function<void(const Bar&)>& take) {
  HONE_ASSIGN_OR_RETURN(Statement select, database_->Prepare(std::string(kOfInstrument) + "ORDER BY open_time"));
  select.BindAll(instrument);
  for (;;) {
    HONE_ASSIGN_OR_RETURN(const bool row, select.Step());
    if (!row) return OkStatus();
    take(BarOf(select));
  }
}

Migrations MarketMigrations() {
  return {{"market", 1, "market_bars",
           "CREATE TABLE market_bars (instrument TEXT NOT NULL, open_time INTEGER NOT NULL, known_at INTEGER NOT NULL, "
           "open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL, "
           "PRIMARY KEY (instrument, open_time)) WITHOUT ROWID;"}};
}

}  // namespace hone
