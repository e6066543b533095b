// Model files of every format hone reads, told apart by their content: the name of a file says nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/model.h"

namespace hone {

struct ModelFile {
  std::string format;  // as ReadModel (assemble.h) takes it
  ModelPointer model;
  std::vector<std::string> features;  // names of the columns in order; empty where the file gives none
};

// "linear", "lightgbm", "onnx", "xgboost" or "ensemble". kInvalidData for anything else; what is a model in a form hone
// does not read (XGBoost's old binary, a pickle, a dump for people) is refused with the way to convert it.
Result<std::string> DetectModelFormat(std::string_view bytes, std::string_view source);

// Detects and reads. `source` names the file in errors. kInvalidData for an ensemble: what it names is elsewhere
// (ensemble/ensemble_file.h).
Result<ModelFile> ReadModelFile(std::string_view bytes, std::string_view source);

}  // namespace hone
