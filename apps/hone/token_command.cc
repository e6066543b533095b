// hone token create | list | revoke: the bearer tokens of a folder, also while a server has it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/sha256.h"
#include "engine/access_token_store.h"
#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/output.h"
#include "hone/state_folder.h"
#include "hone/system_clock.h"
#include "hone/verb.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct TokenFlags {
  std::string directory = kDefaultFolder, output = "table";
  std::string role, name;
  bool json() const { return output == "json"; }
};

// 256 bits of the system's randomness, as hex after a word that secret scanners can know it by.
Result<std::string> MakeSecret() {
  std::array<unsigned char, 32> bytes{};
  if (getentropy(bytes.data(), bytes.size()) != 0) {
    return Error{ErrorCode::kInternal, "the system gives no random bytes"};
  }
  return fmt::format("hone_{:02x}", fmt::join(bytes, ""));
}

// "predict", then "predict-2", ...
Result<std::string> FreeName(AccessTokenStore& tokens, const std::string& role) {
  HONE_ASSIGN_OR_RETURN(const std::vector<AccessToken> all, tokens.List());
  const auto taken = [&all](const std::string& name) {
    return std::ranges::any_of(all, [&](const AccessToken& token) { return token.name == name; });
  };
  std::string name = role;
  for (int i = 2; taken(name); ++i) name = fmt::format("{}-{}", role, i);
  return name;
}

Status CreateToken(const TokenFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenBesideServer(flags.directory));
  AccessToken token;
  HONE_ASSIGN_OR_RETURN(token.role, ParseAccessRole(flags.role));
  token.name = flags.name;
  if (token.name.empty()) {
    HONE_ASSIGN_OR_RETURN(token.name, FreeName(store->tokens, flags.role));
  }
  HONE_ASSIGN_OR_RETURN(const std::string secret, MakeSecret());
  token.hash = Sha256Hex(secret);
  token.created = SystemClock().Now();
  HONE_RETURN_IF_ERROR(store->tokens.Add(token));
  JsonWriter json;
  json.BeginMap().Member("name", token.name).Member("role", flags.role).Member("token", secret).EndMap();
  Print(flags.json() ? json.Take() + "\n" : secret + "\n");
  return OkStatus();
}

Status ListTokens(const TokenFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenForReading(flags.directory));
  HONE_ASSIGN_OR_RETURN(const std::vector<AccessToken> tokens, store->tokens.List());
  std::vector<std::vector<std::string>> rows = {{"name", "role", "created", "sha256"}};
  JsonWriter json;
  json.BeginMap().Key("tokens").BeginList();
  for (const AccessToken& token : tokens) {
    rows.push_back({token.name, AccessRoleName(token.role), FormatTime(token.created), token.hash.substr(0, 12)});
    json.BeginMap().Member("name", token.name).Member("role", AccessRoleName(token.role));
    json.Member("created", FormatTime(token.created)).Member("sha256", token.hash).EndMap();
  }
  json.EndList().EndMap();
  Print(flags.json() ? json.Take() + "\n" : AlignedTable(rows));
  return OkStatus();
}

Status RevokeToken(const TokenFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, OpenBesideServer(flags.directory));
  HONE_RETURN_IF_ERROR(store->tokens.Revoke(flags.name));
  JsonWriter json;
  json.BeginMap().Member("revoked", flags.name).EndMap();
  Print(flags.json() ? json.Take() + "\n" : fmt::format("{} is revoked\n", flags.name));
  return OkStatus();
}

}  // namespace

void AddTokenCommand(Command app) {
  Command tokens = app.AddNoun("token", "The bearer tokens that callers of a server must show");
  auto flags = std::make_shared<TokenFlags>();
  Command create =
      AddVerb(tokens, flags, "create", "Make a token and print it, once: only its hash is kept", CreateToken);
  create.AddOption("--role", flags->role, "read; predict (and read); operate (and all else)")
      .Required()
      .OneOf({"read", "predict", "operate"});
  create.AddOption("--name", flags->name, "what to call it, 1 to 64 of a-z, 0-9, _ and - [the role]");
  AddVerb(tokens, flags, "list", "Every token, without its secret", ListTokens);
  Command revoke =
      AddVerb(tokens, flags, "revoke", "Forget a token: a running server refuses it within a second", RevokeToken);
  revoke.AddOption("name", flags->name, "the token's name").Required();
}

}  // namespace hone
