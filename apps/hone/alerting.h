// The alerts of a folder in service: the desk on a thread of its own, a courier's thread for each channel.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "alerts/alert_desk.h"
#include "engine/live_store.h"
#include "integrations/alert_settings.h"
#include "integrations/courier.h"
#include "performance/performance_policy.h"
#include "wire/prometheus.h"

namespace hone {

class Alerting {
 public:
  // Of a folder whose engine is open. `clock` and `metrics` must outlive it.
  static Result<std::unique_ptr<Alerting>> Start(const std::string& folder, const AlertSettings& settings,
                                                 const PerformancePolicy& policy, const Clock& clock,
                                                 MetricRegistry& metrics);
  // What is not sent yet stays on the disk.
  ~Alerting();
  Alerting(const Alerting&) = delete;
  Alerting& operator=(const Alerting&) = delete;

  AlertDesk& desk() { return *desk_; }
  // Asks all threads to end; any thread.
  void Stop();
  // Also waits for them; whether they have ended. A receiver or the system's resolver can hold a courier for longer.
  bool StopWithin(Duration most);

 private:
  Alerting(std::unique_ptr<AlertDesk> desk, MetricRegistry& metrics) : desk_(std::move(desk)), counts_(metrics) {}
  Status AddCourier(const std::string& folder, const ChannelSettings& channel, const AlertSettings& settings,
                    const Clock& clock);
  void Begin();
  void RunDesk();
  void Ended();

  std::unique_ptr<AlertDesk> desk_;
  CourierMetrics counts_;
  std::vector<std::unique_ptr<Courier>> couriers_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::size_t running_ = 0;  // threads
};

}  // namespace hone
