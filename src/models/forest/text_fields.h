// The lines of a `key=value` text file in blocks, with the line each value stands on, for errors that point at it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

// Walks the lines of a text; "\n" or "\r\n". Views stay valid as long as the text.
class TextLineReader {
 public:
  TextLineReader(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  // False at the end of the text.
  bool Next();
  std::string_view line() const { return line_; }
  int number() const { return number_; }
  std::string_view source() const { return source_; }
  // kCorrupt, at the current line.
  Error At(std::string_view key, std::string message) const;

 private:
  std::string_view text_;
  std::string_view source_;
  std::string_view line_;
  int number_ = 0;
};

// A block of `key=value` lines.
class TextFields {
 public:
  // The block begins at the reader's current line.
  explicit TextFields(const TextLineReader& reader) : source_(reader.source()), first_line_(reader.number()) {}

  // Adds the reader's current line; a line without '=' is a key with an empty value. A key given twice is an error.
  Status Add(const TextLineReader& reader);
  bool Has(std::string_view key) const { return fields_.contains(key); }
  // "" when absent.
  std::string_view Text(std::string_view key) const;
  // Required, an integer within [low, high].
  Result<std::int64_t> Integer(std::string_view key, std::int64_t low, std::int64_t high) const;
  // Required, exactly `count` entries parted by spaces.
  Result<std::vector<std::int64_t>> Integers(std::string_view key, std::size_t count, std::int64_t low,
                                             std::int64_t high) const;
  // Required, exactly `count`; none NaN, and finite where `finite`.
  Result<std::vector<double>> Numbers(std::string_view key, std::size_t count, bool finite) const;
  // kCorrupt, at the key's line (at the block's first line when the key is absent).
  Error At(std::string_view key, std::string message) const;

 private:
  struct Field {
    std::string_view value;
    int line = 0;
  };
  Status CheckCount(std::string_view key, std::size_t expected, std::size_t found) const;

  std::string_view source_;
  int first_line_ = 0;
  std::map<std::string_view, Field, std::less<>> fields_;
};

// The words of `text` parted by single or repeated spaces.
std::vector<std::string_view> SplitWords(std::string_view text);

}  // namespace hone
