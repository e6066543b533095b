#include "models/linear/linear.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace hone {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxWeights = 65'536;
constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

class CentredLinear final : public LinearModel {
 public:
  CentredLinear(double intercept, std::vector<double> weights, std::vector<double> means)
      : intercept_(intercept), weights_(std::move(weights)), means_(std::move(means)) {}

  std::size_t width() const override { return weights_.size(); }
  std::span<const double> weights() const noexcept override { return weights_; }
  std::span<const double> means() const noexcept override { return means_; }

  double Predict(std::span<const double> row) const noexcept override {
    double answer = intercept_;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      const double term = weights_[i] * (row[i] - means_[i]);
      answer += std::isnan(row[i]) ? 0.0 : term;
    }
    return answer;
  }

 private:
  const double intercept_;
  const std::vector<double> weights_;
  const std::vector<double> means_;
};

Error Broken(std::string_view source, std::string_view key, std::string message) {
  return {ErrorCode::kCorrupt, std::move(message), std::string(source), 0, std::string(key)};
}

bool IsFinite(const Json& value) { return value.is_number() && std::isfinite(value.get<double>()); }

Result<std::vector<double>> ReadNumbers(const Json& file, const char* key, std::string_view source) {
  const auto found = file.find(key);
  if (found == file.end() || !found->is_array()) return Broken(source, key, "must be an array of numbers");
  if (found->empty() || found->size() > kMaxWeights) {
    return Broken(source, key, fmt::format("must have 1 to {} numbers, has {}", kMaxWeights, found->size()));
  }
  std::vector<double> numbers;
  numbers.reserve(found->size());
  for (const Json& value : *found) {
    if (!IsFinite(value)) {
      return Broken(source, key, fmt::format("entry {} is not a finite number", numbers.size() + 1));
    }
    numbers.push_back(value.get<double>());
  }
  return numbers;
}

Status CheckHeader(const Json& file, std::string_view source) {
  if (!file.is_object()) return Broken(source, "", "not a JSON object; a linear model file was expected");
  const auto format = file.find("format");
  if (format == file.end() || *format != "hone-linear") return Broken(source, "format", "must be \"hone-linear\"");
  const auto version = file.find("version");
  if (version == file.end() || *version != 1) return Broken(source, "version", "must be 1");
  return OkStatus();
}

}  // namespace

std::string WriteLinear(double intercept, std::span<const double> weights, std::span<const double> means) {
  nlohmann::ordered_json file;
  file["format"] = "hone-linear";
  file["version"] = 1;
  file["intercept"] = intercept;
  file["weights"] = std::vector<double>(weights.begin(), weights.end());
  file["means"] =
      means.empty() ? std::vector<double>(weights.size(), 0.0) : std::vector<double>(means.begin(), means.end());
  return file.dump() + "\n";
}

Result<ModelPointer> ReadLinear(std::string_view bytes, std::string_view source) {
  if (bytes.size() > kMaxBytes) return Broken(source, "", fmt::format("larger than {} bytes", kMaxBytes));
  const Json file = Json::parse(bytes, nullptr, false);
  HONE_RETURN_IF_ERROR(CheckHeader(file, source));
  const auto intercept = file.find("intercept");
  if (intercept == file.end() || !IsFinite(*intercept)) return Broken(source, "intercept", "must be a finite number");
  HONE_ASSIGN_OR_RETURN(std::vector<double> weights, ReadNumbers(file, "weights", source));
  HONE_ASSIGN_OR_RETURN(std::vector<double> means, ReadNumbers(file, "means", source));
  if (means.size() != weights.size()) {
    return Broken(source, "means", fmt::format("has {} numbers, weights has {}", means.size(), weights.size()));
  }
  return ModelPointer(std::make_shared<CentredLinear>(intercept->get<double>(), std::move(weights), std::move(means)));
}

}  // namespace hone
