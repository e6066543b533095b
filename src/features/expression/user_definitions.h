// Features that a user defines by name in YAML, to be used in other expressions.
//
//   features:
//     - name: trend                    # a-z, 0-9 and _, no name that the language or the catalogue has
//       version: 2                     # from 1; raised with each change
//       description: distance from the 20-bar average
//       kind: numeric                  # numeric, categorical (whole numbers), binary (a condition), embedding
//       expression: close / ema(close, 20) - 1
//       dependencies: [close]          # may be left out; what the expression uses, else it is refused
//       aggregation: mean              # of the last `window` values: mean, sum, min, max, std; last: the value itself
//       window: 5
//       normalise: zscore              # over `normalise_window` values: none, zscore, min_max
//       normalise_window: 100
//       fill: zero                     # of missing values: none, zero, mean or forward
//       tags: [momentum, level]
//       deprecated: false
//
// An embedding is a vector of other definitions, its `dependencies` in their order; it has no expression.
//
// Definitions may use each other in any order, but not in a circle. `mean` is that of the values known so far,
// `forward` the last known one; `backward` would put a later value into an earlier bar and is refused.
//
// Registered definitions (features/store) stay for ever, version by version: each uses the versions that were the
// newest when it was registered, and a bare name means the newest.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "features/expression/checker.h"
#include "features/expression/syntax_tree.h"

namespace hone {

inline constexpr std::string_view kFeatureKinds[] = {"numeric", "categorical", "binary", "embedding"};
inline constexpr std::string_view kFeatureAggregations[] = {"last", "mean", "sum", "min", "max", "std"};
inline constexpr std::string_view kFeatureScales[] = {"none", "zscore", "min_max"};
inline constexpr std::string_view kFeatureFills[] = {"none", "zero", "mean", "forward", "backward"};
inline constexpr int kLongestFeatureWindow = 100'000;

struct UserDefinition {
  std::string name;
  int version = 1;
  std::string description;
  std::string kind = "numeric";
  std::string expression;
  std::vector<std::string> dependencies;  // as stated; of an embedding its components
  std::string aggregation = "last";
  int window = 0;  // 0: none
  std::string normalise = "none";
  int normalise_window = 0;
  std::vector<std::string> tags;
  bool deprecated = false;
  std::string fill = "none";
  std::string where;        // "features.yaml:3"
  bool registered = false;  // several versions may stand side by side
  SyntaxNode tree;          // what is computed; of an embedding a call of its components

  bool embedding() const { return kind == "embedding"; }
};

// Letters, digits and _ in lower case, at most 64, not beginning with a digit.
bool IsFeatureName(std::string_view name);

class UserDefinitions {
 public:
  // Adds the definitions of a file. Errors (kInvalidArgument) with file and line: a key or value that is not as above,
  // an expression that is wrong, a circle, a name defined before as something else (another expression or fill under
  // the same version, or another version).
  Status Read(std::string_view yaml, const std::string& source);

  // The same of a file to be registered: a version above the newest of its name is a new definition. What is there
  // already is added to `restated` instead, for its words may differ.
  Status ReadVersions(std::string_view yaml, const std::string& source, std::vector<UserDefinition>& restated);

  // One that was registered, after those it uses; `uses` are their versions. Only the tree is made here.
  Status AddRegistered(UserDefinition definition, const std::map<std::string, int, std::less<>>& uses);

  // In an order in which none is used before it is defined.
  const std::vector<UserDefinition>& definitions() const { return definitions_; }
  // The newest of a name, or "name@version" of one that is registered; nullptr where there is none.
  const UserDefinition* Find(std::string_view name) const;

  // Puts all but embeddings into the graph: by name, the registered also by "name@version". Errors: a limit of the
  // graph.
  Result<NamedExpressions> AddTo(ExpressionGraph& graph) const;

 private:
  struct Entry;
  Status ReadEntries(std::string_view yaml, const std::string& source, std::vector<UserDefinition>* restated);
  // True where the name (and version) is there already; a different definition is complained about.
  bool IsKnown(Entry& entry) const;
  static void Compare(Entry& entry, const UserDefinition& other);
  static void MakeTree(Entry& entry);
  Status CheckMeaning(std::vector<Entry>& entries, const std::vector<std::size_t>& order) const;
  void Add(UserDefinition definition);

  std::vector<UserDefinition> definitions_;
  std::map<std::string, std::size_t, std::less<>> places_;  // by name (the newest) and "name@version"
};

}  // namespace hone
