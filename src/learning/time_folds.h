// Walk-forward folds in time order, purged and embargoed (Lopez de Prado, Advances in Financial Machine Learning,
// 2018, ch. 7): a model is judged only on rows after those it learned from, and no label it learned from was still
// open when the first judged row was predicted.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "features/dataset.h"

namespace hone {

struct TimeFoldOptions {
  int folds = 5;                   // 1 to 1,000
  std::size_t min_train_rows = 0;  // rows before the first judged row; 0: as many as one fold's rows
  std::size_t embargo_rows = 0;    // rows left out between training and judging, on top of the purge
};

// Training rows [train_begin, train_end), judged rows [test_begin, test_end); train_end <= test_begin.
struct TimeFold {
  std::size_t train_begin = 0, train_end = 0;
  std::size_t test_begin = 0, test_end = 0;
};

// Splits rows [begin, end) of `data`: after `min_train_rows`, the rest is cut into `folds` runs of judged rows, equal
// to within one row. Fold k learns from the rows before its run whose label_time is not after the run's first time,
// less `embargo_rows`. Errors when the rows do not suffice for one training row and one judged row a fold.
Result<std::vector<TimeFold>> MakeTimeFolds(const Dataset& data, std::size_t begin, std::size_t end,
                                            const TimeFoldOptions& options);

// End of the rows from `begin` that may be learned from when the first judged row is `test_begin`: the index of the
// first whose label_time > time[test_begin].
std::size_t PurgedEnd(const Dataset& data, std::size_t begin, std::size_t test_begin);

// How many rows a label of rows [begin, end) is open at most: the horizon in rows, at least 1.
int LabelHorizon(const Dataset& data, std::size_t begin, std::size_t end);

}  // namespace hone
