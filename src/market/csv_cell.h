// Cells of a line of CSV: quoted ones may hold commas, and "" for a quote.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

// Without the blanks and tabs around it.
std::string_view Trimmed(std::string_view text);

// Splits at the commas outside quotes; cells are trimmed and keep their quotes. Stops after `most` + 1 cells.
void SplitCells(std::string_view line, std::vector<std::string_view>& cells,
                std::size_t most = std::string_view::npos - 1);

// The cell's text without its quotes.
std::string Unquoted(std::string_view cell);

// A decimal number, inf or -inf, quoted or not; an empty cell and nan are NaN. False for anything else.
bool ParseCell(std::string_view cell, double& value);

}  // namespace hone
