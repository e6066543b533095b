#include "serving/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace hone {
namespace {

constexpr std::size_t kMaxFeatures = 4096;

Error Unfit(const SnapshotParts& parts, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), fmt::format("model {}", parts.model), 0, ""};
}

Status CheckFeatures(const SnapshotParts& parts) {
  if (parts.features.empty() || parts.features.size() > kMaxFeatures) {
    return Unfit(parts, fmt::format("needs 1 to {} features, has {}", kMaxFeatures, parts.features.size()));
  }
  std::set<std::string_view> seen;
  for (const std::string& feature : parts.features) {
    if (feature.empty()) return Unfit(parts, "a feature has no name");
    if (!seen.insert(feature).second) return Unfit(parts, fmt::format("feature {} stands twice", feature));
  }
  return OkStatus();
}

Status CheckVersion(const SnapshotParts& parts, const LiveVersion& live, std::set<std::string_view>& seen) {
  if (live.version.empty() || live.version == kPersistenceVersion)
    return Unfit(parts, "a version has no name of its own");
  if (!seen.insert(live.version).second) return Unfit(parts, fmt::format("version {} stands twice", live.version));
  if (live.model == nullptr) return Unfit(parts, fmt::format("version {} has no model", live.version));
  if (live.model->width() != parts.features.size()) {
    return Unfit(parts, fmt::format("version {} takes {} features, the model has {}", live.version, live.model->width(),
                                    parts.features.size()));
  }
  const std::size_t outputs = parts.champion.model->outputs();
  if (live.model->outputs() == outputs) return OkStatus();
  return Unfit(parts, fmt::format("version {} answers {} numbers, the champion {}", live.version, live.model->outputs(),
                                  outputs));
}

Status CheckVersions(const SnapshotParts& parts) {
  std::set<std::string_view> seen;
  HONE_RETURN_IF_ERROR(CheckVersion(parts, parts.champion, seen));
  for (const ChallengerVersion& challenger : parts.challengers) {
    HONE_RETURN_IF_ERROR(CheckVersion(parts, challenger.live, seen));
  }
  for (const LiveVersion& live : parts.shadows) HONE_RETURN_IF_ERROR(CheckVersion(parts, live, seen));
  return OkStatus();
}

Status CheckShares(const SnapshotParts& parts) {
  constexpr double kRounding = 1e-9;
  if (parts.challengers.size() > kMostChallengers) {
    return Unfit(parts, fmt::format("may have {} challengers, has {}", kMostChallengers, parts.challengers.size()));
  }
  double sum = 0;
  for (const ChallengerVersion& challenger : parts.challengers) {
    if (!(challenger.share > 0 && challenger.share <= 1)) {
      return Unfit(parts,
                   fmt::format("{}'s share must be within (0, 1], is {}", challenger.live.version, challenger.share));
    }
    sum += challenger.share;
  }
  if (sum <= 1 + kRounding) return OkStatus();
  return Unfit(parts, fmt::format("the challengers' shares must be at most 1 together, are {}", sum));
}

Status CheckRouting(const SnapshotParts& parts) {
  HONE_RETURN_IF_ERROR(CheckShares(parts));
  if (parts.fallback && *parts.fallback >= parts.features.size()) {
    return Unfit(parts, fmt::format("column {} of the fallback is beyond the {} features", *parts.fallback,
                                    parts.features.size()));
  }
  if (parts.fallback && parts.champion.model->outputs() != 1) {
    return Unfit(parts, "no column can stand for an answer of several numbers");
  }
  if (!(parts.range.low <= parts.range.high)) {
    return Unfit(parts, fmt::format("the range of answers [{}, {}] is empty", parts.range.low, parts.range.high));
  }
  return OkStatus();
}

}  // namespace

ModelSnapshot::ModelSnapshot(SnapshotParts parts) : parts_(std::move(parts)), by_name_(parts_.features.size()) {
  std::iota(by_name_.begin(), by_name_.end(), 0U);
  std::sort(by_name_.begin(), by_name_.end(),
            [this](std::uint32_t a, std::uint32_t b) { return parts_.features[a] < parts_.features[b]; });
}

Result<SnapshotPointer> ModelSnapshot::Make(SnapshotParts parts) {
  HONE_RETURN_IF_ERROR(CheckFeatures(parts));
  HONE_RETURN_IF_ERROR(CheckVersions(parts));
  HONE_RETURN_IF_ERROR(CheckRouting(parts));
  return SnapshotPointer(new ModelSnapshot(std::move(parts)));
}

const LiveVersion* ModelSnapshot::FindVersion(std::string_view version) const {
  if (parts_.champion.version == version) return &parts_.champion;
  for (const ChallengerVersion& challenger : parts_.challengers) {
    if (challenger.live.version == version) return &challenger.live;
  }
  for (const LiveVersion& live : parts_.shadows) {
    if (live.version == version) return &live;
  }
  return nullptr;
}

int ModelSnapshot::ColumnOf(std::string_view feature, std::size_t hint) const {
  if (hint < width() && parts_.features[hint] == feature) return static_cast<int>(hint);
  const auto found =
      std::lower_bound(by_name_.begin(), by_name_.end(), feature,
                       [this](std::uint32_t column, std::string_view name) { return parts_.features[column] < name; });
  return found != by_name_.end() && parts_.features[*found] == feature ? static_cast<int>(*found) : -1;
}

}  // namespace hone
