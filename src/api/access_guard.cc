#include "api/access_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/sha256.h"

namespace hone {
namespace {

constexpr std::size_t kLongestSecret = 256;

// Takes as long for every text of one length.
bool SameText(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

bool IsBearer(std::string_view scheme) {
  constexpr std::string_view kBearer = "bearer ";
  return std::equal(scheme.begin(), scheme.end(), kBearer.begin(), kBearer.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// The bearer's secret; "" when there is none.
std::string_view SecretOf(std::string_view sent) {
  constexpr std::size_t kScheme = 7;
  if (!IsBearer(sent.substr(0, kScheme)) || sent.size() > kScheme + kLongestSecret) return {};
  return sent.substr(kScheme);
}

// The token with this hash, null when there is none; looks at all of them.
const AccessToken* FindToken(const std::vector<AccessToken>& tokens, std::string_view hash) {
  const AccessToken* found = nullptr;
  for (const AccessToken& token : tokens) {
    if (SameText(token.hash, hash)) found = &token;
  }
  return found;
}

bool IsForeign(std::string_view origin, std::string_view host) {
  const std::size_t scheme = origin.find("://");
  return scheme == origin.npos || origin.substr(scheme + 3) != host;
}

}  // namespace

AccessGuard::AccessGuard(bool open_without_tokens, int io_threads, std::vector<AccessToken> fixed)
    : open_(open_without_tokens), fixed_(std::move(fixed)), lanes_(static_cast<std::size_t>(io_threads), fixed_) {}

void AccessGuard::SetTokens(int io_thread, const std::vector<AccessToken>& tokens) {
  std::vector<AccessToken>& lane = lanes_[static_cast<std::size_t>(io_thread)];
  lane = fixed_;
  lane.insert(lane.end(), tokens.begin(), tokens.end());
}

Refusal AccessGuard::Check(const HttpRequest& request, AccessRole needed) const {
  if (request.method == "POST" || request.method == "DELETE") {
    if (Refusal refusal = CheckOrigin(request); refusal.status != 0) return refusal;
  }
  return CheckBearer(request.io_thread, request.Header("Authorization"), needed);
}

Refusal AccessGuard::CheckOrigin(const HttpRequest& request) {
  const std::string_view origin = request.Header("Origin");
  if (origin.empty() || !IsForeign(origin, request.Header("Host"))) return {};
  return {403, "a page of another site may not write here (Origin differs from Host)"};
}

Refusal AccessGuard::CheckBearer(int io_thread, std::string_view authorization, AccessRole needed) const {
  if (needed == AccessRole::kNone || !needs_token(io_thread)) return {};
  const std::string_view secret = SecretOf(authorization);
  if (secret.empty()) {
    return {401, fmt::format("needs the header `Authorization: Bearer TOKEN` with a token of role {} or higher",
                             AccessRoleName(needed))};
  }
  const AccessToken* token = FindToken(lanes_[static_cast<std::size_t>(io_thread)], Sha256Hex(secret));
  if (token == nullptr) return {401, "the token is not known, or was revoked"};
  if (token->role >= needed) return {};
  return {403,
          fmt::format("the token's role is {}; this needs {}", AccessRoleName(token->role), AccessRoleName(needed))};
}

std::string AccessGuard::CallerOf(const HttpRequest& request) const {
  const std::string_view secret = SecretOf(request.Header("Authorization"));
  if (secret.empty()) return "";
  const AccessToken* token = FindToken(lanes_[static_cast<std::size_t>(request.io_thread)], Sha256Hex(secret));
  return token == nullptr ? "" : token->name;
}

}  // namespace hone
