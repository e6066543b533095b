// What a caller must keep to, where no input can break it.
#pragma once

#include <cstdlib>

namespace hone {

inline void Expect(bool fits) {
  if (!fits) std::abort();
}

}  // namespace hone
