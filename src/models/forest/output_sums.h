// What each output of a forest adds up, with its trees put one output after the other.
#pragma once

#include <cstddef>
#include <vector>

#include "models/forest/tree.h"

namespace hone {

struct OutputSum {
  double first = 0;  // what its sum starts from
  double last = 0;   // what is added to the sum; -0.0 changes nothing
  std::size_t trees_end = 0;
};

// One per output.
std::vector<OutputSum> OutputSums(const Forest& forest);

// The trees in the order of outputs; those of one output in the order of the forest.
std::vector<const Tree*> TreesByOutput(const Forest& forest);

}  // namespace hone
