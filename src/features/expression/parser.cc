#include "features/expression/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "features/expression/lexer.h"
#include "features/expression/limits.h"

namespace hone {
namespace {

// How tightly operators hold, from loose to tight.
enum Power { kOr = 1, kAnd, kNot, kComparison, kSum, kProduct, kPower };

int PowerOf(const Token& token) {
  if (token.kind == TokenKind::kName) return token.text == "or" ? kOr : token.text == "and" ? kAnd : 0;
  if (token.kind != TokenKind::kSymbol) return 0;
  const char c = token.text[0];
  if (token.text.size() == 2 || c == '<' || c == '>') return kComparison;
  if (c == '+' || c == '-') return kSum;
  if (c == '*' || c == '/') return kProduct;
  return c == '^' ? kPower : 0;
}

bool IsReserved(const std::string& name) { return name == "and" || name == "or" || name == "not"; }

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<SyntaxNode> Run() {
    HONE_ASSIGN_OR_RETURN(SyntaxNode tree, Binary(kOr));
    if (Now().kind != TokenKind::kEnd) return Unexpected("an operator or the end");
    return tree;
  }

 private:
  const Token& Now() const { return tokens_[at_]; }
  bool Is(std::string_view text) const { return Now().kind != TokenKind::kEnd && Now().text == text; }
  bool Take(std::string_view text) {
    if (!Is(text)) return false;
    ++at_;
    return true;
  }

  Error Unexpected(std::string_view expected) const {
    const Token& now = Now();
    std::string found = "the end";
    if (now.kind == TokenKind::kNumber) found = fmt::format("the number {}", now.number);
    if (now.kind == TokenKind::kName || now.kind == TokenKind::kSymbol) found = fmt::format("'{}'", now.text);
    return ExpressionError(now.place, fmt::format("expected {}, found {}", expected, found));
  }

  static Error TooDeep(TextPlace place) {
    return ExpressionError(place, fmt::format("nested deeper than {} levels", kMostExpressionDepth));
  }

  static Result<SyntaxNode> Node(SyntaxKind kind, std::string name, std::vector<SyntaxNode> children, TextPlace place) {
    SyntaxNode node{kind, std::move(name), 0, std::move(children), place};
    for (const SyntaxNode& child : node.children) node.depth = std::max(node.depth, child.depth + 1);
    if (node.depth > kMostExpressionDepth) return TooDeep(place);
    return node;
  }

  template <typename... Children>
  static Result<SyntaxNode> Call(std::string name, TextPlace place, Children... children) {
    std::vector<SyntaxNode> list;
    (list.push_back(std::move(children)), ...);
    return Node(SyntaxKind::kCall, std::move(name), std::move(list), place);
  }

  // An operand and the operators after it that hold at least as tightly as `least`.
  Result<SyntaxNode> Binary(int least) {
    if (++nesting_ > kMostExpressionDepth) return TooDeep(Now().place);
    Result<SyntaxNode> node = Operators(least);
    --nesting_;
    return node;
  }

  Result<SyntaxNode> Operators(int least) {
    HONE_ASSIGN_OR_RETURN(SyntaxNode left, Prefix());
    int most = kPower;  // a comparison is no side of another
    while (true) {
      const int power = PowerOf(Now());
      if (power < least || power == 0) return left;
      if (power > most) return ExpressionError(Now().place, "comparisons do not follow each other; join them with and");
      const Token token = tokens_[at_++];
      HONE_ASSIGN_OR_RETURN(SyntaxNode right, Binary(power == kPower ? kPower : power + 1));
      HONE_ASSIGN_OR_RETURN(left, Call(token.text, token.place, std::move(left), std::move(right)));
      if (power == kComparison) most = kNot;
    }
  }

  // not, the signs, and what they stand before.
  Result<SyntaxNode> Prefix() {
    const TextPlace place = Now().place;
    if (Now().kind == TokenKind::kName && Take("not")) {
      HONE_ASSIGN_OR_RETURN(SyntaxNode operand, Binary(kComparison));
      return Call("not", place, std::move(operand));
    }
    if (Take("-")) {
      HONE_ASSIGN_OR_RETURN(SyntaxNode operand, Binary(kPower));
      return Call("negative", place, std::move(operand));
    }
    if (Take("+")) return Binary(kPower);
    return Postfix();
  }

  Result<SyntaxNode> Postfix() {
    HONE_ASSIGN_OR_RETURN(SyntaxNode node, Primary());
    while (true) {
      const TextPlace place = Now().place;
      if (Take("[")) {
        HONE_ASSIGN_OR_RETURN(SyntaxNode bars, Binary(kOr));
        if (!Take("]")) return Unexpected("']'");
        HONE_ASSIGN_OR_RETURN(node, Call("lag", place, std::move(node), std::move(bars)));
      } else if (Take(".")) {
        if (Now().kind != TokenKind::kName) return Unexpected("the name of an output");
        const Token name = tokens_[at_++];
        std::vector<SyntaxNode> of;
        of.push_back(std::move(node));
        HONE_ASSIGN_OR_RETURN(node, Node(SyntaxKind::kOutput, name.text, std::move(of), name.place));
      } else {
        return node;
      }
    }
  }

  Result<SyntaxNode> Primary() {
    const Token token = Now();
    if (token.kind == TokenKind::kNumber) {
      ++at_;
      return SyntaxNode{SyntaxKind::kNumber, "", token.number, {}, token.place};
    }
    if (token.kind == TokenKind::kName && !IsReserved(token.text)) {
      ++at_;
      if (Take("(")) return Arguments(token);
      return SyntaxNode{SyntaxKind::kName, token.text, 0, {}, token.place};
    }
    if (!Take("(")) return Unexpected("a number, a name or '('");
    HONE_ASSIGN_OR_RETURN(SyntaxNode inner, Binary(kOr));
    if (!Take(")")) return Unexpected("')'");
    return inner;
  }

  Result<SyntaxNode> Arguments(const Token& name) {
    std::vector<SyntaxNode> arguments;
    if (Take(")")) return Node(SyntaxKind::kCall, name.text, {}, name.place);
    do {
      HONE_ASSIGN_OR_RETURN(SyntaxNode argument, Binary(kOr));
      arguments.push_back(std::move(argument));
    } while (Take(","));
    if (!Take(")")) return Unexpected("',' or ')'");
    return Node(SyntaxKind::kCall, name.text, std::move(arguments), name.place);
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int nesting_ = 0;
};

}  // namespace

Result<SyntaxNode> ParseExpression(std::string_view text) {
  HONE_ASSIGN_OR_RETURN(std::vector<Token> tokens, Tokens(text));
  return Parser(std::move(tokens)).Run();
}

}  // namespace hone
