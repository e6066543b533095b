// Input tensors as the rows of a model. Either one tensor for all features,
//   input       FP64 (or another datatype)   [n, width]
// or one for each feature, by its name, all of one length:
//   <feature>                                [n] or [n, 1]
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "api/inference/tensor.h"
#include "base/result.h"
#include "serving/snapshot.h"

namespace hone {

inline constexpr std::string_view kInputName = "input";
inline constexpr std::size_t kMaxInferenceRows = 100'000;

// How many rows the tensors are. kInvalidArgument names the tensor that does not fit: its name, its shape, its number
// of elements; or says that there are more than kMaxInferenceRows.
Result<std::size_t> CountRows(const ModelSnapshot& snapshot, std::span<const InputTensor> inputs);
// Fills n x width `rows`, row-major, after CountRows has said n. kInvalidArgument as CopyElements.
Status FillRows(const ModelSnapshot& snapshot, std::span<const InputTensor> inputs, std::span<double> rows);

}  // namespace hone
