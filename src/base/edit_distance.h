// Which known word a misspelt one was meant to be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours, each 1.
std::size_t EditDistance(std::string_view a, std::string_view b);

// The nearest candidate within a third of the word's length (at least 1, at most 4), the first of equals; "" when none
// is.
std::string NearestWord(std::string_view word, const std::vector<std::string>& candidates);

// ", did you mean alpha?", or "" when nothing is near.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace hone
