// A verb of a noun: `hone models list`, `hone token create`.
#pragma once

#include <memory>

#include "base/result.h"
#include "hone/commands.h"
#include "hone/output.h"

namespace hone {

// Adds `name` to `noun`, with --dir and --output; when chosen, `act(*flags)` runs and its error is the exit code.
// `Flags` has `directory` and `output`. The verb's own flags go to what is returned.
template <typename Flags>
Command AddVerb(Command noun, const std::shared_ptr<Flags>& flags, const char* name, const char* description,
                Status (*act)(const Flags& flags)) {
  Command verb = noun.AddCommand(name, description);
  verb.AddOption("--dir", flags->directory, "folder of all state").ShowDefault();
  AddOutputOption(verb, flags->output);
  verb.OnChoice([flags, act] { return ExitCodeOf(act(*flags)); });
  return verb;
}

}  // namespace hone
