#include "serving/predict_request.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "serving/rewritten_json.h"

namespace hone {
namespace {

namespace dom = simdjson::dom;

constexpr int kMaxDepth = 32;
constexpr std::string_view kSource = "/predict/single";

Error Malformed(std::string message, std::string key = "") {
  return {ErrorCode::kInvalidArgument, std::move(message), std::string(kSource), 0, std::move(key)};
}

// A number, or NaN for null.
bool ReadValue(const dom::element& element, double& value) {
  if (element.is_null()) {
    value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  return element.get_double().get(value) == simdjson::SUCCESS;
}

Error TooMany() { return Malformed(fmt::format("may be at most {}", PredictRequestReader::kMaxFeatures), "features"); }

Status ReadNamed(const dom::object& object, std::vector<NamedFeature>& named) {
  for (const auto field : object) {
    if (named.size() == PredictRequestReader::kMaxFeatures) return TooMany();
    double value = 0;
    if (!ReadValue(field.value, value)) {
      return Malformed("must be a number or null", fmt::format("features.{}", field.key.substr(0, 64)));
    }
    named.push_back({field.key, value});
  }
  return OkStatus();
}

Status ReadValues(const dom::array& array, std::vector<double>& values) {
  for (const dom::element element : array) {
    if (values.size() == PredictRequestReader::kMaxFeatures) return TooMany();
    double value = 0;
    if (!ReadValue(element, value)) {
      return Malformed("must be a number or null", fmt::format("features[{}]", values.size()));
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
  return Malformed("must be a map of names to numbers or a list of numbers", "features");
}

Status ReadModel(const dom::element& element, PredictRequest& request) {
  if (element.get_string().get(request.model) != simdjson::SUCCESS || request.model.empty()) {
    return Malformed("must be the name of a model", "model");
  }
  return OkStatus();
}

Status ReadMembers(const dom::object& object, PredictRequest& request) {
  bool has_model = false, has_features = false;
  for (const auto field : object) {
    if (field.key == "model" && !std::exchange(has_model, true)) {
      HONE_RETURN_IF_ERROR(ReadModel(field.value, request));
    } else if (field.key == "features" && !std::exchange(has_features, true)) {
      HONE_RETURN_IF_ERROR(ReadFeatures(field.value, request));
    } else {
      const bool known = field.key == "model" || field.key == "features";
      return Malformed(known ? "stands twice" : "unknown key; there are model and features",
                       std::string(field.key.substr(0, 64)));
    }
  }
  return has_features ? OkStatus() : Status(Malformed("is required", "features"));
}

}  // namespace

struct PredictRequestReader::Parser {
  dom::parser parser;
  std::vector<char> padded;  // the body and the bytes behind it that simdjson may read
  std::size_t capacity = 0;

  simdjson::error_code Grow(std::size_t bytes) {
    if (bytes <= capacity) return simdjson::SUCCESS;
    capacity = std::max<std::size_t>(2 * bytes, 4096);
    padded.resize(capacity + simdjson::SIMDJSON_PADDING);
    return parser.allocate(capacity, kMaxDepth);
  }
  simdjson::error_code Parse(std::string_view body, dom::element& root) {
    if (const auto error = Grow(body.size())) return error;
    if (!body.empty()) std::memcpy(padded.data(), body.data(), body.size());
    return parser.parse(padded.data(), body.size(), false).get(root);
  }
};

PredictRequestReader::PredictRequestReader() : parser_(std::make_unique<Parser>()) {}
PredictRequestReader::~PredictRequestReader() = default;

Result<const PredictRequest*> PredictRequestReader::Read(std::string_view body) {
  request_.model = {};
  request_.by_name = false;
  request_.named.clear();
  request_.values.clear();
  if (body.size() > kMaxBytes) {
    return Malformed(fmt::format("the body may have at most {} bytes, has {}", kMaxBytes, body.size()));
  }
  dom::element root;
  if (parser_->Parse(body, root)) {
    // simdjson does not say where it stopped; the slow reader does.
    HONE_ASSIGN_OR_RETURN(const std::string again,
                          RewriteLargeIntegers(body, {.source = kSource, .bytes = kMaxBytes, .depth = kMaxDepth}));
    if (const auto error = parser_->Parse(again, root)) return Malformed(simdjson::error_message(error));
  }
  dom::object object;
  if (root.get_object().get(object)) return Malformed("the body must be a map with model and features");
  HONE_RETURN_IF_ERROR(ReadMembers(object, request_));
  return &request_;
}

}  // namespace hone
