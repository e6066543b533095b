// What an experiment says. Three answers, never two, and no_data is a fourth.
#pragma once

#include <cstdint>
#include <optional>

#include "stats/paired_evidence.h"

namespace hone {

enum class Verdict : std::uint8_t {
  kNoData,    // fewer matured outcomes than a look needs: no act
  kHold,      // inconclusive: go on watching
  kAdvance,   // the challenger is proven better
  kRollBack,  // the challenger is proven worse
};
const char* VerdictName(Verdict verdict);  // "no_data", "hold", "advance", "roll_back"

// Which burden of proof applies.
enum class Question : std::uint8_t {
  kRefresh,  // same recipe, newer data: practice proven, twin checked, instance guarded against harm
  kRecipe,   // anything else: proven superior on paired losses
};
const char* QuestionName(Question question);  // "refresh", "recipe"

// Blocks of two horizons at which the mixture of every verdict is tightest. At 50 the evidence of twelve blocks is
// bounded below what a level corrected for a dozen candidates asks, however large the gain; a championship would take
// four years of days to see what anyone sees in one.
inline constexpr double kTightestAt = 10;

// A verdict with the numbers it rests on.
struct Judgement {
  Verdict verdict = Verdict::kNoData;
  PairedEvidence evidence;
  double alpha = 0;      // level after every correction
  double threshold = 0;  // log_e that decides: log(1 / (2 alpha))
};

// Judges paired losses `differences` (reference loss - challenger loss; positive favours the challenger) at level
// `alpha`, one-sided either way: advance or roll_back once log_e >= log(1 / (2 alpha)), by the sign of the mean.
// no_data before the first look (24 horizons) and before `minimum_rows`.
Judgement JudgePaired(const PairedEvidenceProcess& differences, double alpha, std::int64_t minimum_rows);

// The recipe question at a look: the judgement (advance) by which the challenger is proven better, while it also leads
// over the last max(60, 12 horizons) rows of `recent` (evidence from before a reversal alone advances nobody). Nothing
// where no look is due.
std::optional<Judgement> ProvenBetter(const PairedEvidenceProcess& differences, const PairedEvidenceProcess& recent,
                                      double alpha, std::int64_t minimum_rows);
// Rows at the next look, > differences.rows().
std::int64_t NextLook(const PairedEvidenceProcess& differences);
// Mean of those rows.
double RecentGain(const PairedEvidenceProcess& differences);

}  // namespace hone
