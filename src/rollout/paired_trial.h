// A log of paired losses judged as the loop judges: looked at whenever a look is due, decided once.
//
// Each of K challengers is compared with the champion at level alpha / K. The first to be proven better wins and ends
// the trial; a challenger proven worse is out of it.
//
//   recipe   advance: the loss is lower by more than `minimum_effect` (ProvenBetter); roll_back: it is higher
//            (JudgePaired). Both one-sided at the level.
//   refresh  advance: the practice licence, root mean squared error not higher by more than the fraction `margin`
//            (losses are squared errors then); roll_back: the harm guard, at half the level.
//
// Equal models: the table in docs/reference/dependent_data.md. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rollout/harm_guard.h"
#include "rollout/practice.h"
#include "rollout/verdict.h"

namespace hone {

struct TrialTerms {
  Question question = Question::kRecipe;
  int horizon = 1;            // rows until an outcome is known, >= 1
  double alpha = 0.05;        // (0, 0.5]
  int minimum_rows = 60;      // of a recipe's verdict
  double minimum_effect = 0;  // recipe: gain in mean loss that is worth the change, >= 0
  double margin = 0.02;       // refresh: [0, 0.5]
};

// What one challenger's rows say, as of the row it was decided at, or of the last one.
struct TrialAnswer {
  Judgement judgement;  // what decided, or the gain's evidence so far
  // Champion's loss less the challenger's. Its interval has level 1 - 2 alpha: that of a one-sided verdict, which it
  // leaves 0 out of when it is in.
  PairedEvidence gain;
  double recent_gain = 0;  // mean over the last max(60, 12 horizons) rows
  std::int64_t row = 0;    // of the decision, 1-based; 0 while there is none
};

// One challenger against the champion.
class PairedComparison {
 public:
  explicit PairedComparison(const TrialTerms& terms);
  // The next row's losses, finite. After a decision, changes nothing.
  void Add(double champion_loss, double challenger_loss);
  bool decided() const { return decision_.row > 0; }
  TrialAnswer Answer() const;

 private:
  void JudgeRecipe();
  void JudgeRefresh(double champion_loss, double challenger_loss);
  void Decide(const Judgement& judgement);

  TrialTerms terms_;
  PairedEvidenceProcess gain_, beyond_effect_;
  PracticeLicence practice_;
  HarmGuard guard_;
  TrialAnswer decision_;
};

class PairedTrial {
 public:
  // challengers >= 1.
  PairedTrial(const TrialTerms& terms, int challengers);

  // The next row: all losses finite, one a challenger.
  void Add(double champion_loss, std::span<const double> losses);

  // The challenger that was proven better first (of several in one row, the one with the largest recent gain).
  std::optional<int> winner() const { return winner_; }
  // advance with a winner; roll_back when all challengers are worse; no_data when none could be looked at; else hold.
  Verdict verdict() const;
  TrialAnswer Answer(int challenger) const { return comparisons_[static_cast<std::size_t>(challenger)].Answer(); }

 private:
  std::vector<PairedComparison> comparisons_;
  std::optional<int> winner_;
};

}  // namespace hone
