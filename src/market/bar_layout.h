// Which column of a file of bars holds what.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "market/load.h"

namespace hone {

// A column's index, or kNoColumn.
inline constexpr int kNoColumn = -1;

struct BarLayout {
  enum class Prices {
    kOpenHighLowClose,  // `prices` are open, high, low, close
    kCloseOnly,         // only prices[3]
    kQuotes,            // `prices` of the bid, `ask_prices` of the ask
  };

  char delimiter = ',';
  bool has_header = false;
  std::size_t fields = 0;  // in each row
  Prices kind = Prices::kOpenHighLowClose;
  int time = 0;
  int time_of_day = kNoColumn;  // joined with `time`
  std::array<int, 4> prices{kNoColumn, kNoColumn, kNoColumn, kNoColumn};
  std::array<int, 4> ask_prices{kNoColumn, kNoColumn, kNoColumn, kNoColumn};
  int adjusted_close = kNoColumn;
  int volume = kNoColumn;
  std::vector<std::string> names;  // of the columns, as the file spells them
  std::vector<std::string> reports;
};

// From the names of the columns of a file whose cells have types. `clocks`: for each column, whether its cells may be
// times of day. Errors as those of DetectLayout, without a line.
Result<BarLayout> LayoutOfColumns(const std::vector<std::string>& names, const std::vector<bool>& clocks,
                                  const std::string& source, const LoadOptions& options);

// Of delimited text, from the first two lines that are not blank. Errors (kInvalidData) name the missing column and
// those there are.
Result<BarLayout> DetectLayout(std::string_view text, const std::string& source, const LoadOptions& options);

}  // namespace hone
