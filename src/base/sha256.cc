#include "base/sha256.h"

#include <openssl/evp.h>

#include <bit>
#include <cstdlib>

namespace hone {
namespace {

// libcrypto fails here only when it is broken or out of memory: nothing a caller could mend.
void Check(int result) {
  if (result != 1) std::abort();
}

}  // namespace

struct Sha256::State {
  struct Free {
    void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  Check(state_->context != nullptr);
  Check(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::Update(std::string_view bytes) {
  Check(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

void Sha256::UpdateWord(std::uint64_t word) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(word >> (8 * i) & 0xff);
  Update({bytes, sizeof bytes});
}

void Sha256::UpdateDouble(double value) { UpdateWord(std::bit_cast<std::uint64_t>(value)); }

void Sha256::UpdateText(std::string_view text) {
  UpdateWord(text.size());
  Update(text);
}

std::string Sha256::Hex() {
  unsigned char digest[32];
  unsigned int size = 0;
  Check(EVP_DigestFinal_ex(state_->context.get(), digest, &size));
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(64);
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string Sha256Hex(std::string_view bytes) {
  Sha256 hash;
  hash.Update(bytes);
  return hash.Hex();
}

bool IsSha256Hex(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace hone
