// An expression as written: which words belong together. What they mean is the checker's.
#pragma once

#include <string>
#include <vector>

#include "features/expression/expression_error.h"

namespace hone {

enum class SyntaxKind {
  kNumber,  // number
  kName,    // a column, feature or definition
  kCall,    // name(children...); operators too: "+", "<", "and", "negative" ...; x[n] is lag(x, n)
  kOutput,  // children[0].name: one output of an indicator
};

struct SyntaxNode {
  SyntaxKind kind = SyntaxKind::kNumber;
  std::string name;  // lower case
  double number = 0;
  std::vector<SyntaxNode> children;
  TextPlace place;
  int depth = 1;  // of the tree below, at most kMostExpressionDepth
};

}  // namespace hone
