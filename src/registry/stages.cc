#include "registry/stages.h"

#include <fmt/format.h>

#include <array>

namespace hone {
namespace {

constexpr std::array kStages = {Stage::kTraining, Stage::kStaging, Stage::kShadow,   Stage::kCanary,
                                Stage::kActive,   Stage::kRetired, Stage::kRejected, Stage::kFailed};
constexpr std::array kChanges = {ChangeType::kArchitecture, ChangeType::kHyperparameter, ChangeType::kRetrain,
                                 ChangeType::kBugfix, ChangeType::kData};

}  // namespace

bool IsAllowedTransition(Stage from, Stage to) {
  switch (from) {
    case Stage::kTraining: return to == Stage::kStaging || IsFinished(to);
    case Stage::kStaging: return to == Stage::kShadow || to == Stage::kActive || IsFinished(to);
    case Stage::kShadow: return to == Stage::kCanary || to == Stage::kActive || IsFinished(to);
    case Stage::kCanary: return to == Stage::kShadow || to == Stage::kActive || IsFinished(to);
    case Stage::kActive: return to == Stage::kRetired || to == Stage::kRejected;
    case Stage::kRetired: return to == Stage::kActive || to == Stage::kShadow;
    case Stage::kRejected:
    case Stage::kFailed: return false;
  }
  return false;
}

Result<Stage> ParseStage(std::string_view name) {
  for (const Stage stage : kStages) {
    if (name == StageName(stage)) return stage;
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("must be training, staging, shadow, canary, active, retired, rejected or failed, is \"{}\"",
                           name.substr(0, 64)),
               "", 0, "stage"};
}

Result<ChangeType> ParseChangeType(std::string_view name) {
  for (const ChangeType change : kChanges) {
    if (name == ChangeTypeName(change)) return change;
  }
  return Error{
      ErrorCode::kInvalidArgument,
      fmt::format("must be architecture, hyperparameter, retrain, bugfix or data, is \"{}\"", name.substr(0, 64)), "",
      0, "change"};
}

}  // namespace hone
