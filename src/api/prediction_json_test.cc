#include "api/prediction_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/id.h"
#include "base/random.h"
#include "base/time.h"

namespace hone {
namespace {

// By members, as any JSON is written.
std::string ByMembers(const Prediction& prediction) {
  JsonWriter json;
  json.BeginMap()
      .Member("prediction_id", prediction.id.ToString())
      .Member("model", prediction.model)
      .Member("version", prediction.version)
      .Member("value", prediction.value)
      .Member("role", RoleName(prediction.role))
      .Member("propensity", prediction.propensity)
      .Member("time", FormatTime(prediction.time))
      .EndMap();
  return json.Take();
}

std::string Written(const Prediction& prediction) {
  JsonWriter json;
  WritePrediction(prediction, nullptr, false, json);
  return json.Take();
}

TEST(WritePrediction, IsTheSameWhicheverWayItGoes) {
  Random random(41);
  IdGenerator ids(7);
  for (int i = 0; i < 20'000; ++i) {
    Prediction prediction;
    prediction.time = static_cast<Time>(random.Below(std::uint64_t{1} << 62));
    prediction.id = ids.Next(prediction.time);
    prediction.model = i % 7 == 0 ? std::string(random.Below(90), 'm') : "vol";
    prediction.version = i % 11 == 0 ? "1.0.0 \"a\"\n" : "1.0." + std::to_string(i);
    prediction.role = i % 3 == 0 ? Role::kCanary : Role::kChampion;
    prediction.value = std::ldexp(random.Normal(), static_cast<int>(random.Below(200)) - 100);
    if (i % 5 == 0) prediction.value = std::round(prediction.value);
    prediction.propensity = i % 2 == 0 ? 1 : random.Uniform();
    EXPECT_EQ(Written(prediction), ByMembers(prediction));
  }
}

TEST(WritePrediction, NumbersThatAreNoneAndZerosAreWrittenAsEverywhere) {
  Prediction prediction;
  prediction.model = "vol";
  prediction.version = "1.0.0";
  for (const double value :
       {0.0, -0.0, 1.0, -1.0, 100'000.0, 1e300, 5e-324, std::nan(""), std::numeric_limits<double>::infinity()}) {
    for (const double propensity : {1.0, 0.5, 0.0, std::nan("")}) {
      prediction.value = value;
      prediction.propensity = propensity;
      EXPECT_EQ(Written(prediction), ByMembers(prediction));
    }
  }
}

TEST(WritePrediction, AnIntervalWhereTheModelHasOne) {
  AnswerReach reach;
  Prediction prediction;
  prediction.value = -1.5;
  const auto interval = [&](double told) {
    prediction.reach = told;
    JsonWriter json;
    WritePrediction(prediction, nullptr, false, json, &reach);
    const std::string text = json.Take();
    return text.substr(text.find("\"interval\""));
  };
  EXPECT_EQ(interval(0.25), R"("interval":{"low":-1.75,"high":-1.25,"coverage":0.9}})");
  EXPECT_EQ(interval(std::numeric_limits<double>::infinity()),
            R"("interval":{"low":null,"high":null,"coverage":0.9}})");
  EXPECT_EQ(interval(std::nan("")), R"("interval":null})");
}

}  // namespace
}  // namespace hone
