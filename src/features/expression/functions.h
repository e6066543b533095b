// What the language calls by name: operators and functions of numbers at one bar, windows over the last bars, and the
// indicators of the catalogue.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/expression/pointwise.h"
#include "features/indicator.h"

namespace hone {

enum class ValueType : std::uint8_t { kNumber, kCondition };
// "a number", "a condition"
std::string_view TypeName(ValueType type);

struct PointwiseFunction {
  std::string_view name;  // a symbol of an operator is one too
  Pointwise function;
  int arity;        // 1 to 3
  bool more;        // any number of arguments from `arity` on, taken two by two from the left
  ValueType takes;  // of all arguments but the first of `if`, which is a condition
  ValueType gives;
  int binds;    // of an operator: how tightly it holds, 1 to 8 as in parser.h; 0: called by name
  int version;  // raised with a change of formula
  std::string_view description;
};

ValueType TypeOfArgument(const PointwiseFunction& function, int argument);

std::span<const PointwiseFunction> PointwiseFunctions();
const PointwiseFunction& FunctionOf(Pointwise function);
// nullptr where there is none of that name.
const PointwiseFunction* FindPointwise(std::string_view name);

// lag, fill_* and rolling_*: in the form of indicators, of the language itself.
std::span<const IndicatorDefinition> WindowFunctions();

// The fill_*: they hear of bars at which their input is missing (NaN).
bool HearsOfMissing(const IndicatorDefinition& definition);

// Those of IndicatorCatalogue() whose name is not a function's: max(x, y) is of one bar, TA-Lib's MAX is rolling_max.
std::vector<const IndicatorDefinition*> CallableIndicators();

// Of WindowFunctions() or CallableIndicators(); nullptr where there is none of that name.
const IndicatorDefinition* FindIndicator(std::string_view name);

// Every name that can be called, for suggestions.
std::vector<std::string> CallableNames();

// "rsi(x, period)"
std::string CallForm(const IndicatorDefinition& definition);
std::string CallForm(const PointwiseFunction& function);

}  // namespace hone
