// What an expression means: names found, types and parameters checked, constants folded, its parts put into a graph.
//
// Numbers and conditions are told apart and never become each other by themselves. Functions of constants are constants
// (a parameter may be 2 * 7); a comparison is none. diff(x, n) is x - lag(x, n); min, max and coalesce of more than two
// arguments are taken two by two from the left.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/result.h"
#include "features/expression/graph.h"
#include "features/expression/syntax_tree.h"

namespace hone {

struct CheckedExpression {
  ValueType type = ValueType::kNumber;
  Slot slot = 0;
};

// Values that expressions may use by name, beside columns and features of the catalogue.
using NamedExpressions = std::map<std::string, CheckedExpression, std::less<>>;

// Errors (kInvalidArgument) name the place in the text and what would be right: an unknown name with the nearest, the
// number and types of arguments, a parameter that is no constant or out of its range, an output that has to be named,
// limits of the graph.
Result<CheckedExpression> CheckExpression(const SyntaxNode& tree, const NamedExpressions& named,
                                          ExpressionGraph& graph);

// Whether `name` is taken: a column, a feature, a function, a word of the language.
bool IsTakenName(std::string_view name);

}  // namespace hone
