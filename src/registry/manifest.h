// What an artifact is: manifest.json beside the native model files, each addressed by SHA-256; the manifest's address
// is the version's. It holds all that is needed to answer a row of the model's feature list with this version.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hone {

struct ManifestFeature {
  std::string name;
  std::string definition;                    // SHA-256 (hex) of the feature's definition
  std::vector<std::string> registered = {};  // "trend@2": the registered features it is or names

  bool operator==(const ManifestFeature&) const = default;
};

// One trained model; a version of several answers their mean.
struct ManifestPiece {
  std::string recipe;                // the recipe that made it
  std::string format;                // "linear", "lightgbm", "onnx" or "xgboost"
  std::string file;                  // address of the native model file
  std::vector<std::string> columns;  // the features it reads, in its own order
  std::string relative_to;           // feature added to its answer; "" for none

  bool operator==(const ManifestPiece&) const = default;
};

// A version that votes, as it was when the ensemble was registered.
struct ManifestMember {
  std::string model, version;
  std::string artifact;  // address of its manifest
  double weight = 1;     // above 0

  bool operator==(const ManifestMember&) const = default;
};

struct ManifestEnsemble {
  std::string rule;  // "weighted", "majority" or "unanimous" (models/ensemble/voting_ensemble.h)
  std::optional<double> threshold;
  std::vector<ManifestMember> members;

  bool operator==(const ManifestEnsemble&) const = default;
};

struct Manifest {
  std::string model;
  std::string recipe;
  std::string target;
  std::vector<ManifestFeature> features;  // the model's feature list: what a row holds, in order
  std::vector<ManifestPiece> pieces;      // in the order their answers are added; none of an ensemble
  std::optional<ManifestEnsemble> ensemble;

  bool operator==(const Manifest&) const = default;
};

// Canonical text: the same manifest gives the same bytes. Format 1, or 2 for an ensemble.
std::string WriteManifest(const Manifest& manifest);

// Reads and checks a manifest; `source` names it in errors. Limits: 4 MiB, 4,096 features, 64 pieces, names of 256
// bytes, unknown keys refused. kInvalidData names the key: features are unique, every column and relative_to is a
// feature, addresses are hashes, there is at least one piece, or an ensemble of two members or more.
Result<Manifest> ReadManifest(std::string_view text, const std::string& source);

}  // namespace hone
