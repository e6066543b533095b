#include "models/formats/document_builder.h"

#include <algorithm>

namespace hone {

bool DocumentBuilder::Add(Document::Node node) {
  if (nodes_.size() >= Document::kMaxValues) return false;
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  if (!open_.empty()) {
    Parent& parent = open_.back();
    node.parent = parent.index;
    (parent.last == 0 ? nodes_[parent.index].first : nodes_[parent.last].next) = index;
    parent.last = index;
    ++nodes_[parent.index].count;
  }
  nodes_.push_back(node);
  return true;
}

bool DocumentBuilder::Open() {
  if (open_.size() >= static_cast<std::size_t>(Document::kMaxDepth)) return false;
  open_.push_back({static_cast<std::uint32_t>(nodes_.size() - 1), 0});
  return true;
}

bool DocumentBuilder::Close() {
  const Document::Node& closed = innermost();
  open_.pop_back();
  return closed.kind != Document::Kind::kMap || KeysAreDistinct(closed);
}

bool DocumentBuilder::KeysAreDistinct(const Document::Node& map) const {
  std::vector<std::string_view> keys;
  for (std::uint32_t child = map.first; child != 0; child = nodes_[child].next) {
    keys.push_back(bytes_.substr(nodes_[child].key_begin, nodes_[child].key_size));
  }
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) == keys.end();
}

}  // namespace hone
