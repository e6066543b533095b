#include "features/indicators/five.h"

namespace hone {
namespace {

constexpr const IndicatorDefinition* kCatalogue[] = {&kEma, &kMacd, &kRsi, &kSma, &kZscore};

}  // namespace

std::span<const IndicatorDefinition* const> IndicatorCatalogue() { return kCatalogue; }

}  // namespace hone
