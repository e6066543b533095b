#include "features/expression/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/sha256.h"

namespace hone {
namespace {

constexpr std::size_t kNodeBytes = 512;
constexpr std::size_t kBarBytes = 32;

template <typename T>
void Append(std::string& key, const T& value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  key.append(bytes, sizeof value);
}

// Equal for equal nodes of one process.
std::string KeyOf(const GraphNode& node) {
  std::string key(1, static_cast<char>(node.kind));
  Append(key, node.function);
  Append(key, node.column);
  Append(key, node.constant);
  Append(key, node.indicator);
  Append(key, node.feature);
  for (const Slot input : node.inputs) Append(key, input);
  for (const double parameter : node.parameters) Append(key, parameter);
  return key;
}

Error LimitError(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message), "", 0, ""}; }

}  // namespace

std::size_t StateBytes(const IndicatorDefinition& indicator, std::span<const double> parameters) {
  double bars = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) bars += indicator.parameters[i].whole ? parameters[i] : 0;
  return kNodeBytes + kBarBytes * static_cast<std::size_t>(std::max(bars, 0.0));
}

Result<Slot> ExpressionGraph::Column(std::size_t column) {
  GraphNode node;
  node.kind = NodeKind::kColumn;
  node.column = static_cast<std::uint32_t>(column);
  return Add(std::move(node), 0);
}

Result<Slot> ExpressionGraph::Constant(double value) {
  GraphNode node;
  node.kind = NodeKind::kConstant;
  node.constant = value;
  return Add(std::move(node), 0);
}

Result<Slot> ExpressionGraph::Of(Pointwise function, std::vector<Slot> inputs) {
  GraphNode node;
  node.kind = NodeKind::kPointwise;
  node.function = function;
  node.inputs = std::move(inputs);
  return Add(std::move(node), 0);
}

Result<Slot> ExpressionGraph::Of(const IndicatorDefinition& indicator, std::vector<Slot> inputs,
                                 std::vector<double> parameters) {
  if (inputs.size() > kMostInputs || indicator.outputs.size() > kMostOutputs) {
    return Error{ErrorCode::kInternal, "has more inputs or outputs than are foreseen", "", 0, ""};
  }
  GraphNode node;
  node.kind = NodeKind::kIndicator;
  node.indicator = &indicator;
  node.inputs = std::move(inputs);
  node.parameters = std::move(parameters);
  node.outputs = static_cast<std::uint8_t>(indicator.outputs.size());
  const std::size_t bytes = StateBytes(indicator, node.parameters);
  return Add(std::move(node), bytes);
}

Result<Slot> ExpressionGraph::Of(const FeatureDefinition& feature) {
  GraphNode node;
  node.kind = NodeKind::kFeature;
  node.feature = &feature;
  return Add(std::move(node), kNodeBytes);
}

Result<Slot> ExpressionGraph::Add(GraphNode node, std::size_t state_bytes) {
  std::string key = KeyOf(node);
  if (const auto found = known_.find(key); found != known_.end()) return nodes_[found->second].first;
  if (nodes_.size() >= limits_.nodes) {
    return LimitError(fmt::format("the features have more than {} different parts", limits_.nodes));
  }
  if (state_bytes_ + state_bytes > limits_.state_bytes) {
    return LimitError(fmt::format("the windows of the features need more than {} MiB", limits_.state_bytes >> 20));
  }
  for (const Slot input : node.inputs) {
    node.warmup = std::max(node.warmup, NodeOf(input).warmup);
    node.depth = std::max(node.depth, NodeOf(input).depth + 1);
  }
  if (node.depth > limits_.depth) return LimitError(fmt::format("is made of more than {} levels", limits_.depth));
  if (node.kind == NodeKind::kIndicator) {
    HONE_ASSIGN_OR_RETURN(node.indicator_state, node.indicator->make(node.parameters));
    node.warmup += node.indicator_state->warmup() - 1;
  } else if (node.kind == NodeKind::kFeature) {
    node.feature_state = node.feature->make(traits_);
    node.warmup = node.feature_state->warmup();
  }
  if (node.warmup > limits_.warmup_bars) {
    return LimitError(fmt::format("needs {} bars to warm up; at most {}", node.warmup, limits_.warmup_bars));
  }
  state_bytes_ += state_bytes;
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  node.first = static_cast<Slot>(node_of_slot_.size());
  node_of_slot_.insert(node_of_slot_.end(), node.outputs, index);
  known_.emplace(std::move(key), index);
  nodes_.push_back(std::move(node));
  return nodes_.back().first;
}

std::string ExpressionGraph::HashOf(Slot slot) {
  hashes_.resize(slots());
  // Inputs come before the nodes that use them, so one walk over what is needed and unknown does.
  std::vector<Slot> wanted{slot};
  while (!wanted.empty()) {
    const Slot now = wanted.back();
    const GraphNode& node = NodeOf(now);
    const std::size_t before = wanted.size();
    for (const Slot input : node.inputs) {
      if (hashes_[input].empty()) wanted.push_back(input);
    }
    if (wanted.size() > before) continue;
    wanted.pop_back();
    if (hashes_[now].empty()) hashes_[now] = HashNode(node, now - node.first);
  }
  return hashes_[slot];
}

std::string ExpressionGraph::HashNode(const GraphNode& node, std::size_t output) {
  if (node.kind == NodeKind::kFeature) return DefinitionHash(*node.feature, traits_);
  Sha256 hash;
  hash.UpdateText("expression");
  hash.UpdateWord(static_cast<std::uint64_t>(node.kind));
  switch (node.kind) {
    case NodeKind::kColumn: hash.UpdateText(kColumnNames[node.column]); break;
    case NodeKind::kConstant: hash.UpdateDouble(node.constant); break;
    case NodeKind::kPointwise: {
      const PointwiseFunction& function = FunctionOf(node.function);
      hash.UpdateText(function.name);
      hash.UpdateWord(static_cast<std::uint64_t>(function.version));
      break;
    }
    default:
      hash.UpdateText(node.indicator->name);
      hash.UpdateWord(static_cast<std::uint64_t>(node.indicator->version));
      hash.UpdateText(node.indicator->outputs[output]);
  }
  for (const double parameter : node.parameters) hash.UpdateDouble(parameter);
  for (const Slot input : node.inputs) hash.UpdateText(hashes_[input]);
  return hash.Hex();
}

}  // namespace hone
