#include "models/onnx_runtime/integer_division.h"

#ifdef HONE_HAVE_ONNXRUNTIME

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/onnx/wire.h"
#include "models/onnx_runtime/element_type.h"
#include "models/onnx_runtime/graph_signature.h"

namespace hone {
namespace {

// Field numbers of onnx.proto.
enum ModelFields { kModelGraph = 7, kModelFunction = 25 };
enum GraphFields { kGraphNode = 1, kGraphTensor = 5, kGraphOutput = 12 };
enum FunctionFields { kFunctionNode = 7 };
enum NodeFields { kNodeInput = 1, kNodeOutput = 2, kNodeOperator = 4, kNodeAttribute = 5 };
enum AttributeFields { kAttributeTensor = 5, kAttributeGraph = 6, kAttributeGraphs = 11 };
enum TensorFields { kType = 2, kInt32s = 5, kInt64s = 7, kName = 8, kRaw = 9, kUint64s = 11 };

bool IsRealType(std::uint64_t type) { return type == 1 || type == 10 || type == 11 || type == 16; }

std::size_t SizeOf(std::uint64_t type) {
  switch (type) {
    case 2:
    case 3: return 1;
    case 4:
    case 5: return 2;
    case 6:
    case 12: return 4;
    case 7:
    case 13: return 8;
    default: return 0;
  }
}

bool RawAbove0(std::string_view raw, std::size_t size) {
  if (size == 0 || raw.size() % size != 0) return false;
  for (; !raw.empty(); raw.remove_prefix(size)) {
    if (static_cast<unsigned char>(raw[size - 1]) >= 0x80) return false;
    if (raw.substr(0, size).find_first_not_of('\0') == std::string_view::npos) return false;
  }
  return true;
}

bool IntegersAbove0(const WireField& field) {
  std::vector<std::int64_t> numbers;
  return AppendIntegers(field, numbers) &&
         std::ranges::all_of(numbers, [](std::int64_t number) { return number > 0 && number >> 31 == 0; });
}

// A tensor that may be divided by: of floats, or of integers above 0.
bool IsSafe(std::string_view tensor, std::string_view& name) {
  bool safe = true;
  std::uint64_t type = 0;
  std::string_view raw;
  WireReader reader(tensor);
  for (WireField field; reader.Next(field);) {
    if (field.number == kType) type = field.value;
    if (field.number == kName) name = field.bytes;
    if (field.number == kRaw) raw = field.bytes;
    if (field.number != kInt32s && field.number != kInt64s && field.number != kUint64s) continue;
    safe = safe && IntegersAbove0(field);
  }
  return IsRealType(type) || (safe && RawAbove0(raw, SizeOf(type)));
}

struct Division {
  std::string_view divisor, result;
};

// What one graph holds; `nested` becomes the result of a division in a graph within it.
class GraphDivisions {
 public:
  void ReadGraph(std::string_view graph) {
    WireReader reader(graph);
    for (WireField field; reader.Next(field);) {
      if (field.number == kGraphNode) ReadNode(field.bytes);
      if (field.number == kGraphOutput) ReadOutput(field.bytes);
      if (field.number != kGraphTensor) continue;
      std::string_view name;
      if (IsSafe(field.bytes, name)) safe_.insert(name);
    }
  }

  void ReadFunction(std::string_view function) {
    GraphDivisions inner;
    WireReader reader(function);
    for (WireField field; reader.Next(field);) {
      if (field.number == kFunctionNode) inner.ReadNode(field.bytes);
    }
    TakeNested(inner);
  }

  std::vector<std::string_view> Unchecked() const {
    std::vector<std::string_view> results;
    for (const Division& division : divisions_) {
      if (safe_.count(division.divisor) == 0) results.push_back(division.result);
    }
    return results;
  }
  bool answers(std::string_view name) const { return outputs_.count(name) != 0; }
  const std::vector<std::string_view>& nested() const { return nested_; }

 private:
  void ReadOutput(std::string_view output) {
    WireReader reader(output);
    if (WireField field; reader.Next(field) && field.number == 1) outputs_.insert(field.bytes);
  }

  void TakeNested(const GraphDivisions& inner) {
    const std::vector<std::string_view> results = inner.Unchecked();
    nested_.insert(nested_.end(), results.begin(), results.end());
    nested_.insert(nested_.end(), inner.nested_.begin(), inner.nested_.end());
  }

  // Whether it holds a tensor that may be divided by.
  bool ReadAttribute(std::string_view attribute) {
    bool safe = false;
    WireReader reader(attribute);
    for (WireField field; reader.Next(field);) {
      std::string_view name;
      if (field.number == kAttributeTensor) safe = IsSafe(field.bytes, name);
      if (field.number != kAttributeGraph && field.number != kAttributeGraphs) continue;
      GraphDivisions inner;
      inner.ReadGraph(field.bytes);
      TakeNested(inner);
    }
    return safe;
  }

  void ReadNode(std::string_view node) {
    std::string_view operation, last_input, result;
    bool safe = false;
    WireReader reader(node);
    for (WireField field; reader.Next(field);) {
      if (field.number == kNodeInput) last_input = field.bytes;
      if (field.number == kNodeOutput) result = field.bytes;
      if (field.number == kNodeOperator) operation = field.bytes;
      if (field.number == kNodeAttribute) safe = ReadAttribute(field.bytes) || safe;
    }
    if (operation == "Constant" && safe) safe_.insert(result);
    if (operation == "Div" || operation == "Mod") divisions_.push_back({last_input, result});
  }

  std::set<std::string_view> safe_, outputs_;
  std::vector<Division> divisions_;
  std::vector<std::string_view> nested_;
};

std::string Message(int number, std::string_view bytes) {
  std::string message(1, static_cast<char>(number << 3 | 2));
  std::size_t size = bytes.size();
  for (; size > 127; size >>= 7) message += static_cast<char>((size & 127) | 128);
  message += static_cast<char>(size);
  return message.append(bytes);
}

Error Refused(std::string_view result, std::string_view source) {
  return {ErrorCode::kInvalidData,
          fmt::format(
              "{} is a quotient of integers whose divisor may be zero, which would end hone; divide floats, or by a "
              "constant above zero",
              result),
          std::string(source)};
}

// Whether ONNX Runtime finds one of the results to be of integers: they are made outputs of the graph, which are typed.
Status CheckTypes(const OnnxRuntime& runtime, const std::string& bytes, const std::vector<std::string_view>& results,
                  std::string_view source) {
  const OrtApi& api = *runtime.api;
  OrtSessionOptions* options = nullptr;
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.CreateSessionOptions(&options), source));
  const OnnxHandle<OrtSessionOptions> options_owner(options, api.ReleaseSessionOptions);
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.SetIntraOpNumThreads(options, 1), source));
  HONE_RETURN_IF_ERROR(CheckOnnx(runtime, api.SetSessionGraphOptimizationLevel(options, ORT_DISABLE_ALL), source));
  OrtSession* session = nullptr;
  HONE_RETURN_IF_ERROR(CheckOnnx(
      runtime, api.CreateSessionFromArray(runtime.environment, bytes.data(), bytes.size(), options, &session), source));
  const OnnxHandle<OrtSession> session_owner(session, api.ReleaseSession);
  HONE_ASSIGN_OR_RETURN(const std::vector<GraphOutput> outputs, ReadAllOutputs(runtime, *session, source));
  for (const GraphOutput& output : outputs) {
    if (!IsReal(output.type) && std::ranges::find(results, output.name) != results.end()) {
      return Refused(output.name, source);
    }
  }
  return OkStatus();
}

}  // namespace

Status CheckDivisions(const OnnxRuntime& runtime, std::string_view bytes, std::string_view source) {
  GraphDivisions graph;
  WireReader reader(bytes);
  for (WireField field; reader.Next(field);) {
    if (field.number == kModelGraph) graph.ReadGraph(field.bytes);
    if (field.number == kModelFunction) graph.ReadFunction(field.bytes);
  }
  if (!graph.nested().empty()) return Refused(graph.nested().front(), source);
  const std::vector<std::string_view> results = graph.Unchecked();
  if (results.empty()) return OkStatus();
  std::string more;
  for (const std::string_view result : results) {
    if (!graph.answers(result)) more += Message(kGraphOutput, Message(1, result));
  }
  return CheckTypes(runtime, std::string(bytes) + Message(kModelGraph, more), results, source);
}

}  // namespace hone

#endif
