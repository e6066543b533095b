// hone features importance and generate as a user meets them, and what they select in training.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/files.h"
#include "process/program.h"
#include "storage/testing/temporary_folder.h"
#include "wire/json.h"

namespace hone {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kWeekModel = R"(name: week
features: [log_range_1, log_range_5, log_range_22, hour_of_day]
persistence: log_range_22
windows: [0]
recipes:
  - {name: line, learner: ridge, features: [log_range_1, log_range_5, log_range_22, hour_of_day]}
)";

// The bars of a market, all and the first of them.
struct Market {
  explicit Market(const TemporaryFolder& folder) : all(folder / "all.csv"), first(folder / "first.csv") {
    const Finished computed =
        RunHone({"features", "compute", "--data", "synthetic:calm,bars=1200", "--seed", "4", "--feature", "open",
                 "--feature", "high", "--feature", "low", "--feature", "close", "--feature", "volume"});
    std::ofstream(all) << computed.output;
    std::size_t end = 0;
    for (int line = 0; line < 801; ++line) end = computed.output.find('\n', end) + 1;
    std::ofstream(first) << computed.output.substr(0, end);
  }
  std::string all, first;
};

std::map<std::string, double> Importances(const Finished& finished) {
  std::map<std::string, double> numbers;
  const auto json = ParseJson(finished.output);
  if (!json.ok()) return numbers;
  double last = INFINITY;
  for (const JsonValue& feature : json->Find("features")->items) {
    const double importance = feature.Find("importance")->number;
    EXPECT_LE(importance, last) << "the most important first";
    last = numbers[feature.Find("feature")->text] = importance;
  }
  return numbers;
}

TEST(FeatureImportance, OfAVersionIsThatOfRowsItDidNotLearnFrom) {
  const TemporaryFolder folder;
  const Market market(folder);
  const std::string state = folder / "state", model = folder / "week.yaml";
  std::ofstream(model) << kWeekModel;
  ASSERT_EQ(RunHone({"train", "--data", market.first, "--model", model, "--dir", state}).exit_code, 0);
  const auto importance = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"features", "importance", "--model", "week", "--dir", state, "--output", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunHone(arguments);
  };
  const Finished permuted = importance({"--data", market.all, "--seed", "1"});
  ASSERT_EQ(permuted.exit_code, 0) << permuted.errors;
  const auto numbers = Importances(permuted);
  EXPECT_EQ(numbers.at("hour_of_day"), 0) << "the bars of days";
  EXPECT_GT(numbers.at("log_range_5"), 0);
  const auto json = ParseJson(permuted.output);
  // 1,200 bars, of which 800 learned: rows from the 800th on, less those whose outcome is not known.
  EXPECT_EQ(json->Find("rows")->integer, 396);
  EXPECT_GE(json->Find("block_rows")->integer, 10);
  EXPECT_EQ(importance({"--data", market.all, "--seed", "1"}).output, permuted.output);
  EXPECT_NE(importance({"--data", market.all, "--seed", "2"}).output, permuted.output);

  EXPECT_EQ(Importances(importance({"--data", market.all, "--method", "shap"})).at("hour_of_day"), 0);
  const Finished none = importance({"--data", market.first});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.errors, HasSubstr("no row with an outcome is later than"));
  const Finished splits = importance({"--method", "gain"});
  EXPECT_EQ(splits.exit_code, 2);
  EXPECT_THAT(splits.errors, HasSubstr("--method: gain asks for forests"));
}

TEST(FeatureImportance, OfAModelFileIsThatOfTheRowsOfACsv) {
  const TemporaryFolder folder;
  const std::string model = folder / "line.json", rows = folder / "rows.csv";
  std::ofstream(model) << R"({"format":"hone-linear","version":1,"intercept":0,"weights":[2,0],"means":[0,0]})"
                       << "\n";
  std::string text = "a,b,y\n";
  for (int i = 0; i < 60; ++i) {
    const std::string a = std::to_string(std::sin(1.7 * i)), y = std::to_string(2 * std::sin(1.7 * i));
    text.append(a).append(",").append(std::to_string(i % 7)).append(",").append(y).append("\n");
  }
  std::ofstream(rows) << text;
  const auto importance = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"features", "importance", "--model", model, "--data", rows, "--output", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunHone(arguments);
  };
  const Finished permuted = importance({"--target", "y", "--block", "1", "--repeats", "100"});
  ASSERT_EQ(permuted.exit_code, 0) << permuted.errors;
  const auto numbers = Importances(permuted);
  EXPECT_NEAR(numbers.at("a"), 4, 0.5) << "2 w^2 var";
  EXPECT_EQ(numbers.at("b"), 0);
  EXPECT_NEAR(Importances(importance({"--target", "y", "--method", "shap"})).at("a"), 4 / M_PI, 0.1) << "mean |2 sin|";
  EXPECT_THAT(importance({}).errors, HasSubstr("--target: names the column"));
  EXPECT_THAT(importance({"--target", "z"}).errors,
              HasSubstr("the model does not name its 2 columns, and the file has 3"));
  std::ofstream(rows) << "a,b,y\n1,2,3\n1,2,\n";
  EXPECT_THAT(importance({"--target", "y"}).errors, HasSubstr("rows.csv:3: y: a label is a finite number"));
}

std::vector<std::string> GenerateOn(const std::string& data, std::vector<std::string> more) {
  std::vector<std::string> arguments{"features", "generate", "--data", data, "--candidates", "60", "--seed", "3"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(FeatureGenerate, FindsFeaturesThatAModelTrainsOn) {
  const TemporaryFolder folder;
  const Market market(folder);
  const std::vector<std::string> flags{"--target", "volatility", "--feature", "log(high / low)"};
  auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), flags.begin(), flags.end());
    return RunHone(GenerateOn(market.all, more));
  };
  const Finished generated = with({"--output", "json"});
  ASSERT_EQ(generated.exit_code, 0) << generated.errors;
  const auto json = ParseJson(generated.output);
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->Find("candidates")->items.size(), 60U);
  EXPECT_FALSE(json->Find("selected")->items.empty()) << "a range of one day is not all that tells of the next five";
  EXPECT_LT(json->Find("selected_mean_loss")->number, json->Find("mean_loss")->number);
  EXPECT_EQ(with({"--output", "json"}).output, generated.output);

  const Finished yaml = with({"--output", "yaml"});
  EXPECT_THAT(yaml.output, StartsWith("# "));
  EXPECT_THAT(with({}).output, HasSubstr(yaml.output)) << "the table ends with it";
  const std::string model = folder / "made.yaml";
  std::ofstream(model) << "name: made\ntarget: volatility\nhorizon: 5\nwindows: [0]\npersistence: 'log(high / low)'\n"
                       << yaml.output;
  const Finished trained = RunHone({"train", "--data", market.all, "--model", model, "--dir", folder / "state"});
  EXPECT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_THAT(trained.output, HasSubstr("selected"));
}

TEST(FeatureGenerate, FindsNothingInAWalkAtRandom) {
  const TemporaryFolder folder;
  const Market market(folder);
  const Finished generated =
      RunHone(GenerateOn(market.all, {"--target", "log(close / close[5])", "--feature", "log(close / close[1])"}));
  ASSERT_EQ(generated.exit_code, 0) << generated.errors;
  EXPECT_THAT(generated.output, HasSubstr("nothing discovered"));
}

TEST(FeatureGenerate, WrongUseIsToldByName) {
  const auto refused = [](std::vector<std::string> more) {
    return RunHone(GenerateOn("synthetic:calm,bars=400", std::move(more)));
  };
  const Finished classes = refused({"--target", "move"});
  EXPECT_EQ(classes.exit_code, 2);
  EXPECT_THAT(classes.errors, HasSubstr("--learner: ridge does not learn the 3 classes of move"));
  const Finished target = refused({"--target", "log(closed)"});
  EXPECT_EQ(target.exit_code, 2);
  EXPECT_THAT(target.errors, HasSubstr("closed"));
  EXPECT_EQ(refused({"--feature", "emma(close, 3)"}).exit_code, 2);
  EXPECT_EQ(refused({"--candidates", "0"}).exit_code, 2);
  const Finished few = RunHone(GenerateOn("synthetic:calm,bars=120", {}));
  EXPECT_EQ(few.exit_code, 1) << few.output;
  EXPECT_THAT(few.errors, HasSubstr("synthetic:calm,bars=120"));
}

TEST(FeatureSelection, InARecipeIsMadeAnewInEachFit) {
  const TemporaryFolder folder;
  const Market market(folder);
  const std::string model = folder / "week.yaml";
  std::ofstream(model)
      << kWeekModel
      << "  - {name: chosen, learner: ridge, features: [log_range_1, log_range_5, log_range_22, hour_of_day], "
         "select: {always: [log_range_22]}}\n";
  const Finished trained =
      RunHone({"train", "--data", market.all, "--model", model, "--dir", folder / "state", "--output", "json"});
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  EXPECT_EQ(ParseJson(trained.output)->Find("validation")->items[1].Find("recipe")->text, "chosen");
  const Finished replayed = RunHone({"replay", "--data", market.all, "--model", model, "--output", "json"});
  EXPECT_EQ(replayed.exit_code, 0) << replayed.errors;
  EXPECT_THAT(replayed.output, HasSubstr("chosen"));
}

}  // namespace
}  // namespace hone
