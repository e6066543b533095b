// The improvement loop's jobs: the first versions, refreshes of every line, the twin check.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "engine/improvement_loop.h"

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

// Fits of the walk-forward history inside the initial rows, each growth later than the one before.
constexpr int kWalkForwardFits = 9;
constexpr double kWalkForwardGrowth = 1.2;
constexpr std::size_t kSmallestFit = 120;
// Fewest held-back rows on which a twin says anything.
constexpr std::size_t kSmallestTwin = 20;
constexpr std::size_t kSmokeRows = 100;

double Mean(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Json TriggerEvidence(const Trigger& trigger) {
  return {{"trigger", TriggerKindName(trigger.kind)}, {"rows", trigger.rows},
          {"last_rows", trigger.last_rows},           {"recent_loss", trigger.recent_loss},
          {"reference_loss", trigger.reference_loss}, {"loss_ratio", trigger.loss_ratio}};
}

// Does `other` lose less than `usual` by more than two standard errors? Both on the same rows.
bool BetterBeyondChance(const std::vector<double>& usual, const std::vector<double>& other, int horizon) {
  constexpr double kStandardErrors = 2;
  if (usual.empty() || usual.size() != other.size()) return Mean(other) < Mean(usual);
  PairedEvidenceProcess evidence(horizon);
  for (std::size_t i = 0; i < usual.size(); ++i) evidence.Add(usual[i] - other[i]);
  const PairedEvidence now = evidence.Evaluate(0.05);
  const double error = std::sqrt(now.variance / static_cast<double>(now.rows));
  return now.block_length > 0 && now.mean > kStandardErrors * error;
}

std::vector<std::size_t> WalkForwardEnds(std::size_t rows) {
  std::vector<std::size_t> ends{rows};
  double end = static_cast<double>(rows);
  for (int i = 1; i < kWalkForwardFits; ++i) {
    end /= kWalkForwardGrowth;
    if (end < static_cast<double>(kSmallestFit)) break;
    ends.push_back(static_cast<std::size_t>(end));
  }
  std::reverse(ends.begin(), ends.end());
  return ends;
}

}  // namespace

void ImprovementLoop::StartJob(Time now, const Trigger& trigger) {
  TrainingJob job;
  job.number = ++jobs_;
  job.trigger = trigger;
  job.requested = now;
  job.seed = seed_;
  const std::size_t rows = history_.rows();
  if (trigger.kind == TriggerKind::kInitial) {
    for (const std::size_t end : WalkForwardEnds(rows)) {
      for (std::size_t i = 0; i < recipes_.size(); ++i) job.fits.push_back({static_cast<int>(i), end});
    }
  } else if (mode_ == LoopMode::kUnchecked) {
    job.fits.push_back({champion_line_, rows});
  } else {
    if (trigger.loss_ratio >= policy_.retraining.standing_loss_ratio) LoseStanding(now, trigger);
    for (std::size_t i = 0; i < recipes_.size(); ++i) job.fits.push_back({static_cast<int>(i), rows});
    const bool may_refresh = champion_is_licensed() || standing_.lost();
    if (may_refresh && !frozen_ && TwinEnd() > 0) job.fits.push_back({champion_line_, TwinEnd()});
  }
  triggers_.OnRetraining(static_cast<std::int64_t>(rows), trigger.kind);
  if (trigger.kind != TriggerKind::kInitial) {
    ++counts_.retrains;
    Json evidence = TriggerEvidence(trigger);
    if (standing_.lost()) evidence["standing"] = "lost";
    Decided(now, DecisionKind::kRetrain, champion_ ? champion_->name : "", trigger.reason, evidence.dump());
  }
  counts_.fits += static_cast<int>(job.fits.size());
  job_running_ = true;
  job_ = std::move(job);
  services_.training->Start(job_, history_);
}

void ImprovementLoop::LoseStanding(Time now, const Trigger& trigger) {
  if (standing_.lost()) return;
  standing_.Lose();
  services_.journal->OnDrift(drift_.StandingLost(now, champion_->name, trigger));
}

void ImprovementLoop::Poll(Time now) {
  if (!job_running_) return;
  const std::optional<TrainingResult> result = services_.training->TakeFinished();
  if (!result) return;
  job_running_ = false;
  if (result->job.trigger.kind == TriggerKind::kInitial) {
    OnInitial(*result, now);
  } else {
    OnRefreshed(*result, now);
  }
}

bool ImprovementLoop::champion_is_licensed() const {
  return lines_[static_cast<std::size_t>(champion_line_)].practice.held();
}

std::size_t ImprovementLoop::FirstUnseen(std::size_t end) const {
  const Time known = history_.label_time[end - 1];
  return static_cast<std::size_t>(std::lower_bound(history_.time.begin(), history_.time.end(), known) -
                                  history_.time.begin());
}

// Rows the twin learns from: all but the newest twin_rows that the champion has not seen, and the rows whose labels
// reach into them. 0 where too few are left to judge by.
std::size_t ImprovementLoop::TwinEnd() const {
  const std::size_t rows = history_.rows();
  const std::size_t unseen = FirstUnseen(champion_->end);
  const auto wanted = static_cast<std::size_t>(policy_.retraining.twin_rows);
  const std::size_t first = std::max(unseen, rows > wanted ? rows - wanted : 0);
  if (first + kSmallestTwin > rows) return 0;
  std::size_t end = first;
  while (end > 0 && history_.label_time[end - 1] > history_.time[first]) --end;
  return end;
}

std::vector<double> ImprovementLoop::LossesOn(const Model& model, std::size_t begin, std::size_t end) const {
  std::vector<double> losses(end - begin);
  const std::size_t width = history_.width();
  model.PredictBatch({history_.x.data() + begin * width, (end - begin) * width}, losses);
  for (std::size_t i = begin; i < end; ++i) {
    const double error = losses[i - begin] - history_.y[i];
    losses[i - begin] = error * error;
  }
  return losses;
}

VersionPointer ImprovementLoop::MakeVersion(const JobFit& request, const TrainingJob& job, const FitPointer& fit,
                                            Time now) {
  const int recipe = request.recipe;
  Line& line = lines_[static_cast<std::size_t>(recipe)];
  auto version = std::make_shared<TrainedVersion>();
  version->change = line.major == 0 ? ChangeType::kArchitecture : ChangeType::kRetrain;
  if (line.major == 0) {
    line.major = ++highest_major_;
  } else {
    ++line.minor;
  }
  version->number = {line.major, line.minor, 0};
  version->name = version->number.ToString();
  version->recipe = recipe;
  version->parent = line.current ? line.current->name : "";
  version->fitted = std::shared_ptr<const FittedRecipe>(fit, &fit->value());
  version->model = version->fitted->model;
  const auto window = static_cast<std::size_t>(recipes_[static_cast<std::size_t>(recipe)].window_rows);
  version->end = request.end;
  version->begin = window == 0 || window >= request.end ? 0 : request.end - window;
  const auto first = history_.y.begin();
  const auto [low, high] = std::minmax_element(first + static_cast<std::ptrdiff_t>(version->begin),
                                               first + static_cast<std::ptrdiff_t>(version->end));
  version->range = WidenedRange(*low, *high);
  version->validation_rmse = std::sqrt(line.losses.mean());
  version->validation_rows = line.losses.count();
  version->seed = job.seed;
  version->created = now;
  return version;
}

std::optional<std::string> ImprovementLoop::SmokeTest(const TrainedVersion& version) const {
  const std::size_t rows = history_.rows();
  for (std::size_t i = rows - std::min(rows, kSmokeRows); i < rows; ++i) {
    const double value = version.model->Predict(history_.row(i));
    if (!version.range.Contains(value)) {
      return fmt::format("smoke test: answers {:.6g} on a known row, outside [{:.6g}, {:.6g}]", value,
                         version.range.low, version.range.high);
    }
  }
  return std::nullopt;
}

// The line's history before it went live: each version judged on the rows between its own training data and the next
// version's, and beside the version it replaced.
void ImprovementLoop::TakeWalkForward(Line& line, const std::vector<VersionPointer>& versions) {
  for (std::size_t k = 0; k + 1 < versions.size(); ++k) {
    const std::size_t begin = FirstUnseen(versions[k]->end);
    const std::size_t end = std::min(history_.rows(), FirstUnseen(versions[k + 1]->end));
    if (begin >= end) continue;
    const std::vector<double> losses = LossesOn(*versions[k]->model, begin, end);
    for (const double loss : losses) line.AddLoss(loss);
    if (2 * versions[k]->end >= history_.rows())
      line.selection_losses.insert(line.selection_losses.end(), losses.begin(), losses.end());
    if (k == 0) continue;
    const std::vector<double> replaced = LossesOn(*versions[k - 1]->model, begin, end);
    for (std::size_t i = 0; i < losses.size(); ++i) line.practice.Add(replaced[i], losses[i]);
    if (Mean(replaced) > 0) line.twins.Add(std::sqrt(Mean(losses) / Mean(replaced)));
  }
}

// By what fits on at least half of the rows did: smaller ones say little about the final fit. Windows compete later:
// while history is short they are all history, or a smaller sample of it. A few hundred dependent rows rank recipes
// poorly, and a mean of recipes is seldom far from the best of them (Timmermann 2006, "Forecast combinations"), so a
// mean is taken unless another recipe is better by more than chance.
int ImprovementLoop::ChooseChampion() const {
  const int best = LeastSelectionLoss(false);
  const int mean = LeastSelectionLoss(true);
  if (best < 0 || mean < 0) return std::max(best, mean);
  return BetterBeyondChance(lines_[static_cast<std::size_t>(mean)].selection_losses,
                            lines_[static_cast<std::size_t>(best)].selection_losses, model_.horizon)
             ? best
             : mean;
}

// The recipe of the definition with the least loss, among means or among the others; -1 where there is none. One
// without a record comes after those that have one.
int ImprovementLoop::LeastSelectionLoss(bool means) const {
  int best = -1;
  double least = 0;
  for (std::size_t i = 0; i < model_.recipes.size(); ++i) {
    const std::vector<double>& losses = lines_[i].selection_losses;
    if (!lines_[i].current || (recipes_[i].learner == "mean") != means) continue;
    const double loss = losses.empty() ? std::numeric_limits<double>::infinity() : Mean(losses);
    if (best >= 0 && loss >= least) continue;
    best = static_cast<int>(i);
    least = loss;
  }
  return best;
}

void ImprovementLoop::OnInitial(const TrainingResult& result, Time now) {
  const std::size_t last = result.fits.size() - recipes_.size();
  for (std::size_t i = 0; i < recipes_.size(); ++i) {
    std::vector<VersionPointer> versions;
    for (std::size_t k = i; k < result.fits.size(); k += recipes_.size()) {
      if (!result.fits[k]->ok()) continue;
      auto step = std::make_shared<TrainedVersion>();
      step->model = result.fits[k]->value().model;
      step->end = result.job.fits[k].end;
      versions.push_back(std::move(step));
    }
    if (!result.fits[last + i]->ok()) {
      Decided(now, DecisionKind::kAlert, "",
              fmt::format("recipe {} could not be trained: {}", recipes_[i].name,
                          result.fits[last + i]->error().ToString()),
              Json{{"recipe", recipes_[i].name}}.dump());
      continue;
    }
    TakeWalkForward(lines_[i], versions);
    lines_[i].current = versions.back();  // a place holder for the choice below; numbered next
  }
  const int chosen = incumbent_ ? incumbent_->recipe : ChooseChampion();
  if (chosen < 0) return;
  champion_line_ = chosen;
  // The champion's line is numbered first: it is 1.0.0.
  std::vector<std::size_t> order{static_cast<std::size_t>(chosen)};
  for (std::size_t i = 0; i < recipes_.size(); ++i) {
    if (static_cast<int>(i) != chosen) order.push_back(i);
  }
  Json recipes = Json::array();
  for (const std::size_t i : order) {
    if (!lines_[i].current) continue;
    recipes.push_back({{"recipe", recipes_[i].name},
                       {"walk_forward_rmse", std::sqrt(Mean(lines_[i].selection_losses))},
                       {"rows", lines_[i].selection_losses.size()},
                       {"licence", lines_[i].practice.held()}});
    lines_[i].current = incumbent_ && static_cast<int>(i) == chosen ? incumbent_ : nullptr;
    if (lines_[i].current) continue;
    lines_[i].current = MakeVersion(result.job.fits[last + i], result.job, result.fits[last + i], now);
    services_.journal->OnVersion(*lines_[i].current);
    services_.journal->OnStage(*lines_[i].current, Stage::kShadow);
  }
  if (incumbent_) {
    Activate(incumbent_, chosen);
    return;
  }
  anchor_ = lines_[static_cast<std::size_t>(chosen)].current;
  const Recipe& recipe = recipes_[static_cast<std::size_t>(chosen)];
  const char* why = recipe.learner == "mean" ? "no recipe beat it beyond chance" : "it did best";
  Decided(now, DecisionKind::kActivate, anchor_->name,
          fmt::format("{}: {} on the walk-forward history", recipe.name, why),
          Json{{"recipe", recipe.name}, {"rows", history_.rows()}, {"candidates", recipes}}.dump());
  Activate(anchor_, chosen);
}

bool ImprovementLoop::TakeFit(const TrainingResult& result, std::size_t index, Time now) {
  const JobFit& request = result.job.fits[index];
  const std::string& recipe = recipes_[static_cast<std::size_t>(request.recipe)].name;
  if (!result.fits[index]->ok()) {
    Decided(now, DecisionKind::kReject, "",
            fmt::format("recipe {} could not be refreshed: {}", recipe, result.fits[index]->error().ToString()),
            Json{{"recipe", recipe}, {"error", ErrorCodeName(result.fits[index]->error().code)}}.dump());
    ++counts_.rejections;
    return false;
  }
  const VersionPointer version = MakeVersion(request, result.job, result.fits[index], now);
  services_.journal->OnVersion(*version);
  if (const auto failure = SmokeTest(*version)) {
    services_.journal->OnStage(*version, Stage::kRejected);
    Decided(now, DecisionKind::kReject, version->name, *failure, Json{{"recipe", recipe}, {"check", "smoke"}}.dump());
    ++counts_.rejections;
    return false;
  }
  Line& line = lines_[static_cast<std::size_t>(request.recipe)];
  line.replaced = line.current;
  line.current = version;
  services_.journal->OnStage(*version, Stage::kShadow);
  return true;
}

void ImprovementLoop::OnRefreshed(const TrainingResult& result, Time now) {
  std::size_t lines = result.job.fits.size();
  const bool has_twin = mode_ == LoopMode::kChecked && lines > recipes_.size();
  if (has_twin) --lines;
  const TriggerKind kind = result.job.trigger.kind;
  const bool alarm = kind == TriggerKind::kRealisedLoss || kind == TriggerKind::kDrift;
  if (alarm) championship_.FreshStart();
  bool champion_refreshed = false;
  for (std::size_t i = 0; i < lines; ++i) {
    const bool taken = TakeFit(result, i, now);
    if (result.job.fits[i].recipe == champion_line_) champion_refreshed = taken;
  }
  if (champion_refreshed) standing_.Forget();
  RebuildLiveSet();
  if (!champion_refreshed) return;
  if (mode_ == LoopMode::kUnchecked) {
    const VersionPointer& version = lines_[static_cast<std::size_t>(champion_line_)].current;
    ++counts_.promotions;
    Decided(now, DecisionKind::kPromote, version->name, "refreshed, without any check",
            Json{{"question", QuestionName(Question::kRefresh)}, {"margin", 0}}.dump());
    Activate(version, champion_line_);
    return;
  }
  if (!has_twin || rollout_ || needs_person_ || !arms_.empty()) return;
  const FitPointer& twin = result.fits.back();
  if (twin->ok()) {
    TrainedVersion held_back;
    held_back.model = twin->value().model;
    held_back.end = result.job.fits.back().end;
    ConsiderRefresh(now, &held_back);
  }
}

void ImprovementLoop::ConsiderRefresh(Time now, const TrainedVersion* twin) {
  Line& line = lines_[static_cast<std::size_t>(champion_line_)];
  const std::size_t begin = FirstUnseen(twin->end);
  const std::size_t end = line.current->end;
  const TwinResult check =
      CheckTwin(LossesOn(*twin->model, begin, end), LossesOn(*champion_->model, begin, end), line.twins);
  const Json evidence = {{"recipe", recipes_[static_cast<std::size_t>(champion_line_)].name},
                         {"champion", champion_->name},
                         {"licence",
                          {{"rows", line.practice.rows()},
                           {"mean", line.practice.judgement().evidence.mean},
                           {"log_e", line.practice.judgement().evidence.log_e},
                           {"margin", policy_.rollout.practice_margin}}},
                         {"twin",
                          {{"rows", check.rows},
                           {"twin_rmse", check.twin_rmse},
                           {"champion_rmse", check.champion_rmse},
                           {"ratio", check.ratio},
                           {"limit", check.limit}}}};
  if (check.passed) {
    line.twins.Add(check.ratio);
    if (champion_is_licensed()) {
      BeginRollout(now, champion_line_, Question::kRefresh, evidence.dump());
    } else {
      standing_.Await(evidence.dump());
    }
    return;
  }
  ++counts_.rejections;
  services_.journal->OnStage(*line.current, Stage::kRejected);
  Decided(
      now, DecisionKind::kReject, line.current->name,
      fmt::format("its twin loses {:.2f} times the champion's RMSE on {} rows neither has seen; the recipe's record "
                  "allows {:.2f}",
                  check.ratio, check.rows, check.limit),
      evidence.dump());
  line.current = line.replaced;
  line.replaced = nullptr;
  RebuildLiveSet();
}

}  // namespace hone
