// What an artifact is: manifest.json beside the native model file, both addressed by SHA-256; the manifest's address is
// the version's. It holds all that is needed to answer a row of the model's feature list with this version.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

struct ManifestFeature {
  std::string name;
  std::string definition;  // SHA-256 (hex) of the feature's definition

  bool operator==(const ManifestFeature&) const = default;
};

struct Manifest {
  std::string model;
  std::string recipe;
  std::string target;                     // name of the target
  std::string format;                     // "linear", "lightgbm" or "mean"
  std::string file;                       // address of the native model file; "" for "mean"
  std::vector<ManifestFeature> features;  // the model's feature list: what a row holds, in order
  std::vector<std::string> columns;       // the features the file was trained on, in its order; empty for "mean"
  std::string relative_to;                // feature added to the file's answer; "" for none
  std::vector<std::string> members;       // addresses of the members' manifests, only for "mean"

  bool operator==(const Manifest&) const = default;
};

// Canonical text: the same manifest gives the same bytes.
std::string WriteManifest(const Manifest& manifest);

// Reads and checks a manifest; `source` names it in errors. Limits: 1 MiB, 4,096 features, 64 members, unknown keys
// refused. kInvalidData names the key: every column and relative_to is a feature, names are unique, addresses are
// hashes, a mean has members and no file, anything else a file, columns and no members.
Result<Manifest> ReadManifest(std::string_view text, const std::string& source);

}  // namespace hone
