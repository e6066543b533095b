#include "models/assemble.h"

#include <fmt/format.h>

#include <utility>

#include "models/ensemble/mean.h"
#include "models/forest/lightgbm_reader.h"
#include "models/forest/xgboost_reader.h"
#include "models/linear/linear.h"
#include "models/onnx_file.h"
#include "models/projected.h"

namespace hone {
namespace {

Error Broken(const ModelPiece& piece, std::string message) {
  return {ErrorCode::kCorrupt, std::move(message), piece.recipe, 0, ""};
}

// Such a model needs no projection and may have as many columns as a manifest.
bool ReadsWholeRow(const ModelPiece& piece, std::size_t width) {
  if (piece.columns.size() != width || width == 0 || piece.offset_column >= 0) return false;
  for (std::size_t i = 0; i < width; ++i) {
    if (piece.columns[i] != i) return false;
  }
  return true;
}

Status CheckColumns(const ModelPiece& piece, std::size_t width) {
  if (ReadsWholeRow(piece, width)) return OkStatus();
  if (piece.columns.empty() || piece.columns.size() > kMaxProjectedColumns) {
    return Broken(piece,
                  fmt::format("must read 1 to {} columns, reads {}", kMaxProjectedColumns, piece.columns.size()));
  }
  for (const std::uint32_t column : piece.columns) {
    if (column >= width) return Broken(piece, fmt::format("reads column {} of a row of {}", column, width));
  }
  if (piece.offset_column >= 0 && static_cast<std::size_t>(piece.offset_column) >= width) {
    return Broken(piece, fmt::format("adds column {} of a row of {}", piece.offset_column, width));
  }
  return OkStatus();
}

Result<ModelPointer> AssemblePiece(const ModelPiece& piece, std::size_t width) {
  HONE_RETURN_IF_ERROR(CheckColumns(piece, width));
  HONE_ASSIGN_OR_RETURN(ModelPointer inner, ReadModel(piece.format, piece.bytes, piece.recipe));
  if (inner->width() != piece.columns.size()) {
    return Broken(piece, fmt::format("its file has {} columns, the manifest {}", inner->width(), piece.columns.size()));
  }
  if (ReadsWholeRow(piece, width)) return inner;
  return MakeProjectedModel(std::move(inner), piece.columns, piece.offset_column, width);
}

}  // namespace

Result<ModelPointer> ReadModel(std::string_view format, std::string_view bytes, std::string_view source) {
  if (format == "linear") return ReadLinear(bytes, source);
  if (format == "lightgbm") return ReadLightGbm(bytes, source);
  if (format == "xgboost") return ReadXgboost(bytes, source);
  if (format == "onnx") {
    HONE_ASSIGN_OR_RETURN(OnnxFile file, ReadOnnxFile(bytes, source));
    return std::move(file.model);
  }
  return Error{ErrorCode::kCorrupt,
               fmt::format("unknown model format \"{}\"; known: linear, lightgbm, onnx, xgboost", format),
               std::string(source), 0, "format"};
}

Result<ModelPointer> AssembleModel(std::span<const ModelPiece> pieces, std::size_t width) {
  if (pieces.empty()) return Error{ErrorCode::kCorrupt, "an artifact needs at least one model file", "", 0, "pieces"};
  std::vector<ModelPointer> members;
  for (const ModelPiece& piece : pieces) {
    HONE_ASSIGN_OR_RETURN(ModelPointer member, AssemblePiece(piece, width));
    members.push_back(std::move(member));
  }
  for (const ModelPointer& member : members) {
    if (members.size() == 1 || member->outputs() == 1) continue;
    return Error{ErrorCode::kCorrupt, "models of several outputs have no mean", "", 0, "pieces"};
  }
  return MakeMeanEnsemble(std::move(members));
}

}  // namespace hone
