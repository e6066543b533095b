// What commands take and refuse, in the words that people read.
#include "hone/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <sstream>

namespace hone {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class CommandLineTest : public testing::Test {
 protected:
  CommandLineTest() {
    Command root = line.root();
    level_option = root.AddOption("--level", level, "of the log").ShowDefault();
    Command fit = root.AddCommand("fit", "Fit a model");
    fit.AddOption("name", name, "the model").Required();
    fit.AddOption("--rows", rows, "at most").Between(1, 10).ShowDefault();
    fit.AddOption("--id", id, "a number");
    fit.AddOption("--seed", seed, "of all draws").ShowDefault();
    fit.AddOption("--share", share, "kept").Between(0.0, 1.0);
    fit.AddOption("--power", power, "wanted").Positive();
    fit.AddOption("--gain", gain, "wanted").NotNegative();
    fit.AddOption("--threads", threads, "at work");
    fit.AddOption("--output", output, "json or table").OneOf({"json", "table"});
    const Option data_option = fit.AddOption("--data", data, "may be repeated").OneValueEach();
    fit.AddOption("--columns", columns, "of the data").CommaSeparated();
    fit.AddFlag("--quiet", quiet, "without a word").Excludes(data_option);
    fit.OnChoice([] { return 7; });
    Command model = root.AddNoun("model", "Models");
    model.AddCommand("list", "All of them").OnChoice([] { return 0; });
  }

  // Of words with a space between them.
  std::optional<int> Parse(const std::string& text) {
    std::istringstream stream("hone " + text);
    const std::vector<std::string> words{std::istream_iterator<std::string>(stream), {}};
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    return line.Parse(static_cast<int>(argv.size()), argv.data());
  }

  // The first line on stderr of what is a usage error.
  std::string Refusal(const std::string& text) {
    testing::internal::CaptureStderr();
    const std::optional<int> exit_code = Parse(text);
    const std::string told = testing::internal::GetCapturedStderr();
    return exit_code == 2 ? told.substr(0, told.find('\n')) : "accepted";
  }

  std::string level = "warning", name;
  int rows = 5;
  std::int64_t id = 0;
  std::uint64_t seed = 0;
  double power = 0.5, gain = 0;
  std::optional<double> share;
  std::optional<int> threads;
  std::optional<std::string> output;
  std::vector<std::string> data, columns;
  bool quiet = false;
  CommandLine line{"a program"};
  std::optional<Option> level_option;
};

TEST_F(CommandLineTest, ValuesOfEveryType) {
  ASSERT_EQ(Parse("--level info fit vol --rows 10 --id -9000000000000000000 --seed 18446744073709551615 --share 0.25 "
                  "--power 1e-3 --gain 0 --threads 2 --output json --data a --data b --columns x,y"),
            std::nullopt);
  EXPECT_TRUE(level_option->given());
  EXPECT_EQ(level, "info");
  EXPECT_EQ(name, "vol");
  EXPECT_EQ(rows, 10);
  EXPECT_EQ(id, -9'000'000'000'000'000'000);
  EXPECT_EQ(seed, 18'446'744'073'709'551'615U);
  EXPECT_EQ(share, 0.25);
  EXPECT_EQ(power, 1e-3);
  EXPECT_EQ(gain, 0);
  EXPECT_EQ(threads, 2);
  EXPECT_EQ(output, "json");
  EXPECT_EQ(data, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(columns, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(line.Run(), 7);
}

TEST_F(CommandLineTest, WhatIsNotGivenStaysAsItWas) {
  ASSERT_EQ(Parse("fit vol --quiet"), std::nullopt);
  EXPECT_FALSE(level_option->given());
  EXPECT_EQ(rows, 5);
  EXPECT_FALSE(share || threads || output);
  EXPECT_TRUE(data.empty());
  EXPECT_TRUE(quiet);
}

TEST_F(CommandLineTest, EachRuleRefusesInItsWords) {
  EXPECT_EQ(Refusal("fit"), "hone: name is required");
  EXPECT_EQ(Refusal("fit vol --rows 11"), "hone: --rows: Value 11 not in range 1 to 10");
  EXPECT_EQ(Refusal("fit vol --share 1.5"), "hone: --share: Value 1.5 not in range 0.000000 to 1.000000");
  EXPECT_THAT(Refusal("fit vol --power 0"), StartsWith("hone: --power: must be a number above 0, is 0"));
  EXPECT_THAT(Refusal("fit vol --gain -1"), StartsWith("hone: --gain: must be a number not below 0, is -1"));
  EXPECT_EQ(Refusal("fit vol --output xml"), "hone: --output: xml not in {json,table}");
  EXPECT_EQ(Refusal("fit vol --data a --quiet"), "hone: --data excludes --quiet");
  EXPECT_EQ(Refusal("fit vol --data a b"), "hone: The following argument was not expected: b");
  EXPECT_EQ(Refusal("fit vol --id x"), "hone: Could not convert: --id = x");
}

TEST_F(CommandLineTest, ACommandMustBeChosen) {
  EXPECT_EQ(Refusal(""), "hone: A subcommand is required");
  EXPECT_EQ(Refusal("model"), "hone: A subcommand is required");
  EXPECT_EQ(Refusal("modle"), "hone: unexpected: modle");
  ASSERT_EQ(Parse("model list"), std::nullopt);
  EXPECT_EQ(line.Run(), 0);
}

TEST_F(CommandLineTest, HelpTellsRulesAndDefaults) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(Parse("fit --help"), 0);
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_THAT(help, HasSubstr("--rows INT:INT in [1 - 10]=5"));
  EXPECT_THAT(help, HasSubstr("--output TEXT:{json,table}"));
}

}  // namespace
}  // namespace hone
