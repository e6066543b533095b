#include "api/prediction_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "api/votes_json.h"
#include "base/time.h"

namespace hone {
namespace {

constexpr std::size_t kLongestName = 64;

// Stands in JSON as it is.
bool IsPlain(std::string_view text) {
  return text.size() <= kLongestName &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

// Nearly every answer: one number of one version, with nothing to escape and nothing that JSON has no word for.
bool IsUsual(const Prediction& prediction) {
  return prediction.values.empty() && prediction.votes.empty() && std::isfinite(prediction.value) &&
         prediction.value != 0 && prediction.propensity > 0 && prediction.propensity <= 1 &&
         IsPlain(prediction.model) && IsPlain(prediction.version);
}

// Room for a usual answer.
class Text {
 public:
  Text& operator<<(std::string_view text) {
    at_ = std::copy(text.begin(), text.end(), at_);
    return *this;
  }
  Text& operator<<(double value) {
    at_ = std::to_chars(at_, bytes_.data() + bytes_.size(), value).ptr;
    return *this;
  }
  std::string_view view() const { return {bytes_.data(), static_cast<std::size_t>(at_ - bytes_.data())}; }

 private:
  std::array<char, 512> bytes_;
  char* at_ = bytes_.data();
};

// The same bytes as the general way.
void WriteUsual(const Prediction& prediction, JsonWriter& json) {
  Text text;
  text << R"({"prediction_id":")" << prediction.id.ToString() << R"(","model":")" << prediction.model
       << R"(","version":")" << prediction.version << R"(","value":)" << prediction.value << R"(,"role":")"
       << RoleName(prediction.role) << R"(","propensity":)";
  if (prediction.propensity == 1) {
    text << "1";
  } else {
    text << prediction.propensity;
  }
  text << R"(,"time":")" << FormatTime(prediction.time) << R"("})";
  json.Raw(text.view());
}

void WriteId(const Prediction& prediction, bool abstained, JsonWriter& json) {
  json.Key("prediction_id");
  if (abstained) {
    json.Null();
  } else {
    json.Value(prediction.id.ToString());
  }
}

}  // namespace

void WriteAnswer(std::span<const double> answer, JsonWriter& json) {
  if (answer.size() == 1) {
    json.Value(answer.front());
    return;
  }
  json.BeginList();
  for (const double value : answer) json.Value(value);
  json.EndList();
}

void WriteInterval(const Prediction& prediction, const AnswerReach& reach, JsonWriter& json) {
  json.Key("interval");
  if (std::isnan(prediction.reach)) {
    json.Null();
    return;
  }
  json.BeginMap()
      .Member("low", prediction.value - prediction.reach)
      .Member("high", prediction.value + prediction.reach)
      .Member("coverage", reach.coverage)
      .EndMap();
}

void WritePrediction(const Prediction& prediction, const VotingEnsemble* ensemble, bool abstained, JsonWriter& json,
                     const AnswerReach* reach) {
  if (ensemble == nullptr && !abstained && reach == nullptr && IsUsual(prediction)) return WriteUsual(prediction, json);
  json.BeginMap();
  WriteId(prediction, abstained, json);
  json.Member("model", prediction.model).Member("version", prediction.version).Member("value", prediction.value);
  if (!prediction.values.empty() && !abstained) {
    json.Key("values").BeginList();
    for (const double value : prediction.values) json.Value(value);
    json.EndList();
  }
  json.Member("role", RoleName(prediction.role))
      .Member("propensity", prediction.propensity)
      .Member("time", FormatTime(prediction.time));
  if (reach != nullptr && !abstained) WriteInterval(prediction, *reach, json);
  if (ensemble != nullptr) WriteVotes(*ensemble, prediction.votes, json);
  json.EndMap();
}

}  // namespace hone
