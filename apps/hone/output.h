// How a command prints: a table for people or JSON for scripts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hone/command_line.h"

namespace hone {

// Adds --output json|table, with the default "table".
void AddOutputOption(Command command, std::string& output);

// Left-aligned columns, two spaces between; the first row is the head.
std::string AlignedTable(const std::vector<std::vector<std::string>>& rows);

// A field of CSV, in quotes where it holds a comma, a quote or a line break (RFC 4180).
std::string CsvField(std::string_view text);

// Writes all of `text` to stdout.
void Print(const std::string& text);

}  // namespace hone
