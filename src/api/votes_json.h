// How an ensemble came to its answers, as members of a JSON map that is open.
#pragma once

#include <span>

#include "models/ensemble/voting_ensemble.h"
#include "serving/prediction_batch.h"
#include "wire/json_writer.h"

namespace hone {

// Of one row: "vote", "confidence", "abstained", "votes":[{"model","version","prediction","vote"}...]. `answers` are
// the members' (VotingEnsemble::Ask); `prediction` is a number, or a list where an answer has several. `vote` is null
// where it abstained.
void WriteVotes(const VotingEnsemble& ensemble, std::span<const double> answers, JsonWriter& json);

// Of many rows, by column and null for a row that no ensemble answered: "ensemble_votes", "confidences", "abstained",
// and by member "votes":[{"ensemble","model","version","predictions":[...],"votes":[...]}...], where `ensemble` is the
// version that the member voted in. Nothing where no ensemble answered any row.
void WriteVoteColumns(const PredictionBatch& batch, JsonWriter& json);

}  // namespace hone
