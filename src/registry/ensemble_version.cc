#include "registry/ensemble_version.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "registry/model_artifacts.h"

namespace hone {
namespace {

constexpr std::size_t kMostFeatures = 4096;

struct Member {
  VersionRecord record;
  Manifest manifest;
};

Result<VersionRecord> FindMember(VersionStore& versions, const EnsembleFileMember& member) {
  if (!member.version.empty()) return versions.Get(member.model, member.version);
  HONE_ASSIGN_OR_RETURN(std::optional<VersionRecord> active, versions.Active(member.model));
  if (active) return *std::move(active);
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> all, versions.List(member.model));
  if (all.empty()) return versions.Get(member.model, "");  // says which models there are
  return Error{ErrorCode::kConflict, fmt::format("no version of {} is active; name one: {}@{}", member.model,
                                                 member.model, all.back().number.ToString())};
}

Status CheckMember(const Member& member) {
  const VersionRecord& record = member.record;
  if (record.validated && !IsFinished(record.stage)) return OkStatus();
  return Error{ErrorCode::kConflict, fmt::format("{} is {}{} and cannot vote", NameOf(record), StageName(record.stage),
                                                 record.validated ? "" : ", not validated,")};
}

Result<Member> ResolveMember(VersionStore& versions, const ArtifactStore& artifacts, const EnsembleFileMember& named) {
  Member member;
  HONE_ASSIGN_OR_RETURN(member.record, FindMember(versions, named));
  if (!member.record.artifact.empty()) {
    HONE_ASSIGN_OR_RETURN(member.manifest, LoadManifest(artifacts, member.record.artifact));
  }
  HONE_RETURN_IF_ERROR(CheckMember(member));
  return member;
}

// Of a feature that others made nothing but its name is known.
bool IsUnknown(const ManifestFeature& feature) { return feature.definition == Sha256Hex(feature.name); }

Status AddFeature(const ManifestFeature& feature, const Member& of, std::vector<ManifestFeature>& features) {
  const auto found = std::ranges::find(features, feature.name, &ManifestFeature::name);
  if (found == features.end()) {
    features.push_back(feature);
    return OkStatus();
  }
  if (found->definition == feature.definition || IsUnknown(feature)) return OkStatus();
  if (!IsUnknown(*found)) {
    return Error{ErrorCode::kConflict, fmt::format("{} defines the feature {} otherwise than a member before it",
                                                   NameOf(of.record), feature.name)};
  }
  *found = feature;
  return OkStatus();
}

Status CheckPositions(const std::vector<Member>& members) {
  const auto nameless = std::ranges::find_if(members, [](const Member& m) { return HasPositionsOnly(m.manifest); });
  if (nameless == members.end()) return OkStatus();
  for (const Member& member : members) {
    if (member.manifest.features == nameless->manifest.features) continue;
    return Error{ErrorCode::kConflict,
                 fmt::format("{} names no features, it has {} columns by position; {} has other columns, and without "
                             "names nothing says which are the same",
                             NameOf(nameless->record), nameless->manifest.features.size(), NameOf(member.record))};
  }
  return OkStatus();
}

Status CollectFeatures(const std::vector<Member>& members, std::vector<ManifestFeature>& features) {
  HONE_RETURN_IF_ERROR(CheckPositions(members));
  for (const Member& member : members) {
    for (const ManifestFeature& feature : member.manifest.features) {
      HONE_RETURN_IF_ERROR(AddFeature(feature, member, features));
    }
  }
  if (features.size() <= kMostFeatures) return OkStatus();
  return Error{ErrorCode::kConflict, fmt::format("the members have {} features together, at most {} are possible",
                                                 features.size(), kMostFeatures)};
}

Error InFile(Error error, const std::string& source, std::string key) {
  return {ErrorCode::kInvalidData, std::move(error.message), source, 0, std::move(key)};
}

}  // namespace

bool HasPositionsOnly(const Manifest& manifest) {
  for (std::size_t i = 0; i < manifest.features.size(); ++i) {
    if (manifest.features[i].name != fmt::format("column_{}", i)) return false;
  }
  return true;
}

Status ResolveEnsemble(VersionStore& versions, const ArtifactStore& artifacts, const EnsembleFile& file,
                       const std::string& source, Manifest& manifest) {
  std::vector<Member> members;
  ManifestEnsemble ensemble{EnsembleRuleName(file.rule), file.threshold, {}};
  for (const EnsembleFileMember& named : file.members) {
    auto member = ResolveMember(versions, artifacts, named);
    if (!member.ok()) return InFile(member.error(), source, fmt::format("members[{}].model", members.size()));
    const VersionRecord& record = member->record;
    ensemble.members.push_back({record.model, record.number.ToString(), record.artifact, named.weight});
    members.push_back(std::move(member).value());
  }
  manifest.features.clear();
  const Status collected = CollectFeatures(members, manifest.features);
  if (!collected.ok()) return InFile(collected.error(), source, "members");
  manifest.ensemble = std::move(ensemble);
  return OkStatus();
}

}  // namespace hone
