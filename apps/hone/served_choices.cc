#include "hone/served_choices.h"

#include <algorithm>
#include <limits>

#include "engine/experiment.h"
#include "hone/system_clock.h"

namespace hone {
namespace {

constexpr std::size_t kMostServedChoices = 1'000'000;
constexpr Time kAfterEveryRequest = std::numeric_limits<Time>::max() - kSecond;

// Only when it ran is asked for, not how its release stands.
Result<std::optional<RolloutStatus>> NoRelease(const std::string&) { return std::optional<RolloutStatus>(); }

// Newest first.
class ServedChoices {
 public:
  explicit ServedChoices(const std::string& always) : always_(&always) {}

  bool Take(const JoinedPrediction& row) {
    ++taken_;
    if (!row.outcome) {
      ++file_.pending;
    } else {
      Add(row.prediction, row.outcome->value);
    }
    return !refused_ && taken_ < kMostServedChoices;
  }
  Result<ChoicesFile> File(const std::string& source) {
    if (refused_) return *refused_;
    std::ranges::reverse(file_.log);
    std::ranges::reverse(file_.choices);
    HONE_RETURN_IF_ERROR(file_.Check(*always_, source));
    return std::move(file_);
  }

 private:
  void Add(const Prediction& prediction, double outcome) {
    const double error = prediction.value - outcome;
    LoggedChoice choice;
    choice.propensity = prediction.propensity;
    choice.target = prediction.version == *always_ ? 1 : 0;
    choice.reward = -error * error;
    if (choice.reward >= -kLargestReward) return file_.Add(choice, prediction.version);
    refused_ = Error{ErrorCode::kInvalidData, "the squared error of " + prediction.id.ToString() + " is beyond 1e100"};
  }

  const std::string* always_;
  ChoicesFile file_;
  std::size_t taken_ = 0;
  std::optional<Error> refused_;
};

}  // namespace

Result<ChoicesFile> ReadServedChoices(LiveStore& store, const Id& experiment, const std::string& always) {
  HONE_ASSIGN_OR_RETURN(const Experiment ran, ReadExperiment(store, experiment, NoRelease, SystemClock().Now()));
  ServedChoices choices(always);
  const auto take = [&choices](const JoinedPrediction& row) { return choices.Take(row); };
  HONE_RETURN_IF_ERROR(
      store.joined.VisitNewest(ran.model, ran.started, ran.ended.value_or(kAfterEveryRequest), take, false));
  return choices.File("experiment " + experiment.ToString());
}

}  // namespace hone
