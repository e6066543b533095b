#include "rollout/paired_trial.h"

#include <algorithm>
#include <limits>

namespace hone {
namespace {

TrialTerms Shared(TrialTerms terms, int challengers) {
  terms.alpha /= challengers;
  return terms;
}

}  // namespace

PairedComparison::PairedComparison(const TrialTerms& terms)
    : terms_(terms),
      gain_(terms.horizon, kTightestAt),
      beyond_effect_(terms.horizon, kTightestAt),
      practice_(terms.horizon, terms.margin, terms.alpha),
      guard_(terms.horizon, terms.margin, terms.alpha) {}

void PairedComparison::Add(double champion_loss, double challenger_loss) {
  if (decided()) return;
  gain_.Add(champion_loss - challenger_loss);
  beyond_effect_.Add(champion_loss - challenger_loss - terms_.minimum_effect);
  if (terms_.question == Question::kRecipe) {
    JudgeRecipe();
  } else {
    JudgeRefresh(champion_loss, challenger_loss);
  }
}

void PairedComparison::JudgeRecipe() {
  if (!gain_.look_due()) return;
  if (const auto better = ProvenBetter(beyond_effect_, beyond_effect_, terms_.alpha, terms_.minimum_rows)) {
    return Decide(*better);
  }
  const Judgement judgement = JudgePaired(gain_, terms_.alpha, terms_.minimum_rows);
  if (judgement.verdict == Verdict::kRollBack) Decide(judgement);
}

void PairedComparison::JudgeRefresh(double champion_loss, double challenger_loss) {
  constexpr double kNoAnchor = std::numeric_limits<double>::quiet_NaN();
  if (const auto harm = guard_.Add(challenger_loss, champion_loss, kNoAnchor)) return Decide(harm->judgement);
  if (practice_.Add(champion_loss, challenger_loss) == PracticeLicence::Change::kGranted) Decide(practice_.judgement());
}

void PairedComparison::Decide(const Judgement& judgement) {
  decision_ = {judgement, gain_.Evaluate(2 * terms_.alpha), RecentGain(gain_), gain_.rows()};
}

TrialAnswer PairedComparison::Answer() const {
  if (decided()) return decision_;
  TrialAnswer answer;
  answer.gain = gain_.Evaluate(2 * terms_.alpha);
  answer.recent_gain = RecentGain(gain_);
  answer.judgement = JudgePaired(terms_.question == Question::kRecipe ? beyond_effect_ : gain_, terms_.alpha,
                                 terms_.question == Question::kRecipe ? terms_.minimum_rows : 0);
  // What was not decided when it was looked at is not decided between looks.
  if (answer.judgement.verdict != Verdict::kNoData) answer.judgement.verdict = Verdict::kHold;
  return answer;
}

PairedTrial::PairedTrial(const TrialTerms& terms, int challengers)
    : comparisons_(static_cast<std::size_t>(challengers), PairedComparison(Shared(terms, challengers))) {}

void PairedTrial::Add(double champion_loss, std::span<const double> losses) {
  if (winner_) return;
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < comparisons_.size(); ++i) {
    if (comparisons_[i].decided()) continue;
    comparisons_[i].Add(champion_loss, losses[i]);
    if (!comparisons_[i].decided()) continue;
    const TrialAnswer answer = comparisons_[i].Answer();
    if (answer.judgement.verdict != Verdict::kAdvance || answer.recent_gain <= largest) continue;
    largest = answer.recent_gain;
    winner_ = static_cast<int>(i);
  }
}

Verdict PairedTrial::verdict() const {
  if (winner_) return Verdict::kAdvance;
  const auto all = [this](Verdict verdict) {
    return std::all_of(comparisons_.begin(), comparisons_.end(), [verdict](const PairedComparison& comparison) {
      return comparison.Answer().judgement.verdict == verdict;
    });
  };
  for (const Verdict verdict : {Verdict::kRollBack, Verdict::kNoData}) {
    if (all(verdict)) return verdict;
  }
  return Verdict::kHold;
}

}  // namespace hone
