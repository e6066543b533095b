#include "engine/live_intervals.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/improvement_loop.h"

namespace hone {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr int kLookedAt = 4;  // of the log, times `window`, for first errors

std::string IntervalCheckpoint(const std::string& model) { return "intervals:" + model; }

ConformalTerms TermsOf(const IntervalPolicy& policy) {
  ConformalTerms terms;
  terms.coverage = policy.coverage;
  terms.window = static_cast<std::size_t>(policy.window);
  return terms;
}

}  // namespace

LiveIntervals::LiveIntervals(LiveStore& store, std::string model, const IntervalPolicy& policy, Duration patience)
    : store_(&store),
      rows_(*store.database),
      model_(std::move(model)),
      policy_(policy),
      patience_(patience),
      conformal_(TermsOf(policy)),
      shown_(std::make_shared<AnswerReach>()) {
  shown_->coverage = policy.coverage;
}

Result<std::unique_ptr<LiveIntervals>> LiveIntervals::Restore(LiveStore& store, const std::string& model,
                                                              const IntervalPolicy& policy, Duration patience) {
  std::unique_ptr<LiveIntervals> intervals(new LiveIntervals(store, model, policy, patience));
  HONE_ASSIGN_OR_RETURN(const std::optional<std::string> saved, store.checkpoints.Load(IntervalCheckpoint(model)));
  if (saved) {
    HONE_RETURN_IF_ERROR(intervals->RestoreState(*saved));
  } else {
    HONE_RETURN_IF_ERROR(intervals->LearnFromLog());
  }
  HONE_ASSIGN_OR_RETURN(std::vector<GivenAnswer> waiting, intervals->rows_.Read(model));
  for (GivenAnswer& answer : waiting) intervals->pending_.emplace(answer.prediction, std::move(answer));
  intervals->Publish();
  return intervals;
}

// What was learned of another coverage is not of use for this one; the errors are.
Status LiveIntervals::RestoreState(const std::string& text) {
  try {
    const nlohmann::json state = nlohmann::json::parse(text);
    ConformalIntervals::State learned{state.at("errors"), {}, {}};
    if (state.at("coverage") == policy_.coverage) {
      learned.misses = state.at("misses").get<std::vector<double>>();
      learned.weights = state.at("weights").get<std::vector<double>>();
      judged_ = state.at("judged");
      held_ = state.at("held");
      newest_ = state.at("newest").get<std::deque<bool>>();
    }
    conformal_.Restore(learned);
  } catch (const nlohmann::json::exception& error) {
    return Error{ErrorCode::kCorrupt, std::string("the checkpoint of the intervals is damaged: ") + error.what(),
                 model_};
  }
  return OkStatus();
}

std::string LiveIntervals::State() const {
  const ConformalIntervals::State learned = conformal_.state();
  return nlohmann::json{{"coverage", policy_.coverage},
                        {"errors", learned.errors},
                        {"misses", learned.misses},
                        {"weights", learned.weights},
                        {"judged", judged_},
                        {"held", held_},
                        {"newest", newest_}}
      .dump();
}

Status LiveIntervals::LearnFromLog() {
  ConformalIntervals::State learned;
  const auto wanted = static_cast<std::size_t>(policy_.window);
  std::size_t looked = 0;
  HONE_RETURN_IF_ERROR(store_->joined.VisitNewest(
      model_, 0, std::numeric_limits<Time>::max() - kSecond,
      [&](const JoinedPrediction& row) {
        const double error = row.outcome ? std::abs(row.outcome->value - row.prediction.value) : kNone;
        if (std::isfinite(error)) learned.errors.push_back(error);
        return learned.errors.size() < wanted && ++looked < kLookedAt * wanted;
      },
      false));
  std::ranges::reverse(learned.errors);
  conformal_.Restore(learned);
  learned_ = !learned.errors.empty();
  return OkStatus();
}

void LiveIntervals::OnServed(const Prediction& prediction) {
  Forget(prediction.time - patience_);
  if (pending_.size() >= kMostPendingRows || !std::isfinite(prediction.value)) return;
  GivenAnswer answer{prediction.id, prediction.reach, conformal_.Give(prediction.value)};
  fresh_.push_back(answer);
  pending_.emplace(prediction.id, std::move(answer));
}

void LiveIntervals::Forget(Time before) {
  while (!pending_.empty() && pending_.begin()->first.time() < before) {
    settled_.push_back(pending_.begin()->first);
    pending_.erase(pending_.begin());
  }
}

void LiveIntervals::OnOutcome(const Outcome& outcome) {
  const auto found = pending_.find(outcome.prediction_id);
  if (found == pending_.end()) return;
  const GivenAnswer answer = std::move(found->second);
  pending_.erase(found);
  settled_.push_back(outcome.prediction_id);
  conformal_.Learn(answer.given, outcome.value);
  learned_ = true;
  if (std::isnan(answer.told)) return;
  const bool held = std::abs(outcome.value - answer.given.prediction) <= answer.told;
  ++judged_;
  held_ += held ? 1 : 0;
  newest_.push_back(held);
  if (newest_.size() > static_cast<std::size_t>(policy_.window)) newest_.pop_front();
}

// What came and went within one transaction leaves no row.
Status LiveIntervals::Flush() {
  if (!fresh_.empty()) HONE_RETURN_IF_ERROR(rows_.Add(model_, fresh_));
  if (!settled_.empty()) HONE_RETURN_IF_ERROR(rows_.Remove(model_, settled_));
  if (learned_) HONE_RETURN_IF_ERROR(store_->checkpoints.Save(IntervalCheckpoint(model_), State()));
  fresh_.clear();
  settled_.clear();
  learned_ = false;
  return OkStatus();
}

double LiveIntervals::Reach() const {
  const GivenInterval next = conformal_.Give(0);
  return next.reaches.empty() ? kNone : next.interval.high;
}

double LiveIntervals::coverage() const {
  if (newest_.empty()) return kNone;
  return static_cast<double>(std::ranges::count(newest_, true)) / static_cast<double>(newest_.size());
}

}  // namespace hone
