#include "features/column_reader.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hone {
namespace {

ColumnReader Open(const char* header) {
  auto reader = ColumnReader::Open(header, "f.csv", "close");
  EXPECT_TRUE(reader.ok());
  return std::move(reader).value();
}

TEST(ColumnReader, ReadsOneColumnWithItsTime) {
  ColumnReader reader = Open("\xEF\xBB\xBF Date ,\"open, first\",close\r\n");
  EXPECT_TRUE(reader.has_time());
  const auto row = reader.Read("2024-01-02,\"1,5\", 2.5 \r\n");
  ASSERT_TRUE(row.ok());
  EXPECT_EQ(row->value, 2.5);
  EXPECT_EQ(row->time, "2024-01-02");
  EXPECT_TRUE(reader.Read("\n")->blank);
  EXPECT_TRUE(std::isnan(reader.Read("2024-01-03,1,")->value));
  EXPECT_EQ(reader.line(), 4);
}

TEST(ColumnReader, ABlankLineOfASingleColumnIsMissing) {
  ColumnReader reader = Open("close");
  EXPECT_FALSE(reader.has_time());
  const auto row = reader.Read("");
  EXPECT_FALSE(row->blank);
  EXPECT_TRUE(std::isnan(row->value));
}

TEST(ColumnReader, ErrorsNameFileLineAndColumn) {
  ColumnReader reader = Open("time,close\n");
  EXPECT_EQ(reader.Read("1,x").error().ToString(), "f.csv:2: close: 'x' is not a number");
  EXPECT_EQ(reader.Read("1").error().ToString(), "f.csv:3: close: has 1 cells, the header 2");
  const auto unknown = ColumnReader::Open("time,close\n", "f.csv", "clsoe");
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(unknown.error().ToString(), "f.csv:1: clsoe: the header has no such column, did you mean close?");
  EXPECT_EQ(ColumnReader::Open("close,close", "f.csv", "close").error().message, "the header has the column twice");
  EXPECT_EQ(ColumnReader::Open(" \n", "f.csv", "close").error().code, ErrorCode::kInvalidData);
}

}  // namespace
}  // namespace hone
