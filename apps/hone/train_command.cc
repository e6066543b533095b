// hone train: trains a model on a file of bars and registers it; the first version of a model becomes active.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <thread>

#include "base/executor.h"
#include "engine/train_model.h"
#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/output.h"
#include "hone/state_folder.h"
#include "hone/system_clock.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct TrainFlags {
  std::string data, model, directory = kDefaultFolder, output = "table";
  std::uint64_t seed = 0;
};

struct Figure {
  const char *key, *heading;
  double Score::*value;  // NaN where the recipe's objective has none
};

constexpr Figure kFigures[] = {{"rmse", "RMSE", &Score::rmse},
                               {"mae", "MAE", &Score::mae},
                               {"log_loss", "log loss", &Score::log_loss},
                               {"accuracy", "accuracy", &Score::accuracy}};

std::string TrainJson(const TrainReport& report) {
  JsonWriter json;
  json.BeginMap()
      .Member("model", report.model)
      .Member("version", report.version)
      .Member("stage", report.stage)
      .Member("recipe", report.recipe)
      .Member("rows", report.rows);
  json.Key("validation").BeginList();
  for (const TrainedRecipe& recipe : report.validation) {
    json.BeginMap().Member("recipe", recipe.recipe);
    for (const Figure& figure : kFigures) {
      if (!std::isnan(recipe.*figure.value)) json.Member(figure.key, recipe.*figure.value);
    }
    json.Member("rows", recipe.rows).EndMap();
  }
  json.EndList().EndMap();
  return json.Take() + "\n";
}

// Columns that no recipe has are left out.
std::vector<std::vector<std::string>> ValidationTable(const TrainReport& report) {
  std::vector<std::vector<std::string>> rows = {{"recipe"}};
  for (const TrainedRecipe& recipe : report.validation) rows.push_back({recipe.recipe});
  for (const Figure& figure : kFigures) {
    const auto lacks = [&figure](const TrainedRecipe& recipe) { return std::isnan(recipe.*figure.value); };
    if (std::ranges::all_of(report.validation, lacks)) continue;
    rows[0].emplace_back(figure.heading);
    for (std::size_t i = 0; i < report.validation.size(); ++i) {
      const TrainedRecipe& recipe = report.validation[i];
      rows[i + 1].push_back(lacks(recipe) ? "" : fmt::format("{:.4f}", recipe.*figure.value));
    }
  }
  rows[0].insert(rows[0].end(), {"rows", ""});
  for (std::size_t i = 0; i < report.validation.size(); ++i) {
    const TrainedRecipe& recipe = report.validation[i];
    rows[i + 1].insert(rows[i + 1].end(),
                       {fmt::format("{}", recipe.rows), recipe.recipe == report.recipe ? "chosen" : ""});
  }
  return rows;
}

std::string TrainTable(const TrainReport& report) {
  return fmt::format("{} {} is {}: {} on {} rows\n\nvalidation on later rows only, purged and embargoed:\n",
                     report.model, report.version, report.stage, report.recipe, report.rows) +
         AlignedTable(ValidationTable(report));
}

Status Train(const TrainFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const ModelDefinition model, LoadModelDefinition(flags.model, flags.directory));
  HONE_ASSIGN_OR_RETURN(const BarSource bars, LoadBarSource(flags.data, flags.seed));
  HONE_ASSIGN_OR_RETURN(const FileLock lock,
                        LockFolder(flags.directory, "stop it first, or let it retrain: POST /models/NAME/retrain"));
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<LiveStore> store, LiveStore::Open(flags.directory));
  const auto threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const std::unique_ptr<Executor> executor = MakeThreadPool(threads);
  HONE_ASSIGN_OR_RETURN(const TrainReport report,
                        TrainModel(*store, bars.series, model, flags.seed, SystemClock().Now(), *executor));
  Print(flags.output == "json" ? TrainJson(report) : TrainTable(report));
  return OkStatus();
}

}  // namespace

void AddTrainCommand(Command app) {
  Command command = app.AddCommand("train", "Train a model on a file of bars and register it");
  auto flags = std::make_shared<TrainFlags>();
  command
      .AddOption("--data", flags->data,
                 "bars: a CSV (gzip too), a LEAN zip, Parquet, or synthetic:calm|break|gradual|flicker[,bars=N]")
      .Required();
  command.AddOption("--model", flags->model, "model YAML; without it, the built-in volatility model");
  command.AddOption("--dir", flags->directory, "folder of all state").ShowDefault();
  command.AddOption("--seed", flags->seed, "seed of everything random").ShowDefault();
  AddOutputOption(command, flags->output);
  command.OnChoice([flags] { return ExitCodeOf(Train(*flags)); });
}

}  // namespace hone
