#include "serving/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "base/edit_distance.h"
#include "models/ensemble/voting_ensemble.h"

namespace hone {
namespace {

Error Misfit(const ModelSnapshot& snapshot, std::string message, std::string_view feature = {}) {
  return {ErrorCode::kInvalidData, std::move(message), fmt::format("model {}", snapshot.model()), 0,
          feature.empty() ? "features" : fmt::format("features.{}", feature)};
}

Error Unknown(const ModelSnapshot& snapshot, std::string_view feature) {
  const std::string shown(feature.substr(0, 64));
  return Misfit(snapshot, "unknown feature" + DidYouMean(shown, snapshot.features()), shown);
}

Error Missing(const ModelSnapshot& snapshot, std::span<const NamedFeature> given) {
  for (const std::string& feature : snapshot.features()) {
    const bool found =
        std::any_of(given.begin(), given.end(), [&](const NamedFeature& named) { return named.name == feature; });
    if (!found) return Misfit(snapshot, "is missing; null stands for a value that is not known", feature);
  }
  return Misfit(snapshot, "a feature is missing");
}

// A quiet NaN whose payload says "not given yet"; null features are ordinary NaN, so the two differ in their bits.
double NotGiven() { return std::bit_cast<double>(std::uint64_t{0x7ff8'0000'600d'f00d}); }

bool IsNotGiven(double value) {
  return std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(NotGiven());
}

// Members' answers go to the record, what they come to is the answer; true where they abstain.
bool EvaluateEnsemble(const VotingEnsemble& ensemble, Prediction& prediction, std::span<double> answer) {
  prediction.votes.resize(ensemble.numbers());
  ensemble.Ask(prediction.features, prediction.votes);
  return ensemble.Combine(prediction.votes, answer).abstained;
}

// The first number of the answer, NaN where one of them is not finite; all of several go to the record.
double Evaluate(const ModelSnapshot& snapshot, const Route& route, Prediction& prediction, bool& abstained) {
  double value = 0;
  prediction.values.resize(snapshot.outputs() > 1 ? snapshot.outputs() : 0);
  prediction.votes.clear();
  abstained = false;
  if (route.model == nullptr) return prediction.features[*snapshot.fallback()];
  const std::span<double> answer =
      prediction.values.empty() ? std::span<double>(&value, 1) : std::span<double>(prediction.values);
  if (const VotingEnsemble* ensemble = route.model->ensemble()) {
    abstained = EvaluateEnsemble(*ensemble, prediction, answer);
  } else {
    route.model->PredictAll(prediction.features, answer);
  }
  const bool finite = std::ranges::all_of(answer, [](double number) { return std::isfinite(number); });
  return finite ? answer.front() : std::numeric_limits<double>::quiet_NaN();
}

double ReachOf(const ModelSnapshot& snapshot) {
  const AnswerReach* reach = snapshot.reach();
  return reach == nullptr ? std::numeric_limits<double>::quiet_NaN() : reach->reach.load(std::memory_order_relaxed);
}

Error NoAnswer(const ModelSnapshot& snapshot, const Route& route, std::span<const double> row) {
  std::string message = fmt::format("version {} has no finite answer for these features", *route.version);
  const auto missing = std::find_if(row.begin(), row.end(), [](double value) { return !std::isfinite(value); });
  if (missing != row.end()) {
    message += fmt::format("; {} is missing", snapshot.features()[static_cast<std::size_t>(missing - row.begin())]);
  }
  return {ErrorCode::kInvalidData, std::move(message), fmt::format("model {}", snapshot.model()), 0, "features"};
}

}  // namespace

Status BindByName(const ModelSnapshot& snapshot, std::span<const NamedFeature> features, std::vector<double>& row) {
  row.assign(snapshot.width(), NotGiven());
  for (std::size_t i = 0; i < features.size(); ++i) {
    const int column = snapshot.ColumnOf(features[i].name, i);
    if (column < 0) return Unknown(snapshot, features[i].name);
    double& value = row[static_cast<std::size_t>(column)];
    if (!IsNotGiven(value)) return Misfit(snapshot, "is given twice", features[i].name.substr(0, 64));
    value = std::isnan(features[i].value) ? std::numeric_limits<double>::quiet_NaN() : features[i].value;
  }
  return features.size() == snapshot.width() ? OkStatus() : Status(Missing(snapshot, features));
}

Status BindByPosition(const ModelSnapshot& snapshot, std::span<const double> values, std::vector<double>& row) {
  if (values.size() != snapshot.width()) {
    return Misfit(snapshot, fmt::format("must be {} values in the order of the model's features, are {}",
                                        snapshot.width(), values.size()));
  }
  row.assign(values.begin(), values.end());
  return OkStatus();
}

Predictor::Predictor(const Clock& clock, std::uint64_t seed)
    : clock_(&clock), routing_(Random::Stream(seed, "routing")), ids_(seed) {}

Result<AnswerNotes> Predictor::Predict(const ModelSnapshot& snapshot, const PredictRequest& request,
                                       Prediction& prediction) {
  const Time begin = clock_->Now();
  prediction.assignment = {};
  HONE_RETURN_IF_ERROR(request.by_name ? BindByName(snapshot, request.named, prediction.features)
                                       : BindByPosition(snapshot, request.values, prediction.features));
  return Answer(snapshot, begin, request.key, prediction);
}

Result<AnswerNotes> Predictor::PredictRow(const ModelSnapshot& snapshot, std::span<const double> row,
                                          Prediction& prediction) {
  const Time begin = clock_->Now();
  prediction.assignment = {};
  HONE_RETURN_IF_ERROR(BindByPosition(snapshot, row, prediction.features));
  return Answer(snapshot, begin, {}, prediction);
}

// The number of the challenger that the request falls to, or how many there are.
std::size_t Predictor::Draw(const ModelSnapshot& snapshot, std::string_view key) {
  if (snapshot.challengers().empty()) return 0;
  return ChallengerOf(snapshot, key.empty() ? routing_.Uniform() : DrawOfKey(snapshot.salt(), key));
}

Result<AnswerNotes> Predictor::Answer(const ModelSnapshot& snapshot, Time begin, std::string_view key,
                                      Prediction& prediction) {
  AnswerNotes notes;
  const std::size_t number = Draw(snapshot, key);
  prediction.assignment = AssignmentTo(snapshot, number, key);
  Route route = RouteTo(snapshot, number);
  double value = Evaluate(snapshot, route, prediction, notes.abstained);
  if (!std::isfinite(value) && !notes.abstained && route.role == Role::kCanary) {
    notes.canary_failed = true;
    route = RouteWithoutChallengers(snapshot);
    value = Evaluate(snapshot, route, prediction, notes.abstained);
  }
  const bool unanswered = !std::isfinite(value) && !notes.abstained;
  notes.out_of_range = !notes.abstained && !snapshot.range().Contains(value);

  prediction.id = ids_.Next(begin);
  prediction.time = begin;
  prediction.model = snapshot.model();
  prediction.version = *route.version;
  prediction.role = route.role;
  prediction.propensity = route.propensity;
  prediction.value = value;
  prediction.reach = ReachOf(snapshot);
  prediction.latency = std::max<Duration>(clock_->Now() - begin, 0);
  prediction.assignment.failed = notes.canary_failed || unanswered;
  prediction.assignment.answered = std::isfinite(value);
  prediction.assignment.timed = true;
  if (unanswered) return NoAnswer(snapshot, route, prediction.features);
  return notes;
}

}  // namespace hone
