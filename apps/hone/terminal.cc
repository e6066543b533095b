#include "hone/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace hone {

bool WantsColours(std::FILE* stream) {
  const char* refusal = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (refusal != nullptr && refusal[0] != '\0') return false;
  if (terminal == nullptr || std::string_view(terminal) == "dumb") return false;
  return isatty(fileno(stream)) == 1;
}

}  // namespace hone
