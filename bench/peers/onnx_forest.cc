#include "peers/onnx_forest.h"

#ifdef HONE_HAVE_ONNXRUNTIME

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "models/onnx_runtime/providers.h"

namespace hone::bench {

namespace {

// Fields of a protobuf message (onnx.proto), one after the other.
class Message {
 public:
  Message& Number(std::uint32_t field, std::uint64_t value) {
    Varint(field << 3);
    Varint(value);
    return *this;
  }
  Message& Bytes(std::uint32_t field, std::string_view value) {
    Varint(field << 3 | 2);
    Varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& Add(std::uint32_t field, const Message& value) { return Bytes(field, value.bytes_); }
  Message& Numbers(std::uint32_t field, const std::vector<std::int64_t>& values) {
    Message packed;
    for (const std::int64_t value : values) packed.Varint(static_cast<std::uint64_t>(value));
    return Add(field, packed);
  }
  Message& Floats(std::uint32_t field, const std::vector<float>& values) {
    return Bytes(field, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void Varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

// AttributeProto, by its types.
Message Attribute(std::string_view name, const std::vector<std::int64_t>& values) {
  return Message().Bytes(1, name).Numbers(8, values).Number(20, 7);
}
Message Attribute(std::string_view name, const std::vector<float>& values) {
  return Message().Bytes(1, name).Floats(7, values).Number(20, 6);
}
Message Attribute(std::string_view name, const std::vector<std::string>& values) {
  Message attribute = Message().Bytes(1, name).Number(20, 8);
  for (const std::string& value : values) attribute.Bytes(9, value);
  return attribute;
}

// The nodes of all trees, splits before leaves within a tree.
struct Nodes {
  std::vector<std::int64_t> trees, ids, features, yes, no, missing_yes;
  std::vector<std::string> modes;
  std::vector<float> thresholds;
  std::vector<std::int64_t> leaf_trees, leaf_ids, leaf_targets;
  std::vector<float> leaves;

  void Add(std::int64_t tree, std::int64_t id, const char* mode) {
    trees.push_back(tree);
    ids.push_back(id);
    modes.emplace_back(mode);
  }
  void Tests(std::int64_t feature, double threshold, std::int64_t left, std::int64_t right, bool default_left) {
    features.push_back(feature);
    thresholds.push_back(static_cast<float>(threshold));
    yes.push_back(left);
    no.push_back(right);
    missing_yes.push_back(default_left ? 1 : 0);
  }
};

void AddTree(const Tree& tree, std::int64_t number, Nodes& nodes) {
  const auto splits = static_cast<std::int64_t>(tree.splits.size());
  const auto id_of = [splits](std::int32_t child) { return child >= 0 ? child : splits + ~child; };
  for (std::int64_t i = 0; i < splits; ++i) {
    const Split& split = tree.splits[static_cast<std::size_t>(i)];
    nodes.Add(number, i, "BRANCH_LT");
    nodes.Tests(split.feature, split.threshold, id_of(split.left), id_of(split.right), split.default_left);
  }
  for (std::size_t i = 0; i < tree.leaves.size(); ++i) {
    const std::int64_t id = splits + static_cast<std::int64_t>(i);
    nodes.Add(number, id, "LEAF");
    nodes.Tests(0, 0, 0, 0, false);
    nodes.leaf_trees.push_back(number);
    nodes.leaf_ids.push_back(id);
    nodes.leaf_targets.push_back(0);
    nodes.leaves.push_back(static_cast<float>(tree.leaves[i]));
  }
}

// NodeProto
Message Regressor(const Forest& forest) {
  Nodes nodes;
  for (std::size_t i = 0; i < forest.trees.size(); ++i) AddTree(forest.trees[i], static_cast<std::int64_t>(i), nodes);
  Message node =
      Message().Bytes(1, "rows").Bytes(2, "margins").Bytes(4, "TreeEnsembleRegressor").Bytes(7, "ai.onnx.ml");
  node.Add(5, Attribute("nodes_treeids", nodes.trees)).Add(5, Attribute("nodes_nodeids", nodes.ids));
  node.Add(5, Attribute("nodes_featureids", nodes.features)).Add(5, Attribute("nodes_modes", nodes.modes));
  node.Add(5, Attribute("nodes_values", nodes.thresholds)).Add(5, Attribute("nodes_truenodeids", nodes.yes));
  node.Add(5, Attribute("nodes_falsenodeids", nodes.no));
  node.Add(5, Attribute("nodes_missing_value_tracks_true", nodes.missing_yes));
  node.Add(5, Attribute("target_treeids", nodes.leaf_trees)).Add(5, Attribute("target_nodeids", nodes.leaf_ids));
  node.Add(5, Attribute("target_ids", nodes.leaf_targets)).Add(5, Attribute("target_weights", nodes.leaves));
  node.Add(5, Attribute("base_values", std::vector{static_cast<float>(forest.start[0])}));
  node.Add(5, Message().Bytes(1, "n_targets").Number(3, 1).Number(20, 2));
  return node;
}

// ValueInfoProto: floats, any number of rows of `width`.
Message Matrix(std::string_view name, std::size_t width) {
  const Message shape = Message().Add(1, Message().Bytes(2, "rows")).Add(1, Message().Number(1, width));
  const Message tensor = Message().Number(1, 1).Add(2, shape);
  return Message().Bytes(1, name).Add(2, Message().Add(1, tensor));
}

// Of a model that was opened, on rows it takes: nothing is left that could fail but memory.
void Require(const OnnxRuntime& runtime, OrtStatus* status) {
  if (const Status checked = CheckOnnx(runtime, status, "bench"); !checked.ok()) std::abort();
}

}  // namespace

std::string OnnxBytes(const Forest& forest) {
  const Message graph = Message()
                            .Add(1, Regressor(forest))
                            .Bytes(2, "forest")
                            .Add(11, Matrix("rows", forest.width))
                            .Add(12, Matrix("margins", 1));
  const Message core = Message().Bytes(1, "").Number(2, 17), trees = Message().Bytes(1, "ai.onnx.ml").Number(2, 3);
  return Message().Number(1, 8).Add(7, graph).Add(8, core).Add(8, trees).bytes();
}

Result<std::unique_ptr<OnnxForest>> OnnxForest::Open(const Forest& forest, std::span<const double> rows) {
  const Result<OnnxRuntime>& runtime = OpenOnnxRuntime();
  if (!runtime.ok()) return runtime.error();
  const OrtApi& api = *runtime->api;
  HONE_ASSIGN_OR_RETURN(const OnnxHandle<OrtSessionOptions> options, MakeSessionOptions(*runtime, OnnxProvider::kCpu));
  std::unique_ptr<OnnxForest> opened(new OnnxForest(*runtime));
  const std::string bytes = OnnxBytes(forest);
  OrtSession* session = nullptr;
  HONE_RETURN_IF_ERROR(CheckOnnx(
      *runtime, api.CreateSessionFromArray(runtime->environment, bytes.data(), bytes.size(), options.get(), &session),
      "bench"));
  opened->session_ = {session, api.ReleaseSession};
  OrtMemoryInfo* memory = nullptr;
  HONE_RETURN_IF_ERROR(
      CheckOnnx(*runtime, api.CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory), "bench"));
  opened->memory_ = {memory, api.ReleaseMemoryInfo};
  for (const double value : rows) opened->rows_.push_back(static_cast<float>(value));
  opened->answers_.resize(rows.size() / forest.width);
  HONE_ASSIGN_OR_RETURN(opened->all_, opened->MakeTensor(opened->rows_, forest.width));
  HONE_ASSIGN_OR_RETURN(opened->all_answers_, opened->MakeTensor(opened->answers_, 1));
  HONE_ASSIGN_OR_RETURN(opened->one_answer_, opened->MakeTensor(std::span(opened->answers_).first(1), 1));
  for (std::size_t i = 0; i < opened->answers_.size(); ++i) {
    const auto row = std::span(opened->rows_).subspan(i * forest.width, forest.width);
    HONE_ASSIGN_OR_RETURN(OnnxHandle<OrtValue> tensor, opened->MakeTensor(row, forest.width));
    opened->row_tensors_.push_back(std::move(tensor));
  }
  return opened;
}

Result<OnnxHandle<OrtValue>> OnnxForest::MakeTensor(std::span<float> numbers, std::size_t width) const {
  const std::array shape = {static_cast<std::int64_t>(numbers.size() / width), static_cast<std::int64_t>(width)};
  OrtValue* value = nullptr;
  HONE_RETURN_IF_ERROR(CheckOnnx(
      runtime_,
      runtime_.api->CreateTensorWithDataAsOrtValue(memory_.get(), numbers.data(), numbers.size_bytes(), shape.data(),
                                                   shape.size(), ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &value),
      "bench"));
  return OnnxHandle<OrtValue>(value, runtime_.api->ReleaseValue);
}

void OnnxForest::Run(const OrtValue* in, OrtValue* out) const {
  const char* const input = "rows";
  const char* const output = "margins";
  Require(runtime_, runtime_.api->Run(session_.get(), nullptr, &input, &in, 1, &output, 1, &out));
}

double OnnxForest::PredictOne(std::size_t row) const {
  Run(row_tensors_[row].get(), one_answer_.get());
  return answers_[0];
}

void OnnxForest::PredictAll(std::span<double> margins) const {
  Run(all_.get(), all_answers_.get());
  for (std::size_t i = 0; i < margins.size(); ++i) margins[i] = answers_[i];
}

}  // namespace hone::bench

#endif
