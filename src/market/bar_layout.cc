#include "market/bar_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "base/edit_distance.h"
#include "market/csv_line.h"
#include "market/timestamp.h"

namespace hone {
namespace {

using Fields = std::vector<std::string_view>;
using Aliases = std::initializer_list<std::string_view>;

constexpr std::array<const char*, 4> kPriceNames{"open", "high", "low", "close"};
constexpr std::size_t kNamesShown = 12;

const Aliases kTimeNames{"date",   "datetime", "timestamp", "observationdate", "opentime", "timeperiod",
                         "period", "unix",     "unixtime",  "gmttime",         "localtime"};
const Aliases kCloseNames{"close", "c", "closeprice", "closelast", "last", "price", "value"};
const Aliases kAdjustedNames{"adjclose", "adjustedclose", "closeadj", "closeadjusted"};
const Aliases kVolumeNames{"volume", "vol", "v", "totalvolume"};

std::string Normalised(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || (lower & 0x80) != 0) out += lower;
  }
  return out;
}

// Column names of one file, and the lookups on them.
class Header {
 public:
  // `line`: where it stands; 0 where the file has no lines.
  Header(const Fields& fields, const std::string& source, int line) : source_(source), line_(line) {
    for (const std::string_view field : fields) {
      shown_.push_back(Shown(field));
      normal_.push_back(Normalised(field));
    }
  }

  // The column with one of the names; the earlier name wins. An error when two columns have the same name.
  Result<int> Find(Aliases names) const {
    for (const std::string_view name : names) {
      const auto first = std::find(normal_.begin(), normal_.end(), name);
      if (first == normal_.end()) continue;
      if (std::find(first + 1, normal_.end(), name) != normal_.end()) {
        return Refuse(*first, "two columns have this name");
      }
      return static_cast<int>(first - normal_.begin());
    }
    return kNoColumn;
  }

  Error Missing(const std::string& wanted) const {
    return Refuse(wanted, fmt::format("no such column{}; the file has {}", DidYouMean(wanted, normal_), List()));
  }
  Error Refuse(const std::string& key, std::string message) const {
    return {ErrorCode::kInvalidData, std::move(message), source_, line_, key};
  }

  std::size_t size() const { return shown_.size(); }
  const std::vector<std::string>& shown() const { return shown_; }
  const std::vector<std::string>& normal() const { return normal_; }

 private:
  std::string List() const {
    std::string list;
    for (std::size_t i = 0; i < shown_.size() && i < kNamesShown; ++i) {
      list += fmt::format("{}'{}'", i > 0 ? ", " : "", shown_[i]);
    }
    return shown_.size() > kNamesShown ? list + ", ..." : list;
  }

  const std::string& source_;
  int line_;
  std::vector<std::string> shown_, normal_;
};

char DetectDelimiter(std::string_view line) {
  char best = ',';
  auto most = std::count(line.begin(), line.end(), best);
  for (const char candidate : {';', '\t', '|'}) {
    const auto count = std::count(line.begin(), line.end(), candidate);
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}

Status FindTime(const Header& header, const Fields& row, BarLayout& layout) {
  HONE_ASSIGN_OR_RETURN(const int date, header.Find(kTimeNames));
  HONE_ASSIGN_OR_RETURN(const int clock, header.Find({"time"}));
  if (date != kNoColumn) {
    layout.time = date;
    const bool joined = clock != kNoColumn && static_cast<std::size_t>(clock) < row.size() &&
                        ParseTimeOfDay(row[static_cast<std::size_t>(clock)]).has_value();
    if (joined) layout.time_of_day = clock;
    return OkStatus();
  }
  if (clock != kNoColumn) {
    layout.time = clock;
    return OkStatus();
  }
  HONE_ASSIGN_OR_RETURN(const int index, header.Find({"indexlevel0"}));  // an index without a name, as pandas stores it
  if (index != kNoColumn) {
    layout.time = index;
    return OkStatus();
  }
  const bool unnamed = header.normal()[0].empty() || header.normal()[0].starts_with("unnamed") || header.size() == 2;
  if (!unnamed) return header.Missing("date");
  layout.time = 0;
  return OkStatus();
}

Status FindQuotes(const Header& header, BarLayout& layout, bool& found) {
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string name = kPriceNames[i];
    const std::string bid = "bid" + name, ask = "ask" + name, bid_last = name + "bid", ask_last = name + "ask";
    HONE_ASSIGN_OR_RETURN(layout.prices[i], header.Find({bid, bid_last}));
    HONE_ASSIGN_OR_RETURN(layout.ask_prices[i], header.Find({ask, ask_last}));
  }
  const auto given = [](int column) { return column != kNoColumn; };
  found = std::all_of(layout.prices.begin(), layout.prices.end(), given) &&
          std::all_of(layout.ask_prices.begin(), layout.ask_prices.end(), given);
  if (found) layout.kind = BarLayout::Prices::kQuotes;
  return OkStatus();
}

Result<int> FindClose(const Header& header, const BarLayout& layout, const LoadOptions& options) {
  if (!options.close_column.empty()) {
    const std::string wanted = Normalised(options.close_column);
    HONE_ASSIGN_OR_RETURN(const int chosen, header.Find({wanted}));
    if (chosen == kNoColumn || chosen == layout.time) return header.Missing(options.close_column);
    return chosen;
  }
  HONE_ASSIGN_OR_RETURN(const int close, header.Find(kCloseNames));
  if (close != kNoColumn) return close;
  if (header.size() == 2) return 1 - layout.time;
  return header.Missing("close");
}

Status FindPrices(const Header& header, const LoadOptions& options, BarLayout& layout) {
  bool quotes = false;
  HONE_RETURN_IF_ERROR(FindQuotes(header, layout, quotes));
  if (quotes) return OkStatus();
  HONE_ASSIGN_OR_RETURN(layout.prices[0], header.Find({"open", "o", "openprice"}));
  HONE_ASSIGN_OR_RETURN(layout.prices[1], header.Find({"high", "h", "highprice"}));
  HONE_ASSIGN_OR_RETURN(layout.prices[2], header.Find({"low", "l", "lowprice"}));
  HONE_ASSIGN_OR_RETURN(layout.prices[3], FindClose(header, layout, options));
  const auto missing = std::count(layout.prices.begin(), layout.prices.end(), kNoColumn);
  if (missing == 3) layout.kind = BarLayout::Prices::kCloseOnly;
  for (std::size_t i = 0; i < 3 && missing > 0 && missing < 3; ++i) {
    if (layout.prices[i] == kNoColumn) return header.Missing(kPriceNames[i]);
  }
  return OkStatus();
}

Status FindExtras(const Header& header, const LoadOptions& options, BarLayout& layout) {
  HONE_ASSIGN_OR_RETURN(const int adjusted, header.Find(kAdjustedNames));
  if (options.use_adjusted_close && adjusted == kNoColumn) return header.Missing("adj close");
  if (options.use_adjusted_close) layout.adjusted_close = adjusted;
  if (!options.use_adjusted_close && adjusted != kNoColumn) {
    layout.reports.push_back(fmt::format("column '{}' is not used", layout.names[static_cast<std::size_t>(adjusted)]));
  }
  HONE_ASSIGN_OR_RETURN(layout.volume, header.Find(kVolumeNames));
  if (layout.volume == layout.prices[3]) layout.volume = kNoColumn;
  return OkStatus();
}

// Rows may hold a time of day after the date that the header does not name.
void AllowUnnamedTimeOfDay(const Fields& row, BarLayout& layout) {
  const bool there = row.size() == layout.fields + 1 && layout.time == 0 && ParseTimeOfDay(row[1]).has_value();
  if (!there) return;
  const auto shift = [](int& column) { column += column > 0 ? 1 : 0; };
  for (std::size_t i = 0; i < 4; ++i) {
    shift(layout.prices[i]);
    shift(layout.ask_prices[i]);
  }
  shift(layout.adjusted_close);
  shift(layout.volume);
  layout.time_of_day = 1;
  layout.fields += 1;
  layout.names.insert(layout.names.begin() + 1, "time");
  layout.reports.push_back("rows hold a time of day after the date that the header does not name");
}

Result<BarLayout> FromHeader(const Header& header, const Fields& row, const LoadOptions& options, BarLayout layout) {
  layout.has_header = true;
  layout.fields = header.size();
  layout.names = header.shown();
  HONE_RETURN_IF_ERROR(FindTime(header, row, layout));
  HONE_RETURN_IF_ERROR(FindPrices(header, options, layout));
  HONE_RETURN_IF_ERROR(FindExtras(header, options, layout));
  AllowUnnamedTimeOfDay(row, layout);
  return layout;
}

std::array<int, 4> From(int first) { return {first, first + 1, first + 2, first + 3}; }

Result<BarLayout> WithoutHeader(const Fields& row, const std::string& source, const LoadOptions& options,
                                BarLayout layout) {
  const bool clock = row.size() > 2 && ParseTimeOfDay(row[1]).has_value();
  const int first = clock ? 2 : 1;
  const std::size_t values = row.size() - static_cast<std::size_t>(first);
  layout.fields = row.size();
  layout.time_of_day = clock ? 1 : kNoColumn;
  layout.names.assign(row.size(), "");
  layout.names[0] = "time";
  if (options.use_adjusted_close || !options.close_column.empty()) {
    return Error{ErrorCode::kInvalidData, "no such column: the file has no header", source, 1,
                 options.use_adjusted_close ? "adj close" : options.close_column};
  }
  if (values == 1) {
    layout.kind = BarLayout::Prices::kCloseOnly;
    layout.prices[3] = first;
    layout.names.back() = "close";
  } else if (values == 4 || values == 5) {
    layout.prices = From(first);
    if (values == 5) layout.volume = first + 4;
  } else if (values == 10) {
    layout.kind = BarLayout::Prices::kQuotes;
    layout.prices = From(first);
    layout.ask_prices = From(first + 5);
  } else {
    return Error{ErrorCode::kInvalidData,
                 fmt::format("no header, and {} values after the time: expected 1 (close), 4 or 5 (open, high, low, "
                             "close, volume) or 10 (bid and ask quotes)",
                             values),
                 source, 1, ""};
  }
  for (std::size_t i = 0; i < 4; ++i) {
    if (layout.prices[i] != kNoColumn) layout.names[static_cast<std::size_t>(layout.prices[i])] = kPriceNames[i];
    if (layout.ask_prices[i] != kNoColumn) {
      layout.names[static_cast<std::size_t>(layout.ask_prices[i])] = fmt::format("ask {}", kPriceNames[i]);
    }
  }
  if (layout.volume != kNoColumn) layout.names[static_cast<std::size_t>(layout.volume)] = "volume";
  return layout;
}

bool NextNotBlank(LineReader& lines, std::string_view& line) {
  while (lines.Next(line)) {
    if (line.find_first_not_of(" \t") != std::string_view::npos) return true;
  }
  return false;
}

// Bare milliseconds since midnight also begin a row without header.
bool LooksLikeTime(std::string_view field) {
  const bool digits = !field.empty() && field.find_first_not_of("0123456789") == std::string_view::npos;
  return digits || ParseBarTime(field).has_value();
}

}  // namespace

Result<BarLayout> LayoutOfColumns(const std::vector<std::string>& names, const std::vector<bool>& clocks,
                                  const std::string& source, const LoadOptions& options) {
  const Fields fields(names.begin(), names.end());
  Fields row;  // such as a line of text could be
  for (const bool clock : clocks) row.push_back(clock ? "00:00" : "");
  return FromHeader(Header(fields, source, 0), row, options, {});
}

Result<BarLayout> DetectLayout(std::string_view text, const std::string& source, const LoadOptions& options) {
  LineReader lines(text);
  std::string_view first, second;
  if (!NextNotBlank(lines, first)) return Error{ErrorCode::kInvalidData, "the file is empty", source, 0, ""};
  BarLayout layout;
  layout.delimiter = DetectDelimiter(first);
  Fields fields, row;
  SplitFields(first, layout.delimiter, fields);
  if (fields.size() < 2 || fields.size() > kMostFields) {
    return Error{ErrorCode::kInvalidData,
                 fmt::format("not a file of bars: its first line '{}' has {} fields", Shown(first), fields.size()),
                 source, lines.line(), ""};
  }
  if (LooksLikeTime(fields[0])) return WithoutHeader(fields, source, options, std::move(layout));
  if (NextNotBlank(lines, second)) SplitFields(second, layout.delimiter, row);
  return FromHeader(Header(fields, source, 1), row, options, std::move(layout));
}

}  // namespace hone
