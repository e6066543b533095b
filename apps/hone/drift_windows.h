// Two files of rows as the windows of a drift check: the columns that both have and that can be compared, and what
// became of the others.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace hone {

struct LeftOutColumn {
  std::string name;
  std::string reason;  // "times", "row numbers", "free text", "empty", "not in current.csv"
};

struct DriftWindows {
  std::vector<std::string> names;
  std::vector<bool> categorical;           // by column: codes of categories
  std::vector<double> reference, current;  // rows x names.size(), row-major, in the order of the files; NaN is missing
  std::vector<LeftOutColumn> left_out;
  std::vector<std::string> notes;  // in words: rows that are not in time order
};

// Reads both files, also packed with gzip (market/csv_table.h). `categorical`: columns to take as categories; a name
// that neither file has is an error. Errors: those of the files, a column that holds numbers in one and text in the
// other, and no column in common that can be compared.
Result<DriftWindows> ReadDriftWindows(const std::string& reference_path, const std::string& current_path,
                                      std::span<const std::string> categorical);

}  // namespace hone
