// A verb of a noun: `hone models list`, `hone token create`.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "base/result.h"
#include "hone/commands.h"
#include "hone/output.h"

namespace hone {

// Adds `name` to `noun`, with --dir and --output; when chosen, `act(*flags)` runs and its error is the exit code.
// `Flags` has `directory` and `output`. The verb's own flags go to what is returned.
template <typename Flags>
CLI::App* AddVerb(CLI::App& noun, Commands& commands, int& exit_code, const std::shared_ptr<Flags>& flags,
                  const char* name, const char* description, Status (*act)(const Flags& flags)) {
  CLI::App* verb = noun.add_subcommand(name, description);
  verb->add_option("--dir", flags->directory, "folder of all state")->capture_default_str();
  AddOutputOption(*verb, flags->output);
  verb->callback([&commands, &exit_code, flags, act] {
    commands.Choose([&exit_code, flags, act] {
      const Status status = act(*flags);
      if (!status.ok()) exit_code = Fail(status.error());
    });
  });
  return verb;
}

}  // namespace hone
