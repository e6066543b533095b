#include "hone/alerting.h"

#include <chrono>
#include <limits>
#include <utility>

#include "base/log.h"
#include "engine/model_performance.h"

namespace hone {
namespace {

constexpr Duration kPause = 200 * kMillisecond;

MetricReading WinRate(const std::string& model, const PerformanceReport& report, const PerformancePolicy& policy) {
  const Metric metric{"win_rate", report.win_rate, report.win_rate_interval,
                      "wilson",   report.compared, report.effective_rows};
  return {model, report.version, metric, JudgeMetric(metric, policy).value_or(JudgedMetric())};
}

// Past its limit where the report says `degraded`.
MetricReading Loss(const std::string& model, const VersionPerformance& champion, const PerformancePolicy& policy) {
  const PerformanceReport& report = champion.report;
  const MetricLimits limits{champion.reference_rmse, policy.maximum_loss_ratio * champion.reference_rmse,
                            std::numeric_limits<double>::infinity()};
  const bool judged = report.status != PerformanceStatus::kNoData && champion.reference_rmse > 0;
  const bool degraded = report.status == PerformanceStatus::kDegraded;
  const MetricStatus status = degraded ? MetricStatus::kWarning : MetricStatus::kOk;
  return {model,
          report.version,
          {"rmse", report.rmse, report.rmse_interval, "block_bootstrap", report.rows, report.effective_rows},
          {judged ? status : MetricStatus::kNoData, limits, degraded}};
}

// Every champion of a model that hone trains, from what is committed.
Result<std::vector<MetricReading>> MeasureChampions(LiveStore& store, const PerformancePolicy& policy, Time now) {
  std::vector<MetricReading> readings;
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> models, store.versions.Models());
  for (const std::string& model : models) {
    HONE_ASSIGN_OR_RETURN(const std::optional<StoredDefinition> definition, store.definitions.Find(model));
    if (!definition || AnswersClasses(definition->model)) continue;
    const auto champion = ReadChampionPerformance(store, *definition, policy, now, true);
    if (!champion.ok()) {
      LogWarning("a champion was not measured", {{"model", model}, {"error", champion.error().ToString()}});
      continue;
    }
    if (!*champion) continue;
    readings.push_back(WinRate(model, (*champion)->report, policy));
    readings.push_back(Loss(model, **champion, policy));
    for (const Metric& metric : (*champion)->limited) {
      readings.push_back(
          {model, (*champion)->report.version, metric, JudgeMetric(metric, policy).value_or(JudgedMetric())});
    }
  }
  return readings;
}

}  // namespace

Result<std::unique_ptr<Alerting>> Alerting::Start(const std::string& folder, const AlertSettings& settings,
                                                  const PerformancePolicy& policy, const Clock& clock,
                                                  MetricRegistry& metrics) {
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<AlertDesk> desk, AlertDesk::Open(folder, settings.options, clock));
  HONE_ASSIGN_OR_RETURN(std::shared_ptr<LiveStore> store, LiveStore::Open(folder, true));
  desk->MeasureBy([store, policy](Time now) { return MeasureChampions(*store, policy, now); });
  std::unique_ptr<Alerting> alerting(new Alerting(std::move(desk), metrics));
  for (const ChannelSettings& channel : settings.channels) {
    HONE_RETURN_IF_ERROR(alerting->AddCourier(folder, channel, settings, clock));
  }
  alerting->Begin();
  return alerting;
}

Status Alerting::AddCourier(const std::string& folder, const ChannelSettings& channel, const AlertSettings& settings,
                            const Clock& clock) {
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<Database> database, OpenAlertDatabase(folder));
  couriers_.push_back(std::make_unique<Courier>(channel.name, MakeChannel(channel, settings, clock),
                                                std::move(database), settings.retry, clock, counts_));
  return OkStatus();
}

void Alerting::Begin() {
  running_ = 1 + couriers_.size();
  threads_.emplace_back([this] {
    RunDesk();
    Ended();
  });
  for (const auto& courier : couriers_) {
    threads_.emplace_back([this, &courier = *courier] {
      courier.Run(kPause);
      Ended();
    });
  }
}

void Alerting::Ended() {
  const std::lock_guard lock(mutex_);
  --running_;
  wake_.notify_all();
}

void Alerting::RunDesk() {
  bool failing = false;
  for (std::unique_lock lock(mutex_); !stopped_;) {
    lock.unlock();
    const Status turned = desk_->Turn();
    if (!turned.ok() && !failing) LogError("alerts cannot be kept", {{"error", turned.error().ToString()}});
    failing = !turned.ok();
    lock.lock();
    wake_.wait_for(lock, std::chrono::nanoseconds(kPause), [this] { return stopped_; });
  }
}

void Alerting::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_all();
  for (const auto& courier : couriers_) courier->Stop();
}

bool Alerting::StopWithin(Duration most) {
  Stop();
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, std::chrono::nanoseconds(most), [this] { return running_ == 0; });
}

Alerting::~Alerting() {
  Stop();
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace hone
