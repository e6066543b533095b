// Rows of a file, cell by cell, to bars, before anything is said about their order. What every file of bars keeps to,
// whatever its form, is said here once.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "market/bar.h"
#include "market/bar_layout.h"
#include "market/load.h"

namespace hone {

// More bars than this are refused.
inline constexpr std::size_t kMostBars = 10'000'000;

// Bars as the file has them: in its order, `known_at` not set yet.
struct RawBars {
  std::vector<Bar> bars;
  std::vector<int> lines;          // where each bar stands
  std::string_view unit = "line";  // what `lines` count: lines, or rows of a file that has none
  bool has_range = true;
  bool has_volume = true;
  std::string time_column;  // its name, for messages
  std::vector<std::string> reports;
};

// kInvalidData about a place in a file; a row's number stands in the message.
Error RefuseAt(const std::string& source, std::string_view unit, int number, std::string key, std::string message);

// The cells of one row, by the index of their column in the layout.
class BarCells {
 public:
  virtual ~BarCells() = default;
  // As the form spells that there is no value.
  virtual bool IsMissing(int column) const = 0;
  // Nothing for a cell that is none; `Number` may be infinite or NaN, for the caller to refuse by value.
  virtual std::optional<double> Number(int column) const = 0;
  virtual std::optional<Time> TimeOf(int column) const = 0;
  virtual std::optional<Duration> TimeOfDay(int column) const = 0;
  // For messages.
  virtual std::string Show(int column) const = 0;
};

class BarRows {
 public:
  // `source` and what is `unit`: for messages, and outlive it. `lean`: integer prices without a header count 1/10000.
  BarRows(BarLayout layout, const std::string& source, std::string_view unit, bool lean, const LoadOptions& options);

  // Rows in the file's order. Errors: kInvalidData with source, line or row, and column.
  Status Add(const BarCells& cells, int number);
  // Every bar passes CheckBar (but for known_at).
  Result<RawBars> Finish();

  const BarLayout& layout() const { return layout_; }

 private:
  enum class Values { kAll, kNone, kSome };
  // Rows of one kind that a report counts, with the first of them.
  struct Tally {
    std::size_t count = 0;
    int first = 0;
    void Add(int number);
  };

  Error Refuse(int column, std::string message) const;
  Result<Time> ReadTime(const BarCells& cells) const;
  Result<double> ReadNumber(const BarCells& cells, int column) const;
  Values Presence(const BarCells& cells, const std::array<int, 4>& columns) const;
  Result<std::array<double, 4>> ReadPrices(const BarCells& cells, const std::array<int, 4>& columns) const;
  // Nothing for a row to skip.
  Result<std::optional<std::array<double, 4>>> ReadMidPrices(const BarCells& cells);
  Status Adjust(const BarCells& cells, std::array<double, 4>& prices) const;
  Status ReadVolume(const BarCells& cells, Bar& bar);
  Status CheckVolumeThroughout();
  void Scale();
  Status CheckAll();
  int ColumnOf(const std::string& key) const;
  void Report();
  void ReportTally(std::string_view what, const Tally& tally);

  BarLayout layout_;
  const std::string& source_;
  bool lean_;
  const LoadOptions& options_;
  int number_ = 0;
  RawBars out_;
  bool whole_prices_ = true;
  Tally skipped_, one_sided_, no_volume_;
};

}  // namespace hone
