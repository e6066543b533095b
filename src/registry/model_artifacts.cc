#include "registry/model_artifacts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/ensemble/voting_ensemble.h"
#include "models/projected.h"

namespace hone {
namespace {

Result<std::string> FeatureAt(const Manifest& manifest, std::size_t index, const ModelPiece& piece) {
  if (index < manifest.features.size()) return manifest.features[index].name;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the piece of {} reads column {}, but {} has {} features", piece.recipe, index,
                           manifest.model, manifest.features.size()),
               "", 0, "columns"};
}

Result<ManifestPiece> Describe(const ArtifactStore& artifacts, const Manifest& manifest, const ModelPiece& piece) {
  ManifestPiece described{piece.recipe, piece.format, "", {}, ""};
  for (const std::uint32_t column : piece.columns) {
    HONE_ASSIGN_OR_RETURN(std::string name, FeatureAt(manifest, column, piece));
    described.columns.push_back(std::move(name));
  }
  if (piece.offset_column >= 0) {
    HONE_ASSIGN_OR_RETURN(described.relative_to,
                          FeatureAt(manifest, static_cast<std::size_t>(piece.offset_column), piece));
  }
  HONE_ASSIGN_OR_RETURN(described.file, artifacts.Put(piece.bytes));
  return described;
}

// ReadManifest has checked that the name is a feature.
std::size_t IndexOf(const Manifest& manifest, const std::string& name) {
  const auto found = std::find_if(manifest.features.begin(), manifest.features.end(),
                                  [&](const ManifestFeature& feature) { return feature.name == name; });
  return static_cast<std::size_t>(found - manifest.features.begin());
}

}  // namespace

Result<std::string> StoreModel(const ArtifactStore& artifacts, Manifest manifest, std::span<const ModelPiece> pieces) {
  manifest.pieces.clear();
  for (const ModelPiece& piece : pieces) {
    HONE_ASSIGN_OR_RETURN(ManifestPiece described, Describe(artifacts, manifest, piece));
    manifest.pieces.push_back(std::move(described));
  }
  return StoreManifest(artifacts, manifest);
}

Result<std::string> StoreManifest(const ArtifactStore& artifacts, const Manifest& manifest) {
  const std::string text = WriteManifest(manifest);
  auto checked = ReadManifest(text, "manifest.json");
  if (!checked.ok()) {
    Error error = std::move(checked).error();
    error.code = ErrorCode::kInvalidArgument;
    return error;
  }
  return artifacts.Put(text);
}

Result<Manifest> LoadManifest(const ArtifactStore& artifacts, const std::string& address) {
  HONE_ASSIGN_OR_RETURN(const std::string text, artifacts.Get(address));
  return ReadManifest(text, artifacts.PathOf(address).string());
}

Result<std::vector<ModelPiece>> LoadPieces(const ArtifactStore& artifacts, const Manifest& manifest) {
  std::vector<ModelPiece> pieces;
  for (const ManifestPiece& described : manifest.pieces) {
    ModelPiece piece;
    piece.recipe = described.recipe;
    piece.format = described.format;
    HONE_ASSIGN_OR_RETURN(piece.bytes, artifacts.Get(described.file));
    for (const auto& column : described.columns) {
      piece.columns.push_back(static_cast<std::uint32_t>(IndexOf(manifest, column)));
    }
    if (!described.relative_to.empty())
      piece.offset_column = static_cast<int>(IndexOf(manifest, described.relative_to));
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

namespace {

// `address`: the manifest's, for errors.
Result<ModelPointer> LoadFromPieces(const ArtifactStore& artifacts, const Manifest& manifest,
                                    const std::string& address) {
  HONE_ASSIGN_OR_RETURN(const auto pieces, LoadPieces(artifacts, manifest));
  auto model = AssembleModel(pieces, manifest.features.size());
  if (model.ok()) return model;
  Error error = std::move(model).error();
  const std::string manifest_path = artifacts.PathOf(address).string();
  error.source = error.source.empty() ? manifest_path : fmt::format("{}: {}", manifest_path, error.source);
  return error;
}

Error OfMember(const ManifestMember& member, ErrorCode code, std::string message) {
  return {code, fmt::format("{} {}: {}", member.model, member.version, message), "", 0, "members"};
}

// The member's features among those of the ensemble, in its own order.
Result<std::vector<std::uint32_t>> ColumnsOf(const Manifest& ensemble, const Manifest& own,
                                             const ManifestMember& member) {
  std::vector<std::uint32_t> columns;
  for (const ManifestFeature& feature : own.features) {
    const std::size_t column = IndexOf(ensemble, feature.name);
    if (column == ensemble.features.size()) {
      return OfMember(member, ErrorCode::kCorrupt, "reads " + feature.name + ", which the ensemble does not have");
    }
    columns.push_back(static_cast<std::uint32_t>(column));
  }
  return columns;
}

Result<ModelPointer> LoadMember(const ArtifactStore& artifacts, const Manifest& ensemble,
                                const ManifestMember& member) {
  HONE_ASSIGN_OR_RETURN(const Manifest own, LoadManifest(artifacts, member.artifact));
  HONE_ASSIGN_OR_RETURN(ModelPointer model, LoadModel(artifacts, member.artifact));
  if (own.features.size() == ensemble.features.size() &&
      std::ranges::equal(own.features, ensemble.features, {}, &ManifestFeature::name, &ManifestFeature::name)) {
    return model;
  }
  if (own.features.size() > kMaxProjectedColumns) {
    return OfMember(member, ErrorCode::kInvalidData,
                    fmt::format("takes {} features and others take more; at most {} can be picked from a wider row",
                                own.features.size(), kMaxProjectedColumns));
  }
  HONE_ASSIGN_OR_RETURN(std::vector<std::uint32_t> columns, ColumnsOf(ensemble, own, member));
  return MakeProjectedModel(std::move(model), std::move(columns), -1, ensemble.features.size());
}

// Reads manifests only, and no more of them than a few times the limits.
Status CheckLevels(const ArtifactStore& artifacts, const ManifestEnsemble& ensemble, int level, int& models) {
  for (const ManifestMember& member : ensemble.members) {
    HONE_ASSIGN_OR_RETURN(const Manifest own, LoadManifest(artifacts, member.artifact));
    if (!own.ensemble) {
      if (++models <= kMostEnsembleModels) continue;
      return OfMember(member, ErrorCode::kInvalidData,
                      fmt::format("there may be {} models below an ensemble, are more", kMostEnsembleModels));
    }
    if (level == kDeepestEnsemble) {
      return OfMember(
          member, ErrorCode::kInvalidData,
          fmt::format("is an ensemble {} levels below the first; {} levels are possible", level, kDeepestEnsemble));
    }
    HONE_RETURN_IF_ERROR(CheckLevels(artifacts, *own.ensemble, level + 1, models));
  }
  return OkStatus();
}

Result<EnsembleRule> RuleOf(const ManifestEnsemble& ensemble) {
  for (const EnsembleRule rule : {EnsembleRule::kWeighted, EnsembleRule::kMajority, EnsembleRule::kUnanimous}) {
    if (ensemble.rule == EnsembleRuleName(rule)) return rule;
  }
  return Error{ErrorCode::kInvalidData,
               "must be weighted, majority or unanimous, is \"" + ensemble.rule.substr(0, 64) + "\"", "", 0, "rule"};
}

}  // namespace

Result<ModelPointer> LoadEnsemble(const ArtifactStore& artifacts, const Manifest& manifest) {
  int models = 0;
  HONE_RETURN_IF_ERROR(CheckLevels(artifacts, *manifest.ensemble, 1, models));
  HONE_ASSIGN_OR_RETURN(const EnsembleRule rule, RuleOf(*manifest.ensemble));
  std::vector<EnsembleMember> members;
  for (const ManifestMember& member : manifest.ensemble->members) {
    HONE_ASSIGN_OR_RETURN(ModelPointer model, LoadMember(artifacts, manifest, member));
    members.push_back({member.model, member.version, member.weight, std::move(model)});
  }
  HONE_ASSIGN_OR_RETURN(ModelPointer ensemble,
                        VotingEnsemble::Make(rule, manifest.ensemble->threshold, std::move(members)));
  return ensemble;
}

Result<ModelPointer> LoadModel(const ArtifactStore& artifacts, const std::string& address) {
  HONE_ASSIGN_OR_RETURN(const Manifest manifest, LoadManifest(artifacts, address));
  return manifest.ensemble ? LoadEnsemble(artifacts, manifest) : LoadFromPieces(artifacts, manifest, address);
}

Result<ModelPointer> LoadVersion(const ArtifactStore& artifacts, const VersionRecord& record) {
  HONE_ASSIGN_OR_RETURN(const Manifest manifest, LoadManifest(artifacts, record.artifact));
  if (manifest.model != record.model) {
    return Error{
        ErrorCode::kInvalidData,
        fmt::format("is a manifest of {}, must be of {} {}", manifest.model, record.model, record.number.ToString()),
        artifacts.PathOf(record.artifact).string(), 0, "model"};
  }
  return LoadModel(artifacts, record.artifact);
}

}  // namespace hone
