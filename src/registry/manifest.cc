#include "registry/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "base/edit_distance.h"
#include "base/sha256.h"
#include "models/ensemble/voting_ensemble.h"

namespace hone {
namespace {

using Json = nlohmann::json;

constexpr int kFormatVersion = 1;
constexpr int kEnsembleVersion = 2;  // `ensemble` instead of `pieces`
constexpr std::size_t kMaxBytes = 4 << 20;
constexpr std::size_t kMaxFeatures = 4096;
constexpr std::size_t kMaxPieces = 64;
constexpr std::size_t kMaxName = 256;

// Reads one manifest, keeping the first thing found wrong.
class Reader {
 public:
  explicit Reader(const std::string& source) : source_(source) {}

  bool ok() const { return !error_; }
  const Error& error() const { return *error_; }

  void Fail(const std::string& key, std::string message) {
    if (!error_) error_ = Error{ErrorCode::kInvalidData, std::move(message), source_, 0, key};
  }

  // True when `json` is an object of exactly these keys.
  bool Object(const Json& json, const std::string& path, const std::vector<std::string>& keys) {
    if (!json.is_object()) {
      Fail(path, "must be an object");
      return false;
    }
    for (const auto& item : json.items()) {
      if (std::find(keys.begin(), keys.end(), item.key()) == keys.end()) {
        Fail(path + item.key().substr(0, kMaxName), "unknown key" + DidYouMean(item.key(), keys));
      }
    }
    for (const auto& key : keys) {
      if (!json.contains(key)) Fail(path + key, "is required");
    }
    return ok();
  }

  std::string Name(const Json& json, const std::string& path) {
    if (json.is_string() && json.get_ref<const std::string&>().size() <= kMaxName) return json.get<std::string>();
    Fail(path, fmt::format("must be a text of at most {} bytes", kMaxName));
    return "";
  }

  std::string Hash(const Json& json, const std::string& path) {
    std::string hash = Name(json, path);
    if (!IsSha256Hex(hash)) Fail(path, "must be 64 lower-case hex digits");
    return hash;
  }

  double Number(const Json& json, const std::string& path) {
    if (json.is_number()) return json.get<double>();
    Fail(path, "must be a number");
    return 0;
  }

  const Json& List(const Json& json, const std::string& path, std::size_t most) {
    static const Json none = Json::array();
    if (json.is_array() && !json.empty() && json.size() <= most) return json;
    Fail(path, fmt::format("must be a list of 1 to {} items", most));
    return none;
  }

 private:
  const std::string& source_;
  std::optional<Error> error_;
};

using Names = std::set<std::string>;

std::vector<ManifestFeature> ReadFeatures(Reader& reader, const Json& json, Names& names) {
  std::vector<ManifestFeature> features;
  for (const Json& item : reader.List(json, "features", kMaxFeatures)) {
    const std::string path = fmt::format("features[{}].", features.size());
    const bool named = item.is_object() && item.contains("registered");
    std::vector<std::string> keys{"name", "definition"};
    if (named) keys.emplace_back("registered");
    if (!reader.Object(item, path, keys)) break;
    ManifestFeature feature{reader.Name(item["name"], path + "name"),
                            reader.Hash(item["definition"], path + "definition")};
    if (named) {
      for (const Json& key : reader.List(item["registered"], path + "registered", kMaxFeatures)) {
        feature.registered.push_back(reader.Name(key, path + "registered"));
      }
    }
    if (!names.insert(feature.name).second) reader.Fail(path + "name", "is given twice: " + feature.name);
    features.push_back(std::move(feature));
  }
  return features;
}

std::string ReadFeatureName(Reader& reader, const Json& json, const std::string& path, const Names& names) {
  std::string name = reader.Name(json, path);
  if (reader.ok() && !names.contains(name)) {
    reader.Fail(path, "must be one of the features, is " + name + DidYouMean(name, {names.begin(), names.end()}));
  }
  return name;
}

ManifestPiece ReadPiece(Reader& reader, const Json& json, const std::string& path, const Names& names) {
  ManifestPiece piece;
  if (!reader.Object(json, path, {"recipe", "format", "file", "columns", "relative_to"})) return piece;
  piece.recipe = reader.Name(json["recipe"], path + "recipe");
  piece.format = reader.Name(json["format"], path + "format");
  piece.file = reader.Hash(json["file"], path + "file");
  for (const Json& column : reader.List(json["columns"], path + "columns", kMaxFeatures)) {
    piece.columns.push_back(ReadFeatureName(reader, column, path + "columns", names));
  }
  const Json& relative_to = json["relative_to"];
  const bool absolute = relative_to.is_string() && relative_to.get_ref<const std::string&>().empty();
  if (!absolute) piece.relative_to = ReadFeatureName(reader, relative_to, path + "relative_to", names);
  return piece;
}

ManifestMember ReadMember(Reader& reader, const Json& json, const std::string& path) {
  ManifestMember member;
  if (!reader.Object(json, path, {"model", "version", "artifact", "weight"})) return member;
  member.model = reader.Name(json["model"], path + "model");
  member.version = reader.Name(json["version"], path + "version");
  member.artifact = reader.Hash(json["artifact"], path + "artifact");
  member.weight = reader.Number(json["weight"], path + "weight");
  return member;
}

ManifestEnsemble ReadEnsemble(Reader& reader, const Json& json) {
  ManifestEnsemble ensemble;
  if (!reader.Object(json, "ensemble.", {"rule", "threshold", "members"})) return ensemble;
  ensemble.rule = reader.Name(json["rule"], "ensemble.rule");
  if (!json["threshold"].is_null()) ensemble.threshold = reader.Number(json["threshold"], "ensemble.threshold");
  for (const Json& item : reader.List(json["members"], "ensemble.members", VotingEnsemble::kMostMembers)) {
    const std::string path = fmt::format("ensemble.members[{}].", ensemble.members.size());
    ensemble.members.push_back(ReadMember(reader, item, path));
  }
  return ensemble;
}

Manifest ReadAll(Reader& reader, const Json& json) {
  Manifest manifest;
  const bool ensemble = json.is_object() && json.contains("ensemble");
  const char* held = ensemble ? "ensemble" : "pieces";
  if (!reader.Object(json, "", {"version", "model", "recipe", "target", "features", held})) return manifest;
  const int version = ensemble ? kEnsembleVersion : kFormatVersion;
  if (json["version"] != version) reader.Fail("version", fmt::format("must be {}", version));
  manifest.model = reader.Name(json["model"], "model");
  manifest.recipe = reader.Name(json["recipe"], "recipe");
  manifest.target = reader.Name(json["target"], "target");
  Names names;
  manifest.features = ReadFeatures(reader, json["features"], names);
  if (ensemble) {
    manifest.ensemble = ReadEnsemble(reader, json["ensemble"]);
    return manifest;
  }
  for (const Json& item : reader.List(json["pieces"], "pieces", kMaxPieces)) {
    manifest.pieces.push_back(ReadPiece(reader, item, fmt::format("pieces[{}].", manifest.pieces.size()), names));
  }
  return manifest;
}

Json PiecesJson(const std::vector<ManifestPiece>& all) {
  Json pieces = Json::array();
  for (const auto& piece : all) {
    pieces.push_back({{"recipe", piece.recipe},
                      {"format", piece.format},
                      {"file", piece.file},
                      {"columns", piece.columns},
                      {"relative_to", piece.relative_to}});
  }
  return pieces;
}

Json EnsembleJson(const ManifestEnsemble& ensemble) {
  Json members = Json::array();
  for (const auto& member : ensemble.members) {
    members.push_back({{"model", member.model},
                       {"version", member.version},
                       {"artifact", member.artifact},
                       {"weight", member.weight}});
  }
  return {{"rule", ensemble.rule},
          {"threshold", ensemble.threshold ? Json(*ensemble.threshold) : Json()},
          {"members", members}};
}

}  // namespace

std::string WriteManifest(const Manifest& manifest) {
  Json features = Json::array();
  for (const auto& feature : manifest.features) {
    features.push_back({{"name", feature.name}, {"definition", feature.definition}});
    if (!feature.registered.empty()) features.back()["registered"] = feature.registered;
  }
  Json json = {{"version", manifest.ensemble ? kEnsembleVersion : kFormatVersion},
               {"model", manifest.model},
               {"recipe", manifest.recipe},
               {"target", manifest.target},
               {"features", features}};
  if (manifest.ensemble) {
    json["ensemble"] = EnsembleJson(*manifest.ensemble);
  } else {
    json["pieces"] = PiecesJson(manifest.pieces);
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Manifest> ReadManifest(std::string_view text, const std::string& source) {
  if (text.size() > kMaxBytes) {
    return Error{ErrorCode::kInvalidData,
                 fmt::format("a manifest must be at most {} bytes, is {}", kMaxBytes, text.size()), source, 0, ""};
  }
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Error{ErrorCode::kInvalidData, "a manifest must be JSON", source, 0, ""};
  Reader reader(source);
  Manifest manifest = ReadAll(reader, json);
  if (!reader.ok()) return reader.error();
  return manifest;
}

}  // namespace hone
