#include "features/expression/lexer.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "features/expression/limits.h"

namespace hone {
namespace {

constexpr std::size_t kMostNameBytes = 64;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool BeginsName(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
char Lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> Run() {
    std::vector<Token> tokens;
    for (SkipBlanks(); at_ < text_.size(); SkipBlanks()) {
      HONE_ASSIGN_OR_RETURN(Token token, Next());
      tokens.push_back(std::move(token));
    }
    tokens.push_back({TokenKind::kEnd, "", 0, Place()});
    return tokens;
  }

 private:
  char Peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  TextPlace Place() const { return {line_, static_cast<int>(at_ - line_begin_) + 1}; }

  void SkipBlanks() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        line_begin_ = at_ + 1;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  Result<Token> Next() {
    if (IsDigit(Peek()) || (Peek() == '.' && IsDigit(Peek(1)))) return Number();
    if (BeginsName(Peek())) return Name();
    return Symbol();
  }

  Result<Token> Number() {
    Token token{TokenKind::kNumber, "", 0, Place()};
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), token.number);
    const std::string_view word(begin, static_cast<std::size_t>(end - begin));
    if (error != std::errc() || !std::isfinite(token.number)) {
      return ExpressionError(token.place, fmt::format("'{}' is no number that a double can hold", word.substr(0, 40)));
    }
    at_ += word.size();
    if (BeginsName(Peek())) {
      return ExpressionError(Place(), fmt::format("'{}' follows the number {} without an operator", Peek(), word));
    }
    return token;
  }

  Result<Token> Name() {
    Token token{TokenKind::kName, "", 0, Place()};
    for (; BeginsName(Peek()) || IsDigit(Peek()); ++at_) token.text += Lowered(Peek());
    if (token.text.size() <= kMostNameBytes) return token;
    return ExpressionError(token.place,
                           fmt::format("a name of {} letters; at most {}", token.text.size(), kMostNameBytes));
  }

  Result<Token> Symbol() {
    Token token{TokenKind::kSymbol, std::string(text_.substr(at_, 2)), 0, Place()};
    const std::string& two = token.text;
    const bool wide = two == "<=" || two == ">=" || two == "==" || two == "!=";
    if (!wide) token.text.resize(1);
    constexpr std::string_view kSymbols = "+-*/^()[],.<>";
    if (wide || kSymbols.find(token.text[0]) != std::string_view::npos) {
      at_ += token.text.size();
      return token;
    }
    return ExpressionError(token.place, NotAWord(token.text[0]));
  }

  static std::string NotAWord(char c) {
    if (c == '=') return "'=' is no operator; equal is '=='";
    if (c == '&' || c == '|' || c == '!') return fmt::format("'{}' is no operator; write and, or, not, !=", c);
    if (c > ' ' && c < 0x7f) return fmt::format("'{}' is no part of an expression", c);
    return fmt::format("byte 0x{:02x} is no part of an expression", static_cast<unsigned char>(c));
  }

  std::string_view text_;
  std::size_t at_ = 0, line_begin_ = 0;
  int line_ = 1;
};

}  // namespace

Result<std::vector<Token>> Tokens(std::string_view text) {
  if (text.size() > kMostExpressionBytes) {
    return ExpressionError({},
                           fmt::format("the expression has {} bytes; at most {}", text.size(), kMostExpressionBytes));
  }
  return Lexer(text).Run();
}

}  // namespace hone
