#include "models/formats/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "models/formats/json_text.h"
#include "models/formats/number_text.h"
#include "models/formats/ubjson_number.h"

namespace hone {
namespace {

using Kind = Document::Kind;

constexpr std::size_t kQuoted = 40;

const char* KindName(Kind kind) {
  switch (kind) {
    case Kind::kNull: return "null";
    case Kind::kBoolean: return "a boolean";
    case Kind::kNumber: return "a number";
    case Kind::kText: return "a text";
    case Kind::kNumbers:
    case Kind::kList: return "a list";
    case Kind::kMap: return "a map";
  }
  return "null";
}

// UBJSON's number of the type asked for; a real one is no whole number.
bool ReadUbjson(char marker, const char* bytes, std::int64_t& number) {
  number = UbjsonInteger(marker, bytes);
  return IsUbjsonInteger(marker);
}
bool ReadUbjson(char marker, const char* bytes, float& number) {
  number = static_cast<float>(UbjsonReal(marker, bytes));
  return true;
}

// One number or boolean of either form.
template <typename Number>
bool ReadOne(const Document::Node& node, std::string_view bytes, Number& number) {
  if (node.kind == Kind::kNumber && node.encoding != 0) return ReadUbjson(node.encoding, bytes.data(), number);
  if (node.kind == Kind::kBoolean && node.encoding != 0) {
    number = static_cast<Number>(node.encoding == 'T');
    return true;
  }
  return (node.kind == Kind::kNumber || node.kind == Kind::kBoolean) && ParseNumberText(bytes, number);
}

template <typename Number>
std::string NotANumber(std::size_t entry) {
  return fmt::format("entry {} is not a {}", entry + 1, std::is_integral_v<Number> ? "whole number" : "number");
}

// Numbers parted by commas; the index of the first entry that is none, or numbers.size().
template <typename Number>
std::size_t ReadList(std::string_view text, std::vector<Number>& numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (!ParseNumberText(text.substr(0, comma), numbers[i])) return i;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return numbers.size();
}

template <typename Number>
std::size_t ReadPacked(char marker, std::string_view bytes, std::vector<Number>& numbers) {
  const std::size_t size = UbjsonNumberSize(marker);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!ReadUbjson(marker, bytes.data() + i * size, numbers[i])) return i;
  }
  return numbers.size();
}

}  // namespace

DocumentValue Document::root() const { return {this, 0}; }

std::optional<DocumentValue> DocumentValue::Find(std::string_view key) const {
  if (kind() != Kind::kMap) return std::nullopt;
  for (std::uint32_t child = node().first; child != 0; child = document_->nodes_[child].next) {
    const Document::Node& entry = document_->nodes_[child];
    if (document_->bytes_.substr(entry.key_begin, entry.key_size) == key) return DocumentValue(document_, child);
  }
  return std::nullopt;
}

Result<DocumentValue> DocumentValue::Get(std::string_view key) const {
  if (kind() != Kind::kMap) return At(fmt::format("must be a map, is {}", KindName(kind())));
  const std::optional<DocumentValue> found = Find(key);
  if (!found) return At(fmt::format("key \"{}\" is missing", key));
  return *found;
}

Result<DocumentValue> DocumentValue::Get(std::initializer_list<std::string_view> path) const {
  DocumentValue value = *this;
  for (const std::string_view key : path) {
    HONE_ASSIGN_OR_RETURN(value, value.Get(key));
  }
  return value;
}

Result<std::vector<DocumentValue>> DocumentValue::Items() const {
  const bool empty = kind() == Kind::kNumbers && node().count == 0;
  if (kind() != Kind::kList && kind() != Kind::kMap && !empty) {
    return At(kind() == Kind::kNumbers ? "must not be a list of numbers"
                                       : fmt::format("must be a list, is {}", KindName(kind())));
  }
  std::vector<DocumentValue> items;
  for (std::uint32_t child = node().first; child != 0; child = document_->nodes_[child].next) {
    items.push_back(DocumentValue(document_, child));
  }
  return items;
}

Result<std::string> DocumentValue::Text() const {
  if (kind() != Kind::kText) return At(fmt::format("must be a text, is {}", KindName(kind())));
  if (node().encoding != 0) return std::string(bytes());
  std::optional<std::string> text = UnescapeJson(bytes());
  if (!text) return At("has an escape that JSON does not know");
  return *std::move(text);
}

Result<std::vector<std::string>> DocumentValue::Texts() const {
  HONE_ASSIGN_OR_RETURN(const std::vector<DocumentValue> items, Items());
  std::vector<std::string> texts;
  for (const DocumentValue& item : items) {
    HONE_ASSIGN_OR_RETURN(std::string text, item.Text());
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<std::int64_t> DocumentValue::Integer(std::int64_t low, std::int64_t high) const {
  std::int64_t number = 0;
  const bool read = kind() == Kind::kText ? ParseNumberText(bytes(), number) : ReadOne(node(), bytes(), number);
  if (!read) return At(fmt::format("must be a whole number, is '{}'", bytes().substr(0, kQuoted)));
  if (number < low || number > high) return At(fmt::format("must be within [{}, {}], is {}", low, high, number));
  return number;
}

template <typename Number>
Result<std::vector<Number>> DocumentValue::Numbers() const {
  if (!is_list()) return At(fmt::format("must be a list of numbers, is {}", KindName(kind())));
  std::vector<Number> numbers(node().count);
  std::size_t read = 0;
  if (kind() == Kind::kNumbers) {
    read = node().encoding == 0 ? ReadList(bytes(), numbers) : ReadPacked(node().encoding, bytes(), numbers);
  } else {
    for (std::uint32_t child = node().first; child != 0; child = document_->nodes_[child].next, ++read) {
      const DocumentValue item(document_, child);
      if (!ReadOne(item.node(), item.bytes(), numbers[read])) break;
    }
  }
  if (read < numbers.size()) return At(NotANumber<Number>(read));
  return numbers;
}

Result<std::vector<std::int64_t>> DocumentValue::Integers(std::int64_t low, std::int64_t high) const {
  HONE_ASSIGN_OR_RETURN(std::vector<std::int64_t> numbers, Numbers<std::int64_t>());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] >= low && numbers[i] <= high) continue;
    return At(fmt::format("entry {} must be within [{}, {}], is {}", i + 1, low, high, numbers[i]));
  }
  return numbers;
}

Result<std::vector<float>> DocumentValue::Floats() const { return Numbers<float>(); }

Result<std::vector<float>> DocumentValue::FloatOrFloats() const {
  if (is_list()) return Floats();
  std::string_view text = bytes();
  const bool listed = kind() == Kind::kText && text.starts_with('[') && text.ends_with(']');
  std::vector<float> numbers(1);
  if (listed) {
    text = text.substr(1, text.size() - 2);
    numbers.resize(static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) + 1);
  }
  const bool read =
      kind() == Kind::kText ? ReadList(text, numbers) == numbers.size() : ReadOne(node(), bytes(), numbers.front());
  if (!read) return At(fmt::format("must be a number or a list of numbers, is '{}'", bytes().substr(0, kQuoted)));
  return numbers;
}

std::string DocumentValue::Path() const {
  std::vector<std::string> steps;
  for (std::uint32_t at = index_; at != 0; at = document_->nodes_[at].parent) {
    const Document::Node& child = document_->nodes_[at];
    const Document::Node& parent = document_->nodes_[child.parent];
    if (parent.kind == Kind::kMap) {
      steps.push_back(fmt::format(".{}", document_->bytes_.substr(child.key_begin, child.key_size).substr(0, 64)));
      continue;
    }
    std::size_t index = 0;
    for (std::uint32_t i = parent.first; i != at; i = document_->nodes_[i].next) ++index;
    steps.push_back(fmt::format("[{}]", index));
  }
  std::string path;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) path += *step;
  return path.starts_with('.') ? path.substr(1) : path;
}

Error DocumentValue::At(std::string message) const {
  const bool binary = !document_->bytes_.empty() && document_->nodes_.front().encoding != 0;
  const std::string_view before = document_->bytes_.substr(0, node().begin);
  if (binary) message = fmt::format("byte {}: {}", before.size() + 1, message);
  const auto line = binary ? 0 : static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  return {ErrorCode::kCorrupt, std::move(message), document_->source_, line, Path()};
}

}  // namespace hone
