// A model file in JSON or UBJSON as one tree of values. Lists of numbers stay as the bytes they are in the file and are
// read when asked for, so a model of millions of nodes costs little more than its file.
//
// The file is outside input. Limits: 256 MiB, 12 million values (a list of numbers counts once), 64 deep. Errors are
// kCorrupt and name the source, the line (JSON) or byte (UBJSON), and the path: "m.json:1:
// learner.gradient_booster.model.trees[3].left_children: must have 7 entries, has 6". Values that nobody asks for are
// only looked at as far as is needed to find their end.
//
// Borrows the file's bytes; immutable, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

class DocumentValue;

class Document {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
  static constexpr std::size_t kMaxValues = 12'000'000;
  static constexpr int kMaxDepth = 64;

  enum class Kind : std::uint8_t {
    kNull,
    kBoolean,
    kNumber,
    kText,
    kNumbers,  // a list of numbers or booleans, as bytes
    kList,
    kMap,
  };

  // What the parsers (json_document.h, ubjson_document.h) put together: values in the order of the file.
  struct Node {
    Kind kind = Kind::kNull;
    char encoding = 0;         // of numbers: 0 is JSON text, else the UBJSON marker; kText: 0 has JSON escapes
    std::uint32_t parent = 0;  // the root is its own
    std::uint32_t first = 0;   // first child; 0: none
    std::uint32_t next = 0;    // next child of the same parent; 0: none
    std::uint32_t count = 0;   // children, or entries of kNumbers
    std::uint32_t key_begin = 0, key_size = 0;
    std::uint32_t begin = 0, size = 0;  // bytes of the value
  };

  Document(std::string_view bytes, std::string_view source, std::vector<Node> nodes)
      : bytes_(bytes), source_(source), nodes_(std::move(nodes)) {}

  DocumentValue root() const;

 private:
  friend class DocumentValue;

  std::string_view bytes_;
  std::string source_;
  std::vector<Node> nodes_;
};

// A value within a document, which it borrows.
class DocumentValue {
 public:
  Document::Kind kind() const { return node().kind; }
  bool is_list() const { return kind() == Document::Kind::kList || kind() == Document::Kind::kNumbers; }
  // Entries of a list or map; 0 for anything else.
  std::size_t size() const { return node().count; }
  // The value of a map's key; nothing when there is none or this is no map.
  std::optional<DocumentValue> Find(std::string_view key) const;
  // The same, required.
  Result<DocumentValue> Get(std::string_view key) const;
  // Get(a).Get(b)...
  Result<DocumentValue> Get(std::initializer_list<std::string_view> path) const;
  // The values of a list or map; an error for anything else, but for a list of numbers that is empty.
  Result<std::vector<DocumentValue>> Items() const;

  // A text, escapes resolved.
  Result<std::string> Text() const;
  Result<std::vector<std::string>> Texts() const;
  // A whole number within [low, high], written as a number or as a text that is one, as XGBoost writes its parameters.
  Result<std::int64_t> Integer(std::int64_t low, std::int64_t high) const;
  // Lists of numbers (booleans are 0 and 1).
  Result<std::vector<std::int64_t>> Integers(std::int64_t low, std::int64_t high) const;
  // As float, the precision in which XGBoost writes: decimal text is rounded to it once. May hold NaN and infinities.
  Result<std::vector<float>> Floats() const;
  // A number, a text that is one, a list of numbers, or a text that is such a list: "5E-1", "[5E-1,2.5E-1]".
  Result<std::vector<float>> FloatOrFloats() const;

  // kCorrupt at this value.
  Error At(std::string message) const;

 private:
  friend class Document;
  DocumentValue(const Document* document, std::uint32_t index) : document_(document), index_(index) {}

  const Document::Node& node() const { return document_->nodes_[index_]; }
  std::string_view bytes() const { return document_->bytes_.substr(node().begin, node().size); }
  std::string Path() const;
  template <typename Number>
  Result<std::vector<Number>> Numbers() const;

  const Document* document_;
  std::uint32_t index_;
};

}  // namespace hone
