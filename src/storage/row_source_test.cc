#include "storage/row_source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "storage/database.h"
#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

struct Row {
  Id id;
  std::int64_t number;
  double value;
  std::string text;
};

struct Rows : RowSource {
  explicit Rows(std::vector<Row> all) : rows(std::move(all)) {}
  std::size_t size() const override { return rows.size(); }
  void Tell(std::size_t at, int column, SqlValue& value) const override {
    const Row& row = rows[at];
    if (column == 0) value.Set(row.id);
    if (column == 1) value.Set(row.number);
    if (column == 2) value.Set(row.value);
    if (column == 3) value.Set(std::string_view(row.text));
    if (column == 4) value.Set(Blob{row.text});
  }
  std::vector<Row> rows;
};

class RowSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(database_->Execute("CREATE TABLE t (id BLOB PRIMARY KEY, n, v, s, b, z) WITHOUT ROWID").ok());
  }
  Status Insert(const Rows& rows) {
    HONE_ASSIGN_OR_RETURN(Statement insert,
                          database_->Prepare("INSERT INTO t SELECT c0, c1, c2, c3, c4, c5 FROM program_rows(?)"));
    return insert.Run(rows);
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = std::move(*Database::Open(folder_ / "a.db"));
  IdGenerator ids_{1};
};

TEST_F(RowSourceTest, EveryRowAndTypeArrives) {
  std::vector<Row> rows;
  for (int i = 0; i < 1000; ++i) rows.push_back({ids_.Next(i), i - 500, i / 3.0, "text " + std::to_string(i)});
  rows[7].value = std::nan("");
  rows[8].text.clear();
  rows[9].text = std::string("\0x", 2);
  ASSERT_TRUE(Insert(Rows(rows)).ok());
  Statement select =
      *database_->Prepare("SELECT id, n, v, s, b, z, typeof(s), typeof(b), typeof(n) FROM t ORDER BY id");
  for (const Row& row : rows) {
    ASSERT_TRUE(*select.Step());
    EXPECT_EQ(select.IdAt(0), row.id);
    EXPECT_EQ(select.Int(1), row.number);
    EXPECT_TRUE(select.Double(2) == row.value || std::isnan(row.value));
    EXPECT_EQ(select.Text(3), row.text);
    EXPECT_EQ(select.Bytes(4), row.text);
    EXPECT_TRUE(select.IsNull(5)) << "nothing was told";
    EXPECT_EQ(select.Text(6) + select.Text(7) + select.Text(8), "textblobinteger");
  }
  EXPECT_FALSE(*select.Step());
}

TEST_F(RowSourceTest, ARefusedRowTakesTheOthersBack) {
  const Id twice = ids_.Next(1);
  const Status status = Insert(Rows({{ids_.Next(2), 1, 1, "a"}, {twice, 2, 2, "b"}, {twice, 3, 3, "c"}}));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kConflict);
  EXPECT_EQ(*database_->QueryInt("SELECT count(*) FROM t"), 0);
}

TEST_F(RowSourceTest, WithoutRowsNothingHappens) {
  EXPECT_TRUE(Insert(Rows({})).ok());
  EXPECT_EQ(*database_->QueryInt("SELECT count(*) FROM program_rows(NULL)"), 0);
  EXPECT_EQ(*database_->QueryInt("SELECT count(*) FROM program_rows('text')"), 0);
  EXPECT_FALSE(database_->QueryInt("SELECT count(*) FROM program_rows").ok()) << "needs its source";
}

}  // namespace
}  // namespace hone
