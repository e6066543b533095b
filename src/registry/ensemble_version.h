// The versions that an ensemble's file names, looked up: what a version of it is made of.
#pragma once

#include <string>

#include "base/result.h"
#include "models/ensemble/ensemble_file.h"
#include "registry/manifest.h"
#include "registry/version_store.h"
#include "storage/artifact_store.h"

namespace hone {

// Pins each member: its number and the address of its manifest, whatever becomes active later. The ensemble's row is
// the union of the members' features by name, in the order in which they come first. Where a member's columns have no
// names (column_0, column_1, ...) all members must have the same columns. Fills features and ensemble of `manifest`.
//
// kInvalidData, naming the member in `source`: no such version, none active, one in training, rejected, failed or not
// validated, one feature with two definitions, columns by position beside others. Loads no model.
Status ResolveEnsemble(VersionStore& versions, const ArtifactStore& artifacts, const EnsembleFile& file,
                       const std::string& source, Manifest& manifest);

// Whether the features are column_0, column_1, ...: those of a file that names none.
bool HasPositionsOnly(const Manifest& manifest);

}  // namespace hone
