// hone why ID: the evidence for a decision, in words; or what is known about a prediction.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "api/record_json.h"
#include "hone/commands.h"
#include "hone/evidence_words.h"
#include "hone/output.h"
#include "hone/state_folder.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

struct WhyFlags {
  std::string id, directory = kDefaultFolder, output = "table";
};

// What an id turned out to be, as the text to print.
using Found = std::optional<std::string>;

std::string DecisionText(const Decision& decision, bool as_json) {
  JsonWriter json;
  WriteDecision(decision, json);
  return as_json ? json.Take() + "\n" : ExplainDecision(decision);
}

std::string PredictionText(const JoinedPrediction& row, const std::vector<std::string>& names, bool as_json) {
  JsonWriter json;
  WritePredictionRecord(row, names, json);
  return as_json ? json.Take() + "\n" : ExplainPrediction(row);
}

Result<Found> FindIn(LiveStore& store, const Id& id, bool as_json) {
  HONE_ASSIGN_OR_RETURN(const std::optional<Decision> decision, store.decisions.Find(id));
  if (decision) return Found(DecisionText(*decision, as_json));
  HONE_ASSIGN_OR_RETURN(const std::optional<JoinedPrediction> row, store.joined.Find(id));
  if (!row) return Found();
  const Result<StoredDefinition> definition = store.definitions.Get(row->prediction.model);
  return Found(
      PredictionText(*row, definition.ok() ? definition->model.features : std::vector<std::string>(), as_json));
}

// A replay's record: the same tables, without registry and definitions.
Result<Found> FindInReplay(const fs::path& path, const Id& id, bool as_json) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<Database> database, Database::Open(path, {.read_only = true}));
  HONE_ASSIGN_OR_RETURN(const std::optional<Decision> decision, DecisionStore(*database).Find(id));
  if (decision) return Found(DecisionText(*decision, as_json));
  HONE_ASSIGN_OR_RETURN(PredictionStore predictions, PredictionStore::Open(*database));
  HONE_ASSIGN_OR_RETURN(OutcomeStore outcomes, OutcomeStore::Open(*database));
  HONE_ASSIGN_OR_RETURN(const std::optional<JoinedPrediction> row, JoinedReader(predictions, outcomes).Find(id));
  return row ? Found(PredictionText(*row, {}, as_json)) : Found();
}

std::vector<fs::path> ReplaysOf(const fs::path& directory) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory / "replays", error)) {
    if (entry.path().extension() == ".db") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<std::string> Why(const WhyFlags& flags) {
  const Result<Id> id = ParseId(flags.id);
  if (!id.ok()) return Error{ErrorCode::kInvalidArgument, id.error().message, "ID"};
  const bool as_json = flags.output == "json";
  const std::vector<fs::path> replays = ReplaysOf(flags.directory);
  const Result<std::unique_ptr<LiveStore>> store = OpenForReading(flags.directory);
  if (store.ok()) {
    HONE_ASSIGN_OR_RETURN(const Found found, FindIn(**store, *id, as_json));
    if (found) return *found;
  } else if (store.error().code != ErrorCode::kNotFound || replays.empty()) {
    return store.error();
  }
  for (const fs::path& path : replays) {
    HONE_ASSIGN_OR_RETURN(const Found found, FindInReplay(path, *id, as_json));
    if (found) return *found;
  }
  return Error{ErrorCode::kNotFound, "neither a decision nor a prediction of this folder has the id " + flags.id,
               flags.directory};
}

Status PrintWhy(const WhyFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const std::string text, Why(flags));
  Print(text);
  return OkStatus();
}

}  // namespace

void AddWhyCommand(Command app) {
  Command command = app.AddCommand("why", "Explain a decision (or a prediction) with its evidence");
  auto flags = std::make_shared<WhyFlags>();
  command.AddOption("id", flags->id, "id of a decision or of a prediction").Required();
  command.AddOption("--dir", flags->directory, "folder of all state").ShowDefault();
  AddOutputOption(command, flags->output);
  command.OnChoice([flags] { return ExitCodeOf(PrintWhy(*flags)); });
}

}  // namespace hone
