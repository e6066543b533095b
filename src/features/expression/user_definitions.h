// Features that a user defines by name in YAML, to be used in other expressions.
//
//   features:
//     - name: trend                    # a-z, 0-9 and _, no name that the language or the catalogue has
//       version: 2                     # from 1; raised with each change
//       description: distance from the 20-bar average
//       expression: close / ema(close, 20) - 1
//       tags: [momentum, level]
//       fill: zero                     # of missing values: none, zero, mean or forward
//
// Definitions may use each other in any order, but not in a circle. `mean` is that of the values known so far,
// `forward` the last known one; `backward` would put a later value into an earlier bar and is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "features/expression/checker.h"
#include "features/expression/syntax_tree.h"

namespace hone {

struct UserDefinition {
  std::string name;
  int version = 1;
  std::string description;
  std::string expression;
  std::vector<std::string> tags;
  std::string fill = "none";
  std::string where;  // "features.yaml:3"
  SyntaxNode tree;    // of the expression, with the fill around it
};

class UserDefinitions {
 public:
  // Adds the definitions of a file. Errors (kInvalidArgument) with file and line: a key or value that is not as above,
  // an expression that is wrong, a circle, a name defined before as something else (another expression or fill under
  // the same version, or another version).
  Status Read(std::string_view yaml, const std::string& source);

  // In an order in which none is used before it is defined.
  const std::vector<UserDefinition>& definitions() const { return definitions_; }

  // Puts all of them into the graph. Errors: a limit of the graph.
  Result<NamedExpressions> AddTo(ExpressionGraph& graph) const;

 private:
  std::vector<UserDefinition> definitions_;
};

}  // namespace hone
