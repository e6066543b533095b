#include "api/votes_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "api/prediction_json.h"

namespace hone {
namespace {

Ballot BallotOf(const VotingEnsemble& ensemble, std::span<const double> answers) {
  std::array<double, VotingEnsemble::kMostNumbers> answer;
  return ensemble.Combine(answers, {answer.data(), ensemble.outputs()});
}

void WriteVote(const VotingEnsemble& ensemble, std::span<const double> answer, JsonWriter& json) {
  if (std::ranges::all_of(answer, [](double value) { return std::isfinite(value); })) {
    json.Value(ensemble.VoteOf(answer));
  } else {
    json.Null();
  }
}

const VotingEnsemble* EnsembleOf(const PredictionBatch& batch, std::size_t row) {
  const Model* const model = batch.route(row).model;
  return model != nullptr ? model->ensemble() : nullptr;
}

// The rows that an ensemble answered, one `write(row, ensemble)` each; null for the others.
template <typename Write>
void WriteEnsembleColumn(const char* key, const PredictionBatch& batch, JsonWriter& json, const Write& write) {
  json.Key(key).BeginList();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (const VotingEnsemble* ensemble = EnsembleOf(batch, i)) {
      write(i, *ensemble);
    } else {
      json.Null();
    }
  }
  json.EndList();
}

void WriteMemberColumns(const PredictionBatch& batch, const std::string& version, const VotingEnsemble& asked,
                        std::size_t member, JsonWriter& json) {
  const EnsembleMember& who = asked.members()[member];
  json.BeginMap().Member("ensemble", version).Member("model", who.model).Member("version", who.version);
  const auto column = [&](const char* key, const auto& write) {
    WriteEnsembleColumn(key, batch, json, [&](std::size_t i, const VotingEnsemble& ensemble) {
      if (&ensemble != &asked) return static_cast<void>(json.Null());
      write(asked.AnswerOf(member, batch.votes(i)));
    });
  };
  column("predictions", [&](std::span<const double> answer) { WriteAnswer(answer, json); });
  column("votes", [&](std::span<const double> answer) { WriteVote(asked, answer, json); });
  json.EndMap();
}

// Each ensemble that answered a row, by the version it is.
std::vector<const Route*> EnsemblesOf(const PredictionBatch& batch) {
  std::vector<const Route*> routes;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Route& route = batch.route(i);
    const bool known = std::ranges::any_of(routes, [&](const Route* seen) { return seen->model == route.model; });
    if (!known && EnsembleOf(batch, i) != nullptr) routes.push_back(&route);
  }
  return routes;
}

}  // namespace

void WriteVotes(const VotingEnsemble& ensemble, std::span<const double> answers, JsonWriter& json) {
  const Ballot ballot = BallotOf(ensemble, answers);
  json.Member("vote", ballot.vote).Member("confidence", ballot.confidence).Member("abstained", ballot.abstained);
  json.Key("votes").BeginList();
  for (std::size_t m = 0; m < ensemble.members().size(); ++m) {
    const EnsembleMember& member = ensemble.members()[m];
    const std::span<const double> answer = ensemble.AnswerOf(m, answers);
    json.BeginMap().Member("model", member.model).Member("version", member.version).Key("prediction");
    WriteAnswer(answer, json);
    json.Key("vote");
    WriteVote(ensemble, answer, json);
    json.EndMap();
  }
  json.EndList();
}

void WriteVoteColumns(const PredictionBatch& batch, JsonWriter& json) {
  const std::vector<const Route*> ensembles = EnsemblesOf(batch);
  if (ensembles.empty()) return;
  const auto column = [&](const char* key, const auto& write) {
    WriteEnsembleColumn(key, batch, json, [&](std::size_t i, const VotingEnsemble& ensemble) {
      write(BallotOf(ensemble, batch.votes(i)));
    });
  };
  column("ensemble_votes", [&](const Ballot& ballot) { json.Value(ballot.vote); });
  column("confidences", [&](const Ballot& ballot) { json.Value(ballot.confidence); });
  column("abstained", [&](const Ballot& ballot) { json.Value(ballot.abstained); });
  json.Key("votes").BeginList();
  for (const Route* route : ensembles) {
    const VotingEnsemble& ensemble = *route->model->ensemble();
    for (std::size_t m = 0; m < ensemble.members().size(); ++m) {
      WriteMemberColumns(batch, *route->version, ensemble, m, json);
    }
  }
  json.EndList();
}

}  // namespace hone
