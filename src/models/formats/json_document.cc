#include "models/formats/json_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "models/formats/document_builder.h"

namespace hone {
namespace {

using Kind = Document::Kind;

constexpr std::string_view kBlanks = " \t\r\n";

class JsonParser {
 public:
  JsonParser(std::string_view text, std::string_view source) : text_(text), source_(source), builder_(text) {}

  Result<Document> Parse() {
    HONE_RETURN_IF_ERROR(Value({}));
    while (builder_.is_open()) HONE_RETURN_IF_ERROR(NextOfOpen());
    SkipBlanks();
    if (at_ != text_.size()) return Wrong("nothing more was expected");
    return Document(text_, source_, builder_.Take());
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void SkipBlanks() { at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size()); }
  bool Take(char c) {
    SkipBlanks();
    if (Peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }
  std::uint32_t position() const { return static_cast<std::uint32_t>(at_); }

  Error Wrong(const std::string& message) const {
    const std::string_view before = text_.substr(0, at_);
    const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
    const std::size_t newline = before.rfind('\n');
    const std::size_t column = newline == std::string_view::npos ? at_ + 1 : at_ - newline;
    return {ErrorCode::kCorrupt, fmt::format("column {}: {}", column, message), std::string(source_), line, ""};
  }
  Status Add(const Document::Node& node) {
    if (builder_.Add(node)) return OkStatus();
    return Wrong(fmt::format("more than {} values", Document::kMaxValues));
  }

  // The next entry of the innermost list or map, or its end.
  Status NextOfOpen() {
    const bool map = builder_.innermost().kind == Kind::kMap;
    if (Take(map ? '}' : ']')) {
      return builder_.Close() ? OkStatus() : Status(Wrong("a key of this map stands twice"));
    }
    if (builder_.innermost().count > 0 && !Take(',')) return Wrong(map ? "',' or '}' expected" : "',' or ']' expected");
    Document::Node node;
    if (map) HONE_RETURN_IF_ERROR(Key(node));
    return Value(node);
  }

  Status Key(Document::Node& node) {
    HONE_RETURN_IF_ERROR(Quoted(node.key_begin, node.key_size));
    return Take(':') ? OkStatus() : Status(Wrong("':' expected after a key"));
  }

  Status Quoted(std::uint32_t& begin, std::uint32_t& size) {
    if (!Take('"')) return Wrong("'\"' expected");
    begin = position();
    while (at_ < text_.size() && Peek() != '"') at_ += Peek() == '\\' ? 2 : 1;
    if (at_ >= text_.size()) {
      at_ = text_.size();
      return Wrong("the text ends within a string");
    }
    size = position() - begin;
    ++at_;
    return OkStatus();
  }

  Status Value(Document::Node node) {
    SkipBlanks();
    node.begin = position();
    switch (Peek()) {
      case '{': return Opened(node, Kind::kMap);
      case '[': return List(node);
      case '"': {
        node.kind = Kind::kText;
        HONE_RETURN_IF_ERROR(Quoted(node.begin, node.size));
        return Add(node);
      }
      default: return Word(node);
    }
  }

  Status Opened(Document::Node& node, Kind kind) {
    node.kind = kind;
    ++at_;
    HONE_RETURN_IF_ERROR(Add(node));
    return builder_.Open() ? OkStatus() : Status(Wrong(fmt::format("nested deeper than {}", Document::kMaxDepth)));
  }

  // A list without texts, lists and maps is kept as its bytes.
  Status List(Document::Node& node) {
    const std::size_t end = text_.find_first_of("[]{}\"", at_ + 1);
    if (end == std::string_view::npos) {
      at_ = text_.size();
      return Wrong("the text ends within a list");
    }
    const std::string_view inner = text_.substr(at_ + 1, end - at_ - 1);
    if (text_[end] != ']' || inner.find("null") != std::string_view::npos) return Opened(node, Kind::kList);
    node.kind = Kind::kNumbers;
    node.begin = position() + 1;
    node.size = static_cast<std::uint32_t>(inner.size());
    const bool empty = inner.find_first_not_of(kBlanks) == std::string_view::npos;
    node.count = empty ? 0 : static_cast<std::uint32_t>(std::count(inner.begin(), inner.end(), ',')) + 1;
    at_ = end + 1;
    return Add(node);
  }

  Status Word(Document::Node& node) {
    const std::size_t end = std::min(text_.find_first_of(",]}: \t\r\n\"[{", at_), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    if (word.empty()) return Wrong(at_ == text_.size() ? "the text ends where a value must stand" : "a value expected");
    node.size = static_cast<std::uint32_t>(word.size());
    node.kind = word == "null" ? Kind::kNull : word == "true" || word == "false" ? Kind::kBoolean : Kind::kNumber;
    const char first = word.front();
    const bool number = first == '-' || first == 'N' || first == 'I' || (first >= '0' && first <= '9');
    if (node.kind == Kind::kNumber && !number) return Wrong(fmt::format("'{}' is no value", word.substr(0, 40)));
    at_ = end;
    return Add(node);
  }

  std::string_view text_;
  std::string_view source_;
  std::size_t at_ = 0;
  DocumentBuilder builder_;
};

}  // namespace

Result<Document> ParseJsonDocument(std::string_view text, std::string_view source) {
  if (text.size() > Document::kMaxBytes) {
    return Error{ErrorCode::kCorrupt, fmt::format("larger than {} bytes", Document::kMaxBytes), std::string(source)};
  }
  return JsonParser(text, source).Parse();
}

}  // namespace hone
