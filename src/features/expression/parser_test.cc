// What is refused, with its place; what binds how tightly, by the canonical text.
#include "features/expression/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/expression/limits.h"
#include "features/expression/testing/checked.h"

namespace hone {
namespace {

using testing::HasSubstr;

struct ParserCase {
  std::string text, becomes;
};

class Wrong : public testing::TestWithParam<ParserCase> {};

TEST_P(Wrong, IsToldWithItsPlace) { EXPECT_EQ(ErrorOf(GetParam().text), "expression:" + GetParam().becomes); }

INSTANTIATE_TEST_SUITE_P(
    Expressions, Wrong,
    testing::Values(ParserCase{"", "1:1: expected a number, a name or '(', found the end"},
                    ParserCase{"close +", "1:8: expected a number, a name or '(', found the end"},
                    ParserCase{"close 5", "1:7: expected an operator or the end, found the number 5"},
                    ParserCase{"(close", "1:7: expected ')', found the end"},
                    ParserCase{"close)", "1:6: expected an operator or the end, found ')'"},
                    ParserCase{"close[1", "1:8: expected ']', found the end"},
                    ParserCase{"ema(close, 5", "1:13: expected ',' or ')', found the end"},
                    ParserCase{"macd(close,3,5,2).5", "1:18: expected an operator or the end, found the number 0.5"},
                    ParserCase{"close.", "1:7: expected the name of an output, found the end"},
                    ParserCase{"close\n  = 3", "2:3: '=' is no operator; equal is '=='"},
                    ParserCase{"close & open", "1:7: '&' is no operator; write and, or, not, !="},
                    ParserCase{"close $ 2", "1:7: '$' is no part of an expression"},
                    ParserCase{"close \xff", "1:7: byte 0xff is no part of an expression"},
                    ParserCase{"1e999", "1:1: '1e999' is no number that a double can hold"},
                    ParserCase{"3close", "1:2: 'c' follows the number 3 without an operator"},
                    ParserCase{"1 < 2 < 3", "1:7: comparisons do not follow each other; join them with and"},
                    ParserCase{"and", "1:1: expected a number, a name or '(', found 'and'"}));

class Reads : public testing::TestWithParam<ParserCase> {};

TEST_P(Reads, AsItBinds) { EXPECT_EQ(CanonicalOf(GetParam().text), GetParam().becomes); }

INSTANTIATE_TEST_SUITE_P(
    Expressions, Reads,
    testing::Values(
        ParserCase{"close+open*low", "close + open * low"}, ParserCase{"(close+open)*low", "(close + open) * low"},
        ParserCase{"close-open-low", "close - open - low"}, ParserCase{"close-(open-low)", "close - (open - low)"},
        ParserCase{"close/open/low", "close / open / low"}, ParserCase{"close/(open*low)", "close / (open * low)"},
        ParserCase{"2^close^low", "2 ^ close ^ low"}, ParserCase{"(2^close)^low", "(2 ^ close) ^ low"},
        ParserCase{"-close^2", "-close ^ 2"}, ParserCase{"(-close)^2", "(-close) ^ 2"},
        ParserCase{"close^-2", "close ^ -2"}, ParserCase{"(0-2)^close", "(-2) ^ close"},
        ParserCase{"close--2", "close - -2"}, ParserCase{"--close", "--close"},
        ParserCase{"-(close*low)", "-(close * low)"}, ParserCase{"-close*low", "-close * low"},
        ParserCase{"+close", "close"}, ParserCase{"close^-low^2", "close ^ -low ^ 2"},
        ParserCase{"close>1 and low>1 or high>1", "close > 1 and low > 1 or high > 1"},
        ParserCase{"close>1 and (low>1 or high>1)", "close > 1 and (low > 1 or high > 1)"},
        ParserCase{"not close>1 and low>1", "not close > 1 and low > 1"},
        ParserCase{"not (close>1 and low>1)", "not (close > 1 and low > 1)"},
        ParserCase{"not not close > 1", "not not close > 1"}, ParserCase{"close+1<low*2", "close + 1 < low * 2"},
        ParserCase{"IF(Close>OPEN,1,0-1)", "if(close > open, 1, -1)"}, ParserCase{"close[3]", "lag(close, 3)"},
        ParserCase{"close[1][2]", "lag(lag(close, 1), 2)"}, ParserCase{"(close+1)[3]", "lag(close + 1, 3)"},
        ParserCase{"diff(close,5)", "close - lag(close, 5)"}, ParserCase{"pow(close, 2)", "close ^ 2"},
        ParserCase{"sma( close , 2*7 )", "sma(close, 14)"},
        ParserCase{"macd(close,12,26,9).MACDHist*2", "macd(close, 12, 26, 9).macdhist * 2"},
        ParserCase{"min(close,low,1,2)", "min(min(min(close, low), 1), 2)"},
        ParserCase{"close*1e-5*.5", "close * 1e-05 * 0.5"}, ParserCase{"RSI_14/100", "rsi_14 / 100"},
        ParserCase{"close *\n 2", "close * 2"}));

TEST(ParseExpression, BoundsItsSize) {
  EXPECT_THAT(ErrorOf(std::string(kMostExpressionBytes + 1, ' ')), HasSubstr("has 4097 bytes; at most 4096"));
  EXPECT_THAT(ErrorOf(std::string(65, 'x')), HasSubstr("a name of 65 letters; at most 64"));
}

TEST(ParseExpression, BoundsItsDepth) {
  for (const char* open : {"(", "-", "not ", "abs(", "2^", "1+(", "close[", "1-"}) {
    std::string text;
    for (int i = 0; i < 600; ++i) text += open;
    EXPECT_THAT(ErrorOf(text + "1"), HasSubstr("nested deeper than 256 levels")) << open;
  }
  std::string chain = "close";
  for (int i = 0; i < 300; ++i) chain += "+1";
  EXPECT_THAT(ErrorOf(chain), HasSubstr("nested deeper than 256 levels"));
  EXPECT_EQ(ErrorOf(std::string(200, '(') + "close" + std::string(200, ')')), "");
}

}  // namespace
}  // namespace hone
