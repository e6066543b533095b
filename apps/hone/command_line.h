// The command line: commands, what each takes, and which of them runs. CLI11 does the work behind it, in
// command_line.cc alone: its headers take seconds in every file that includes them.
//
//   CommandLine line("what the program is");
//   Command greet = line.root().AddCommand("greet", "Greet somebody");
//   auto name = std::make_shared<std::string>("world");
//   greet.AddOption("--name", *name, "whom").ShowDefault();
//   greet.OnChoice([name] { return Greet(*name); });
//   if (const std::optional<int> exit_code = line.Parse(argc, argv)) return *exit_code;
//   return line.Run();
//
// A variable that an option writes to must live until Parse has returned; the function given to OnChoice may own it.
// Commands and options are handles, cheap to copy, valid as long as their CommandLine. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace hone {

// An option, flag or positional of a command. Each call returns the same option, so that they can be chained. A value
// that breaks a rule given here is a usage error that names the option, and --help shows the rule.
class Option {
 public:
  Option Required();
  Option OneOf(std::initializer_list<const char*> values);
  Option Between(int low, int high);  // both ends are allowed
  Option Between(double low, double high);
  Option NotNegative();
  Option Positive();
  Option Excludes(Option other);  // not both of them
  Option OneValueEach();          // of a list: --name A --name B, and never --name A B
  Option CommaSeparated();        // of a list: --name A,B too
  Option ShowDefault();           // --help tells the value that the variable has now

  // Whether the command line that was parsed has it.
  bool given() const;

 private:
  friend class Command;
  explicit Option(CLI::Option* option) : option_(option) {}

  CLI::Option* option_;
};

class Command {
 public:
  // `hone name`, or `hone noun name`.
  Command AddCommand(const std::string& name, const std::string& description);
  // A command that must be followed by one of its own commands.
  Command AddNoun(const std::string& name, const std::string& description);

  // An option where `name` begins with "--", else a positional. `variable` holds its default; of an optional, nothing
  // means that it was not given.
  Option AddOption(const std::string& name, std::string& variable, const std::string& description);
  Option AddOption(const std::string& name, int& variable, const std::string& description);
  Option AddOption(const std::string& name, std::int64_t& variable, const std::string& description);
  Option AddOption(const std::string& name, std::uint64_t& variable, const std::string& description);
  Option AddOption(const std::string& name, double& variable, const std::string& description);
  Option AddOption(const std::string& name, std::optional<std::string>& variable, const std::string& description);
  Option AddOption(const std::string& name, std::optional<int>& variable, const std::string& description);
  Option AddOption(const std::string& name, std::optional<double>& variable, const std::string& description);
  Option AddOption(const std::string& name, std::vector<std::string>& variable, const std::string& description);
  // True where it is given.
  Option AddFlag(const std::string& name, bool& variable, const std::string& description);

  // What CommandLine::Run runs where this command is the one chosen; it returns the exit code.
  void OnChoice(std::function<int()> run);

 private:
  friend class CommandLine;
  Command(CLI::App* app, std::function<int()>* chosen) : app_(app), chosen_(chosen) {}

  CLI::App* app_;
  std::function<int()>* chosen_;
};

class CommandLine {
 public:
  explicit CommandLine(const std::string& description);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // Holds the commands, one of which must be chosen, and the options of all of them.
  Command root();

  // An exit code where there is nothing to run: 0 after --help, 2 after a word on stderr about what is wrong.
  std::optional<int> Parse(int argc, const char* const* argv);

  // Runs what was chosen, after Parse so that options of all commands hold; returns its exit code.
  int Run() const;

 private:
  std::unique_ptr<CLI::App> app_;
  std::function<int()> chosen_;
};

}  // namespace hone
