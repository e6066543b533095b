#include "hone/replay_chart_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

namespace hone {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostPoints = 3000;

// Rows drawn: every `stride`-th and the last.
std::vector<std::size_t> DrawnRows(std::size_t rows, std::size_t stride) {
  std::vector<std::size_t> drawn;
  for (std::size_t row = 0; row < rows; row += stride) drawn.push_back(row);
  if (!drawn.empty() && drawn.back() + 1 != rows) drawn.push_back(rows - 1);
  return drawn;
}

Json Scaled(double value, double unit) {
  if (!std::isfinite(value)) return nullptr;
  return static_cast<std::int64_t>(std::llround(std::clamp(value / unit, -1e15, 1e15)));
}

Json ScaledAt(const std::vector<double>& values, const std::vector<std::size_t>& rows, double unit) {
  Json json = Json::array();
  for (const std::size_t row : rows) json.push_back(row < values.size() ? Scaled(values[row], unit) : Json(nullptr));
  return json;
}

std::vector<double> Behind(const std::vector<double>& losses, const std::vector<double>& own) {
  std::vector<double> behind;
  double sum = 0;
  for (std::size_t row = 0; row < std::min(losses.size(), own.size()); ++row) {
    behind.push_back(sum += losses[row] - own[row]);
  }
  return behind;
}

Json PoliciesJson(const ReplayResult& result, const std::vector<std::size_t>& drawn) {
  Json json = Json::array();
  for (const PolicyResult& policy : result.policies) {
    json.push_back(
        {{"name", policy.name},
         {"loss", ScaledAt(RollingRmse(policy.squared_errors), drawn, 1e-4)},
         {"behind", ScaledAt(Behind(policy.squared_errors, result.policies.front().squared_errors), drawn, 1e-2)}});
  }
  return json;
}

// Squared errors of one version, served or in shadow, by row.
using VersionErrors = std::vector<std::pair<std::size_t, double>>;

std::map<std::string, VersionErrors> ErrorsByVersion(const ReplayResult& result) {
  std::map<std::string, VersionErrors> errors;
  const auto add = [&](const std::string& version, std::size_t row, double value) {
    const double error = value - result.rows[row].outcome;
    errors[version].emplace_back(row, error * error);
  };
  for (std::size_t row = 0; row < result.rows.size(); ++row)
    add(result.rows[row].version, row, result.rows[row].served);
  std::unordered_map<Id, std::size_t> row_of;
  for (std::size_t row = 0; row < std::min(result.predictions.size(), result.rows.size()); ++row) {
    row_of.emplace(result.predictions[row].id, row);
  }
  for (const ShadowPrediction& shadow : result.shadows) {
    if (const auto row = row_of.find(shadow.prediction_id); row != row_of.end()) {
      add(shadow.version, row->second, shadow.value);
    }
  }
  for (auto& [version, list] : errors) std::stable_sort(list.begin(), list.end());
  return errors;
}

Json VersionJson(const std::string& name, const std::string& recipe, const VersionErrors& errors,
                 const std::vector<std::size_t>& drawn) {
  std::vector<double> squared;
  for (const auto& [row, error] : errors) squared.push_back(error);
  const std::vector<double> rolling = RollingRmse(squared);
  const auto first = std::lower_bound(drawn.begin(), drawn.end(), errors.front().first);
  const auto last = std::upper_bound(drawn.begin(), drawn.end(), errors.back().first);
  Json loss = Json::array();
  for (auto row = first; row < last; ++row) {
    const auto at = std::lower_bound(errors.begin(), errors.end(), std::pair(*row, -1.0));
    const bool answered = at != errors.end() && at->first == *row;
    loss.push_back(answered ? Scaled(rolling[static_cast<std::size_t>(at - errors.begin())], 1e-4) : Json(nullptr));
  }
  return {{"name", name}, {"recipe", recipe}, {"from", first - drawn.begin()}, {"loss", std::move(loss)}};
}

Json VersionsJson(const ReplayResult& result, const std::vector<std::size_t>& drawn) {
  std::map<std::string, std::string> recipes;
  for (const VersionRecord& version : result.versions) recipes[version.number.ToString()] = version.recipe;
  Json json = Json::array();
  for (const auto& [name, errors] : ErrorsByVersion(result)) {
    json.push_back(VersionJson(name, recipes[name], errors, drawn));
  }
  return json;
}

Json ReignsJson(const ReplayResult& result) {
  Json json = Json::array();
  for (const Reign& reign : Reigns(result)) {
    const std::size_t next = std::min(reign.end, result.rows.size() - 1);
    json.push_back({{"version", reign.version},
                    {"from", result.rows[reign.begin].time / kSecond},
                    {"to", result.rows[next].time / kSecond}});
  }
  return json;
}

Json DriftJson(const ReplayResult& result) {
  Json json = Json::array();
  for (const DriftEvent& event : MostSevere(result.drift, kMostDriftEvents)) {
    json.push_back({event.time / kSecond, DriftKindName(event.kind), event.subject, static_cast<int>(event.severity),
                    event.method, std::isfinite(event.effect) ? Json(event.effect) : Json(nullptr),
                    std::isfinite(event.p_value) ? Json(event.p_value) : Json(nullptr), event.version});
  }
  return json;
}

}  // namespace

std::vector<double> RollingRmse(std::span<const double> squared_errors) {
  std::vector<double> rolling(squared_errors.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t row = 0; row < squared_errors.size(); ++row) {
    const std::size_t count = std::min(row + 1, kLossWindow);
    if (count < kLeastLossRows) continue;
    double sum = 0;
    for (std::size_t i = row + 1 - count; i <= row; ++i) sum += squared_errors[i];
    rolling[row] = std::sqrt(sum / static_cast<double>(count));
  }
  return rolling;
}

std::vector<Reign> Reigns(const ReplayResult& result) {
  std::vector<Reign> reigns;
  for (std::size_t row = 0; row < std::min(result.predictions.size(), result.rows.size()); ++row) {
    const Prediction& answered = result.predictions[row];
    const bool goes_on =
        !reigns.empty() && (answered.role == Role::kCanary || answered.version == reigns.back().version);
    if (!goes_on) reigns.push_back({answered.version, row, row});
    reigns.back().end = row + 1;
  }
  return reigns;
}

std::vector<DriftEvent> MostSevere(const std::vector<DriftEvent>& events, std::size_t most) {
  std::array<std::size_t, 5> count{};
  for (const DriftEvent& event : events) ++count[static_cast<std::size_t>(event.severity)];
  std::array<std::size_t, 5> taken{};
  std::size_t left = most;
  for (std::size_t severity = count.size(); severity-- > 0;) {
    taken[severity] = std::min(left, count[severity]);
    left -= taken[severity];
  }
  std::vector<DriftEvent> kept;
  for (const DriftEvent& event : events) {
    std::size_t& room = taken[static_cast<std::size_t>(event.severity)];
    if (room == 0) continue;
    --room;
    kept.push_back(event);
  }
  return kept;
}

nlohmann::ordered_json ChartData(const ReplayResult& result) {
  const std::size_t stride = (result.rows.size() + kMostPoints - 1) / kMostPoints;
  const std::vector<std::size_t> drawn = DrawnRows(result.rows.size(), std::max<std::size_t>(stride, 1));
  Json time = Json::array(), close = Json::array();
  for (const std::size_t row : drawn) {
    time.push_back(result.rows[row].time / kSecond);
    close.push_back(std::stod(fmt::format("{:.6g}", result.rows[row].close)));
  }
  return {{"stride", stride},
          {"time", std::move(time)},
          {"close", std::move(close)},
          {"policies", PoliciesJson(result, drawn)},
          {"versions", VersionsJson(result, drawn)},
          {"reigns", ReignsJson(result)},
          {"drift", DriftJson(result)},
          {"drift_in_all", result.drift.size()}};
}

}  // namespace hone
