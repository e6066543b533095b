// The bars of one request as the feature store takes them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/definition_store.h"
#include "market/bar.h"
#include "storage/database.h"

namespace hone {

// Each sound and later than the one before; kInvalidData names the bar and what is wrong.
Status CheckPostedBars(const std::vector<Bar>& bars);

// `driven`: a model that the instrument drives tells the size and kind of its bars (`told` then); else what is stored
// of the instrument does, and of a new one the bars. At least one bar, checked.
struct PostedSeries {
  BarSeries series;
  bool told = false;
};
Result<PostedSeries> SeriesOfPosted(Database& database, const std::string& instrument, const std::vector<Bar>& bars,
                                    const StoredDefinition* driven);

}  // namespace hone
