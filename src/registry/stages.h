// The life of a version: which stage may follow which.
//
//   training -> staging -> shadow -> canary -> active -> retired -> active (rollback)
//   staging and shadow may become active at once (the first champion, a person's promotion); canary may return to
//   shadow, and retired too where the version competes again; anything not yet active may be rejected or fail; active
//   may be rejected (taken back); rejected and failed are final
#pragma once

#include <string_view>

#include "base/result.h"
#include "records/version_record.h"

namespace hone {

bool IsAllowedTransition(Stage from, Stage to);

Result<Stage> ParseStage(std::string_view name);
Result<ChangeType> ParseChangeType(std::string_view name);

}  // namespace hone
