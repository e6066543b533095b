// libraries: engine
// Any bytes as a policy and as a model definition. What is accepted must be written and read back to the same, and its
// recipes must hold together.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/model_definition.h"
#include "engine/policy.h"

namespace {

void Demand(bool holds) {
  if (!holds) std::abort();
}

void CheckPolicy(const hone::Policy& policy) {
  const std::string written = hone::WritePolicy(policy);
  const auto again = hone::ReadPolicy(written, "written");
  Demand(again.ok() && hone::WritePolicy(*again) == written);
  Demand(policy.rollout.steps.back() == 1 && policy.rollout.alpha > 0);
}

void CheckModel(const hone::ModelDefinition& model) {
  Demand(!model.name.empty() && !model.recipes.empty() && !model.features.empty());
  Demand(model.horizon >= 1 && model.horizon <= 1000);
  Demand(hone::CompetingRecipes(model).size() == model.recipes.size() * model.windows.size());
  for (const hone::Recipe& recipe : model.recipes) Demand(!recipe.name.empty() && !recipe.learner.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto policy = hone::ReadPolicy(text, "fuzz"); policy.ok()) {
    CheckPolicy(*policy);
  } else {
    Demand(!policy.error().message.empty());
  }
  if (const auto model = hone::ReadModelDefinition(text, "fuzz"); model.ok()) {
    CheckModel(*model);
  } else {
    Demand(!model.error().message.empty());
  }
  return 0;
}
