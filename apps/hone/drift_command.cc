// hone drift: has the data moved?
#include "hone/drift_command.h"

#include <CLI/CLI.hpp>

namespace hone {

void AddDriftCommand(CLI::App& app, Commands& commands, int& exit_code) {
  CLI::App* drift = app.add_subcommand("drift", "Has the data moved?");
  drift->require_subcommand(1);
  AddDriftWatch(*drift, commands, exit_code);
}

}  // namespace hone
