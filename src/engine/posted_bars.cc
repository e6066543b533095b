#include "engine/posted_bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "features/store/bar_history.h"
#include "market/bar_check.h"
#include "market/series_order.h"

namespace hone {
namespace {

constexpr const char* kPosted = "/market/bars";

bool HasRange(const Bar& bar) { return bar.high != bar.low || bar.open != bar.close || bar.high != bar.close; }

Result<SeriesTraits> StoredTraits(Database& database, const std::string& instrument) {
  const Result<FeatureEntity> entity = BarHistory(database).Find(instrument);
  if (entity.ok()) return entity->traits;
  if (entity.error().code != ErrorCode::kNotFound) return entity.error();
  return SeriesTraits{.has_range = false, .has_volume = false};  // unless its first bars show otherwise
}

// A bar without range, or volume, does not say that its instrument has none.
SeriesTraits ShownTraits(SeriesTraits traits, const std::vector<Bar>& bars) {
  traits.has_range = traits.has_range || std::any_of(bars.begin(), bars.end(), HasRange);
  traits.has_volume =
      traits.has_volume || std::any_of(bars.begin(), bars.end(), [](const Bar& bar) { return bar.volume != 0; });
  return traits;
}

}  // namespace

Status CheckPostedBars(const std::vector<Bar>& bars) {
  for (std::size_t i = 0; i < bars.size(); ++i) {
    Status sound = CheckBar(bars[i]);
    if (sound.ok() && i > 0 && bars[i].open_time <= bars[i - 1].open_time) {
      sound = Error{ErrorCode::kInvalidData, "is not later than the bar before it", "", 0, "open_time"};
    }
    if (sound.ok()) continue;
    Error error = sound.error();
    error.message = fmt::format("bar {}: {}", i, error.message);
    return error;
  }
  return OkStatus();
}

Result<PostedSeries> SeriesOfPosted(Database& database, const std::string& instrument, const std::vector<Bar>& bars,
                                    const StoredDefinition* driven) {
  SeriesTraits traits;
  if (driven != nullptr) {
    traits = driven->traits;
  } else {
    HONE_ASSIGN_OR_RETURN(const SeriesTraits stored, StoredTraits(database, instrument));
    traits = ShownTraits(stored, bars);
  }
  RawBars raw;
  raw.bars = bars;
  raw.lines.resize(bars.size());
  std::iota(raw.lines.begin(), raw.lines.end(), 1);
  raw.unit = "bar";
  raw.has_range = traits.has_range;
  raw.has_volume = traits.has_volume;
  raw.time_column = "open_time";
  PostedSeries posted;
  HONE_ASSIGN_OR_RETURN(posted.series, OrderBars(std::move(raw), kPosted));
  BarSeries& series = posted.series;
  series.instrument = instrument;
  if (driven != nullptr) {
    series.bar_size = driven->bar_size;
    posted.told = true;
  }
  for (Bar& bar : series.bars) bar.known_at = bar.open_time + series.bar_size;
  series.fingerprint = FingerprintBars(series.bars);
  return posted;
}

}  // namespace hone
