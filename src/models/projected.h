// A model trained on some columns of a wider row, possibly relative to one of them:
//   answer(row) = inner(row[columns]) + (offset_column >= 0 ? row[offset_column] : 0)
// So versions of different recipes all answer the same row of the model's feature list, and a recipe may learn its
// target relative to a level ("scale-free"). The offset is added to each output, and to each margin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/model.h"

namespace hone {

inline constexpr std::size_t kMaxProjectedColumns = 256;

// `columns` index the wide row, each < width; at most kMaxProjectedColumns of them; inner->width() == columns.size().
ModelPointer MakeProjectedModel(ModelPointer inner, std::vector<std::uint32_t> columns, int offset_column,
                                std::size_t width);

}  // namespace hone
