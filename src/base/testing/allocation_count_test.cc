// Replaces the global operators of the test program by counting ones. They stand alone and are not inlined: where the
// compiler sees both the operators and their use it takes malloc and free for a mismatch.
#include "base/testing/allocation_count.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace {

thread_local std::int64_t allocations = 0;

void* CountOrNull(std::size_t size) {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}

void* Count(std::size_t size) {
  if (void* memory = CountOrNull(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) { return Count(size); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return Count(size); }
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return CountOrNull(size); }
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return CountOrNull(size); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto align = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(align, (size + align - 1) / align * align)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace hone {

std::int64_t AllocationCount() { return allocations; }

namespace {

struct alignas(64) Aligned {
  char bytes[64];
};

TEST(AllocationCount, SeesEveryKind) {
  const std::int64_t before = AllocationCount();
  const std::vector<int> one(3);
  const auto array = std::make_unique<double[]>(5);
  const auto aligned = std::make_unique<Aligned>();
  EXPECT_EQ(AllocationCount() - before, 3);
}

}  // namespace
}  // namespace hone
