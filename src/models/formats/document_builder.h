// Puts the values of a document together as a parser meets them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/formats/document.h"

namespace hone {

class DocumentBuilder {
 public:
  explicit DocumentBuilder(std::string_view bytes) : bytes_(bytes) {}

  // Adds a value as the last child of the open list or map, or as the root. False when there are too many.
  bool Add(Document::Node node);
  // The value last added holds what comes next, until Close. False when nested too deep.
  bool Open();
  // False when a key of the map stands twice.
  bool Close();
  bool is_open() const { return !open_.empty(); }
  const Document::Node& innermost() const { return nodes_[open_.back().index]; }
  std::vector<Document::Node> Take() { return std::move(nodes_); }

 private:
  struct Parent {
    std::uint32_t index = 0;
    std::uint32_t last = 0;  // child added last; 0: none
  };
  bool KeysAreDistinct(const Document::Node& map) const;

  std::string_view bytes_;
  std::vector<Document::Node> nodes_;
  std::vector<Parent> open_;
};

}  // namespace hone
