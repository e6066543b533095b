#include "serving/shadow_scorer.h"

#include <cmath>

namespace hone {
namespace {

// Adds what each version would have answered and counts those without an answer.
class Scorer {
 public:
  Scorer(const Prediction& prediction, const ModelSnapshot& snapshot, std::vector<ShadowPrediction>& out)
      : prediction_(prediction), fits_(prediction.features.size() == snapshot.width()), out_(out) {}

  void Score(const LiveVersion& live) {
    if (live.version == prediction_.version) return;
    Take(live.version, fits_ ? live.model->Predict(prediction_.features) : std::nan(""));
  }
  void ScoreFallback(std::uint32_t column) {
    if (prediction_.role == Role::kFallback) return;
    Take(kPersistenceVersion, fits_ ? prediction_.features[column] : std::nan(""));
  }
  std::size_t failed() const { return failed_; }

 private:
  void Take(const std::string& version, double value) {
    if (std::isfinite(value)) {
      out_.push_back({prediction_.id, version, value});
    } else {
      ++failed_;
    }
  }

  const Prediction& prediction_;
  const bool fits_;
  std::vector<ShadowPrediction>& out_;
  std::size_t failed_ = 0;
};

}  // namespace

std::size_t ScoreShadows(const Prediction& prediction, const ModelSnapshot& snapshot,
                         std::vector<ShadowPrediction>& out) {
  out.clear();
  Scorer scorer(prediction, snapshot, out);
  scorer.Score(snapshot.champion());
  for (const ChallengerVersion& challenger : snapshot.challengers()) scorer.Score(challenger.live);
  for (const LiveVersion& live : snapshot.shadows()) scorer.Score(live);
  if (snapshot.frozen()) scorer.ScoreFallback(*snapshot.fallback());
  return scorer.failed();
}

}  // namespace hone
