// An error about a place in the text of an expression: "expression:1:12: 'emma' is no function; did you mean 'ema'?".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

// A byte of the text; both from 1.
struct TextPlace {
  int line = 1;
  int column = 1;
};

// kInvalidArgument with the place as source.
Error ExpressionError(TextPlace place, std::string message);

// "; did you mean 'ema'?", or "" when nothing is near.
std::string NearWord(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace hone
