// The pieces of the loop's checkpoint as JSON and back. Numbers come back to the bit; one that is not finite is null
// and comes back as NaN. Reading throws nlohmann::json::exception where a key is missing or of another type.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/id.h"
#include "engine/drift_monitor.h"
#include "engine/line.h"
#include "engine/live_set.h"
#include "engine/trained_version.h"
#include "engine/training_service.h"
#include "retraining/triggers.h"
#include "rollout/championship.h"
#include "rollout/practice.h"
#include "rollout/rollout_policy.h"
#include "rollout/standing.h"
#include "rollout/steps.h"

namespace hone {

using StateJson = nlohmann::ordered_json;

StateJson ToJson(const IdGenerator::State& state);
IdGenerator::State IdsFrom(const StateJson& json);

StateJson ToJson(const PairedEvidenceProcess::State& state);
PairedEvidenceProcess::State PairedFrom(const StateJson& json);

StateJson ToJson(const Standing::State& state);
Standing::State StandingFrom(const StateJson& json);

StateJson ToJson(const Championship::State& state);
Championship::State ChampionshipFrom(const StateJson& json, int horizon);

StateJson ToJson(const PracticeLicence::State& state);
PracticeLicence::State PracticeFrom(const StateJson& json);

StateJson ToJson(const LossRecord::State& state);
LossRecord::State LossRecordFrom(const StateJson& json);

StateJson ToJson(const RetrainingTriggers::State& state);
RetrainingTriggers::State TriggersFrom(const StateJson& json);

StateJson ToJson(const DriftMonitor::State& state);
DriftMonitor::State DriftFrom(const StateJson& json, int horizon);

// All but the model itself and its pieces.
StateJson ToJson(const TrainedVersion& version);
TrainedVersion VersionFrom(const StateJson& json);

StateJson ToJson(const TrainingJob& job);
TrainingJob JobFrom(const StateJson& json);

// Members of a rollout's state: those it had before steps lasted some time are enough.
StateJson ToJson(const RolloutSteps::State& state);
RolloutSteps StepsFrom(const StateJson& rollout, const RolloutPolicy& policy);

// All but `versions`: slots only.
StateJson ToJson(const LiveSet& live);
LiveSet LiveSetFrom(const StateJson& json);

}  // namespace hone
