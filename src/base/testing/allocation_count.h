// How often this thread has called operator new. The counting operators stand in allocation_count_test.cc, which a test
// program that asks compiles in: hone_count_allocations(MODULE) in its module's CMakeLists.txt.
#pragma once

#include <cstdint>

namespace hone {

std::int64_t AllocationCount();

}  // namespace hone
