// How often this thread has called operator new. The replaced operators stand in allocation_count_test.cc.
#pragma once

#include <cstdint>

namespace hone::testing_features {

std::int64_t AllocationCount();

}  // namespace hone::testing_features
