// Cells of a line of CSV: quotes around a cell and "" within them are read, blanks around it are not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hone {

// Without blanks and tabs at its ends.
std::string_view TrimmedCell(std::string_view text);
// The line's cells as they stand, trimmed; a comma within quotes belongs to its cell.
void SplitCells(std::string_view line, std::vector<std::string_view>& cells);
// The cell without its quotes.
std::string CellText(std::string_view cell);
// A decimal number, inf or -inf; empty and nan are NaN. False for anything else.
bool ParseNumberCell(std::string_view cell, double& value);

}  // namespace hone
