// From artifact files back to the model that answers.
//
// An artifact holds one piece per trained model; a version with several pieces answers their mean. Learning writes
// pieces, the registry stores them, serving reads them back: the same bits as the model just trained.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/model.h"

namespace hone {

// One trained model of an artifact.
struct ModelPiece {
  std::string recipe;                  // name of the recipe that made it
  std::string format;                  // "linear", "lightgbm", "onnx" or "xgboost"
  std::string bytes;                   // the native model file
  std::vector<std::uint32_t> columns;  // which columns of the wide row it reads, in its own order
  int offset_column = -1;              // column whose value is added to its answer; -1: none
};

// Reads a native model file of the named format (ModelPiece::format). `source` names the file in errors.
Result<ModelPointer> ReadModel(std::string_view format, std::string_view bytes, std::string_view source);

// The model that answers rows of `width` columns: each piece read and projected, several pieces averaged in order.
// Errors (kCorrupt) name the piece: unknown format, a column out of range, a file that does not fit its columns, more
// than 256 columns of a wider row; several models one of which has several outputs.
Result<ModelPointer> AssembleModel(std::span<const ModelPiece> pieces, std::size_t width);

}  // namespace hone
