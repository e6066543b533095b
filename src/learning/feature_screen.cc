#include "learning/feature_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "learning/answer_loss.h"
#include "learning/validate.h"
#include "stats/benjamini_yekutieli.h"
#include "stats/incomplete_beta.h"
#include "stats/paired_evidence.h"

namespace hone {
namespace {

// A column of the rows that are screened: standard scores, what is missing at the mean.
struct StandardColumn {
  std::vector<double> scores;  // empty where it does not vary
  double missing = 0;          // share of rows
};

StandardColumn Standardise(const Dataset& data, std::size_t begin, std::size_t end, std::size_t column) {
  double count = 0, sum = 0, squares = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const double value = data.row(i)[column];
    if (std::isfinite(value)) sum += value, ++count;
  }
  StandardColumn standard{{}, 1 - count / static_cast<double>(end - begin)};
  if (count == 0) return standard;
  const double mean = sum / count;
  std::vector<double> scores;
  for (std::size_t i = begin; i < end; ++i) {
    const double value = data.row(i)[column];
    scores.push_back(std::isfinite(value) ? value - mean : 0);
    squares += scores.back() * scores.back();
  }
  // Rounding alone gives a constant column a deviation of about epsilon times its level.
  if (!(std::sqrt(squares / count) > 1e-13 * std::fabs(mean))) return standard;
  const double norm = std::sqrt(squares);
  for (double& score : scores) score /= norm;
  standard.scores = std::move(scores);
  return standard;
}

// Four sums that do not wait for each other.
double Dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (; i < a.size(); ++i) sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// Columns that are told apart, in the order in which they were met.
class DistinctColumns {
 public:
  DistinctColumns(const Dataset& data, std::size_t begin, std::size_t end, const ScreenOptions& options)
      : data_(data), begin_(begin), end_(end), options_(options) {}

  void Add(const std::string& name, std::vector<double> scores) {
    if (!scores.empty()) known_.emplace_back(name, std::move(scores));
  }

  StandardColumn Of(const std::string& name) const {
    const auto found = std::find(data_.names.begin(), data_.names.end(), name);
    return Standardise(data_, begin_, end_, static_cast<std::size_t>(found - data_.names.begin()));
  }

  // Sets what is known of a candidate without labels; kRefused: nothing against it.
  void Meet(ScreenedCandidate& candidate) {
    StandardColumn column = Of(candidate.name);
    if (column.missing > options_.missing) candidate.state = CandidateState::kMostlyMissing;
    if (column.scores.empty()) candidate.state = CandidateState::kConstant;
    if (candidate.state != CandidateState::kRefused) return;
    for (const auto& [name, scores] : known_) {
      if (std::fabs(Dot(scores, column.scores)) < options_.redundant) continue;
      candidate.state = CandidateState::kRedundant;
      candidate.same_as = name;
      return;
    }
    Add(candidate.name, std::move(column.scores));
  }

 private:
  const Dataset& data_;
  const std::size_t begin_, end_;
  const ScreenOptions& options_;
  std::vector<std::pair<std::string, std::vector<double>>> known_;
};

// Of each judged row.
struct Losses {
  std::vector<double> loss;
  std::vector<double> answer;  // its first number

  std::size_t size() const { return loss.size(); }
};

double MeanOfLosses(const Losses& losses) {
  double sum = 0, count = 0;
  for (const double loss : losses.loss) {
    if (std::isfinite(loss)) sum += loss, ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

class Screen {
 public:
  Screen(const Recipe& recipe, const Dataset& data, std::size_t begin, std::size_t end, const ScreenOptions& options,
         Executor& executor)
      : recipe_(recipe), data_(data), begin_(begin), end_(end), options_(options), executor_(executor) {
    screen_.horizon = LabelHorizon(data, begin, end);
  }

  Result<FeatureScreen> Run(std::span<const std::string> candidates) {
    HONE_ASSIGN_OR_RETURN(Losses base, LossesWith({}));
    screen_.judged_rows = base.size();
    screen_.loss = MeanOfLosses(base);
    Meet(candidates);
    HONE_RETURN_IF_ERROR(JudgeAll(base));
    HONE_RETURN_IF_ERROR(Select(std::move(base)));
    return std::move(screen_);
  }

 private:
  // With the features selected so far, and perhaps one more.
  Result<Losses> LossesWith(const std::string& candidate) const {
    Recipe recipe = recipe_;
    recipe.selection.reset();
    recipe.features.insert(recipe.features.end(), screen_.selected.begin(), screen_.selected.end());
    if (!candidate.empty()) recipe.features.push_back(candidate);
    HONE_ASSIGN_OR_RETURN(const Validation validation, ValidateRecipe(recipe, {&recipe, 1}, data_, begin_, end_,
                                                                      options_.folds, options_.seed, executor_));
    Losses losses;
    std::size_t rows = 0;
    for (const FoldScore& score : validation.folds) rows += score.fold.test_end - score.fold.test_begin;
    const std::size_t outputs = validation.answers.size() / rows;
    std::span<const double> answers(validation.answers);
    for (const FoldScore& score : validation.folds) {
      for (std::size_t i = score.fold.test_begin; i < score.fold.test_end; ++i, answers = answers.subspan(outputs)) {
        losses.loss.push_back(AnswerLoss(recipe.objective, data_.y[i], answers.first(outputs)));
        losses.answer.push_back(answers.front());
      }
    }
    return losses;
  }

  void Meet(std::span<const std::string> candidates) {
    DistinctColumns distinct(data_, begin_, end_, options_);
    for (const std::string& feature : recipe_.features) distinct.Add(feature, distinct.Of(feature).scores);
    for (const std::string& name : candidates) {
      ScreenedCandidate candidate;
      candidate.name = name;
      distinct.Meet(candidate);
      screen_.candidates.push_back(std::move(candidate));
    }
  }

  void Judge(const Losses& without, const Losses& with, ScreenedCandidate& candidate) const {
    PairedEvidenceProcess process(screen_.horizon);
    double gains = 0;
    for (std::size_t i = 0; i < without.size(); ++i) {
      const double gain = without.loss[i] - with.loss[i], moved = without.answer[i] - with.answer[i];
      if (!std::isfinite(gain)) continue;
      gains += gain;
      process.Add(recipe_.learner == "ridge" ? gain + moved * moved : gain);
    }
    const PairedEvidence evidence = process.Evaluate(options_.alpha);
    const double rows = static_cast<double>(evidence.rows);
    candidate.gain = rows > 0 ? gains / rows : 0;
    candidate.p = 1;
    if (evidence.blocks < 2 || !(evidence.variance > 0)) return;
    candidate.effective_rows = rows / evidence.block_length;
    if (!(candidate.gain > 0)) return;
    candidate.p = StudentSurvival(evidence.mean * std::sqrt(rows / evidence.variance), evidence.blocks - 1);
  }

  Status JudgeAll(const Losses& base) {
    std::vector<std::size_t> judged;
    std::vector<double> p_values;
    for (std::size_t i = 0; i < screen_.candidates.size(); ++i) {
      ScreenedCandidate& candidate = screen_.candidates[i];
      if (candidate.state != CandidateState::kRefused) continue;
      HONE_ASSIGN_OR_RETURN(const Losses losses, LossesWith(candidate.name));
      Judge(base, losses, candidate);
      judged.push_back(i);
      p_values.push_back(candidate.p);
    }
    screen_.judged_candidates = judged.size();
    const std::vector<double> adjusted = BenjaminiYekutieli(p_values);
    for (std::size_t k = 0; k < judged.size(); ++k) {
      ScreenedCandidate& candidate = screen_.candidates[judged[k]];
      candidate.adjusted_p = adjusted[k];
      if (adjusted[k] <= options_.alpha) candidate.state = CandidateState::kDiscovered;
    }
    return OkStatus();
  }

  std::vector<std::size_t> Discoveries() const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < screen_.candidates.size(); ++i) {
      if (screen_.candidates[i].state == CandidateState::kDiscovered) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return screen_.candidates[a].p < screen_.candidates[b].p; });
    return order;
  }

  Status Select(Losses losses) {
    for (const std::size_t i : Discoveries()) {
      if (screen_.selected.size() >= static_cast<std::size_t>(options_.most_selected)) break;
      HONE_ASSIGN_OR_RETURN(Losses with, LossesWith(screen_.candidates[i].name));
      ScreenedCandidate again;
      Judge(losses, with, again);
      if (!(again.p <= options_.alpha)) continue;
      screen_.candidates[i].state = CandidateState::kSelected;
      screen_.selected.push_back(screen_.candidates[i].name);
      losses = std::move(with);
    }
    screen_.selected_loss = MeanOfLosses(losses);
    return OkStatus();
  }

  const Recipe& recipe_;
  const Dataset& data_;
  const std::size_t begin_, end_;
  const ScreenOptions& options_;
  Executor& executor_;
  FeatureScreen screen_;
};

Status CheckScreen(const Recipe& recipe, const Dataset& data, std::size_t begin, std::size_t end,
                   std::span<const std::string> candidates) {
  const auto refuse = [&recipe](std::string message) {
    return Error{ErrorCode::kInvalidArgument, std::move(message), "", 0, recipe.name};
  };
  if (recipe.learner == "mean") return refuse("features are selected for a learner, not for a mean of recipes");
  if (begin >= end || end > data.rows()) {
    return refuse(fmt::format("rows [{}, {}) are not within the {} rows of the data", begin, end, data.rows()));
  }
  std::vector<std::string> names = recipe.features;
  names.insert(names.end(), candidates.begin(), candidates.end());
  for (const std::string& name : names) {
    if (std::find(data.names.begin(), data.names.end(), name) != data.names.end()) continue;
    return refuse(fmt::format("feature \"{}\" is not one of the model's", name));
  }
  return OkStatus();
}

}  // namespace

const char* CandidateStateName(CandidateState state) {
  constexpr const char* kNames[] = {"constant", "missing", "redundant", "refused", "discovered", "selected"};
  return kNames[static_cast<std::size_t>(state)];
}

Result<FeatureScreen> ScreenFeatures(const Recipe& recipe, const Dataset& data, std::size_t begin, std::size_t end,
                                     std::span<const std::string> candidates, const ScreenOptions& options,
                                     Executor& executor) {
  HONE_RETURN_IF_ERROR(CheckScreen(recipe, data, begin, end, candidates));
  return Screen(recipe, data, begin, end, options, executor).Run(candidates);
}

}  // namespace hone
