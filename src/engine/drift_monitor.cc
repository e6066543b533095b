#include "engine/drift_monitor.h"

#include <algorithm>

namespace hone {
namespace {

// Twenty years of days: enough for any statistic, bounded for any traffic.
constexpr std::size_t kMostReferenceRows = 5040;

std::vector<double> Flat(const std::deque<double>& values) { return {values.begin(), values.end()}; }

template <typename T>
std::optional<T> Kept(Result<T> result) {
  if (!result.ok()) return std::nullopt;
  return std::move(result).value();
}

}  // namespace

DriftMonitor::DriftMonitor(const DriftPolicy& policy, std::string model, std::vector<std::string> features, int horizon,
                           std::uint64_t seed)
    : policy_(policy),
      model_(std::move(model)),
      features_(std::move(features)),
      horizon_(horizon),
      ids_(Random::Stream(seed, "drift ids").Next()) {}

void DriftMonitor::SetReference(const Dataset& history, std::size_t begin, std::size_t end, const Model& champion,
                                const std::deque<double>& losses) {
  begin = std::max(begin, end > kMostReferenceRows ? end - kMostReferenceRows : 0);
  const std::span<const double> rows(history.x.data() + begin * history.width(), (end - begin) * history.width());
  std::vector<double> answers(end - begin);
  champion.PredictBatch(rows, answers);
  feature_check_ = Kept(DriftCheck::Make(features_, rows, policy_));
  answer_check_ = Kept(DriftCheck::Make({"prediction"}, answers, policy_));
  loss_monitor_.emplace(Flat(losses), horizon_, policy_);
  loss_reported_ = false;
  AnswerRecentRows(champion);
}

void DriftMonitor::AnswerRecentRows(const Model& champion) {
  std::vector<double> answers(recent_answers_.size());
  champion.PredictBatch(Flat(recent_features_), answers);
  recent_answers_.assign(answers.begin(), answers.end());
}

DriftMonitor::State DriftMonitor::state() const {
  State state{ids_.state(), Flat(recent_answers_), since_check_, loss_reported_, told_, std::nullopt};
  if (loss_monitor_) state.losses = loss_monitor_->checkpoint();
  return state;
}

void DriftMonitor::Restore(const State& state, const Dataset& history, std::size_t begin, std::size_t end,
                           const Model& champion) {
  SetReference(history, begin, end, champion, {});
  ids_.Restore(state.ids);
  const std::size_t first = history.rows() - std::min(history.rows(), state.recent_answers.size());
  recent_features_.assign(history.x.begin() + static_cast<std::ptrdiff_t>(first * history.width()), history.x.end());
  recent_answers_.assign(state.recent_answers.begin(), state.recent_answers.end());
  since_check_ = state.since_check;
  loss_reported_ = state.loss_reported;
  told_ = state.told;
  if (state.losses) loss_monitor_->Restore(*state.losses);
}

void DriftMonitor::OnRow(std::span<const double> features, double answer, double loss) {
  recent_features_.insert(recent_features_.end(), features.begin(), features.end());
  recent_answers_.push_back(answer);
  if (static_cast<std::int64_t>(recent_answers_.size()) > policy_.window) {
    recent_answers_.pop_front();
    recent_features_.erase(recent_features_.begin(),
                           recent_features_.begin() + static_cast<std::ptrdiff_t>(features_.size()));
  }
  if (loss_monitor_) loss_monitor_->Add(loss);
  ++since_check_;
}

DriftMonitor::Found DriftMonitor::Look() const {
  Found found;
  if (loss_monitor_) found.loss = loss_monitor_->state();
  if (recent_answers_.empty()) return found;
  if (feature_check_) found.features = Kept(feature_check_->Compare(Flat(recent_features_)));
  if (answer_check_) found.answers = Kept(answer_check_->Compare(Flat(recent_answers_)));
  return found;
}

std::optional<DriftMonitor::Report> DriftMonitor::Check(Time now, const std::string& version) {
  if (since_check_ < policy_.every || !feature_check_ || !answer_check_) return std::nullopt;
  since_check_ = 0;
  Report report;
  const auto add = [&](const DriftCheck& check, const std::deque<double>& rows, DriftKind kind) {
    const auto compared = check.Compare(Flat(rows));
    if (!compared.ok()) return;
    report.worst = std::max(report.worst, compared->severity);
    for (DriftEvent& event : DriftEvents(*compared, kind, model_, version, now, ids_)) {
      if (event.severity > told_[event.subject]) report.events.push_back(std::move(event));
    }
    Tell(*compared, kind);
  };
  if (static_cast<std::int64_t>(recent_answers_.size()) == policy_.window) {
    add(*feature_check_, recent_features_, DriftKind::kFeature);
    add(*answer_check_, recent_answers_, DriftKind::kPrediction);
  }
  AddPerformance(now, version, report);
  return report;
}

void DriftMonitor::Tell(const DriftReport& compared, DriftKind kind) {
  for (const ColumnDrift& column : compared.columns) {
    Severity& told = told_[kind == DriftKind::kFeature ? column.name : ""];
    told = column.drift ? std::max(told, column.severity) : Severity::kNone;
  }
}

DriftEvent DriftMonitor::PerformanceEvent(Time now, const std::string& version, const char* method) {
  DriftEvent event;
  event.id = ids_.Next(now);
  event.time = now;
  event.model = model_;
  event.version = version;
  event.kind = DriftKind::kPerformance;
  event.method = method;
  return event;
}

DriftEvent DriftMonitor::StandingLost(Time now, const std::string& version, const Trigger& trigger) {
  DriftEvent event = PerformanceEvent(now, version, "loss_range");
  event.severity = Severity::kCritical;
  event.statistic = trigger.recent_loss;
  event.effect = trigger.loss_ratio;
  event.current_rows = RetrainingTriggers::RecentWindow(horizon_);
  return event;
}

void DriftMonitor::AddPerformance(Time now, const std::string& version, Report& report) {
  const LossDrift& loss = loss_monitor_->state();
  if (!loss.drift) return;
  report.worst = std::max(report.worst, loss.severity);
  if (loss_reported_) return;  // one event a champion; the severity goes on counting
  loss_reported_ = true;
  DriftEvent event = PerformanceEvent(now, version, "paired_evidence");
  event.severity = loss.severity;
  event.statistic = loss.log_e;
  event.effect = loss.ratio;
  event.current_rows = loss.rows - loss.since_row;
  report.events.push_back(std::move(event));
}

}  // namespace hone
