#include "models/ensemble/ensemble_file.h"

#include <fmt/format.h>

#include <utility>

#include "base/yaml.h"

namespace hone {
namespace {

constexpr std::size_t kMostBytes = 64 << 10;

void ReadMember(YamlMap map, bool weighted, EnsembleFile& file) {
  std::string name;
  map.Require("model");
  map.Read("model", name);
  EnsembleFileMember member;
  const std::size_t at = name.find('@');
  member.model = name.substr(0, at);
  if (at != std::string::npos) member.version = name.substr(at + 1);
  if (map.Has("model") && (member.model.empty() || (at != std::string::npos && member.version.empty()))) {
    map.Fail("model", "must be NAME or NAME@VERSION, is \"" + name.substr(0, 64) + "\"");
  }
  map.Read("weight", member.weight, {.above = 0, .at_most = 1e9});
  if (map.Has("weight") && !weighted)
    map.Fail("weight", "belongs to weighted ensembles; here each member has one vote");
  file.members.push_back(std::move(member));
}

// Weights where none is given; all or none must be.
void CompleteWeights(std::vector<YamlMap>& maps, EnsembleFile& file) {
  std::size_t given = 0;
  for (const YamlMap& map : maps) given += map.Has("weight") ? 1 : 0;
  if (given == 0 && maps.size() == 2) {
    file.members[0].weight = 0.6;
    file.members[1].weight = 0.4;
  }
  if (given == 0 || given == maps.size()) return;
  for (YamlMap& map : maps) {
    if (!map.Has("weight")) return map.Fail("weight", "is required, since other members have one");
  }
}

void ReadMembers(YamlMap root, EnsembleFile& file) {
  root.Require("members");
  std::vector<YamlMap> maps = root.Maps("members");
  if (root.Has("members") && (maps.size() < 2 || maps.size() > VotingEnsemble::kMostMembers)) {
    return root.Fail("members",
                     fmt::format("must be a list of 2 to {}, has {}", VotingEnsemble::kMostMembers, maps.size()));
  }
  const bool weighted = file.rule == EnsembleRule::kWeighted;
  for (const YamlMap& map : maps) ReadMember(map, weighted, file);
  if (weighted) CompleteWeights(maps, file);
}

EnsembleRule ReadRule(YamlMap root) {
  std::string rule;
  root.Require("ensemble");
  root.ReadChoice("ensemble", rule, {"weighted", "majority", "unanimous"});
  if (rule == "majority") return EnsembleRule::kMajority;
  return rule == "unanimous" ? EnsembleRule::kUnanimous : EnsembleRule::kWeighted;
}

Error OfTheFile(Error error) {
  error.code = ErrorCode::kInvalidData;
  return error;
}

}  // namespace

bool IsEnsemble(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || bytes.find('\0') != std::string_view::npos) return false;
  if (bytes[first] == '{') {
    const std::size_t key = bytes.find_first_not_of(" \t\r\n", first + 1);
    return key != std::string_view::npos && bytes.substr(key).starts_with("\"ensemble\"");
  }
  return bytes.starts_with("ensemble:") || bytes.substr(0, kMostBytes).find("\nensemble:") != std::string_view::npos;
}

Result<EnsembleFile> ReadEnsembleFile(std::string_view text, std::string_view source) {
  if (text.size() > kMostBytes) {
    return Error{ErrorCode::kInvalidData,
                 fmt::format("an ensemble must be at most {} bytes, is {}", kMostBytes, text.size()),
                 std::string(source)};
  }
  const Result<YamlDocument> document = YamlDocument::Parse(text, std::string(source));
  if (!document.ok()) return OfTheFile(document.error());
  YamlMap root = document->root();
  EnsembleFile file;
  file.rule = ReadRule(root);
  ReadMembers(root, file);
  double threshold = 0;
  root.Read("threshold", threshold);
  if (root.Has("threshold")) file.threshold = threshold;
  if (const Status read = document->Finish(); !read.ok()) return OfTheFile(read.error());
  return file;
}

}  // namespace hone
