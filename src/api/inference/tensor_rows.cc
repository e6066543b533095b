#include "api/inference/tensor_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/edit_distance.h"

namespace hone {
namespace {

Error Misfit(const ModelSnapshot& snapshot, std::string key, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), fmt::format("model {}", snapshot.model()), 0,
          std::move(key)};
}

Error Misfit(const ModelSnapshot& snapshot, const InputTensor& tensor, std::string message) {
  return Misfit(snapshot, fmt::format("inputs.{}", tensor.name.substr(0, 64)), std::move(message));
}

bool IsWhole(std::span<const InputTensor> inputs) { return inputs.size() == 1 && inputs[0].name == kInputName; }

Result<std::size_t> RowsOfWhole(const ModelSnapshot& snapshot, const InputTensor& tensor) {
  if (tensor.shape.size() != 2 || tensor.shape[1] != static_cast<std::int64_t>(snapshot.width())) {
    return Misfit(snapshot, tensor,
                  fmt::format("must be of shape [n, {}], is [{}]", snapshot.width(), fmt::join(tensor.shape, ", ")));
  }
  return static_cast<std::size_t>(std::max<std::int64_t>(tensor.shape[0], 0));
}

Result<std::size_t> RowsOfColumn(const ModelSnapshot& snapshot, const InputTensor& tensor) {
  const bool column = tensor.shape.size() == 1 || (tensor.shape.size() == 2 && tensor.shape[1] == 1);
  if (column) return static_cast<std::size_t>(std::max<std::int64_t>(tensor.shape[0], 0));
  return Misfit(snapshot, tensor,
                fmt::format("must be of shape [n] or [n, 1], is [{}]", fmt::join(tensor.shape, ", ")));
}

Error WrongNames(const ModelSnapshot& snapshot, const InputTensor& tensor) {
  const std::string shown = tensor.name.substr(0, 64);
  return Misfit(snapshot, tensor,
                fmt::format("unknown input{}; there is {} of shape [n, {}], or one input for each feature",
                            DidYouMean(shown, snapshot.features()), kInputName, snapshot.width()));
}

// Every feature once, all of one length.
Result<std::size_t> RowsOfColumns(const ModelSnapshot& snapshot, std::span<const InputTensor> inputs) {
  std::vector<bool> seen(snapshot.width());
  std::size_t rows = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const int column = snapshot.ColumnOf(inputs[i].name, i);
    if (column < 0) return WrongNames(snapshot, inputs[i]);
    if (seen[static_cast<std::size_t>(column)]) return Misfit(snapshot, inputs[i], "is given twice");
    seen[static_cast<std::size_t>(column)] = true;
    HONE_ASSIGN_OR_RETURN(const std::size_t length, RowsOfColumn(snapshot, inputs[i]));
    if (i > 0 && length != rows) {
      return Misfit(snapshot, inputs[i], fmt::format("has {} rows where the others have {}", length, rows));
    }
    rows = length;
  }
  if (inputs.size() == snapshot.width()) return rows;
  const auto missing = static_cast<std::size_t>(std::find(seen.begin(), seen.end(), false) - seen.begin());
  return Misfit(snapshot, "inputs", fmt::format("there is none for feature {}", snapshot.features()[missing]));
}

Result<std::size_t> RowsAsShaped(const ModelSnapshot& snapshot, std::span<const InputTensor> inputs) {
  return IsWhole(inputs) ? RowsOfWhole(snapshot, inputs[0]) : RowsOfColumns(snapshot, inputs);
}

}  // namespace

Result<std::size_t> CountRows(const ModelSnapshot& snapshot, std::span<const InputTensor> inputs) {
  HONE_ASSIGN_OR_RETURN(const std::size_t rows, RowsAsShaped(snapshot, inputs));
  if (rows > kMaxInferenceRows) {
    return Misfit(snapshot, "inputs", fmt::format("may be at most {} rows, are {}", kMaxInferenceRows, rows));
  }
  for (const InputTensor& tensor : inputs) HONE_RETURN_IF_ERROR(CheckElements(tensor));
  return rows;
}

Status FillRows(const ModelSnapshot& snapshot, std::span<const InputTensor> inputs, std::span<double> rows) {
  if (IsWhole(inputs)) return CopyElements(inputs[0], rows.data(), 1);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto column = static_cast<std::size_t>(snapshot.ColumnOf(inputs[i].name, i));
    HONE_RETURN_IF_ERROR(CopyElements(inputs[i], rows.data() + column, snapshot.width()));
  }
  return OkStatus();
}

}  // namespace hone
