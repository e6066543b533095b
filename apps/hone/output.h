// How a command prints: a table for people or JSON for scripts.
#pragma once

#include <string>
#include <vector>

#include "hone/command_line.h"

namespace hone {

// Adds --output json|table, with the default "table".
void AddOutputOption(Command command, std::string& output);

// Left-aligned columns, two spaces between; the first row is the head.
std::string AlignedTable(const std::vector<std::vector<std::string>>& rows);

// Writes all of `text` to stdout.
void Print(const std::string& text);

}  // namespace hone
