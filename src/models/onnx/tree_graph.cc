#include "models/onnx/tree_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "models/onnx/attributes.h"

namespace hone {
namespace {

constexpr std::string_view kClassifier = "TreeEnsembleClassifier";
constexpr std::int64_t kMaxColumns = 65'536;

bool IsEnsemble(const OnnxNode& node) {
  return node.domain == kMlDomain &&
         (node.op_type == "TreeEnsembleRegressor" || node.op_type == kClassifier || node.op_type == "TreeEnsemble");
}

bool IsCore(const OnnxNode& node, std::string_view op_type) {
  return node.op_type == op_type && (node.domain.empty() || node.domain == "ai.onnx");
}

// The type a Cast casts to; kNone for those of no interest here.
OnnxType CastTo(const OnnxNode& node) {
  const auto to = OnnxAttributes(node, "").Integer("to", 0);
  if (!to.ok()) return OnnxType::kNone;
  const auto type = static_cast<OnnxType>(*to);
  return type == OnnxType::kFloat || type == OnnxType::kDouble ? type : OnnxType::kNone;
}

class Finder {
 public:
  explicit Finder(const OnnxModel& model) : model_(model) {}

  TreeGraph Find() {
    if (!model_.too_large.empty()) return Other(model_.too_large);
    if (model_.has_functions) return Other("it defines functions of its own");
    if (!FindEnsemble() || !FindProducers() || !FollowInput() || !FollowOutputs() || !CoversNodes()) {
      graph_.ensemble = nullptr;
    }
    return graph_;
  }

 private:
  TreeGraph Other(std::string reason) const {
    TreeGraph other;
    other.reason = std::move(reason);
    return other;
  }
  bool Is(std::string reason) {
    graph_.reason = std::move(reason);
    return false;
  }
  bool IsOther(const OnnxNode& node) {
    return Is(fmt::format("its operator {} is not of a tree ensemble", node.ToString()));
  }

  bool FindEnsemble() {
    for (const OnnxNode& node : model_.nodes) {
      if (!IsEnsemble(node)) continue;
      if (graph_.ensemble != nullptr) return Is("it has several tree ensembles");
      graph_.ensemble = &node;
    }
    if (graph_.ensemble != nullptr) return !graph_.ensemble->inputs.empty() || IsOther(*graph_.ensemble);
    return model_.nodes.empty() ? Is("it has no operator") : IsOther(model_.nodes.front());
  }

  bool FindProducers() {
    for (const OnnxNode& node : model_.nodes) {
      for (const std::string_view output : node.outputs) {
        if (!output.empty() && !producers_.emplace(output, &node).second) {
          return Is(fmt::format("two operators make \"{}\"", output.substr(0, 60)));
        }
      }
    }
    return true;
  }

  // The operator that makes the value, if it is one that only hands it on; null at the graph's input and the ensemble.
  const OnnxNode* HandsOn(std::string_view value, bool after) const {
    const auto found = producers_.find(value);
    if (found == producers_.end()) return nullptr;
    const OnnxNode& node = *found->second;
    const bool known = IsCore(node, "Identity") || IsCore(node, "Cast") ||
                       (after && node.op_type == "ZipMap" && node.domain == kMlDomain);
    return known && node.inputs.size() == 1 ? &node : nullptr;
  }

  bool FollowInput() {
    std::string_view value = graph_.ensemble->inputs.front();
    std::vector<OnnxType> casts;  // the last first
    for (std::size_t steps = 0; steps < model_.nodes.size(); ++steps) {
      const OnnxNode* const node = HandsOn(value, false);
      if (node == nullptr) break;
      used_.insert(node);
      if (IsCore(*node, "Cast")) casts.push_back(CastTo(*node));
      if (IsCore(*node, "Cast") && casts.back() == OnnxType::kNone) return IsOther(*node);
      value = node->inputs.front();
    }
    if (producers_.count(value) != 0) return IsOther(*producers_.at(value));
    if (model_.inputs.size() != 1 || model_.inputs.front().name != value) {
      return Is("its tree ensemble does not read the graph's one input");
    }
    return ReadInput(model_.inputs.front(), casts);
  }

  bool ReadInput(const OnnxValue& input, const std::vector<OnnxType>& casts) {
    const auto type = static_cast<OnnxType>(input.type);
    const bool integer = type == OnnxType::kInt32 || type == OnnxType::kInt64;
    if (type != OnnxType::kFloat && type != OnnxType::kDouble && !integer) {
      return Is(fmt::format("its input has elements of type {}", input.type));
    }
    if (integer && casts.empty() && graph_.ensemble->op_type != kClassifier) {
      return Is("its tree ensemble reads integers");
    }
    graph_.in_double = (casts.empty() ? type : casts.front()) == OnnxType::kDouble;
    const bool rounded = type == OnnxType::kFloat || std::count(casts.begin(), casts.end(), OnnxType::kFloat) > 0;
    if (graph_.in_double && rounded) return Is("its input is rounded to float and read as double");
    if (!input.has_shape) return true;
    if (input.dims.size() != 2) return Is(fmt::format("its input has {} dimensions", input.dims.size()));
    const std::int64_t columns = input.dims[1];
    if (columns < 0 || columns > kMaxColumns) {
      return Is(fmt::format("its input has {} columns, more than {}", columns, kMaxColumns));
    }
    graph_.columns = static_cast<std::size_t>(columns);
    return true;
  }

  bool FollowOutputs() {
    const auto& made = graph_.ensemble->outputs;
    const std::size_t place = graph_.ensemble->op_type == kClassifier ? 1 : 0;
    bool scores = false;
    for (const OnnxValue& output : model_.outputs) {
      std::string_view value = output.name;
      std::vector<const OnnxNode*> casts;
      for (std::size_t steps = 0; steps < model_.nodes.size(); ++steps) {
        const OnnxNode* const node = HandsOn(value, true);
        if (node == nullptr) break;
        used_.insert(node);
        if (IsCore(*node, "Cast")) casts.push_back(node);
        value = node->inputs.front();
      }
      const auto found = std::find(made.begin(), made.end(), value);
      if (found == made.end() || value.empty()) {
        return producers_.count(value) != 0 ? IsOther(*producers_.at(value))
                                            : Is("an output is not of the tree ensemble");
      }
      if (static_cast<std::size_t>(found - made.begin()) != place) continue;
      scores = true;
      if (!AreHarmless(casts)) return false;
    }
    return scores || Is("its outputs are labels, not scores");
  }

  bool AreHarmless(const std::vector<const OnnxNode*>& casts) {
    for (const OnnxNode* const cast : casts) {
      const OnnxType type = CastTo(*cast);
      if (type == OnnxType::kNone) return IsOther(*cast);
      graph_.float_answers = graph_.float_answers || type == OnnxType::kFloat;
    }
    return true;
  }

  bool CoversNodes() {
    for (const OnnxNode& node : model_.nodes) {
      if (&node != graph_.ensemble && used_.count(&node) == 0) return IsOther(node);
    }
    return true;
  }

  const OnnxModel& model_;
  TreeGraph graph_;
  std::unordered_map<std::string_view, const OnnxNode*> producers_;  // by what they make
  std::set<const OnnxNode*> used_;
};

}  // namespace

TreeGraph FindTreeGraph(const OnnxModel& model) { return Finder(model).Find(); }

}  // namespace hone
