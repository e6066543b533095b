#include "market/csv_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = CsvColumnKind;

CsvTable Read(const std::string& text, const std::vector<std::string>& categorical = {}) {
  auto table = ReadCsvTable(text, "rows.csv", categorical);
  EXPECT_TRUE(table.ok()) << table.error().ToString();
  return table.ok() ? std::move(table).value() : CsvTable();
}

std::string TableRefusal(const std::string& text) {
  const auto table = ReadCsvTable(text, "rows.csv");
  return table.ok() ? "" : table.error().ToString();
}

TEST(CsvTable, ReadsNumbersAndWhatIsMissing) {
  const CsvTable table = Read("\xef\xbb\xbf\"a, b\",c\r\n1,-2.5e3\r\n,NA\r\nnan,\"7\"\r\n\r\n");
  ASSERT_EQ(table.columns.size(), 2U);
  EXPECT_EQ(table.rows, 3);
  EXPECT_EQ(table.columns[0].name, "a, b");
  EXPECT_EQ(table.columns[0].kind, Kind::kNumbers);
  EXPECT_TRUE(std::isnan(table.columns[0].values[1]) && std::isnan(table.columns[0].values[2]));
  EXPECT_EQ(table.columns[1].values[0], -2500);
  EXPECT_EQ(table.columns[1].values[2], 7);
}

TEST(CsvTable, TellsTimesRowNumbersCategoriesAndTextApart) {
  std::string text = "date,id,venue,note,nothing\n";
  for (int i = 0; i < 120; ++i)
    text += "2024-01-0" + std::to_string(1 + i / 20) + "," + std::to_string(i * 3) +
            (i % 3 == 0 ? ",x" : ",\"y\"\"\"") + ",n" + std::to_string(i) + ",\n";
  const CsvTable table = Read(text);
  EXPECT_EQ(table.columns[0].kind, Kind::kTimes);
  EXPECT_EQ(table.columns[0].first_backward_line, 0);
  EXPECT_EQ(table.columns[1].kind, Kind::kNumbers);
  EXPECT_EQ(table.columns[2].kind, Kind::kCategories);
  EXPECT_THAT(table.columns[2].categories, ElementsAre("x", "y\""));
  EXPECT_EQ(table.columns[2].values[2], 1);
  EXPECT_EQ(table.columns[3].kind, Kind::kFreeText);
  EXPECT_EQ(table.columns[4].kind, Kind::kEmpty);
  EXPECT_EQ(table.Find("venue"), &table.columns[2]);
  EXPECT_EQ(table.Find("none"), nullptr);
}

TEST(CsvTable, TheFirstColumnMayCountRowsOrTime) {
  EXPECT_EQ(Read(",a\n0,5\n1,6\n2,7\n").columns[0].kind, Kind::kCounter);
  EXPECT_EQ(Read("a,n\n5,0\n6,1\n8,2\n").columns[0].kind, Kind::kNumbers);
  EXPECT_EQ(Read("t,a\n1700000000,5\n1700000060,6\n1700000060,7\n").columns[0].kind, Kind::kTimes);
  EXPECT_EQ(Read("t,a\n1700000060,5\n1700000000,6\n1700000060,7\n").columns[0].kind, Kind::kNumbers);
  EXPECT_EQ(Read("day,a\n2024-01-02,5\n2024-01-01,6\n").columns[0].first_backward_line, 3);
}

TEST(CsvTable, NumbersAreCategoriesWhereTheCallerSaysSo) {
  const CsvTable table = Read("a,b\n1,2\n1,3\n7,4\n", {"a", "other"});
  EXPECT_EQ(table.columns[0].kind, Kind::kCategories);
  EXPECT_THAT(table.columns[0].categories, ElementsAre("1", "7"));
  EXPECT_EQ(table.columns[1].kind, Kind::kNumbers);
}

TEST(CsvTable, OneColumnKeepsBlankLinesAsMissing) {
  const CsvTable table = Read("a\n1\n\n3\n");
  EXPECT_EQ(table.rows, 3);
  EXPECT_TRUE(std::isnan(table.columns[0].values[1]));
}

TEST(CsvTable, ErrorsNameFileLineAndColumn) {
  EXPECT_THAT(TableRefusal(""), HasSubstr("rows.csv: the file is empty"));
  EXPECT_THAT(TableRefusal("a,b\n"), HasSubstr("no rows"));
  EXPECT_THAT(TableRefusal("a,b\n1,2\n3\n"), HasSubstr("rows.csv:3: has 1 cells, the header 2"));
  EXPECT_THAT(TableRefusal("a,b\n1,2,3,4\n"), HasSubstr("rows.csv:2: has more cells, the header 2"));
  EXPECT_THAT(TableRefusal("a,b\n1,2\n3,x\n4,5\n"), HasSubstr("rows.csv:3: b: 'x' is not a number"));
  EXPECT_THAT(TableRefusal("a,a\n1,2\n"), HasSubstr("rows.csv:1: a: the header has the column twice"));
  EXPECT_THAT(TableRefusal("1,2\n3,4\n"), HasSubstr("rows.csv:1: holds only numbers; a header"));
  EXPECT_THAT(TableRefusal("a" + std::string(5000, ',')), HasSubstr("more than 4096 columns"));
}

}  // namespace
}  // namespace hone
