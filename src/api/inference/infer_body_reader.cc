#include "api/inference/infer_body_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "wire/json.h"

namespace hone {
namespace {

namespace dom = simdjson::dom;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kKeptBytes = std::size_t{1} << 20;  // JSON beyond this leaves no memory behind

Error MalformedBody(std::string message, std::string key = "") {
  return {ErrorCode::kInvalidArgument, std::move(message), "infer", 0, std::move(key)};
}

// simdjson does not say where it stopped; the slow reader does.
Error Explain(std::string_view json, simdjson::error_code error) {
  if (json.size() > kKeptBytes) return MalformedBody(simdjson::error_message(error));
  const auto again = ParseJson(json, {.source = "infer", .bytes = json.size(), .depth = kMaxDepth});
  return again.ok() ? MalformedBody(simdjson::error_message(error)) : again.error();
}

std::string Below(std::string_view path, std::string_view key) { return fmt::format("{}.{}", path, key.substr(0, 64)); }

Status ReadText(const dom::element& element, std::string key, std::string& text) {
  std::string_view read;
  if (element.get_string().get(read) != simdjson::SUCCESS || read.size() > kMaxNameBytes) {
    return MalformedBody(fmt::format("must be a text of at most {} bytes", kMaxNameBytes), std::move(key));
  }
  text.assign(read);
  return OkStatus();
}

Status ReadFlag(const dom::element& element, std::string key, bool& flag) {
  if (element.get_bool().get(flag) == simdjson::SUCCESS) return OkStatus();
  return MalformedBody("must be true or false", std::move(key));
}

// Calls visit(key, value) for each member of a map; a key that stands twice or that `visit` does not know is an error.
template <typename Visit>
Status VisitMembers(const dom::element& element, const std::string& path, const char* known, const Visit& visit) {
  dom::object object;
  if (element.get_object().get(object)) return MalformedBody(fmt::format("must be a map with {}", known), path);
  for (auto member = object.begin(); member != object.end(); ++member) {
    const std::string_view key = member.key();
    for (auto before = object.begin(); before != member; ++before) {
      if (before.key() == key) return MalformedBody("stands twice", Below(path, key));
    }
    Result<bool> taken = visit(key, member.value());
    if (!taken.ok()) return taken.error();
    if (!*taken) return MalformedBody(fmt::format("unknown key; there are {}", known), Below(path, key));
  }
  return OkStatus();
}

Result<bool> Taken(const Status& status) {
  if (!status.ok()) return status.error();
  return true;
}

// Parameters that are not asked for are passed over.
template <typename Visit>
Status VisitParameters(const dom::element& element, const std::string& path, const Visit& visit) {
  dom::object object;
  if (element.get_object().get(object)) return MalformedBody("must be a map", path);
  for (const auto member : object) {
    if (member.key.substr(0, 13) == "shared_memory") return MalformedBody("is not offered", Below(path, member.key));
    HONE_RETURN_IF_ERROR(visit(member.key, member.value));
  }
  return OkStatus();
}

Result<double> NumberOf(const dom::element& element, const std::string& path, std::size_t place) {
  double number = 0;
  bool flag = false;
  if (element.get_double().get(number) == simdjson::SUCCESS) return number;
  if (element.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (element.get_bool().get(flag) == simdjson::SUCCESS) return flag ? 1.0 : 0.0;
  return MalformedBody("must be a number or null", fmt::format("{}[{}]", path, place));
}

// Depth is bounded by the parser's.
Status AppendNumbers(const dom::array& array, const std::string& path, std::vector<double>& numbers) {
  for (const dom::element element : array) {
    dom::array inner;
    if (element.get_array().get(inner) == simdjson::SUCCESS) {
      HONE_RETURN_IF_ERROR(AppendNumbers(inner, path, numbers));
      continue;
    }
    HONE_ASSIGN_OR_RETURN(const double number, NumberOf(element, path, numbers.size()));
    numbers.push_back(number);
  }
  return OkStatus();
}

// Reads one item of `inputs`; takes its bytes from the front of `binary`.
class InputReader {
 public:
  InputReader(InputTensor& tensor, std::string path, std::string_view& binary)
      : tensor_(tensor), path_(std::move(path)), binary_(binary) {}

  Status Read(const dom::element& element) {
    HONE_RETURN_IF_ERROR(
        VisitMembers(element, path_, "name, datatype, shape, data, parameters",
                     [this](std::string_view key, const dom::element& value) { return ReadMember(key, value); }));
    if (tensor_.name.empty()) return MalformedBody("is required", path_ + ".name");
    if (!has_type_) return MalformedBody("is required", path_ + ".datatype");
    if (!has_shape_) return MalformedBody("is required", path_ + ".shape");
    if (has_data_ != binary_bytes_.has_value()) return TakeBytes();
    return MalformedBody("must have either data or the parameter binary_data_size", path_);
  }

 private:
  Result<bool> ReadMember(std::string_view key, const dom::element& value) {
    if (key == "name") return Taken(ReadText(value, path_ + ".name", tensor_.name));
    if (key == "datatype") return Taken(ReadType(value));
    if (key == "shape") return Taken(ReadShape(value));
    if (key == "data") return Taken(ReadData(value));
    if (key == "parameters") return Taken(ReadParameters(value));
    return false;
  }

  Status ReadType(const dom::element& value) {
    has_type_ = true;
    std::string name;
    HONE_RETURN_IF_ERROR(ReadText(value, path_ + ".datatype", name));
    const Result<TensorType> type = ParseTensorType(name);
    if (!type.ok()) return MalformedBody(type.error().message, path_ + ".datatype");
    tensor_.type = tensor_.raw_type = *type;
    return OkStatus();
  }

  Status ReadShape(const dom::element& value) {
    has_shape_ = true;
    Error misfit = MalformedBody(fmt::format("must be a list of at most {} whole numbers", kMaxRank), path_ + ".shape");
    dom::array array;
    if (value.get_array().get(array) || array.size() > kMaxRank) return misfit;
    for (const dom::element size : array) {
      if (size.get_int64().get(tensor_.shape.emplace_back())) return misfit;
    }
    return OkStatus();
  }

  Status ReadData(const dom::element& value) {
    has_data_ = true;
    dom::array array;
    if (value.get_array().get(array)) return MalformedBody("must be a list of numbers", path_ + ".data");
    return AppendNumbers(array, path_ + ".data", tensor_.numbers);
  }

  Status ReadParameters(const dom::element& value) {
    const std::string path = Below(path_, "parameters");
    return VisitParameters(value, path, [&](std::string_view key, const dom::element& parameter) -> Status {
      if (key != "binary_data_size") return OkStatus();
      std::uint64_t bytes = 0;
      if (parameter.get_uint64().get(bytes)) return MalformedBody("must be a number of bytes", Below(path, key));
      binary_bytes_ = bytes;
      return OkStatus();
    });
  }

  Status TakeBytes() {
    if (!binary_bytes_) return OkStatus();
    if (*binary_bytes_ > binary_.size()) {
      return MalformedBody(fmt::format("announces {} bytes, but {} are left behind the JSON; its length is told by the "
                                       "header Inference-Header-Content-Length",
                                       *binary_bytes_, binary_.size()),
                           path_ + ".parameters.binary_data_size");
    }
    tensor_.is_raw = true;
    tensor_.raw = binary_.substr(0, *binary_bytes_);
    binary_.remove_prefix(*binary_bytes_);
    return OkStatus();
  }

  InputTensor& tensor_;
  const std::string path_;
  std::string_view& binary_;
  bool has_type_ = false, has_shape_ = false, has_data_ = false;
  std::optional<std::uint64_t> binary_bytes_;
};

Status ReadInputs(const dom::element& element, std::string_view& binary, std::vector<InputTensor>& inputs) {
  dom::array array;
  if (element.get_array().get(array) || array.size() > InferBodyReader::kMaxInputs) {
    return MalformedBody(fmt::format("must be a list of at most {} inputs", InferBodyReader::kMaxInputs), "inputs");
  }
  for (const dom::element item : array) {
    std::string path = fmt::format("inputs[{}]", inputs.size());
    HONE_RETURN_IF_ERROR(InputReader(inputs.emplace_back(), std::move(path), binary).Read(item));
  }
  return OkStatus();
}

Status ReadOutputParameters(const dom::element& element, const std::string& path, RequestedOutput& output) {
  return VisitParameters(element, path, [&](std::string_view key, const dom::element& value) -> Status {
    if (key == "classification") return MalformedBody("is not offered", Below(path, key));
    return key == "binary_data" ? ReadFlag(value, Below(path, key), output.binary.emplace()) : OkStatus();
  });
}

Status ReadOutputs(const dom::element& element, std::vector<RequestedOutput>& outputs) {
  dom::array array;
  if (element.get_array().get(array) || array.size() > InferBodyReader::kMaxOutputs) {
    return MalformedBody(fmt::format("must be a list of at most {} outputs", InferBodyReader::kMaxOutputs), "outputs");
  }
  for (const dom::element item : array) {
    const std::string path = fmt::format("outputs[{}]", outputs.size());
    RequestedOutput& output = outputs.emplace_back();
    const auto visit = [&](std::string_view key, const dom::element& value) -> Result<bool> {
      if (key == "name") return Taken(ReadText(value, Below(path, key), output.name));
      if (key == "parameters") return Taken(ReadOutputParameters(value, Below(path, key), output));
      return false;
    };
    HONE_RETURN_IF_ERROR(VisitMembers(item, path, "name, parameters", visit));
  }
  return OkStatus();
}

Status ReadRequestParameters(const dom::element& element, InferRequest& request) {
  const std::string path = "parameters";
  return VisitParameters(element, path, [&](std::string_view key, const dom::element& value) -> Status {
    if (key == "log") return ReadFlag(value, Below(path, key), request.log);
    return key == "binary_data_output" ? ReadFlag(value, Below(path, key), request.binary) : OkStatus();
  });
}

}  // namespace

struct InferBodyReader::Parser {
  dom::parser parser;
  std::vector<char> padded;  // the JSON and the bytes behind it that simdjson may read
  std::size_t capacity = 0;

  simdjson::error_code Grow(std::size_t bytes) {
    if (bytes <= capacity) return simdjson::SUCCESS;
    capacity = std::max<std::size_t>(bytes + bytes / 8, 4096);
    padded.resize(capacity + simdjson::SIMDJSON_PADDING);
    return parser.allocate(capacity, kMaxDepth);
  }
};

InferBodyReader::InferBodyReader() : parser_(std::make_unique<Parser>()) {}
InferBodyReader::~InferBodyReader() = default;

Result<InferRequest*> InferBodyReader::Read(std::string_view body, std::optional<std::size_t> json_bytes) {
  request_ = {};
  const Status read = ReadWhole(body, json_bytes);
  if (parser_->capacity > kKeptBytes) parser_ = std::make_unique<Parser>();
  if (!read.ok()) return read.error();
  return &request_;
}

Status InferBodyReader::ReadWhole(std::string_view body, std::optional<std::size_t> json_bytes) {
  if (json_bytes.value_or(0) > body.size()) {
    return MalformedBody(fmt::format("announces {} bytes of JSON, the body has {}", *json_bytes, body.size()),
                         "Inference-Header-Content-Length");
  }
  const std::string_view json = body.substr(0, json_bytes.value_or(body.size()));
  std::string_view binary = body.substr(json.size());
  if (const auto error = parser_->Grow(json.size())) return MalformedBody(simdjson::error_message(error));
  if (!json.empty()) std::memcpy(parser_->padded.data(), json.data(), json.size());
  dom::element root;
  const auto error = parser_->parser.parse(parser_->padded.data(), json.size(), false).get(root);
  if (error) return Explain(json, error);
  const auto visit = [&](std::string_view key, const dom::element& value) -> Result<bool> {
    if (key == "id") return Taken(ReadText(value, "id", request_.id));
    if (key == "parameters") return Taken(ReadRequestParameters(value, request_));
    if (key == "inputs") return Taken(ReadInputs(value, binary, request_.inputs));
    if (key == "outputs") return Taken(ReadOutputs(value, request_.outputs));
    return false;
  };
  HONE_RETURN_IF_ERROR(VisitMembers(root, "", "id, parameters, inputs, outputs", visit));
  if (request_.inputs.empty()) return MalformedBody("must have at least one", "inputs");
  if (!binary.empty()) return MalformedBody(fmt::format("{} bytes behind the JSON belong to no input", binary.size()));
  return OkStatus();
}

}  // namespace hone
