#include "serving/predict_request.h"

#include <fmt/format.h>

#include <limits>
#include <string>
#include <utility>

#include "serving/plain_request.h"
#include "serving/request_json.h"

namespace hone {
namespace {

namespace dom = simdjson::dom;

constexpr int kPredictDepth = 32;
constexpr std::string_view kPredictSource = "/predict/single";
constexpr std::size_t kMostPlain = 64 << 10;  // beyond, a body that is not plain would cost too much to look through

Error MalformedRequest(std::string message, std::string key = "") {
  return {ErrorCode::kInvalidArgument, std::move(message), std::string(kPredictSource), 0, std::move(key)};
}

Error TooMany() {
  return MalformedRequest(fmt::format("may be at most {}", PredictRequestReader::kMaxFeatures), "features");
}

Status ReadNamed(const dom::object& object, std::vector<NamedFeature>& named) {
  for (const auto field : object) {
    if (named.size() == PredictRequestReader::kMaxFeatures) return TooMany();
    double value = 0;
    if (!ReadNumberOrNull(field.value, value)) {
      return MalformedRequest("must be a number or null", fmt::format("features.{}", field.key.substr(0, 64)));
    }
    named.push_back({field.key, value});
  }
  return OkStatus();
}

Status ReadValues(const dom::array& array, std::vector<double>& values) {
  for (const dom::element element : array) {
    if (values.size() == PredictRequestReader::kMaxFeatures) return TooMany();
    double value = 0;
    if (!ReadNumberOrNull(element, value)) {
      return MalformedRequest("must be a number or null", fmt::format("features[{}]", values.size()));
    }
    values.push_back(value);
  }
  return OkStatus();
}

Status ReadFeatures(const dom::element& element, PredictRequest& request) {
  if (element.is_object()) {
    request.by_name = true;
    return ReadNamed(dom::object(element), request.named);
  }
  if (element.is_array()) return ReadValues(dom::array(element), request.values);
  return MalformedRequest("must be a map of names to numbers or a list of numbers", "features");
}

Status ReadModel(const dom::element& element, PredictRequest& request) {
  if (element.get_string().get(request.model) != simdjson::SUCCESS || request.model.empty()) {
    return MalformedRequest("must be the name of a model", "model");
  }
  return OkStatus();
}

// Which members of the body were met.
struct MetMembers {
  bool model = false, features = false, key = false;
};

Status ReadMember(const RequestJson& json, std::string_view name, const dom::element& value, PredictRequest& request,
                  MetMembers& given) {
  if (name == "model" && !std::exchange(given.model, true)) return ReadModel(value, request);
  if (name == "features" && !std::exchange(given.features, true)) return ReadFeatures(value, request);
  if (name == "key" && !std::exchange(given.key, true)) return json.ReadKey(value, request.key);
  const bool known = name == "model" || name == "features" || name == "key";
  return MalformedRequest(known ? "stands twice" : "unknown key; there are model, features and key",
                          std::string(name.substr(0, 64)));
}

Status ReadMembers(const RequestJson& json, const dom::object& object, PredictRequest& request) {
  MetMembers given;
  for (const auto field : object) HONE_RETURN_IF_ERROR(ReadMember(json, field.key, field.value, request, given));
  return given.features ? OkStatus() : Status(MalformedRequest("is required", "features"));
}

void Empty(PredictRequest& request) {
  request.model = {};
  request.key = {};
  request.by_name = false;
  request.named.clear();
  request.values.clear();
}

}  // namespace

struct PredictRequestReader::Parser {
  std::string plain;
  RequestJson json{{.source = kPredictSource, .bytes = kMaxBytes, .depth = kPredictDepth}};
};

PredictRequestReader::PredictRequestReader() : parser_(std::make_unique<Parser>()) {}
PredictRequestReader::~PredictRequestReader() = default;

Result<const PredictRequest*> PredictRequestReader::Read(std::string_view body) {
  Empty(request_);
  if (body.size() <= kMostPlain) {
    parser_->plain.assign(body).append(kPlainPadding, '\0');
    if (ReadPlainRequest(parser_->plain, request_)) return &request_;
    Empty(request_);
  }
  HONE_ASSIGN_OR_RETURN(const dom::element root, parser_->json.Parse(body));
  dom::object object;
  if (root.get_object().get(object)) return MalformedRequest("the body must be a map with model and features");
  HONE_RETURN_IF_ERROR(ReadMembers(parser_->json, object, request_));
  return &request_;
}

}  // namespace hone
