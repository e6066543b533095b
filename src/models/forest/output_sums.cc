#include "models/forest/output_sums.h"

namespace hone {

std::vector<OutputSum> OutputSums(const Forest& forest) {
  std::vector<OutputSum> sums;
  for (const double start : forest.start) {
    if (forest.aggregate == Aggregate::kAverage) {
      sums.push_back({0.0, -0.0, 0});
      continue;
    }
    sums.push_back({forest.start_last ? 0.0 : start, forest.start_last ? start : -0.0, 0});
  }
  for (const Tree& tree : forest.trees) ++sums[tree.output].trees_end;
  for (std::size_t k = 1; k < sums.size(); ++k) sums[k].trees_end += sums[k - 1].trees_end;
  return sums;
}

std::vector<const Tree*> TreesByOutput(const Forest& forest) {
  std::vector<std::vector<const Tree*>> by_output(forest.outputs());
  for (const Tree& tree : forest.trees) by_output[tree.output].push_back(&tree);
  std::vector<const Tree*> trees;
  for (const auto& some : by_output) trees.insert(trees.end(), some.begin(), some.end());
  return trees;
}

}  // namespace hone
