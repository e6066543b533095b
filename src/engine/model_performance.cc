#include "engine/model_performance.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/answer.h"
#include "performance/limited_metrics.h"
#include "serving/snapshot.h"

namespace hone {
namespace {

constexpr Time kNever = std::numeric_limits<Time>::max();
constexpr Time kEnd = kNever - kSecond;  // after every request there can be
// Requests looked at, of those not yet due and of those due: bounds what a query costs.
constexpr std::int64_t kMostNotDue = 5'000;
constexpr std::int64_t kMostDue = 2 * kLargestPerformanceWindow;
// Of the bootstrap: the same numbers whoever asks.
constexpr std::uint64_t kSeed = 1;

// The requests a report rests on, oldest first.
struct Requests {
  Time as_of = 0;
  std::vector<JoinedPrediction> matured, waiting;
};

struct Answered {
  std::string version;
  double value = 0;
};

class RequestReader {
 public:
  RequestReader(LiveStore& store, const StoredDefinition& definition, const PerformanceQuery& query)
      : store_(&store),
        query_(&query),
        name_(definition.model.name),
        horizon_(definition.model.horizon * definition.bar_size) {
    requests_.as_of = query.now;
  }

  Result<Requests> Read() {
    JoinedReader& joined = store_->joined;
    HONE_RETURN_IF_ERROR(joined.VisitNewest(name_, 0, kEnd, [this](const JoinedPrediction& newest) {
      requests_.as_of = std::max(requests_.as_of, newest.prediction.time);
      return false;
    }));
    const Time due = requests_.as_of - horizon_ + 1;
    HONE_RETURN_IF_ERROR(TakeNewest(due, kEnd, kMostNotDue));
    HONE_RETURN_IF_ERROR(TakeNewest(0, due, kMostDue));
    std::reverse(requests_.matured.begin(), requests_.matured.end());
    std::reverse(requests_.waiting.begin(), requests_.waiting.end());
    return std::move(requests_);
  }

 private:
  Status TakeNewest(Time begin, Time end, std::int64_t most) {
    return store_->joined.VisitNewest(name_, begin, end, [this, left = most](const JoinedPrediction& row) mutable {
      Take(row);
      return !Full() && --left > 0;
    });
  }

  bool Full() const { return static_cast<std::int64_t>(requests_.matured.size()) >= query_->window; }

  bool Mature(const JoinedPrediction& row) const {
    return row.outcome && row.outcome->time <= requests_.as_of && row.prediction.time <= requests_.as_of - horizon_;
  }

  bool Concerns(const JoinedPrediction& row) const {
    const std::string& version = query_->version;
    if (version.empty() || version == kPersistenceVersion || row.prediction.version == version) return true;
    return std::any_of(row.shadows.begin(), row.shadows.end(),
                       [&](const ShadowPrediction& shadow) { return shadow.version == version; });
  }

  void Take(const JoinedPrediction& row) {
    if (!Concerns(row)) return;
    (Mature(row) ? requests_.matured : requests_.waiting).push_back(row);
  }

  LiveStore* store_;
  const PerformanceQuery* query_;
  std::string name_;
  Duration horizon_;
  Requests requests_;
};

double ReferenceRmse(const VersionRecord& record) {
  const auto metrics = nlohmann::json::parse(record.metrics, nullptr, false);
  if (!metrics.is_object() || !metrics.contains("validation_rmse")) return 0;
  const auto& rmse = metrics.at("validation_rmse");
  return rmse.is_number() ? rmse.get<double>() : 0;
}

class Measurement {
 public:
  Measurement(const StoredDefinition& definition, const PerformancePolicy& policy, const PerformanceQuery& query,
              const std::vector<VersionRecord>& records)
      : definition_(&definition), policy_(&policy), query_(&query), records_(&records) {}

  void TakeMatured(const JoinedPrediction& row) {
    const double baseline = BaselineOf(row);
    for (const Answered& answer : AnswersTo(row)) {
      TrackerOf(answer.version)
          .Matured({row.prediction.id, row.prediction.time, answer.value, row.outcome->value, baseline});
    }
  }

  void TakeWaiting(const JoinedPrediction& row, Time due) {
    for (const Answered& answer : AnswersTo(row)) TrackerOf(answer.version).Predicted(row.prediction.id, due);
  }

  std::vector<VersionPerformance> Reports(Time as_of) {
    std::vector<VersionPerformance> reports;
    for (const VersionRecord& record : *records_) {
      const std::string version = record.number.ToString();
      const bool live = record.stage == Stage::kActive || record.stage == Stage::kCanary;
      if (!Asked(version) || (!live && query_->version.empty() && !trackers_.contains(version))) continue;
      const PerformanceTracker& tracker = TrackerOf(version);
      reports.push_back({record.stage, ReferenceRmse(record), tracker.Report(as_of, query_->window)});
      if (query_->limited) reports.back().limited = LimitedOf(tracker);
    }
    if (Asked(kPersistenceVersion)) {
      reports.push_back({std::nullopt, 0, TrackerOf(kPersistenceVersion).Report(as_of, query_->window)});
    }
    return reports;
  }

 private:
  std::vector<Metric> LimitedOf(const PerformanceTracker& tracker) const {
    const std::vector<MaturedPrediction>& all = tracker.rows();
    const std::size_t count = std::min(all.size(), static_cast<std::size_t>(query_->window));
    std::vector<ScoredRow> rows;
    for (auto row = all.end() - static_cast<std::ptrdiff_t>(count); row != all.end(); ++row) {
      rows.push_back({row->time, row->prediction, row->outcome});
    }
    MetricTerms terms{.horizon = definition_->model.horizon, .level = policy_->level, .resamples = policy_->resamples};
    terms.seed = kSeed;
    return LimitedMetrics(definition_->model.target, rows, !definition_->instrument.empty(), terms);
  }

  bool Asked(const std::string& version) const { return query_->version.empty() || query_->version == version; }

  double BaselineOf(const JoinedPrediction& row) const {
    const std::size_t column = PersistenceColumn(definition_->model);
    const std::vector<double>& features = row.prediction.features;
    return column < features.size() ? features[column] : std::numeric_limits<double>::quiet_NaN();
  }

  std::vector<Answered> AnswersTo(const JoinedPrediction& row) const {
    std::vector<Answered> answers;
    const auto add = [&](const std::string& version, double value) {
      if (Asked(version)) answers.push_back({version, value});
    };
    if (row.prediction.version != kPersistenceVersion) add(row.prediction.version, row.prediction.value);
    for (const ShadowPrediction& shadow : row.shadows) add(shadow.version, shadow.value);
    add(kPersistenceVersion, BaselineOf(row));
    return answers;
  }

  PerformanceTracker& TrackerOf(const std::string& version) {
    const auto found = trackers_.find(version);
    if (found != trackers_.end()) return found->second;
    double reference = 0;
    for (const VersionRecord& record : *records_) {
      if (record.number.ToString() == version) reference = ReferenceRmse(record);
    }
    return trackers_
        .emplace(version, PerformanceTracker(version, definition_->model.horizon, reference, *policy_, kSeed))
        .first->second;
  }

  const StoredDefinition* definition_;
  const PerformancePolicy* policy_;
  const PerformanceQuery* query_;
  const std::vector<VersionRecord>* records_;
  std::map<std::string, PerformanceTracker> trackers_;
};

// When the newest bars became known: what was predicted then has its outcome with a bar still to come, however long the
// market is closed.
Result<std::set<Time>> OpenBars(LiveStore& store, const StoredDefinition& definition) {
  std::set<Time> open;
  if (definition.instrument.empty()) return open;
  HONE_ASSIGN_OR_RETURN(const std::vector<Bar> bars,
                        store.bars.Newest(definition.instrument, definition.model.horizon));
  for (const Bar& bar : bars) open.insert(bar.known_at);
  return open;
}

Time DueOf(const JoinedPrediction& row, const StoredDefinition& definition, const std::set<Time>& open_bars) {
  const Duration horizon = definition.model.horizon * definition.bar_size;
  const Time time = row.prediction.time;
  return open_bars.contains(time) || time > kNever - horizon ? kNever : time + horizon;
}

Status CheckQuery(LiveStore& store, const std::string& model, const PerformanceQuery& query) {
  if (query.window < 1 || query.window > kLargestPerformanceWindow) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("must be within [1, {}], is {}", kLargestPerformanceWindow, query.window), model, 0,
                 "window"};
  }
  if (query.version.empty() || query.version == kPersistenceVersion) return OkStatus();
  HONE_RETURN_IF_ERROR(store.versions.Get(model, query.version));
  return OkStatus();
}

}  // namespace

Result<ModelPerformance> ReadPerformance(LiveStore& store, const StoredDefinition& definition,
                                         const PerformancePolicy& policy, const PerformanceQuery& query) {
  PerformanceQuery asked = query;
  if (asked.window == 0) asked.window = policy.window;
  const std::string& name = definition.model.name;
  HONE_RETURN_IF_ERROR(CheckQuery(store, name, asked));
  HONE_ASSIGN_OR_RETURN(const std::vector<VersionRecord> records, store.versions.List(name));
  HONE_ASSIGN_OR_RETURN(const std::set<Time> open_bars, OpenBars(store, definition));
  HONE_ASSIGN_OR_RETURN(const Requests requests, RequestReader(store, definition, asked).Read());
  ModelPerformance performance;
  performance.model = name;
  performance.as_of = requests.as_of;
  performance.window = asked.window;
  performance.matured = static_cast<std::int64_t>(requests.matured.size());
  performance.pending = static_cast<std::int64_t>(requests.waiting.size());
  Measurement measurement(definition, policy, asked, records);
  for (const JoinedPrediction& row : requests.matured) measurement.TakeMatured(row);
  for (const JoinedPrediction& row : requests.waiting) {
    const Time due = DueOf(row, definition, open_bars);
    if (due <= requests.as_of) ++performance.overdue;
    measurement.TakeWaiting(row, due);
  }
  performance.versions = measurement.Reports(requests.as_of);
  return performance;
}

Result<std::optional<VersionPerformance>> ReadChampionPerformance(LiveStore& store, const StoredDefinition& definition,
                                                                  const PerformancePolicy& policy, Time now,
                                                                  bool limited) {
  HONE_ASSIGN_OR_RETURN(const std::optional<VersionRecord> active, store.versions.Active(definition.model.name));
  if (!active) return std::optional<VersionPerformance>();
  PerformanceQuery query;
  query.now = now;
  query.version = active->number.ToString();
  query.limited = limited;
  HONE_ASSIGN_OR_RETURN(ModelPerformance performance, ReadPerformance(store, definition, policy, query));
  return std::optional<VersionPerformance>(std::move(performance.versions.at(0)));
}

}  // namespace hone
