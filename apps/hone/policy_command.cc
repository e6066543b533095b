// hone policy show: the policy in force, every key with its value.
#include <memory>

#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/output.h"

namespace hone {
namespace {

Status ShowPolicy(const std::string& file) {
  HONE_ASSIGN_OR_RETURN(const Policy policy, LoadPolicy(file));
  Print(WritePolicy(policy));
  return OkStatus();
}

}  // namespace

void AddPolicyCommand(Command app) {
  Command policy = app.AddNoun("policy", "The thresholds and cadences of the loop");
  Command show = policy.AddCommand("show", "Print the policy in force as YAML");
  auto file = std::make_shared<std::string>();
  show.AddOption("--policy", *file, "policy YAML; without it, the defaults");
  show.OnChoice([file] { return ExitCodeOf(ShowPolicy(*file)); });
}

}  // namespace hone
