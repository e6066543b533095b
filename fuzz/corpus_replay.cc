// Feeds a fuzzer's entry point without libFuzzer: nothing at all, each file of the given folders, and of each file
// every truncation and every single flipped bit of its first and last 256 bytes. Prints how many inputs ran.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using Bytes = std::vector<uint8_t>;

constexpr size_t kEdge = 256;

// The copy is exactly as long as the input, so that AddressSanitizer sees a read beyond it.
size_t Run(const Bytes& bytes) {
  const std::unique_ptr<uint8_t[]> copy(new uint8_t[bytes.size()]);
  std::copy(bytes.begin(), bytes.end(), copy.get());
  LLVMFuzzerTestOneInput(copy.get(), bytes.size());
  return 1;
}

bool NearAnEdge(size_t position, size_t size) { return position < kEdge || position + kEdge >= size; }

size_t RunTruncations(const Bytes& bytes) {
  size_t count = 0;
  for (size_t size = 0; size < bytes.size(); ++size) {
    if (NearAnEdge(size, bytes.size()))
      count += Run(Bytes(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size)));
  }
  return count;
}

size_t RunBitFlips(Bytes bytes) {
  size_t count = 0;
  for (size_t position = 0; position < bytes.size(); ++position) {
    if (!NearAnEdge(position, bytes.size())) continue;
    for (int bit = 0; bit < 8; ++bit) {
      const auto mask = static_cast<uint8_t>(1U << bit);
      bytes[position] ^= mask;
      count += Run(bytes);
      bytes[position] ^= mask;
    }
  }
  return count;
}

size_t RunFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return Run(bytes) + RunTruncations(bytes) + RunBitFlips(bytes);
}

}  // namespace

int main(int argc, char** argv) {
  size_t count = Run({});
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) count += RunFile(entry.path());
  }
  std::printf("%zu inputs\n", count);
}
