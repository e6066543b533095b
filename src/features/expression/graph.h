// What a set of expressions computes: each different sub-expression once, in an order in which nothing is used before
// it is known. Every value has a slot; an indicator's outputs have neighbouring ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "features/catalogue.h"
#include "features/expression/functions.h"
#include "features/expression/limits.h"
#include "features/indicator.h"

namespace hone {

using Slot = std::uint32_t;

enum class NodeKind : std::uint8_t {
  kColumn,     // of the bar: open, high, low, close or volume
  kConstant,   // a number
  kPointwise,  // a function of its inputs at this bar
  kIndicator,  // of the catalogue or of WindowFunctions()
  kFeature,    // of the bar, of FeatureCatalogue()
};

inline constexpr std::string_view kColumnNames[] = {"open", "high", "low", "close", "volume"};
inline constexpr std::size_t kMostInputs = 8, kMostOutputs = 16;  // of an indicator

struct GraphNode {
  NodeKind kind = NodeKind::kConstant;
  Pointwise function = Pointwise::kAdd;  // kPointwise
  std::uint8_t outputs = 1;
  Slot first = 0;                                  // slot of the first output
  std::uint32_t column = 0;                        // kColumn
  double constant = 0;                             // kConstant
  const IndicatorDefinition* indicator = nullptr;  // kIndicator
  const FeatureDefinition* feature = nullptr;      // kFeature
  std::vector<Slot> inputs;
  std::vector<double> parameters;    // kIndicator
  std::int64_t warmup = 1;           // bars until all outputs have values; of a constant 1
  int depth = 1;                     // of what it is made of
  IndicatorPointer indicator_state;  // fresh; taken by the evaluator
  FeaturePointer feature_state;
};

// Not thread-safe; movable.
class ExpressionGraph {
 public:
  explicit ExpressionGraph(SeriesTraits traits, GraphLimits limits = {}) : traits_(traits), limits_(limits) {}

  // The slot of the node's first output; of a node that is there already, that one's. Errors: a limit is exceeded, the
  // indicator refuses its parameters (kInvalidArgument, without a place).
  Result<Slot> Column(std::size_t column);
  Result<Slot> Constant(double value);
  Result<Slot> Of(Pointwise function, std::vector<Slot> inputs);
  // `parameters` within the definition's ranges.
  Result<Slot> Of(const IndicatorDefinition& indicator, std::vector<Slot> inputs, std::vector<double> parameters);
  Result<Slot> Of(const FeatureDefinition& feature);

  std::span<const GraphNode> nodes() const { return nodes_; }
  std::vector<GraphNode>& nodes() { return nodes_; }
  std::size_t slots() const { return node_of_slot_.size(); }
  const GraphNode& NodeOf(Slot slot) const { return nodes_[node_of_slot_[slot]]; }
  std::size_t IndexOf(Slot slot) const { return node_of_slot_[slot]; }
  const SeriesTraits& traits() const { return traits_; }

  // SHA-256 (hex) of what the slot's value is: functions, indicators and features with their versions, parameters and
  // inputs. Of a feature of the catalogue it is DefinitionHash. Equal for equal canonical texts.
  std::string HashOf(Slot slot);

 private:
  Result<Slot> Add(GraphNode node, std::size_t state_bytes);
  std::string HashNode(const GraphNode& node, std::size_t output);

  SeriesTraits traits_;
  GraphLimits limits_;
  std::vector<GraphNode> nodes_;
  std::vector<std::uint32_t> node_of_slot_;
  std::vector<std::string> hashes_;  // by slot, "" where not asked for yet
  std::unordered_map<std::string, std::uint32_t> known_;
  std::size_t state_bytes_ = 0;
};

// What a node with a state is counted as: 512 bytes, and 32 for each bar of its whole-numbered parameters.
std::size_t StateBytes(const IndicatorDefinition& indicator, std::span<const double> parameters);

}  // namespace hone
