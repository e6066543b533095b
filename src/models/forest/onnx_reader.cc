#include "models/forest/onnx_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "models/forest/onnx_nodes.h"
#include "models/forest/onnx_tree.h"
#include "models/onnx/attributes.h"
#include "models/onnx/onnx_model.h"
#include "models/onnx/tree_graph.h"

namespace hone {
namespace {

constexpr std::int64_t kMaxTargets = static_cast<std::int64_t>(Forest::kMaxOutputs);

enum class Transform : std::uint8_t { kNone, kLogistic, kSoftmax, kSoftmaxZero, kProbit };

// Of as many numbers as there are margins.
Link LinkOf(Transform transform) {
  switch (transform) {
    case Transform::kNone: return Link::kIdentity;
    case Transform::kLogistic: return Link::kSigmoid;
    case Transform::kSoftmax: return Link::kSoftmax;
    case Transform::kSoftmaxZero: return Link::kSoftmaxZero;
    case Transform::kProbit: return Link::kProbit;
  }
  return Link::kIdentity;
}

class ForestReader {
 public:
  ForestReader(const TreeGraph& graph, std::int64_t version, std::string_view source)
      : graph_(graph), version_(version), source_(source), attributes_(*graph.ensemble, source) {
    forest_.dialect = graph.in_double ? Dialect::kOnnxDouble : Dialect::kOnnxFloat;
    forest_.start_last = true;
  }

  Result<OnnxReading> Read() {
    if (version_ < 1) {
      return Error{ErrorCode::kCorrupt, "must name a version of ai.onnx.ml", source_, 0, "opset_import"};
    }
    if (graph_.ensemble->op_type == "TreeEnsemble") {
      HONE_RETURN_IF_ERROR(ReadVersion5());
    } else if (graph_.ensemble->op_type == "TreeEnsembleClassifier") {
      HONE_RETURN_IF_ERROR(ReadClassifier());
    } else {
      HONE_RETURN_IF_ERROR(ReadRegressor());
    }
    if (other_.empty()) HONE_RETURN_IF_ERROR(SetWidth());
    if (!other_.empty()) return OnnxReading{std::nullopt, other_};
    return OnnxReading{std::move(forest_), ""};
  }

 private:
  OnnxType numbers() const { return graph_.in_double ? OnnxType::kDouble : OnnxType::kFloat; }

  // What a model is whose answers by ONNX Runtime hone cannot give.
  Status IsOther(std::string why) {
    other_ = "a tree ensemble that hone does not read: " + std::move(why);
    return OkStatus();
  }

  Result<std::size_t> Targets() const {
    HONE_ASSIGN_OR_RETURN(const std::int64_t targets, attributes_.Integer("n_targets", 0));
    if (targets >= 1 && targets <= kMaxTargets) return static_cast<std::size_t>(targets);
    return attributes_.At("n_targets", fmt::format("must be from 1 to {}, is {}", kMaxTargets, targets));
  }

  Result<Transform> TransformByName() const {
    HONE_ASSIGN_OR_RETURN(const std::string name, attributes_.Text("post_transform", "NONE"));
    constexpr const char* kNames[] = {"NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"};
    const auto* const found = std::find(std::begin(kNames), std::end(kNames), name);
    if (found != std::end(kNames)) return static_cast<Transform>(found - std::begin(kNames));
    return attributes_.At("post_transform", fmt::format("must be NONE, LOGISTIC, SOFTMAX, SOFTMAX_ZERO or PROBIT, is "
                                                        "'{}'",
                                                        name));
  }

  Status ReadAggregateName() {
    HONE_ASSIGN_OR_RETURN(const std::string name, attributes_.Text("aggregate_function", "SUM"));
    constexpr const char* kNames[] = {"SUM", "AVERAGE", "MIN", "MAX"};
    const auto* const found = std::find(std::begin(kNames), std::end(kNames), name);
    if (found == std::end(kNames)) {
      return attributes_.At("aggregate_function", fmt::format("must be SUM, AVERAGE, MIN or MAX, is '{}'", name));
    }
    forest_.aggregate = static_cast<Aggregate>(found - std::begin(kNames));
    return OkStatus();
  }

  Result<std::vector<double>> BaseValues() const { return OnnxNumbers(attributes_, "base_values", numbers()); }

  // Attributes of the operators before TreeEnsemble; tensors came with version 3.
  Status CheckAttributes(std::string_view prefix, std::initializer_list<std::string_view> own) const {
    std::vector<std::string> names = {
        "nodes_falsenodeids", "nodes_featureids", "nodes_hitrates", "nodes_missing_value_tracks_true",
        "nodes_modes",        "nodes_nodeids",    "nodes_treeids",  "nodes_truenodeids",
        "nodes_values",       "post_transform",   "base_values"};
    for (const char* const part : {"ids", "nodeids", "treeids", "weights"}) {
      names.push_back(fmt::format("{}_{}", prefix, part));
    }
    if (version_ >= 3) {
      names.insert(names.end(), {"nodes_values_as_tensor", "nodes_hitrates_as_tensor", "base_values_as_tensor",
                                 fmt::format("{}_weights_as_tensor", prefix)});
    }
    names.insert(names.end(), own.begin(), own.end());
    return attributes_.Check(std::vector<std::string_view>(names.begin(), names.end()));
  }

  // Trees, with `targets` outputs.
  Status AddTrees(const OnnxNodes& nodes) {
    const bool least = forest_.aggregate == Aggregate::kMin, greatest = forest_.aggregate == Aggregate::kMax;
    const double infinity = std::numeric_limits<double>::infinity();
    const double absent = least ? infinity : greatest ? -infinity : 0.0;
    HONE_ASSIGN_OR_RETURN(OnnxTrees built, BuildOnnxTrees(attributes_, nodes, forest_.dialect, absent));
    forest_.trees = std::move(built.trees);
    forest_.start.assign(nodes.targets, 0.0);
    if (forest_.aggregate == Aggregate::kAverage) forest_.averaged = nodes.roots.size();
    scored_ = std::move(built.scored);
    return built.unlike.empty() ? OkStatus() : IsOther(std::move(built.unlike));
  }

  // The scores of a regressor, and of TreeEnsemble.
  Status FinishRegressor(const std::vector<double>& base, Transform transform) {
    const std::size_t targets = forest_.outputs();
    forest_.link = targets == 1 && transform != Transform::kProbit ? Link::kIdentity : LinkOf(transform);
    if (base.size() == targets) forest_.start = base;
    const bool sums = forest_.aggregate == Aggregate::kSum || forest_.aggregate == Aggregate::kAverage;
    for (std::size_t k = 0; k < targets; ++k) {
      // ONNX Runtime answers 0, without the base value, a row that no tree scores.
      if (scored_[k] == OnnxScored::kNever) {
        forest_.start[k] = 0;
        if (!sums) forest_.trees.push_back(ZeroTree(k));
      }
      if (scored_[k] != OnnxScored::kSometimes || (sums && forest_.start[k] == 0)) continue;
      return IsOther(fmt::format("output {} has leaves without a weight in every tree", k));
    }
    return OkStatus();
  }

  static Tree ZeroTree(std::size_t output) {
    Tree tree;
    tree.leaves = {0.0};
    tree.output = static_cast<std::uint32_t>(output);
    return tree;
  }

  Status ReadRegressor() {
    HONE_RETURN_IF_ERROR(CheckAttributes("target", {"aggregate_function", "n_targets"}));
    HONE_ASSIGN_OR_RETURN(const std::size_t targets, Targets());
    HONE_RETURN_IF_ERROR(ReadAggregateName());
    HONE_ASSIGN_OR_RETURN(const Transform transform, TransformByName());
    HONE_ASSIGN_OR_RETURN(const std::vector<double> base, BaseValues());
    HONE_ASSIGN_OR_RETURN(const OnnxNodes nodes, ReadOnnxNodes(attributes_, numbers(), {targets, "target"}));
    HONE_RETURN_IF_ERROR(AddTrees(nodes));
    forest_.float_answers = graph_.in_double;
    return other_.empty() ? FinishRegressor(base, transform) : OkStatus();
  }

  Status ReadVersion5() {
    HONE_RETURN_IF_ERROR(attributes_.Check(std::vector<std::string_view>{
        "aggregate_function", "leaf_targetids", "leaf_weights", "membership_values", "n_targets", "nodes_falseleafs",
        "nodes_falsenodeids", "nodes_featureids", "nodes_hitrates", "nodes_missing_value_tracks_true", "nodes_modes",
        "nodes_splits", "nodes_trueleafs", "nodes_truenodeids", "post_transform", "tree_roots"}));
    HONE_ASSIGN_OR_RETURN(const std::size_t targets, Targets());
    HONE_ASSIGN_OR_RETURN(const std::int64_t aggregate, attributes_.Integer("aggregate_function", 1));
    HONE_ASSIGN_OR_RETURN(const std::int64_t transform, attributes_.Integer("post_transform", 0));
    if (aggregate < 0 || aggregate > 3) return attributes_.At("aggregate_function", "must be from 0 to 3");
    if (transform < 0 || transform > 4) return attributes_.At("post_transform", "must be from 0 to 4");
    constexpr Aggregate kAggregates[] = {Aggregate::kAverage, Aggregate::kSum, Aggregate::kMin, Aggregate::kMax};
    forest_.aggregate = kAggregates[aggregate];
    HONE_ASSIGN_OR_RETURN(const OnnxNodes nodes, ReadOnnxNodesOfVersion5(attributes_, numbers(), targets));
    HONE_RETURN_IF_ERROR(AddTrees(nodes));
    forest_.float_answers = graph_.in_double && graph_.float_answers;
    return other_.empty() ? FinishRegressor({}, static_cast<Transform>(transform)) : OkStatus();
  }

  Result<std::size_t> Classes() const {
    HONE_ASSIGN_OR_RETURN(const auto texts, attributes_.Texts("classlabels_strings"));
    HONE_ASSIGN_OR_RETURN(const auto numbers, attributes_.Integers("classlabels_int64s"));
    const std::size_t classes = texts.empty() ? numbers.size() : texts.size();
    if (classes >= 1 && classes <= Forest::kMaxOutputs) return classes;
    return attributes_.At("classlabels_int64s", fmt::format("must have 1 to {} labels, has {}", kMaxTargets, classes));
  }

  Status ReadClassifier() {
    HONE_RETURN_IF_ERROR(CheckAttributes("class", {"classlabels_strings", "classlabels_int64s"}));
    HONE_ASSIGN_OR_RETURN(const std::size_t classes, Classes());
    HONE_ASSIGN_OR_RETURN(const Transform transform, TransformByName());
    HONE_ASSIGN_OR_RETURN(const std::vector<double> base, BaseValues());
    if (base.size() > std::max<std::size_t>(classes, 1)) {
      return attributes_.At("base_values", fmt::format("must have at most {} entries, has {}", classes, base.size()));
    }
    HONE_ASSIGN_OR_RETURN(const OnnxNodes nodes, ReadOnnxNodes(attributes_, numbers(), {classes, "class"}));
    HONE_RETURN_IF_ERROR(AddTrees(nodes));
    forest_.float_answers = graph_.in_double;
    if (!other_.empty()) return OkStatus();
    if (classes == 2) return FinishTwoClasses(base, transform);
    std::copy(base.begin(), base.end(), forest_.start.begin());
    forest_.link = classes == 1 && transform != Transform::kProbit ? Link::kIdentity : LinkOf(transform);
    return OkStatus();
  }

  // Two classes as ONNX Runtime has them, by which of them have weights.
  Status FinishTwoClasses(const std::vector<double>& base, Transform transform) {
    if (scored_[0] == OnnxScored::kSometimes || scored_[1] == OnnxScored::kSometimes) {
      return IsOther("a class of two has leaves without a weight in every tree");
    }
    const bool first = scored_[0] == OnnxScored::kAlways, second = scored_[1] == OnnxScored::kAlways;
    if (!second && !first) return IsOther("neither of two classes has a weight");
    if (!second && base.size() < 2) return FinishOneWeight(base, transform);
    if (second && base.size() == 2) return FinishTwoBases(first, base[1], transform);
    forest_.link = LinkOf(transform);
    if (first && !base.empty()) forest_.start[0] = base[0];
    return OkStatus();
  }

  // Only class 0 has weights: its margin is about class 1.
  Status FinishOneWeight(const std::vector<double>& base, Transform transform) {
    if (transform == Transform::kProbit) {
      return attributes_.At(
          "post_transform",
          "is PROBIT where one of two classes has weights: ONNX Runtime leaves the other's undefined");
    }
    HONE_ASSIGN_OR_RETURN(const auto ids, attributes_.Integers("class_ids"));
    if (std::any_of(ids.begin(), ids.end(), [](std::int64_t id) { return id != 0; })) {
      return IsOther("its class 1 has weights of nodes that are no leaves");
    }
    HONE_ASSIGN_OR_RETURN(const auto weights, OnnxNumbers(attributes_, "class_weights", numbers()));
    const bool positive = std::all_of(weights.begin(), weights.end(), [](double weight) { return weight >= 0; });
    forest_.start = {base.empty() ? 0.0 : base[0]};
    forest_.link = positive                            ? Link::kComplement
                   : transform == Transform::kLogistic ? Link::kSigmoidPair
                                                       : Link::kOpposite;
    return OkStatus();
  }

  // Class 1 has weights, and there are two base values: class 1 is base_values[1] and the sum of class 0's weights.
  Status FinishTwoBases(bool first, double base, Transform transform) {
    const bool known = transform == Transform::kNone || transform == Transform::kLogistic;
    if (!first || !known) return IsOther("class 1 of two has weights, and there are two base_values");
    forest_.trees.erase(
        std::remove_if(forest_.trees.begin(), forest_.trees.end(), [](const Tree& tree) { return tree.output == 1; }),
        forest_.trees.end());
    forest_.start = {base};
    forest_.link = transform == Transform::kNone ? Link::kOpposite : Link::kSigmoidPair;
    return OkStatus();
  }

  // As the graph says, else up to the last column that is compared.
  Status SetWidth() {
    std::size_t least = 1;
    for (const Tree& tree : forest_.trees) {
      for (const Split& split : tree.splits) least = std::max<std::size_t>(least, split.feature + std::size_t{1});
    }
    if (graph_.columns != 0 && graph_.columns < least) {
      return attributes_.At("nodes_featureids", fmt::format("compares column {}, but the graph's input has {} columns",
                                                            least - 1, graph_.columns));
    }
    forest_.width = std::max(least, graph_.columns);
    return OkStatus();
  }

  const TreeGraph& graph_;
  const std::int64_t version_;  // of ai.onnx.ml
  const std::string source_;
  const OnnxAttributes attributes_;
  Forest forest_;
  std::vector<OnnxScored> scored_;
  std::string other_;
};

}  // namespace

Result<OnnxReading> ReadOnnx(std::string_view bytes, std::string_view source) {
  HONE_ASSIGN_OR_RETURN(const OnnxModel model, ReadOnnxModel(bytes, source));
  const TreeGraph graph = FindTreeGraph(model);
  if (graph.ensemble == nullptr) return OnnxReading{std::nullopt, "not a tree ensemble: " + graph.reason};
  return ForestReader(graph, model.ml_version, source).Read();
}

Result<Forest> ReadOnnxForest(std::string_view bytes, std::string_view source) {
  HONE_ASSIGN_OR_RETURN(OnnxReading reading, ReadOnnx(bytes, source));
  if (reading.forest) return *std::move(reading.forest);
  return Error{ErrorCode::kInvalidData, "it is ONNX, but " + reading.other, std::string(source)};
}

}  // namespace hone
