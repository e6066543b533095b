// hone version
#include <CLI/CLI.hpp>
#include <cstdio>

#include "hone/commands.h"

namespace hone {

void AddVersionCommand(CLI::App& app, Commands& commands, int&) {
  CLI::App* command = app.add_subcommand("version", "Print the version of this program");
  command->callback([&commands] { commands.Choose([] { std::printf("hone %s\n", HONE_VERSION); }); });
}

}  // namespace hone
