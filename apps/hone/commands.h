// The commands of the program, one file each. A command adds its flags to the parser and, when chosen, leaves the
// function to run; main runs it after parsing, so that global flags hold for all of them.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/result.h"

namespace CLI {
class App;
}

namespace hone {

class Commands {
 public:
  void Choose(std::function<void()> run) { run_ = std::move(run); }
  void Run() const {
    if (run_) run_();
  }

 private:
  std::function<void()> run_;
};

// Prints the error to stderr; returns its exit code: 2 for usage and configuration, 1 for everything else.
int Fail(const Error& error);

// Writes what stdout still holds; returns `exit_code`, or 1 with a word on stderr where not all of the output could be
// written: a full disk must not leave half a result that looks whole.
int FinishOutput(int exit_code);

// "json", "table"
enum class OutputFormat { kTable, kJson };

void AddReplayCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddServeCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddTrainCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddJobCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddModelsCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddTokenCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddPredictCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddWhyCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddBarsCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddDoctorCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddDriftCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddPolicyCommand(CLI::App& app, Commands& commands, int& exit_code);
void AddVersionCommand(CLI::App& app, Commands& commands, int& exit_code);

}  // namespace hone
