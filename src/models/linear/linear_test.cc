#include "models/linear/linear.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace hone {
namespace {

TEST(Linear, AddsWeightedDistancesFromTheMeans) {
  const auto model = ReadLinear(WriteLinear(10, std::vector<double>{2, -1}, std::vector<double>{1, 3}), "m").value();
  EXPECT_EQ(model->width(), 2U);
  EXPECT_EQ(model->Predict(std::vector<double>{1, 3}), 10);
  EXPECT_EQ(model->Predict(std::vector<double>{2, 5}), 10 + 2 - 2);
}

TEST(Linear, AMissingValueIsItsTrainingMean) {
  const auto model = ReadLinear(WriteLinear(10, std::vector<double>{2, -1}, std::vector<double>{1, 3}), "m").value();
  EXPECT_EQ(model->Predict(std::vector<double>{std::nan(""), 5}), model->Predict(std::vector<double>{1, 5}));
}

TEST(Linear, NumbersRoundTripToTheBit) {
  const std::vector<double> weights = {0.1, 1.0 / 3, -5e-324, 1.7976931348623157e308, 2.2250738585072011e-308, -0.0, 1};
  const std::string bytes = WriteLinear(std::nextafter(0.3, 1), weights);
  const auto model = ReadLinear(bytes, "m").value();
  std::vector<double> row(weights.size(), 0.0);
  EXPECT_EQ(model->Predict(row), std::nextafter(0.3, 1));
  EXPECT_NE(bytes.find("5e-324"), std::string::npos);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::string one = WriteLinear(0, std::vector{weights[i]});
    EXPECT_EQ(ReadLinear(one, "m").value()->Predict(std::vector{1.0}), weights[i]);
  }
}

struct BrokenCase {
  const char* bytes;
  const char* key;
};

TEST(Linear, EveryBrokenFileIsNamed) {
  const BrokenCase cases[] = {
      {"", ""},
      {"[]", ""},
      {"{", ""},
      {R"({"format":"other"})", "format"},
      {R"({"format":"hone-linear","version":2})", "version"},
      {R"({"format":"hone-linear","version":1})", "intercept"},
      {R"({"format":"hone-linear","version":1,"intercept":"1"})", "intercept"},
      {R"({"format":"hone-linear","version":1,"intercept":1})", "weights"},
      {R"({"format":"hone-linear","version":1,"intercept":1,"weights":[]})", "weights"},
      {R"({"format":"hone-linear","version":1,"intercept":1,"weights":[1,null],"means":[0,0]})", "weights"},
      {R"({"format":"hone-linear","version":1,"intercept":1,"weights":[1,2],"means":[0]})", "means"},
      {R"({"format":"hone-linear","version":1,"intercept":1,"weights":[1,2]})", "means"},
      {R"({"format":"hone-linear","version":1,"intercept":1e999,"weights":[1],"means":[0]})", ""},
  };
  for (const BrokenCase& broken : cases) {
    const auto model = ReadLinear(broken.bytes, "m.json");
    ASSERT_FALSE(model.ok()) << broken.bytes;
    EXPECT_EQ(model.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(model.error().source, "m.json");
    EXPECT_EQ(model.error().key, broken.key) << broken.bytes;
  }
}

TEST(Linear, DeepNestingIsRefusedNotFollowed) {
  EXPECT_FALSE(ReadLinear(std::string(1'000'000, '['), "m").ok());
  EXPECT_FALSE(ReadLinear(std::string(500'000, '[') + std::string(500'000, ']'), "m").ok());
}

}  // namespace
}  // namespace hone
