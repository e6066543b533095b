#include "columnar/parquet_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <limits>

#include "base/random.h"

namespace hone {
namespace {

using testing::HasSubstr;

struct Table {
  std::vector<std::int64_t> times;
  std::vector<double> numbers;
  std::vector<std::uint8_t> present;
  std::vector<ColumnBlock> Blocks(std::size_t begin) const {
    return {{.integers = times.data() + begin}, {.present = present.data() + begin, .numbers = numbers.data() + begin}};
  }
};

// Every kind of double, and rows without one.
Table MakeTable(std::size_t rows) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<double> special{0.0, -0.0, kInfinity, -kInfinity, 5e-324, -1e-310, 1.7976931348623157e308, 0.1};
  Random random(7);
  Table table;
  for (std::size_t i = 0; i < rows; ++i) {
    table.times.push_back(static_cast<std::int64_t>(i) * 1'000'000'007 - 5);
    table.numbers.push_back(i < special.size() ? special[i] : random.Normal());
    table.present.push_back(i % 7 == 3 || i / 5000 == 1 ? 0 : 1);
  }
  return table;
}

Result<std::string> Write(const Table& table, std::size_t step) {
  std::string bytes;
  HONE_ASSIGN_OR_RETURN(ParquetWriter writer,
                        ParquetWriter::Open({{"time", ColumnKind::kTime}, {"ema(close, 3) - 1", ColumnKind::kNumber}},
                                            [&bytes](std::string_view more) {
                                              bytes += more;
                                              return true;
                                            }));
  for (std::size_t begin = 0; begin < table.times.size(); begin += step) {
    HONE_RETURN_IF_ERROR(writer.Append(table.Blocks(begin), std::min(step, table.times.size() - begin)));
  }
  HONE_RETURN_IF_ERROR(writer.Finish());
  return bytes;
}

std::size_t Threads() {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}));
}

class ParquetFile : public testing::Test {
 protected:
  void SetUp() override {
    if (!ProbeParquet().ok()) GTEST_SKIP() << ProbeParquet().error().ToString();
  }
};

TEST(ParquetLibrary, OpensWhereItWasBuilt) {
#ifdef HONE_HAVE_PARQUET
  ASSERT_TRUE(ProbeParquet().ok()) << ProbeParquet().error().ToString();
  EXPECT_THAT(*ProbeParquet(), HasSubstr("libhone_parquet.so"));
#else
  EXPECT_THAT(ProbeParquet().error().ToString(), HasSubstr("tools/setup"));
#endif
}

TEST_F(ParquetFile, WhatIsWrittenIsReadBackToTheBit) {
  const Table table = MakeTable(20'000);
  const auto bytes = Write(table, 777);
  ASSERT_TRUE(bytes.ok()) << bytes.error().ToString();
  auto reader = ParquetReader::Open(*bytes, "written", {});
  ASSERT_TRUE(reader.ok()) << reader.error().ToString();
  EXPECT_EQ(reader->rows(), 20'000);
  ASSERT_EQ(reader->columns().size(), 2U);
  EXPECT_EQ(reader->columns()[0].kind, ColumnKind::kTime);
  EXPECT_EQ(reader->columns()[1].name, "ema(close, 3) - 1");
  EXPECT_EQ(reader->columns()[1].kind, ColumnKind::kNumber);
  ASSERT_TRUE(reader->Choose({1, 0}).ok());
  std::vector<ColumnBlock> blocks(2);
  std::size_t row = 0;
  for (;;) {
    const auto count = reader->Next(blocks);
    ASSERT_TRUE(count.ok()) << count.error().ToString();
    if (*count == 0) break;
    for (std::size_t i = 0; i < *count; ++i, ++row) {
      ASSERT_EQ(blocks[1].integers[i], table.times[row]);
      ASSERT_EQ(blocks[0].present[i], table.present[row]);
      if (table.present[row] == 0) continue;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(blocks[0].numbers[i]), std::bit_cast<std::uint64_t>(table.numbers[row]));
    }
  }
  EXPECT_EQ(row, 20'000U);
}

TEST_F(ParquetFile, TheBytesDependOnTheRowsAlone) {
  const Table table = MakeTable(9000);
  EXPECT_EQ(*Write(table, 1000), *Write(table, 1000));
  EXPECT_EQ(Write(table, 9000)->substr(0, 4), "PAR1");
}

TEST_F(ParquetFile, StartsNoThread) {
  const std::size_t before = Threads();
  const auto bytes = Write(MakeTable(30'000), 4096);
  auto reader = ParquetReader::Open(*bytes, "written", {});
  ASSERT_TRUE(reader.ok() && reader->Choose({0, 1}).ok());
  std::vector<ColumnBlock> blocks(2);
  while (*reader->Next(blocks) > 0) continue;
  EXPECT_EQ(Threads(), before);
}

TEST_F(ParquetFile, LimitsAreKept) {
  const auto bytes = Write(MakeTable(9000), 9000);
  const auto refusal = [&](const ParquetLimits& limits) {
    auto reader = ParquetReader::Open(*bytes, "big.parquet", limits);
    if (!reader.ok()) return reader.error().ToString();
    std::vector<ColumnBlock> blocks(2);
    if (const Status chosen = reader->Choose({0, 1}); !chosen.ok()) return chosen.error().ToString();
    const auto next = reader->Next(blocks);
    return next.ok() ? "" : next.error().ToString();
  };
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({.rows = 8999}), "big.parquet: 9000 rows or more, more than 8999");
  EXPECT_EQ(refusal({.columns = 1}), "big.parquet: 2 columns, more than 1");
  EXPECT_THAT(refusal({.memory = 20'000}), HasSubstr("big.parquet: "));
}

TEST_F(ParquetFile, AnEndOfStorageIsTold) {
  auto writer = ParquetWriter::Open({{"time", ColumnKind::kTime}}, [](std::string_view) { return false; });
  EXPECT_FALSE(writer.ok());
  const auto wrong = ParquetWriter::Open({{"name", ColumnKind::kText}}, [](std::string_view) { return true; });
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().message, HasSubstr("name: neither a time nor a number"));
}

TEST_F(ParquetFile, AnUnfinishedFileIsNone) {
  std::string bytes;
  {
    auto writer = ParquetWriter::Open({{"time", ColumnKind::kTime}}, [&](std::string_view more) {
      bytes += more;
      return true;
    });
    const std::vector<std::int64_t> times(10, 1);
    ASSERT_TRUE(writer->Append(std::vector<ColumnBlock>{{.integers = times.data()}}, 10).ok());
  }
  EXPECT_THAT(ParquetReader::Open(bytes, "half", {}).error().message, HasSubstr("is cut off"));
}

// Told before the library is asked, so also where there is none.
TEST(ParquetEnds, OtherBytesAreRefused) {
  const auto refusal = [](const std::string& bytes) { return ParquetReader::Open(bytes, "x", {}).error().ToString(); };
  EXPECT_THAT(refusal(""), HasSubstr("x: not a Parquet file"));
  EXPECT_THAT(refusal("PAR1"), HasSubstr("is cut off"));
  EXPECT_THAT(refusal("PAR1PAR1"), HasSubstr("is cut off"));
  EXPECT_THAT(refusal("PARE....PARE"), HasSubstr("encrypted"));
  EXPECT_THAT(refusal(std::string("PAR1\x01\x00\x80\x00PAR1", 12)), HasSubstr("footer has 8388609 bytes"));
  EXPECT_TRUE(IsParquet("PAR1"));
  EXPECT_FALSE(IsParquet("time,close"));
}

TEST_F(ParquetFile, AFooterOfNonsenseIsRefused) {
  Random random(3);
  for (int trial = 0; trial < 500; ++trial) {
    std::string bytes = "PAR1";
    for (int i = 0; i < 200; ++i) bytes += static_cast<char>(random.Below(256));
    bytes += std::string("\xc8\x00\x00\x00PAR1", 8);
    const auto reader = ParquetReader::Open(bytes, "nonsense", {});
    ASSERT_FALSE(reader.ok());
    ASSERT_FALSE(reader.error().message.empty());
  }
}

}  // namespace
}  // namespace hone
