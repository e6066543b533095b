// Two versions side by side, for `hone models compare` and the API.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "registry/version_store.h"

namespace hone {

// One key of either side; "" where a side lacks it.
struct ComparedValue {
  std::string key;  // dotted path in the JSON, or a field's name
  std::string left;
  std::string right;
  std::optional<double> change;  // right - left where both are numbers

  bool differs() const { return left != right; }
};

struct VersionComparison {
  VersionRecord left;
  VersionRecord right;
  std::vector<ComparedValue> metrics;     // all, by key
  std::vector<ComparedValue> parameters;  // all, by key
  std::vector<ComparedValue> lineage;     // recipe, change, parent, data, window, seed, ...
  std::string common_ancestor;            // nearest version both come from (may be one of the two); "" for none
};

// Keys of both JSON objects flattened and joined, in alphabetical order.
std::vector<ComparedValue> CompareJson(std::string_view left, std::string_view right);

// kNotFound when either does not exist.
Result<VersionComparison> CompareVersions(VersionStore& store, std::string_view model, std::string_view left,
                                          std::string_view right);

}  // namespace hone
