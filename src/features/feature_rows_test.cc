#include "features/feature_rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace hone {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Rows = std::vector<std::vector<double>>;

Result<Rows> Read(const std::string& text, const std::vector<std::string>& names, std::size_t width) {
  HONE_ASSIGN_OR_RETURN(FeatureRows rows, FeatureRows::Open(text, "rows.csv", names, width));
  Rows read;
  while (true) {
    std::vector<double> row(width);
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next(row));
    if (!more) return read;
    read.push_back(row);
  }
}

TEST(FeatureRows, TakesColumnsByNameInTheModelsOrder) {
  const auto rows = Read("y,b, a \n9,2,1\r\n9,\"4\",3", {"a", "b"}, 2);
  ASSERT_TRUE(rows.ok()) << rows.error().ToString();
  EXPECT_EQ(*rows, (Rows{{1, 2}, {3, 4}}));
}

TEST(FeatureRows, NamesMayBeQuoted) {
  const auto rows = Read("\xef\xbb\xbf\"a, \"\"b\"\"\",\"c\"\n1,2\n", {"a, \"b\""}, 1);
  ASSERT_TRUE(rows.ok()) << rows.error().ToString();
  EXPECT_EQ(*rows, (Rows{{1}}));
}

TEST(FeatureRows, TakesColumnsByPositionWithAndWithoutAHeader) {
  EXPECT_EQ(Read("x,y\n1,2\n", {}, 2).value(), (Rows{{1, 2}}));
  EXPECT_EQ(Read("1,2\n3,4\n", {}, 2).value(), (Rows{{1, 2}, {3, 4}}));
  EXPECT_EQ(Read("x,y\n", {}, 2).value(), Rows());
}

TEST(FeatureRows, MissingInfiniteAndExactNumbers) {
  const auto rows = Read("a,b,c\n,nan,NaN\ninf,-inf,+1\n5e-324,-0.0,0.1\n\n", {"a", "b", "c"}, 3);
  ASSERT_TRUE(rows.ok()) << rows.error().ToString();
  ASSERT_EQ(rows->size(), 3U);
  for (const double value : rows->at(0)) EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(rows->at(1), (std::vector<double>{kInfinity, -kInfinity, 1}));
  EXPECT_EQ(rows->at(2), (std::vector<double>{5e-324, -0.0, 0.1}));
  EXPECT_TRUE(std::signbit(rows->at(2)[1]));
}

TEST(FeatureRows, ABlankLineOfOneColumnIsAMissingValue) {
  const auto rows = Read("a\n1\n\n3\n", {"a"}, 1);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_TRUE(std::isnan(rows->at(1)[0]));
}

struct Wrong {
  const char* text;
  std::vector<std::string> names;
  int line;
  const char* key;
};

TEST(FeatureRows, ErrorsNameLineAndColumn) {
  const Wrong cases[] = {
      {"", {"a"}, 0, ""},
      {"\n\n", {"a"}, 2, ""},
      {"b\n1\n", {"alpha"}, 1, "alpha"},
      {"a,a\n1,2\n", {"a"}, 1, "a"},
      {"a,b\n1,2\n1\n", {"a"}, 3, ""},
      {"a,b\n1,2,3\n", {"a"}, 2, ""},
      {"a,b\n1,2\nx,2\n", {"a"}, 3, "a"},
      {"a\n1e999\n", {"a"}, 2, "a"},
      {"a\n1 2\n", {"a"}, 2, "a"},
      {"a\n0x10\n", {"a"}, 2, "a"},
      {"1,2,3\n", {}, 1, ""},
      {"1\n2\nx\n", {}, 3, "column 1"},
  };
  for (const Wrong& wrong : cases) {
    const auto rows = Read(wrong.text, wrong.names, 1);
    ASSERT_FALSE(rows.ok()) << wrong.text;
    EXPECT_EQ(rows.error().code, ErrorCode::kInvalidData) << wrong.text;
    EXPECT_EQ(rows.error().source, "rows.csv");
    EXPECT_EQ(rows.error().line, wrong.line) << wrong.text;
    EXPECT_EQ(rows.error().key, wrong.key) << wrong.text;
  }
}

TEST(FeatureRows, SuggestsTheColumnThatWasMeant) {
  const auto rows = Read("open,close\n1,2\n", {"clsoe"}, 1);
  ASSERT_FALSE(rows.ok());
  EXPECT_NE(rows.error().message.find("did you mean close?"), std::string::npos) << rows.error().ToString();
}

}  // namespace
}  // namespace hone
