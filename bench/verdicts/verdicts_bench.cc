// Rules for promoting a version, side by side: how often each promotes one that is no better, and how soon one that is.
// Prints the tables of docs/reference/verdicts_compared.md; the same numbers for the same runs and seed.
//
//   verdicts_bench [--runs N] [--seed N]      (default: 10,000 rollouts a cell, seed 1)
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "comparison.h"

namespace hone::verdicts {
namespace {

struct Arguments {
  int runs = 10'000;
  int seed = 1;
};

// Nothing where it is not a whole number of at least `least`.
std::optional<int> WholeNumber(std::string_view text, int least) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least) return std::nullopt;
  return value;
}

std::optional<Arguments> ParseArguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view flag = argv[i];
    const bool runs = flag == "--runs";
    if ((!runs && flag != "--seed") || i + 1 == argc) return std::nullopt;
    const auto value = WholeNumber(argv[i + 1], runs ? 1 : 0);
    if (!value) return std::nullopt;
    (runs ? arguments.runs : arguments.seed) = *value;
  }
  return arguments;
}

void PrintHead(const std::string& first, const std::vector<ComparedRule>& rules) {
  std::string head = "| " + first, line = "|---|";
  for (const ComparedRule& rule : rules) {
    head += " | " + rule.name;
    line += "---|";
  }
  fmt::print("\n{} |\n{}\n", head, line);
}

// In per cent, with one standard deviation of the simulation.
std::string Share(double share, int runs) {
  return fmt::format("{:.1f} ± {:.1f}", 100 * share, 100 * MonteCarloError(share, runs));
}

template <typename Cell>
void PrintRow(const std::string& name, const std::vector<Tally>& tallies, const Cell& cell) {
  std::string row = "| " + name;
  for (const Tally& tally : tallies) row += " | " + cell(tally);
  fmt::print("{} |\n", row);
  std::fflush(stdout);
}

void PrintTables(const Arguments& arguments) {
  const std::vector<ComparedRule> rules = ComparedRules();
  const auto executor = MakeThreadPool(static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  const auto seed = static_cast<std::uint64_t>(arguments.seed) << 32;
  PrintHead("equal versions: promoted, % of rollouts", rules);
  for (const Setting& setting : EqualSettings()) {
    PrintRow(setting.name, Compare(setting, rules, arguments.runs, seed, *executor),
             [](const Tally& tally) { return Share(tally.promoted, tally.runs); });
  }
  PrintHead("a better version: promoted, %; median predictions until then", rules);
  for (const Setting& setting : BetterSettings()) {
    PrintRow(fmt::format("{}, gain {}", setting.name, setting.gain),
             Compare(setting, rules, arguments.runs, seed, *executor), [](const Tally& tally) {
               return Share(tally.first, tally.runs) + "; " + (tally.median ? std::to_string(*tally.median) : "-");
             });
  }
}

}  // namespace
}  // namespace hone::verdicts

int main(int argc, char** argv) {
  const auto arguments = hone::verdicts::ParseArguments(argc, argv);
  if (!arguments) {
    std::fprintf(stderr, "usage: verdicts_bench [--runs N] [--seed N]   (N a whole number, runs at least 1)\n");
    return 2;
  }
  fmt::print("{} rollouts a cell of at most {} outcomes, seed {}, alpha {}\n", arguments->runs, hone::verdicts::kRows,
             arguments->seed, hone::verdicts::kAlpha);
  hone::verdicts::PrintTables(*arguments);
  std::fprintf(stderr, "%.0f core-seconds\n", static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
  return 0;
}
