// hone policy show: the policy in force, every key with its value.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "hone/commands.h"
#include "hone/inputs.h"

namespace hone {

void AddPolicyCommand(CLI::App& app, Commands& commands, int& exit_code) {
  CLI::App* policy = app.add_subcommand("policy", "The thresholds and cadences of the loop");
  policy->require_subcommand(1);
  CLI::App* show = policy->add_subcommand("show", "Print the policy in force as YAML");
  auto file = std::make_shared<std::string>();
  show->add_option("--policy", *file, "policy YAML; without it, the defaults");
  show->callback([&commands, &exit_code, file] {
    commands.Choose([&exit_code, file] {
      const Result<Policy> loaded = LoadPolicy(*file);
      if (!loaded.ok()) {
        exit_code = Fail(loaded.error());
        return;
      }
      std::fputs(WritePolicy(*loaded).c_str(), stdout);
    });
  });
}

}  // namespace hone
