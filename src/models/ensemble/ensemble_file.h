// The file of an ensemble, YAML or JSON: which versions vote, and by which rule (voting_ensemble.h).
//
//   ensemble: weighted          # or majority, unanimous
//   members:
//     - model: trend@1.2.0      # a version
//       weight: 0.6
//     - model: reversal         # the version active when the ensemble is registered
//       weight: 0.4
//   threshold: 0.5              # optional
//
// Weights belong to `weighted`; where none is given two members weigh 0.6 and 0.4, more of them the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/ensemble/voting_ensemble.h"

namespace hone {

struct EnsembleFileMember {
  std::string model;
  std::string version;  // "": the active one
  double weight = 1;
};

struct EnsembleFile {
  EnsembleRule rule = EnsembleRule::kWeighted;
  std::optional<double> threshold;
  std::vector<EnsembleFileMember> members;  // 2 ... VotingEnsemble::kMostMembers
};

// Whether the bytes are meant as one: JSON that names "ensemble" first, or YAML with such a line.
bool IsEnsemble(std::string_view bytes);

// kInvalidData names line and key: not YAML or JSON, more than 64 KiB, an unknown key or rule, too few or too many
// members, a weight where it has no meaning, of some members only, or not above 0.
Result<EnsembleFile> ReadEnsembleFile(std::string_view text, std::string_view source);

}  // namespace hone
