#include "models/forest/xgboost_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "models/forest/xgboost_objective.h"
#include "models/forest/xgboost_tree.h"
#include "models/formats/json_document.h"
#include "models/formats/ubjson_document.h"

namespace hone {
namespace {

constexpr std::int64_t kMaxWidth = 65'536;
constexpr std::int64_t kMaxOutputs = static_cast<std::int64_t>(Forest::kMaxOutputs);
constexpr std::int64_t kMaxRounds = Document::kMaxValues;

// The parts of a file that prediction needs.
struct Parts {
  DocumentValue learner;
  DocumentValue model;                // of the trees
  std::optional<DocumentValue> dart;  // DART's weights of trees
  XgboostVersion version = {1, 0};
};

Result<XgboostVersion> ReadVersion(const DocumentValue& root) {
  const std::optional<DocumentValue> version = root.Find("version");
  if (!version) return XgboostVersion{1, 0};
  HONE_ASSIGN_OR_RETURN(const std::vector<std::int64_t> numbers, version->Integers(0, 1'000'000));
  if (numbers.size() < 2) return version->At("must have 3 numbers");
  return XgboostVersion{static_cast<int>(numbers[0]), static_cast<int>(numbers[1])};
}

Result<Parts> FindParts(const DocumentValue& root) {
  HONE_ASSIGN_OR_RETURN(const DocumentValue learner, root.Get("learner"));
  HONE_ASSIGN_OR_RETURN(DocumentValue booster, learner.Get("gradient_booster"));
  HONE_ASSIGN_OR_RETURN(const DocumentValue kind, booster.Get("name"));
  HONE_ASSIGN_OR_RETURN(const std::string name, kind.Text());
  // Since 3.3 DART is a gbtree whose trees have weights: beside the model, and since 3.4 within it.
  std::optional<DocumentValue> dart = booster.Find("weight_drop");
  if (name == "dart") {
    HONE_ASSIGN_OR_RETURN(dart, booster.Get("weight_drop"));
    HONE_ASSIGN_OR_RETURN(booster, booster.Get("gbtree"));
  } else if (name != "gbtree") {
    return kind.At(fmt::format("'{}' is not a booster hone reads; it reads gbtree and dart", name.substr(0, 40)));
  }
  HONE_ASSIGN_OR_RETURN(const DocumentValue model, booster.Get("model"));
  if (!dart) dart = model.Find("weight_drop");
  Parts parts{learner, model, dart};
  HONE_ASSIGN_OR_RETURN(parts.version, ReadVersion(root));
  return parts;
}

// A parameter that older files lack.
Result<std::int64_t> IntegerOr(const DocumentValue& map, std::string_view key, std::int64_t high,
                               std::int64_t otherwise) {
  const std::optional<DocumentValue> found = map.Find(key);
  if (!found) return otherwise;
  return found->Integer(0, high);
}

Status ReadShape(const Parts& parts, Forest& forest) {
  HONE_ASSIGN_OR_RETURN(const DocumentValue parameters, parts.learner.Get("learner_model_param"));
  HONE_ASSIGN_OR_RETURN(const DocumentValue features, parameters.Get("num_feature"));
  HONE_ASSIGN_OR_RETURN(const std::int64_t width, features.Integer(1, kMaxWidth));
  HONE_ASSIGN_OR_RETURN(const std::int64_t classes, IntegerOr(parameters, "num_class", kMaxOutputs, 0));
  HONE_ASSIGN_OR_RETURN(const std::int64_t targets, IntegerOr(parameters, "num_target", kMaxOutputs, 1));
  forest.dialect = Dialect::kXgboost;
  // Older libraries sum the leaves first.
  forest.start_last = parts.version < (parts.dart ? XgboostVersion{1, 4} : XgboostVersion{1, 3});
  forest.width = static_cast<std::size_t>(width);
  forest.start.assign(static_cast<std::size_t>(std::max({std::int64_t{1}, classes, targets})), 0.0);
  const std::optional<DocumentValue> names = parts.learner.Find("feature_names");
  if (!names || names->size() == 0) return OkStatus();
  HONE_ASSIGN_OR_RETURN(forest.names, names->Texts());
  if (forest.names.size() == forest.width) return OkStatus();
  return names->At(fmt::format("must have {} names, has {}", forest.width, forest.names.size()));
}

Status ReadObjective(const Parts& parts, Forest& forest) {
  HONE_ASSIGN_OR_RETURN(const DocumentValue objective, parts.learner.Get({"objective", "name"}));
  HONE_ASSIGN_OR_RETURN(const std::string name, objective.Text());
  const XgboostObjective* const known = FindXgboostObjective(name);
  if (known == nullptr) return objective.At(fmt::format("'{}' is not an objective hone reads", name.substr(0, 40)));
  forest.link = XgboostLink(*known, parts.version);
  HONE_ASSIGN_OR_RETURN(const DocumentValue base, parts.learner.Get({"learner_model_param", "base_score"}));
  HONE_ASSIGN_OR_RETURN(std::vector<float> scores, base.FloatOrFloats());
  if (scores.size() != 1 && scores.size() != forest.outputs()) {
    return base.At(fmt::format("must have 1 or {} numbers, has {}", forest.outputs(), scores.size()));
  }
  if (scores.size() == 1) scores.assign(forest.outputs(), scores.front());
  ToBaseMargins(*known, parts.version, scores);
  for (const float margin : scores) {
    if (std::isnan(margin)) return base.At(fmt::format("is no {} score", name));
  }
  forest.start.assign(scores.begin(), scores.end());
  return OkStatus();
}

// How many of the file's trees answer: all, or those up to the best iteration.
Result<std::size_t> TreesThatAnswer(const Parts& parts, std::size_t trees, std::size_t outputs) {
  const std::optional<DocumentValue> attributes = parts.learner.Find("attributes");
  const std::optional<DocumentValue> best = attributes ? attributes->Find("best_iteration") : std::nullopt;
  if (!best) return trees;
  HONE_ASSIGN_OR_RETURN(const std::int64_t iteration, best->Integer(0, kMaxRounds));
  const auto rounds = static_cast<std::size_t>(iteration) + 1;
  if (const std::optional<DocumentValue> ends = parts.model.Find("iteration_indptr"); ends && ends->size() > 0) {
    HONE_ASSIGN_OR_RETURN(const std::vector<std::int64_t> end, ends->Integers(0, static_cast<std::int64_t>(trees)));
    // A model that was sliced keeps the attribute: all of its rounds answer.
    return rounds < end.size() ? static_cast<std::size_t>(end[rounds]) : trees;
  }
  if (const std::optional<DocumentValue> limit = attributes->Find("best_ntree_limit")) {
    HONE_ASSIGN_OR_RETURN(const std::int64_t best_trees, limit->Integer(0, kMaxRounds));
    return std::min(trees, static_cast<std::size_t>(best_trees) * outputs);
  }
  HONE_ASSIGN_OR_RETURN(const DocumentValue parameters, parts.model.Get("gbtree_model_param"));
  HONE_ASSIGN_OR_RETURN(const std::int64_t parallel, IntegerOr(parameters, "num_parallel_tree", kMaxRounds, 1));
  const auto of_round = static_cast<std::size_t>(std::max<std::int64_t>(parallel, 1)) * outputs;
  return std::min(trees, rounds * of_round);
}

Status ReadTrees(const Parts& parts, Forest& forest) {
  HONE_ASSIGN_OR_RETURN(const DocumentValue list, parts.model.Get("trees"));
  HONE_ASSIGN_OR_RETURN(const std::vector<DocumentValue> trees, list.Items());
  HONE_ASSIGN_OR_RETURN(const DocumentValue groups, parts.model.Get("tree_info"));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::int64_t> output,
                        groups.Integers(0, static_cast<std::int64_t>(forest.outputs()) - 1));
  if (output.size() != trees.size()) {
    return groups.At(fmt::format("must have {} entries, one per tree, has {}", trees.size(), output.size()));
  }
  std::vector<float> weights(trees.size(), 1.0F);
  if (parts.dart) {
    HONE_ASSIGN_OR_RETURN(weights, parts.dart->Floats());
  }
  if (weights.size() != trees.size()) {
    return parts.dart->At(fmt::format("must have {} entries, one per tree, has {}", trees.size(), weights.size()));
  }
  HONE_ASSIGN_OR_RETURN(const std::size_t count, TreesThatAnswer(parts, trees.size(), forest.outputs()));
  XgboostTrees shared{.width = forest.width, .outputs = forest.outputs()};
  shared.beyond_default = parts.version == XgboostVersion{1, 6};
  for (std::size_t i = 0; i < count; ++i) {
    HONE_RETURN_IF_ERROR(
        AppendXgboostTree(trees[i], static_cast<std::uint32_t>(output[i]), weights[i], shared, forest.trees));
  }
  return OkStatus();
}

}  // namespace

bool IsUbjsonMap(std::string_view bytes) {
  constexpr std::string_view kMarkers = "iUIlL#$";
  return bytes.size() > 1 && bytes.front() == '{' && kMarkers.find(bytes[1]) != std::string_view::npos;
}

Result<Forest> ReadXgboostForest(const Document& document) {
  HONE_ASSIGN_OR_RETURN(const Parts parts, FindParts(document.root()));
  Forest forest;
  HONE_RETURN_IF_ERROR(ReadShape(parts, forest));
  HONE_RETURN_IF_ERROR(ReadObjective(parts, forest));
  HONE_RETURN_IF_ERROR(ReadTrees(parts, forest));
  return forest;
}

Result<Forest> ReadXgboostForest(std::string_view bytes, std::string_view source) {
  HONE_ASSIGN_OR_RETURN(const Document document,
                        IsUbjsonMap(bytes) ? ParseUbjsonDocument(bytes, source) : ParseJsonDocument(bytes, source));
  return ReadXgboostForest(document);
}

Result<ModelPointer> ReadXgboost(std::string_view bytes, std::string_view source) {
  HONE_ASSIGN_OR_RETURN(Forest forest, ReadXgboostForest(bytes, source));
  return ModelPointer(MakeForestModel(std::move(forest)));
}

}  // namespace hone
