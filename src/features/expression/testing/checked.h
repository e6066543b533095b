// Tests only: text to canonical text, hash or values in one call.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "features/expression/canonical_text.h"
#include "features/expression/checker.h"
#include "features/expression/evaluator.h"
#include "features/expression/parser.h"

namespace hone {

struct Compiled {
  ExpressionGraph graph{SeriesTraits{}};
  CheckedExpression checked;
};

inline Result<Compiled> Compile(const std::string& text, SeriesTraits traits = {}) {
  Compiled compiled{ExpressionGraph(traits), {}};
  HONE_ASSIGN_OR_RETURN(const SyntaxNode tree, ParseExpression(text));
  HONE_ASSIGN_OR_RETURN(compiled.checked, CheckExpression(tree, {}, compiled.graph));
  return compiled;
}

// The error's text; "" where there is none.
inline std::string ErrorOf(const std::string& text) {
  const auto compiled = Compile(text);
  return compiled.ok() ? "" : compiled.error().ToString();
}

inline std::string CanonicalOf(const std::string& text) {
  const auto compiled = Compile(text);
  EXPECT_TRUE(compiled.ok()) << text << "\n" << compiled.error().ToString();
  return compiled.ok() ? CanonicalText(compiled->graph, compiled->checked.slot).value() : "";
}

inline std::string HashOf(const std::string& text, SeriesTraits traits = {}) {
  auto compiled = Compile(text, traits);
  EXPECT_TRUE(compiled.ok()) << text << "\n" << compiled.error().ToString();
  return compiled.ok() ? compiled->graph.HashOf(compiled->checked.slot) : "";
}

// Bar by bar.
inline std::vector<double> ValuesOf(const std::string& text, const std::vector<Bar>& bars, SeriesTraits traits = {}) {
  auto compiled = Compile(text, traits);
  EXPECT_TRUE(compiled.ok()) << text << "\n" << compiled.error().ToString();
  if (!compiled.ok()) return {};
  Evaluator evaluator(compiled->graph, std::vector<Slot>{compiled->checked.slot});
  std::vector<double> values;
  for (const Bar& bar : bars) {
    evaluator.Update(bar);
    values.push_back(evaluator.value(0));
  }
  return values;
}

// Bars with these closes.
inline std::vector<Bar> Closes(const std::vector<double>& closes) {
  std::vector<Bar> bars;
  for (const double close : closes) {
    const Time open_time = static_cast<Time>(bars.size()) * kDay;
    bars.push_back({.open_time = open_time,
                    .known_at = open_time + kDay,
                    .open = close,
                    .high = close,
                    .low = close,
                    .close = close,
                    .volume = 1});
  }
  return bars;
}

}  // namespace hone
