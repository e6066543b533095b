// The words of an expression's text: numbers, names, operators.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "features/expression/expression_error.h"

namespace hone {

enum class TokenKind {
  kNumber,  // 20, .5, 1.5e-3
  kName,    // a letter or _, then letters, digits and _; lower-cased, so that case does not matter
  kSymbol,  // + - * / ^ ( ) [ ] , . < <= > >= == !=
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;  // of a name or symbol
  double number = 0;
  TextPlace place;
};

// Ends with kEnd. Blanks and line breaks separate words. Errors: text longer than kMostExpressionBytes, bytes that
// begin no word, a number that is no finite double, a name of more than 64 bytes.
Result<std::vector<Token>> Tokens(std::string_view text);

}  // namespace hone
