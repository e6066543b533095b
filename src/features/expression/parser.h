// Text to syntax tree, by precedence climbing (Clarke 1986, "The top-down parsing of expressions").
//
//   expression = disjunction
//   disjunction = conjunction { "or" conjunction }
//   conjunction = negation { "and" negation }
//   negation = "not" negation | comparison
//   comparison = sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
//   sum = product { ("+" | "-") product }
//   product = sign { ("*" | "/") sign }
//   sign = ("-" | "+") sign | power
//   power = postfix [ "^" sign ]
//   postfix = primary { "[" expression "]" | "." name }
//   primary = number | name | name "(" expression { "," expression } ")" | "(" expression ")"
#pragma once

#include <string_view>

#include "base/result.h"
#include "features/expression/syntax_tree.h"

namespace hone {

// Errors (kInvalidArgument) name the place, what is there and what was expected; also nesting deeper than
// kMostExpressionDepth.
Result<SyntaxNode> ParseExpression(std::string_view text);

}  // namespace hone
