// hone drift: has the data moved?
#include <CLI/CLI.hpp>

#include "hone/commands.h"
#include "hone/drift_verbs.h"

namespace hone {

void AddDriftCommand(CLI::App& app, Commands& commands, int& exit_code) {
  CLI::App* drift = app.add_subcommand("drift", "Has the data moved?");
  drift->require_subcommand(1);
  AddDriftCheckVerb(*drift, commands, exit_code);
  AddDriftWatchVerb(*drift, commands, exit_code);
}

}  // namespace hone
