// The example files are the built-in defaults, and they name every key there is.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "base/files.h"
#include "engine/model_definition.h"
#include "engine/policy.h"
#include "models/ensemble/ensemble_file.h"

namespace hone {
namespace {

std::string Example(const std::string& name) {
  const auto text = ReadFile(std::string(HONE_SOURCE_DIR) + "/examples/" + name, std::size_t{1} << 20);
  EXPECT_TRUE(text.ok()) << text.error().ToString();
  return text.ok() ? std::string(*text) : "";
}

// "section.key" of each line of a two-level YAML.
std::set<std::string> KeysOf(const std::string& yaml) {
  std::set<std::string> keys;
  std::string section;
  std::istringstream lines(yaml);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    const auto start = line.find_first_not_of(' ');
    if (colon == std::string::npos || line[start] == '#') continue;
    const std::string key = line.substr(start, colon - start);
    if (start == 0) section = key;
    keys.insert(start == 0 ? key : section + "." + key);
  }
  return keys;
}

TEST(Examples, ThePolicyIsTheDefaultWithEveryKey) {
  const std::string text = Example("policy.yaml");
  const auto policy = ReadPolicy(text, "policy.yaml");
  ASSERT_TRUE(policy.ok()) << policy.error().ToString();
  EXPECT_EQ(WritePolicy(*policy), WritePolicy(Policy{}));
  EXPECT_EQ(KeysOf(text), KeysOf(WritePolicy(Policy{})));
}

TEST(Examples, TheModelIsTheBuiltInOneKeyByKey) {
  const auto model = ReadModelDefinition(Example("model.yaml"), "model.yaml");
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  const ModelDefinition built_in = VolatilityModel();
  EXPECT_EQ(model->name, built_in.name);
  EXPECT_EQ(model->features, built_in.features);
  EXPECT_EQ(model->target, built_in.target);
  EXPECT_EQ(model->horizon, built_in.horizon);
  EXPECT_EQ(model->persistence, built_in.persistence);
  EXPECT_EQ(model->windows, built_in.windows);
  ASSERT_EQ(model->recipes.size(), built_in.recipes.size());
  for (std::size_t i = 0; i < built_in.recipes.size(); ++i) {
    const Recipe &written = model->recipes[i], &expected = built_in.recipes[i];
    EXPECT_EQ(written.name, expected.name);
    EXPECT_EQ(written.learner, expected.learner) << expected.name;
    EXPECT_EQ(written.features, expected.features) << expected.name;
    EXPECT_EQ(written.relative_to, expected.relative_to) << expected.name;
    EXPECT_EQ(written.window_rows, expected.window_rows) << expected.name;
    EXPECT_EQ(written.parameters, expected.parameters) << expected.name;
    EXPECT_EQ(written.members, expected.members) << expected.name;
  }
}

TEST(Examples, TheModelOfClassesIsRead) {
  const auto model = ReadModelDefinition(Example("move.yaml"), "move.yaml");
  ASSERT_TRUE(model.ok()) << model.error().ToString();
  EXPECT_TRUE(AnswersClasses(*model));
}

TEST(Examples, TheEnsembleIsReadAndStatesTheDefaultWeights) {
  const auto file = ReadEnsembleFile(Example("ensemble.yaml"), "ensemble.yaml");
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->rule, EnsembleRule::kWeighted);
  ASSERT_EQ(file->members.size(), 2U);
  EXPECT_EQ(file->members[0].version, "1.0.0");
  EXPECT_EQ(file->members[0].weight, 0.6);
  EXPECT_EQ(file->members[1].weight, 0.4);
}

}  // namespace
}  // namespace hone
