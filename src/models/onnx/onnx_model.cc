#include "models/onnx/onnx_model.h"

#include <fmt/format.h>

#include "models/onnx/wire.h"

namespace hone {
namespace {

constexpr std::size_t kMaxParts = 1'000;   // of a graph, of one kind
constexpr std::size_t kMaxNodeParts = 64;  // of an operator, of one kind
constexpr std::size_t kMaxDims = 8;

class ModelReader {
 public:
  explicit ModelReader(std::string_view source) : source_(source) {}

  Result<OnnxModel> Read(std::string_view bytes) {
    std::string_view graph;
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number == 7) graph = field.bytes;
      if (field.number == 8) HONE_RETURN_IF_ERROR(ReadOperatorSet(field.bytes));
      if (field.number == 25) model_.has_functions = true;
    }
    if (reader.broken()) return Broken("ModelProto");
    if (graph.empty()) return Error{ErrorCode::kCorrupt, "an ONNX model without a graph", source_, 0, "graph"};
    HONE_RETURN_IF_ERROR(ReadGraph(graph));
    return std::move(model_);
  }

 private:
  Error Broken(const char* message) const {
    return {ErrorCode::kCorrupt, fmt::format("a broken or cut ONNX model: its {} is not protobuf", message), source_};
  }

  // Whether `list` has room for one more.
  template <typename List>
  bool HasRoom(const List& list, std::size_t most, const char* of) {
    if (list.size() < most) return true;
    if (model_.too_large.empty()) model_.too_large = fmt::format("it has more than {} {}", most, of);
    return false;
  }

  Status ReadOperatorSet(std::string_view bytes) {
    std::string_view domain;
    std::int64_t version = 0;
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number == 1) domain = field.bytes;
      if (field.number == 2) version = static_cast<std::int64_t>(field.value);
    }
    if (domain == kMlDomain) model_.ml_version = version;
    return reader.broken() ? Status(Broken("OperatorSetIdProto")) : OkStatus();
  }

  Status ReadGraph(std::string_view bytes) {
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number == 1 && HasRoom(model_.nodes, kMaxParts, "operators")) {
        HONE_RETURN_IF_ERROR(ReadNode(field.bytes, model_.nodes.emplace_back()));
      } else if (field.number == 11 && HasRoom(model_.inputs, kMaxParts, "inputs")) {
        HONE_RETURN_IF_ERROR(ReadValue(field.bytes, model_.inputs.emplace_back()));
      } else if (field.number == 12 && HasRoom(model_.outputs, kMaxParts, "outputs")) {
        HONE_RETURN_IF_ERROR(ReadValue(field.bytes, model_.outputs.emplace_back()));
      } else if (field.number == 5 || field.number == 15) {
        ++model_.initializers;
      }
    }
    return reader.broken() ? Status(Broken("GraphProto")) : OkStatus();
  }

  Status ReadNode(std::string_view bytes, OnnxNode& node) {
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      switch (field.number) {
        case 1: AddName(field.bytes, node.inputs); break;
        case 2: AddName(field.bytes, node.outputs); break;
        case 3: node.name = field.bytes; break;
        case 4: node.op_type = field.bytes; break;
        case 5: HONE_RETURN_IF_ERROR(AddAttribute(field.bytes, node)); break;
        case 7: node.domain = field.bytes; break;
        default: break;
      }
    }
    return reader.broken() ? Status(Broken("NodeProto")) : OkStatus();
  }

  void AddName(std::string_view name, std::vector<std::string_view>& names) {
    if (HasRoom(names, kMaxNodeParts, "inputs or outputs of an operator")) names.push_back(name);
  }

  Status AddAttribute(std::string_view bytes, OnnxNode& node) {
    if (!HasRoom(node.attributes, kMaxNodeParts, "attributes of an operator")) return OkStatus();
    OnnxAttribute& attribute = node.attributes.emplace_back();
    attribute.bytes = bytes;
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number == 1) attribute.name = field.bytes;
    }
    return reader.broken() ? Status(Broken("AttributeProto")) : OkStatus();
  }

  Status ReadValue(std::string_view bytes, OnnxValue& value) {
    std::string_view type;
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number == 1) value.name = field.bytes;
      if (field.number == 2) type = field.bytes;
    }
    WireReader types(type);
    for (WireField field; types.Next(field);) {
      if (field.number == 1) HONE_RETURN_IF_ERROR(ReadTensorType(field.bytes, value));
    }
    return reader.broken() || types.broken() ? Status(Broken("ValueInfoProto")) : OkStatus();
  }

  Status ReadTensorType(std::string_view bytes, OnnxValue& value) {
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number == 1) value.type = static_cast<std::int64_t>(field.value);
      if (field.number == 2) HONE_RETURN_IF_ERROR(ReadShape(field.bytes, value));
    }
    return reader.broken() ? Status(Broken("TypeProto")) : OkStatus();
  }

  Status ReadShape(std::string_view bytes, OnnxValue& value) {
    value.has_shape = true;
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (field.number != 1 || !HasRoom(value.dims, kMaxDims, "dimensions")) continue;
      value.dims.push_back(0);
      WireReader dim(field.bytes);
      for (WireField part; dim.Next(part);) {
        if (part.number == 1) value.dims.back() = static_cast<std::int64_t>(part.value);
      }
      if (dim.broken()) return Broken("TensorShapeProto");
    }
    return reader.broken() ? Status(Broken("TensorShapeProto")) : OkStatus();
  }

  const std::string source_;
  OnnxModel model_;
};

}  // namespace

std::string OnnxNode::ToString() const {
  const std::string operation(op_type.substr(0, 60));
  return name.empty() ? operation : fmt::format("{} \"{}\"", operation, name.substr(0, 60));
}

bool IsOnnx(std::string_view bytes) {
  constexpr std::uint64_t kLargestVersion = 1'000;
  if (!bytes.starts_with('\x08')) return false;
  WireReader reader(bytes);
  WireField version, next;
  if (!reader.Next(version) || version.value == 0 || version.value > kLargestVersion) return false;
  // Of a file that was cut, the second field is broken.
  return reader.Next(next) ? (next.number >= 2 && next.number <= 8) || next.number == 14 || next.number == 20
                           : reader.broken();
}

Result<OnnxModel> ReadOnnxModel(std::string_view bytes, std::string_view source) {
  return ModelReader(source).Read(bytes);
}

}  // namespace hone
