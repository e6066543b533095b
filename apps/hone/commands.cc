#include "hone/commands.h"

#include <cstdio>

namespace hone {

int Fail(const Error& error) {
  std::fprintf(stderr, "hone: %s\n", error.ToString().c_str());
  return error.code == ErrorCode::kInvalidArgument ? 2 : 1;
}

}  // namespace hone
