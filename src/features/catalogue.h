// The list of all built-in features.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "features/feature.h"

namespace hone {

// What a feature is. The definition's hash goes into a version's manifest: a change of formula must bump `version`.
struct FeatureDefinition {
  std::string_view name;
  std::string_view description;  // one line: formula and unit
  int version = 1;
  std::string_view parameters;  // "window=20"
  bool uses_range = false;      // its formula differs for close-only sources
  FeaturePointer (*make)(SeriesTraits traits) = nullptr;
};

// In a fixed order: the nine general ones, then volatility levels, then scale-free ratios.
std::span<const FeatureDefinition> FeatureCatalogue();

// Error kInvalidArgument names the nearest feature ("did you mean ...").
Result<const FeatureDefinition*> FindFeature(std::string_view name);

// SHA-256 (hex) of name, version, parameters and, where it matters, the kind of source.
std::string DefinitionHash(const FeatureDefinition& definition, SeriesTraits traits);

}  // namespace hone
