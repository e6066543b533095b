#include "models/formats/ubjson_document.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "models/formats/document_builder.h"
#include "models/formats/ubjson_number.h"

namespace hone {
namespace {

using Kind = Document::Kind;

class UbjsonParser {
 public:
  UbjsonParser(std::string_view bytes, std::string_view source) : bytes_(bytes), source_(source), builder_(bytes) {}

  Result<Document> Parse() {
    HONE_ASSIGN_OR_RETURN(const char marker, Marker());
    HONE_RETURN_IF_ERROR(Value({}, marker));
    while (!open_.empty()) HONE_RETURN_IF_ERROR(NextOfOpen());
    if (at_ != bytes_.size()) return Wrong("nothing more was expected");
    return Document(bytes_, source_, builder_.Take());
  }

 private:
  // A list or map whose end is not reached.
  struct Open {
    bool map = false;
    bool counted = false;
    std::size_t left = 0;  // entries to come, where counted
    char type = 0;         // marker of every entry; 0: each has its own
  };

  Error Wrong(const std::string& message) const {
    return {ErrorCode::kCorrupt, fmt::format("byte {}: {}", at_ + 1, message), std::string(source_)};
  }
  Status Add(const Document::Node& node) {
    if (builder_.Add(node)) return OkStatus();
    return Wrong(fmt::format("more than {} values", Document::kMaxValues));
  }

  Result<std::string_view> Bytes(std::size_t count) {
    if (count > bytes_.size() - at_) return Wrong(fmt::format("the file ends where {} bytes must stand", count));
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }
  // The next marker that is no filler.
  Result<char> Marker() {
    while (at_ < bytes_.size() && bytes_[at_] == 'N') ++at_;
    HONE_ASSIGN_OR_RETURN(const std::string_view marker, Bytes(1));
    return marker.front();
  }
  // A length or count: a marker of a whole number, and the number.
  Result<std::size_t> Length() {
    HONE_ASSIGN_OR_RETURN(const char marker, Marker());
    if (!IsUbjsonInteger(marker)) return Wrong("a length must be a whole number");
    HONE_ASSIGN_OR_RETURN(const std::string_view bytes, Bytes(UbjsonNumberSize(marker)));
    const auto length = static_cast<std::int64_t>(UbjsonInteger(marker, bytes.data()));
    if (length < 0 || static_cast<std::uint64_t>(length) > bytes_.size()) {
      return Wrong(fmt::format("a length of {} in a file of {} bytes", length, bytes_.size()));
    }
    return static_cast<std::size_t>(length);
  }

  // The next entry of the innermost list or map, or its end.
  Status NextOfOpen() {
    Open& open = open_.back();
    if (open.counted && open.left == 0) return Close();
    if (!open.counted && at_ < bytes_.size() && bytes_[at_] == (open.map ? '}' : ']')) {
      ++at_;
      return Close();
    }
    if (open.counted) --open.left;
    Document::Node node;
    if (open.map) HONE_RETURN_IF_ERROR(Text(node.key_begin, node.key_size));
    char marker = open.type;
    if (marker == 0) {
      HONE_ASSIGN_OR_RETURN(marker, Marker());
    }
    return Value(node, marker);
  }

  Status Close() {
    open_.pop_back();
    return builder_.Close() ? OkStatus() : Status(Wrong("a key of this map stands twice"));
  }

  Status Text(std::uint32_t& begin, std::uint32_t& size) {
    HONE_ASSIGN_OR_RETURN(const std::size_t length, Length());
    begin = static_cast<std::uint32_t>(at_);
    size = static_cast<std::uint32_t>(length);
    return Bytes(length).ok() ? OkStatus() : Status(Wrong("the file ends within a text"));
  }

  Status Value(Document::Node node, char marker) {
    node.encoding = marker;
    node.begin = static_cast<std::uint32_t>(at_);
    switch (marker) {
      case '{':
      case '[': return Container(node);
      case 'Z': node.kind = Kind::kNull; return Add(node);
      case 'T':
      case 'F': node.kind = Kind::kBoolean; return Add(node);
      case 'S':
        node.kind = Kind::kText;
        HONE_RETURN_IF_ERROR(Text(node.begin, node.size));
        return Add(node);
      case 'C': {
        node.kind = Kind::kText;
        node.size = 1;
        HONE_RETURN_IF_ERROR(Bytes(1).ok() ? OkStatus() : Status(Wrong("the file ends within a text")));
        return Add(node);
      }
      default: break;
    }
    node.kind = Kind::kNumber;
    node.size = static_cast<std::uint32_t>(UbjsonNumberSize(marker));
    if (node.size == 0) return Wrong(fmt::format("marker 0x{:02x} is not read", static_cast<unsigned char>(marker)));
    HONE_ASSIGN_OR_RETURN([[maybe_unused]] const std::string_view bytes, Bytes(node.size));
    return Add(node);
  }

  Status Container(Document::Node& node) {
    Open open{.map = node.encoding == '{'};
    node.kind = open.map ? Kind::kMap : Kind::kList;
    if (TakeByte('$')) {
      HONE_ASSIGN_OR_RETURN(open.type, Marker());
      if (bytes_.substr(at_).empty() || bytes_[at_] != '#') return Wrong("'#' expected after the type of a list");
    }
    if (TakeByte('#')) {
      open.counted = true;
      HONE_ASSIGN_OR_RETURN(open.left, Length());
    }
    if (!open.map && UbjsonNumberSize(open.type) != 0) return Packed(node, open.type, open.left);
    HONE_RETURN_IF_ERROR(Add(node));
    if (!builder_.Open()) return Wrong(fmt::format("nested deeper than {}", Document::kMaxDepth));
    open_.push_back(open);
    return OkStatus();
  }

  // A list of one type of number is kept as its bytes.
  Status Packed(Document::Node& node, char marker, std::size_t count) {
    node.kind = Kind::kNumbers;
    node.encoding = marker;
    node.begin = static_cast<std::uint32_t>(at_);
    node.count = static_cast<std::uint32_t>(count);
    HONE_ASSIGN_OR_RETURN(const std::string_view bytes, Bytes(count * UbjsonNumberSize(marker)));
    node.size = static_cast<std::uint32_t>(bytes.size());
    return Add(node);
  }

  bool TakeByte(char c) {
    if (at_ >= bytes_.size() || bytes_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view bytes_;
  std::string_view source_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  DocumentBuilder builder_;
};

}  // namespace

Result<Document> ParseUbjsonDocument(std::string_view bytes, std::string_view source) {
  if (bytes.size() > Document::kMaxBytes) {
    return Error{ErrorCode::kCorrupt, fmt::format("larger than {} bytes", Document::kMaxBytes), std::string(source)};
  }
  return UbjsonParser(bytes, source).Parse();
}

}  // namespace hone
