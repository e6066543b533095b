// Tests only: random expressions that the checker accepts, with all of the language in them.
#pragma once

#include <fmt/format.h>

#include <string>

#include "base/random.h"

namespace hone {

class RandomExpression {
 public:
  explicit RandomExpression(std::uint64_t seed) : random_(seed) {}

  std::string Number(int depth) {
    if (depth == 0) return Leaf();
    switch (random_.Below(12)) {
      case 0: return Leaf();
      case 1: return fmt::format("({} {} {})", Number(depth - 1), Pick({"+", "-", "*", "/"}), Number(depth - 1));
      case 2: return fmt::format("-{}", Leaf());
      case 3: return fmt::format("({}) ^ {}", Number(depth - 1), Pick({"2", "-1", "0.5", "-close"}));
      case 4:
        return fmt::format(
            "{}({})",
            Pick({"abs", "LOG", "exp", "sqrt", "sign", "floor", "ceil", "round", "tanh", "sin", "cos", "log1p"}),
            Number(depth - 1));
      case 5:
        return fmt::format("{}({},{}, {})", Pick({"min", "max", "coalesce", "clip"}), Number(depth - 1),
                           Number(depth - 1), Number(depth - 1));
      case 6: return fmt::format("if({}, {}, {})", Condition(depth - 1), Number(depth - 1), Number(depth - 1));
      case 7: return fmt::format("({})[{}]", Number(depth - 1), Bars());
      case 8:
        return fmt::format("{}({}, {})", Pick({"lag", "diff", "sma", "ema", "rsi", "zscore"}), Number(depth - 1),
                           Bars());
      case 9:
        return fmt::format("rolling_{}({}, {})", Pick({"mean", "sum", "min", "max", "std", "median"}),
                           Number(depth - 1), Bars());
      case 10:
        return fmt::format("macd({}, 3, {}, 2).{}", Number(depth - 1), 3 + Bars(),
                           Pick({"macd", "macdsignal", "macdhist"}));
      default: return fmt::format("{}({})", Pick({"fill_forward", "fill_mean"}), Number(depth - 1));
    }
  }

  std::string Condition(int depth) {
    const std::uint64_t kind = depth == 0 ? 0 : random_.Below(4);
    if (kind == 1) return fmt::format("({} {} {})", Condition(depth - 1), Pick({"and", "or"}), Condition(depth - 1));
    if (kind == 2) return fmt::format("not {}", Condition(depth - 1));
    if (kind == 3) return fmt::format("is_missing({})", Number(depth - 1));
    return fmt::format("{} {} {}", Leaf(), Pick({"<", "<=", ">", ">=", "==", "!="}), Leaf());
  }

 private:
  std::string Leaf() {
    return Pick({"open", "high", "low", "close", "volume", "Close", "rsi_14", "log_range_5", "2", "0.5", "1e2",
                 "(close - 100)", "(close - open)", "log(close - open)"});
  }
  int Bars() { return 2 + static_cast<int>(random_.Below(9)); }
  std::string Pick(std::initializer_list<const char*> words) { return *(words.begin() + random_.Below(words.size())); }

  Random random_;
};

}  // namespace hone
