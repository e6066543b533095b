// libraries: features
// Any bytes as an expression and as a file of definitions. What is accepted has one canonical text, which reads back to
// the same hash, and gives the same bits by single bars and by blocks, never an infinity.
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "features/expression/canonical_text.h"
#include "features/expression/checker.h"
#include "features/expression/evaluator.h"
#include "features/expression/parser.h"
#include "features/expression/user_definitions.h"

namespace {

constexpr hone::GraphLimits kSmall{.nodes = 2'000, .state_bytes = std::size_t{4} << 20};

void Demand(bool holds) {
  if (!holds) std::abort();
}

struct Compiled {
  hone::ExpressionGraph graph{hone::SeriesTraits{}, kSmall};
  hone::CheckedExpression checked;
};

hone::Result<Compiled> Compile(std::string_view text) {
  Compiled compiled;
  HONE_ASSIGN_OR_RETURN(const hone::SyntaxNode tree, hone::ParseExpression(text));
  HONE_ASSIGN_OR_RETURN(compiled.checked, hone::CheckExpression(tree, {}, compiled.graph));
  return compiled;
}

std::vector<hone::Bar> SomeBars() {
  std::vector<hone::Bar> bars;
  for (int i = 0; i < 40; ++i) {
    const double close = 100 + 7 * std::sin(i * 0.7) + (i == 20 ? 1e250 : 0);
    bars.push_back({.open_time = i * hone::kDay,
                    .known_at = (i + 1) * hone::kDay,
                    .open = close - 1,
                    .high = close + 2,
                    .low = close - 2,
                    .close = close,
                    .volume = i % 5 * 10.0});
  }
  return bars;
}

void CheckValues(std::string_view text) {
  static const std::vector<hone::Bar> bars = SomeBars();
  auto one = Compile(text), many = Compile(text);
  const std::vector<hone::Slot> root{one->checked.slot};
  hone::Evaluator single(one->graph, root), blocks(many->graph, root);
  blocks.UpdateBlock(bars);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    single.Update(bars[i]);
    const double value = single.value(0), other = blocks.column(0)[i];
    Demand(!std::isinf(value) && std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(other));
  }
}

void CheckExpression(std::string_view text) {
  auto compiled = Compile(text);
  if (!compiled.ok()) return Demand(!compiled.error().message.empty());
  const auto canonical = hone::CanonicalText(compiled->graph, compiled->checked.slot);
  Demand(canonical.ok() || canonical.error().message.find("written out") != std::string::npos);
  if (canonical.ok() && canonical->size() <= hone::kMostExpressionBytes) {  // a diff is written with its input twice
    auto again = Compile(*canonical);
    if (again.ok()) {
      Demand(again->graph.HashOf(again->checked.slot) == compiled->graph.HashOf(compiled->checked.slot));
      Demand(*hone::CanonicalText(again->graph, again->checked.slot) == *canonical);
    } else {  // only for its depth, which grows with diff and lists of arguments
      Demand(again.error().message.find("nested deeper") != std::string::npos);
    }
  }
  CheckValues(text);
}

void CheckDefinitions(std::string_view yaml) {
  hone::UserDefinitions definitions;
  if (definitions.Read(yaml, "fuzz").ok()) {
    Demand(definitions.Read(yaml, "again").ok());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckExpression(text);
  if (text.substr(0, 8) == "features") CheckDefinitions(text);
  return 0;
}
