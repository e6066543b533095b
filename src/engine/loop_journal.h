// Where the loop writes what it did. Calls come in the order things happened, from the thread that owns the loop; an
// implementation commits them together with the loop's checkpoint.
#pragma once

#include "engine/trained_version.h"
#include "records/decision.h"
#include "records/drift_event.h"
#include "records/prediction.h"

namespace hone {

class LoopJournal {
 public:
  virtual ~LoopJournal() = default;
  virtual void OnDecision(const Decision& decision) = 0;
  virtual void OnDrift(const DriftEvent& event) = 0;
  // A version was made; its stage follows with OnStage.
  virtual void OnVersion(const TrainedVersion& version) = 0;
  virtual void OnStage(const TrainedVersion& version, Stage stage) = 0;
  // What a live version that did not answer would have answered.
  virtual void OnShadow(const ShadowPrediction& prediction) = 0;
};

// The truth of a synthetic market, where there is one: how much lower the challenger's true risk is.
class TrueRisk {
 public:
  virtual ~TrueRisk() = default;
  // Champion's true risk less the challenger's in the regime in force at `time`, in squared-error units.
  virtual double Gain(Time time, const Model& champion, const Model& challenger) = 0;
};

}  // namespace hone
