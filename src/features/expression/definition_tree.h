// From a definition's expression to the tree that is computed: its values over a window, brought to a scale, the
// missing filled in. All of it is the language's own functions, so the streaming objects are those of any expression.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "features/expression/syntax_tree.h"
#include "features/expression/user_definitions.h"

namespace hone {

// fill(normalise(aggregation(tree, window), normalise_window)) by the definition's words; the tree of a binary feature
// must be a condition.
SyntaxNode ComputedTree(SyntaxNode tree, const UserDefinition& definition);

// Of an embedding: a call of its components, for whatever walks over names. It is never computed.
SyntaxNode EmbeddingTree(const UserDefinition& definition);

// Names that the tree uses without parentheses: columns, features, definitions.
void CollectNames(const SyntaxNode& tree, std::set<std::string, std::less<>>& names);

// "trend@2": no expression can spell it.
std::string PinnedName(std::string_view name, int version);

// Each of `versions` that the tree uses by its bare name becomes that version's pinned name.
void PinNames(SyntaxNode& tree, const std::map<std::string, int, std::less<>>& versions);

}  // namespace hone
