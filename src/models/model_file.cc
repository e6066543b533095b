#include "models/model_file.h"

#include <utility>

#include "models/ensemble/ensemble_file.h"
#include "models/forest/lightgbm_reader.h"
#include "models/forest/xgboost_reader.h"
#include "models/linear/linear.h"
#include "models/onnx/onnx_model.h"
#include "models/onnx_file.h"

namespace hone {
namespace {

bool Has(std::string_view bytes, std::string_view part) { return bytes.find(part) != std::string_view::npos; }

// XGBoost's binary: "binf", or the names of objective and booster behind a few numbers, each after its length.
bool IsXgboostBinary(std::string_view bytes) {
  using std::string_view_literals::operator""sv;
  if (bytes.starts_with("binf") || bytes.starts_with("bs64")) return true;
  const std::string_view head = bytes.substr(0, 4096);
  return Has(head, "\x06\0\0\0\0\0\0\0gbtree"sv) || Has(head, "\x04\0\0\0\0\0\0\0dart"sv) ||
         Has(head, "\x08\0\0\0\0\0\0\0gblinear"sv);
}

// Binary protocols begin with their number, the oldest with the name of a class.
bool IsPickle(std::string_view bytes) {
  if (bytes.size() > 1 && bytes[0] == '\x80') return bytes[1] >= 2 && bytes[1] <= 5;
  return bytes.starts_with("ccopy_reg\n") || bytes.starts_with("ccopyreg\n") || bytes.starts_with("c__builtin__\n") ||
         bytes.starts_with("csklearn") || bytes.starts_with("cxgboost") || bytes.starts_with("clightgbm");
}

// What it is instead, and what to do; "" when that is not known.
const char* WayToConvert(std::string_view bytes) {
  if (IsXgboostBinary(bytes)) {
    return "an XGBoost model in the old binary format, which XGBoost itself dropped in 3.1; with an XGBoost of 1.0 to "
           "3.0 load it and save it as JSON: python3 -c \"import xgboost; b = xgboost.Booster(model_file='OLD'); "
           "b.save_model('NEW.json')\"";
  }
  if (IsPickle(bytes)) {
    return "a Python pickle, which is a program rather than a model; load it in Python and save the model itself: "
           "model.get_booster().save_model('NEW.json') for XGBoost, model.booster_.save_model('NEW.txt') for LightGBM";
  }
  if (bytes.starts_with("\x1f\x8b")) return "gzip-compressed; unpack it first: gunzip FILE";
  if (Has(bytes, "\"tree_info\"") && Has(bytes, "\"feature_names\"")) {
    return "LightGBM's JSON dump, which LightGBM itself cannot read; save the text model: "
           "booster.save_model('NEW.txt')";
  }
  if (Has(bytes, "\"nodeid\"") || bytes.starts_with("booster[0]")) {
    return "a dump of XGBoost's trees for people to read; save the model: booster.save_model('NEW.json')";
  }
  return "";
}

Error Refused(std::string_view bytes, std::string_view source) {
  const std::string_view way = WayToConvert(bytes);
  const std::string message = way.empty() ? "not a model that hone reads: XGBoost JSON or UBJSON, LightGBM text, ONNX, "
                                            "hone's own linear model, or an ensemble of such"
                                          : "this is " + std::string(way);
  return {ErrorCode::kInvalidData, message, std::string(source)};
}

ModelFile OfForest(std::string format, Forest forest) {
  ModelFile file{std::move(format), nullptr, forest.names};
  file.model = MakeForestModel(std::move(forest));
  return file;
}

}  // namespace

Result<std::string> DetectModelFormat(std::string_view bytes, std::string_view source) {
  if (IsEnsemble(bytes)) return std::string("ensemble");
  if (bytes.starts_with("tree\n") || bytes.starts_with("tree\r\n")) return std::string("lightgbm");
  if (IsUbjsonMap(bytes)) return std::string("xgboost");
  if (IsOnnx(bytes)) return std::string("onnx");
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || bytes[first] != '{') return Refused(bytes, source);
  if (Has(bytes, "\"hone-linear\"")) return std::string("linear");
  if (Has(bytes, "\"learner\"")) return std::string("xgboost");
  return Refused(bytes, source);
}

Result<ModelFile> ReadModelFile(std::string_view bytes, std::string_view source) {
  HONE_ASSIGN_OR_RETURN(std::string format, DetectModelFormat(bytes, source));
  if (format == "ensemble") {
    return Error{ErrorCode::kInvalidData,
                 "an ensemble names versions of a folder: register it (hone models register NAME --file FILE), then "
                 "name the version",
                 std::string(source)};
  }
  if (format == "lightgbm") {
    HONE_ASSIGN_OR_RETURN(Forest forest, ReadLightGbmForest(bytes, source));
    return OfForest(std::move(format), std::move(forest));
  }
  if (format == "xgboost") {
    HONE_ASSIGN_OR_RETURN(Forest forest, ReadXgboostForest(bytes, source));
    return OfForest(std::move(format), std::move(forest));
  }
  if (format == "onnx") {
    HONE_ASSIGN_OR_RETURN(OnnxFile file, ReadOnnxFile(bytes, source));
    return ModelFile{std::move(format), std::move(file.model), std::move(file.features)};
  }
  HONE_ASSIGN_OR_RETURN(ModelPointer model, ReadLinear(bytes, source));
  return ModelFile{std::move(format), std::move(model), {}};
}

}  // namespace hone
