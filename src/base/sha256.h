// SHA-256 (FIPS 180-4), by OpenSSL's libcrypto: artifact addresses and data fingerprints.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hone {

// A running hash. Not thread-safe.
//   Sha256 hash; hash.Update("abc"); hash.Hex() == "ba7816bf8f01cfea..."
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(std::string_view bytes);
  // Adds the word's, or the number's IEEE 754, eight bytes in little-endian order, whatever the machine.
  void UpdateWord(std::uint64_t word);
  void UpdateDouble(double value);
  // Adds the length and then the bytes, so that ("ab", "c") and ("a", "bc") differ.
  void UpdateText(std::string_view text);

  // 64 lower-case hex digits of all that was added. Ends the hash: no Update after it.
  std::string Hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string Sha256Hex(std::string_view bytes);

// True for exactly 64 lower-case hex digits.
bool IsSha256Hex(std::string_view text);

}  // namespace hone
