#include "models/onnx_runtime/graph_signature.h"

#ifdef HONE_HAVE_ONNXRUNTIME

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "models/onnx_runtime/element_type.h"

namespace hone {
namespace {

constexpr std::int64_t kMostNumbers = 65'536;  // of a row

constexpr const char* kTypeNames[] = {"no plain tensor", "float",  "uint8",     "int8",       "uint16",  "int16",
                                      "int32",           "int64",  "text",      "bool",       "float16", "double",
                                      "uint32",          "uint64", "complex64", "complex128", "bfloat16"};

const char* NameOf(ONNXTensorElementDataType type) {
  const auto i = static_cast<std::size_t>(type);
  return i < std::size(kTypeNames) ? kTypeNames[i] : "a small float";
}

bool IsNumbers(ONNXTensorElementDataType type) {
  return VisitElementType(type, [](auto) {});
}

struct TensorType {
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  std::vector<std::int64_t> shape;
};

// The product of the stated dimensions after the batch dimension; nothing when one is open, one above kMostNumbers
// when there are too many.
std::optional<std::int64_t> NumbersOf(std::span<const std::int64_t> shape) {
  const bool batched = !shape.empty() && shape.front() < 0;
  std::int64_t product = 1;
  for (const std::int64_t size : shape.subspan(batched ? 1 : 0)) {
    if (size < 0) return std::nullopt;
    product = size > kMostNumbers ? kMostNumbers + 1 : std::min(product * size, kMostNumbers + 1);
  }
  return product;
}

class SignatureReader {
 public:
  SignatureReader(const OnnxRuntime& runtime, const OrtSession& session, std::string_view source)
      : runtime_(runtime), api_(*runtime.api), session_(session), source_(source) {}

  Result<GraphSignature> Read() {
    GraphSignature signature;
    std::size_t count = 0;
    HONE_RETURN_IF_ERROR(Check(api_.SessionGetInputCount(&session_, &count)));
    for (std::size_t i = 0; i < count; ++i) {
      HONE_ASSIGN_OR_RETURN(GraphInput input, ReadInput(i));
      signature.inputs.push_back(std::move(input));
      if (signature.width() > kMostNumbers) return TooMany(signature.inputs.back().name);
    }
    if (signature.width() == 0) return Refused("", "the graph takes no numbers; a model's graph has an input [N, F]");
    HONE_RETURN_IF_ERROR(ReadOutputs(signature));
    return signature;
  }

  Result<std::vector<GraphOutput>> AllOutputs() const {
    std::size_t count = 0;
    HONE_RETURN_IF_ERROR(Check(api_.SessionGetOutputCount(&session_, &count)));
    std::vector<GraphOutput> outputs;
    for (std::size_t i = 0; i < count; ++i) {
      HONE_ASSIGN_OR_RETURN(GraphOutput output, ReadOutput(i));
      outputs.push_back(std::move(output));
    }
    return outputs;
  }

 private:
  using Type = OnnxHandle<OrtTypeInfo>;
  using NameOfPut = decltype(OrtApi::SessionGetInputName);

  Status Check(OrtStatus* status) const { return CheckOnnx(runtime_, status, source_); }
  Error Refused(const std::string& name, std::string message) const {
    return {ErrorCode::kInvalidData, std::move(message), std::string(source_), 0, name};
  }
  Error TooMany(const std::string& name) const {
    return Refused(name, fmt::format("more than {} numbers a row", kMostNumbers));
  }
  Type Own(OrtTypeInfo* info) const { return {info, api_.ReleaseTypeInfo}; }

  Result<std::string> ReadName(NameOfPut get, std::size_t i) const {
    OrtAllocator* allocator = nullptr;
    char* text = nullptr;
    HONE_RETURN_IF_ERROR(Check(api_.GetAllocatorWithDefaultOptions(&allocator)));
    HONE_RETURN_IF_ERROR(Check(get(&session_, i, allocator, &text)));
    std::string name = text;
    HONE_RETURN_IF_ERROR(Check(api_.AllocatorFree(allocator, text)));
    return name;
  }

  Result<TensorType> ReadTensor(const OrtTypeInfo& info) const {
    const OrtTensorTypeAndShapeInfo* tensor = nullptr;
    TensorType type;
    std::size_t dimensions = 0;
    HONE_RETURN_IF_ERROR(Check(api_.CastTypeInfoToTensorInfo(&info, &tensor)));
    if (tensor == nullptr) return type;
    HONE_RETURN_IF_ERROR(Check(api_.GetTensorElementType(tensor, &type.type)));
    HONE_RETURN_IF_ERROR(Check(api_.GetDimensionsCount(tensor, &dimensions)));
    type.shape.resize(dimensions);
    HONE_RETURN_IF_ERROR(Check(api_.GetDimensions(tensor, type.shape.data(), dimensions)));
    return type;
  }

  Result<GraphInput> ReadInput(std::size_t i) const {
    HONE_ASSIGN_OR_RETURN(std::string name, ReadName(api_.SessionGetInputName, i));
    OrtTypeInfo* info = nullptr;
    HONE_RETURN_IF_ERROR(Check(api_.SessionGetInputTypeInfo(&session_, i, &info)));
    const Type owner = Own(info);
    HONE_ASSIGN_OR_RETURN(TensorType tensor, ReadTensor(*info));
    if (!IsNumbers(tensor.type)) {
      return Refused(name,
                     fmt::format("takes a tensor of {}; hone's rows are numbers: encode categories as integers, and "
                                 "export the graph with float, double or integer inputs",
                                 NameOf(tensor.type)));
    }
    const std::optional<std::int64_t> numbers = NumbersOf(tensor.shape);
    if (!numbers) {
      return Refused(name,
                     "the graph leaves open how many features it takes; state it at export, as in "
                     "initial_types=[('" +
                         name + "', FloatTensorType([None, F]))]");
    }
    if (*numbers > kMostNumbers) return TooMany(name);
    return GraphInput{std::move(name), tensor.type, std::move(tensor.shape), static_cast<std::size_t>(*numbers)};
  }

  // The element type of a sequence of maps to numbers; undefined for all else.
  Result<ONNXTensorElementDataType> ReadMaps(const OrtTypeInfo& info) const {
    const OrtSequenceTypeInfo* sequence = nullptr;
    HONE_RETURN_IF_ERROR(Check(api_.CastTypeInfoToSequenceTypeInfo(&info, &sequence)));
    if (sequence == nullptr) return ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    OrtTypeInfo* element = nullptr;
    HONE_RETURN_IF_ERROR(Check(api_.GetSequenceElementType(sequence, &element)));
    const Type element_owner = Own(element);
    const OrtMapTypeInfo* map = nullptr;
    HONE_RETURN_IF_ERROR(Check(api_.CastTypeInfoToMapTypeInfo(element, &map)));
    if (map == nullptr) return ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    OrtTypeInfo* value = nullptr;
    HONE_RETURN_IF_ERROR(Check(api_.GetMapValueType(map, &value)));
    const Type value_owner = Own(value);
    HONE_ASSIGN_OR_RETURN(const TensorType tensor, ReadTensor(*value));
    return tensor.type;
  }

  Result<GraphOutput> ReadOutput(std::size_t i) const {
    HONE_ASSIGN_OR_RETURN(std::string name, ReadName(api_.SessionGetOutputName, i));
    OrtTypeInfo* info = nullptr;
    HONE_RETURN_IF_ERROR(Check(api_.SessionGetOutputTypeInfo(&session_, i, &info)));
    const Type owner = Own(info);
    HONE_ASSIGN_OR_RETURN(const TensorType tensor, ReadTensor(*info));
    GraphOutput output{std::move(name), tensor.type};
    if (tensor.type == ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED) {
      HONE_ASSIGN_OR_RETURN(output.type, ReadMaps(*info));
      output.maps = true;
      return output;
    }
    output.numbers = static_cast<std::size_t>(NumbersOf(tensor.shape).value_or(0));
    return output;
  }

  Status ReadOutputs(GraphSignature& signature) const {
    std::vector<GraphOutput> integers;
    std::string others;
    HONE_ASSIGN_OR_RETURN(const std::vector<GraphOutput> outputs, AllOutputs());
    for (const GraphOutput& output : outputs) {
      if (output.numbers > std::size_t{kMostNumbers}) return TooMany(output.name);
      if (!IsNumbers(output.type)) others += fmt::format(" {} ({})", output.name, NameOf(output.type));
      if (IsReal(output.type)) {
        signature.outputs.push_back(output);
      } else if (IsNumbers(output.type) && !output.maps) {
        integers.push_back(output);
      }
    }
    if (signature.outputs.empty()) signature.outputs = std::move(integers);
    if (!signature.outputs.empty()) return OkStatus();
    return Refused("", "the graph answers no tensor of numbers, only" + others +
                           "; export it with an output of floats or doubles (of a classifier, its probabilities)");
  }

  const OnnxRuntime& runtime_;
  const OrtApi& api_;
  const OrtSession& session_;
  std::string_view source_;
};

}  // namespace

std::size_t GraphSignature::width() const {
  std::size_t width = 0;
  for (const GraphInput& input : inputs) width += input.numbers;
  return width;
}

bool GraphSignature::batched() const { return std::ranges::all_of(inputs, &GraphInput::batched); }

std::vector<std::string> GraphSignature::FeatureNames() const {
  std::vector<std::string> names;
  for (const GraphInput& input : inputs) {
    if (input.numbers != 1 || inputs.size() == 1) return {};
    names.push_back(input.name);
  }
  return names;
}

Result<GraphSignature> ReadSignature(const OnnxRuntime& runtime, const OrtSession& session, std::string_view source) {
  return SignatureReader(runtime, session, source).Read();
}

Result<std::vector<GraphOutput>> ReadAllOutputs(const OnnxRuntime& runtime, const OrtSession& session,
                                                std::string_view source) {
  return SignatureReader(runtime, session, source).AllOutputs();
}

}  // namespace hone

#endif
