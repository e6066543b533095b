#include "learning/time_folds.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hone {
namespace {

constexpr int kMaxFolds = 1'000;

Error Bad(std::string key, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), "validation", 0, std::move(key)};
}

Result<std::size_t> FirstJudgedRow(std::size_t rows, const TimeFoldOptions& options) {
  if (options.folds < 1 || options.folds > kMaxFolds) {
    return Bad("folds", fmt::format("must be within [1, {}], is {}", kMaxFolds, options.folds));
  }
  const auto folds = static_cast<std::size_t>(options.folds);
  const std::size_t first = options.min_train_rows > 0 ? options.min_train_rows : rows / (folds + 1);
  if (first == 0 || first >= rows || rows - first < folds) {
    return Bad("folds", fmt::format("{} rows do not make {} folds after {} rows to learn from", rows, folds, first));
  }
  return first;
}

}  // namespace

std::size_t PurgedEnd(const Dataset& data, std::size_t begin, std::size_t test_begin) {
  const Time known = data.time[test_begin];
  std::size_t end = begin;
  while (end < test_begin && data.label_time[end] <= known) ++end;
  return end;
}

int LabelHorizon(const Dataset& data, std::size_t begin, std::size_t end) {
  std::size_t longest = 1, known = begin;  // rows before `known` are no later than the label
  for (std::size_t i = begin; i < end; ++i) {
    while (known < end && data.time[known] <= data.label_time[i]) ++known;
    longest = std::max(longest, known - i - 1);
  }
  return static_cast<int>(longest);
}

Result<std::vector<TimeFold>> MakeTimeFolds(const Dataset& data, std::size_t begin, std::size_t end,
                                            const TimeFoldOptions& options) {
  if (begin > end || end > data.rows()) {
    return Bad("rows", fmt::format("[{}, {}) is not within the {} rows of the data", begin, end, data.rows()));
  }
  HONE_ASSIGN_OR_RETURN(const std::size_t first, FirstJudgedRow(end - begin, options));
  const auto folds = static_cast<std::size_t>(options.folds);
  const std::size_t judged = end - begin - first;
  std::vector<TimeFold> made;
  for (std::size_t k = 0; k < folds; ++k) {
    TimeFold fold{begin, 0, begin + first + judged * k / folds, begin + first + judged * (k + 1) / folds};
    const std::size_t purged = PurgedEnd(data, begin, fold.test_begin);
    if (purged <= begin + options.embargo_rows) {
      return Bad("embargo_rows", fmt::format("fold {} has no row left to learn from after purge and embargo", k + 1));
    }
    fold.train_end = purged - options.embargo_rows;
    made.push_back(fold);
  }
  return made;
}

}  // namespace hone
