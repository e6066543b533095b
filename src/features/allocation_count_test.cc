// Replaces the global operators of the test program by counting ones. They stand alone: where the compiler sees both
// the operators and their use it takes malloc and free for a mismatch.
#include "features/testing/allocation_count.h"

#include <cstdlib>
#include <new>

namespace {
thread_local std::int64_t allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace hone::testing_features {

std::int64_t AllocationCount() { return allocations; }

}  // namespace hone::testing_features
