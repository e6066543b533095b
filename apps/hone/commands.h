// The commands of the program, one file each: what a command takes, and the function that runs when it is chosen.
#pragma once

#include "base/result.h"
#include "hone/command_line.h"

namespace hone {

// Prints the error to stderr; returns its exit code: 2 for usage and configuration, 1 for everything else.
int Fail(const Error& error);

// 0, or what Fail returns of the status' error.
int ExitCodeOf(const Status& status);

// Writes what stdout still holds; returns `exit_code`, or 1 with a word on stderr where not all of the output could be
// written: a full disk must not leave half a result that looks whole.
int FinishOutput(int exit_code);

void AddReplayCommand(Command app);
void AddServeCommand(Command app, Option log_level);  // the program's --log-level, which wins over the configuration
void AddTrainCommand(Command app);
void AddJobCommand(Command app);
void AddModelsCommand(Command app);
void AddRolloutCommand(Command app);
void AddTokenCommand(Command app);
void AddAlertsCommand(Command app);
void AddPredictCommand(Command app);
void AddWhyCommand(Command app);
void AddExperimentCommand(Command app);
void AddPerformanceCommand(Command app);
void AddFeaturesCommand(Command app);
void AddBarsCommand(Command app);
void AddDoctorCommand(Command app);
void AddDriftCommand(Command app);
void AddPolicyCommand(Command app);
void AddVersionCommand(Command app);

}  // namespace hone
