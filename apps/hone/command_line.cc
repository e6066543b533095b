#include "hone/command_line.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace hone {
namespace {

// Every comparison lets it pass.
std::string NoNan(const std::string& text) {
  return std::isnan(std::strtod(text.c_str(), nullptr)) ? "must be a number, is " + text : std::string();
}

// CLI11's own checks name the largest double in 309 digits.
std::string AboveZero(const std::string& text) {
  return std::strtod(text.c_str(), nullptr) > 0 ? std::string() : "must be a number above 0, is " + text;
}

std::string NotBelowZero(const std::string& text) {
  return std::strtod(text.c_str(), nullptr) < 0 ? "must be a number not below 0, is " + text : std::string();
}

}  // namespace

Option Option::Required() {
  option_->required();
  return *this;
}

Option Option::OneOf(std::initializer_list<const char*> values) {
  option_->check(CLI::IsMember(std::vector<std::string>(values.begin(), values.end())));
  return *this;
}

Option Option::Between(int low, int high) {
  option_->check(CLI::Range(low, high));
  return *this;
}

Option Option::Between(double low, double high) {
  option_->check(CLI::Range(low, high))->check(NoNan);
  return *this;
}

Option Option::NotNegative() {
  option_->check(NotBelowZero)->check(NoNan);
  return *this;
}

Option Option::Positive() {
  option_->check(AboveZero)->check(NoNan);
  return *this;
}

Option Option::Excludes(Option other) {
  option_->excludes(other.option_);
  return *this;
}

Option Option::OneValueEach() {
  option_->allow_extra_args(false);
  return *this;
}

Option Option::CommaSeparated() {
  option_->delimiter(',');
  return *this;
}

Option Option::ShowDefault() {
  option_->capture_default_str();
  return *this;
}

bool Option::given() const { return option_->count() > 0; }

Command Command::AddCommand(const std::string& name, const std::string& description) {
  return {app_->add_subcommand(name, description), chosen_};
}

Command Command::AddNoun(const std::string& name, const std::string& description) {
  const Command noun = AddCommand(name, description);
  noun.app_->require_subcommand(1);
  return noun;
}

Option Command::AddOption(const std::string& name, std::string& variable, const std::string& description) {
  return Option(app_->add_option(name, variable, description));
}

Option Command::AddOption(const std::string& name, int& variable, const std::string& description) {
  return Option(app_->add_option(name, variable, description));
}

Option Command::AddOption(const std::string& name, std::int64_t& variable, const std::string& description) {
  return Option(app_->add_option(name, variable, description));
}

Option Command::AddOption(const std::string& name, std::uint64_t& variable, const std::string& description) {
  return Option(app_->add_option(name, variable, description));
}

Option Command::AddOption(const std::string& name, double& variable, const std::string& description) {
  return Option(app_->add_option(name, variable, description));
}

Option Command::AddOption(const std::string& name, std::optional<std::string>& variable,
                          const std::string& description) {
  return Option(app_->add_option(name, variable, description));
}

Option Command::AddOption(const std::string& name, std::optional<int>& variable, const std::string& description) {
  return Option(app_->add_option(name, variable, description));
}

Option Command::AddOption(const std::string& name, std::optional<double>& variable, const std::string& description) {
  return Option(app_->add_option(name, variable, description));
}

Option Command::AddOption(const std::string& name, std::vector<std::string>& variable, const std::string& description) {
  return Option(app_->add_option(name, variable, description));
}

Option Command::AddFlag(const std::string& name, bool& variable, const std::string& description) {
  return Option(app_->add_flag(name, variable, description));
}

void Command::OnChoice(std::function<int()> run) {
  app_->callback([chosen = chosen_, run = std::move(run)] { *chosen = run; });
}

CommandLine::CommandLine(const std::string& description) : app_(std::make_unique<CLI::App>(description)) {
  app_->require_subcommand(1);
  app_->failure_message([](const CLI::App*, const CLI::Error& error) {
    return std::string("hone: ") + error.what() + "\nRun with --help for what is possible.\n";
  });
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() { return {app_.get(), &chosen_}; }

std::optional<int> CommandLine::Parse(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    // A mistyped word explains what is missing better than the missing thing does.
    const std::vector<std::string> unexpected = app_->remaining(true);
    if (unexpected.empty()) return app_->exit(error) == 0 ? 0 : 2;
    std::fprintf(stderr, "hone: unexpected: %s\nRun with --help for what is possible.\n", unexpected.front().c_str());
    return 2;
  } catch (const CLI::ParseError& error) {
    const int code = app_->exit(error);  // prints help or the message
    return code == 0 ? 0 : 2;
  }
  return std::nullopt;
}

int CommandLine::Run() const { return chosen_ ? chosen_() : 0; }

}  // namespace hone
