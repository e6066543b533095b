// What the terminal behind a stream wants.
#pragma once

#include <cstdio>

namespace hone {

// Colours: only on a terminal, and not where NO_COLOR is set to anything or the terminal is dumb.
bool WantsColours(std::FILE* stream);

}  // namespace hone
