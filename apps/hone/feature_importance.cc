// hone features importance: how much a model needs each of its columns.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <thread>
#include <utility>

#include "base/executor.h"
#include "features/build_dataset.h"
#include "features/feature_rows.h"
#include "hone/commands.h"
#include "hone/feature_learning_verbs.h"
#include "hone/inputs.h"
#include "hone/model_source.h"
#include "hone/output.h"
#include "hone/state_folder.h"
#include "learning/answer_loss.h"
#include "learning/contribution_importance.h"
#include "learning/learners/training_rows.h"
#include "learning/permutation_importance.h"
#include "market/csv_cell.h"
#include "market/csv_line.h"
#include "models/forest/forest.h"
#include "models/forest/split_importance.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct ImportanceFlags {
  std::string model, data, target, directory = kDefaultFolder, method = "permutation", output = "table";
  std::uint64_t seed = 0;
  PermutationOptions options;
};

// A model with what is needed to ask it.
struct Asked {
  NamedModel named;
  std::optional<TrainedModel> trained;
  std::vector<ModelPart> parts;
};

struct ColumnFigure {
  std::string feature;
  double importance = 0;
  std::optional<Interval> interval;
  std::optional<double> spread;
};

struct ImportanceAnswer {
  std::string loss;  // "" where none was measured
  double mean_loss = 0;
  std::size_t rows = 0;
  int block_rows = 0;
  std::vector<ColumnFigure> columns;  // the most important first
};

Error Usage(std::string key, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), "", 0, std::move(key)};
}

Result<Asked> LoadAsked(const ImportanceFlags& flags) {
  Asked asked;
  HONE_ASSIGN_OR_RETURN(asked.named, LoadNamedModel(flags.model, flags.directory));
  HONE_ASSIGN_OR_RETURN(asked.trained, LoadTrainedModel(flags.model, flags.directory));
  if (asked.trained) {
    asked.parts = asked.trained->parts;
    return asked;
  }
  std::vector<std::uint32_t> columns(asked.named.model->width());
  std::iota(columns.begin(), columns.end(), 0U);
  asked.parts = {{asked.named.model, std::move(columns), -1}};
  return asked;
}

Result<Objective> ObjectiveOfModel(const Model& model) {
  if (model.kind() == AnswerKind::kNumber && model.outputs() == 1) return Objective::kRegression;
  if (model.kind() == AnswerKind::kProbability) {
    return model.outputs() == 1 ? Objective::kBinary : Objective::kMulticlass;
  }
  return Usage("--method", "permutation asks for a model that answers one number or probabilities");
}

// Rows that were known once the version's last label was.
Result<Dataset> LaterRows(const ImportanceFlags& flags, const Asked& asked) {
  HONE_ASSIGN_OR_RETURN(const BarSource bars, LoadBarSource(flags.data, flags.seed));
  const TrainedModel& trained = *asked.trained;
  HONE_ASSIGN_OR_RETURN(const Dataset all, BuildDataset(bars.series, asked.named.features, trained.target,
                                                        trained.horizon, trained.pinned.definitions()));
  const auto first = std::lower_bound(all.time.begin(), all.time.end(), trained.train_end);
  if (first != all.time.end()) {
    return Slice(all, static_cast<std::size_t>(first - all.time.begin()), all.rows());
  }
  return Error{
      ErrorCode::kInvalidData,
      fmt::format("no row with an outcome is later than {}, up to when the version learned; give bars that go on "
                  "from there, or train it on fewer",
                  FormatTime(trained.train_end)),
      flags.data};
}

Result<std::vector<std::string>> HeaderOf(std::string_view text, const std::string& source) {
  LineReader lines(text);
  std::string_view line;
  while (Trimmed(line).empty()) {
    if (!lines.Next(line))
      return Error{ErrorCode::kInvalidData, "the file is empty; a header line was expected", source};
  }
  std::vector<std::string_view> cells;
  SplitCells(line, cells);
  std::vector<std::string> names;
  for (const std::string_view cell : cells) names.push_back(Unquoted(cell));
  return names;
}

// The model's columns as the file names them: by the model's names, else all but the label's as they stand.
Result<std::vector<std::string>> ColumnsOfFile(const Asked& asked, std::string_view text,
                                               const ImportanceFlags& flags) {
  if (!asked.named.features.empty()) return asked.named.features;
  HONE_ASSIGN_OR_RETURN(std::vector<std::string> names, HeaderOf(text, flags.data));
  std::erase(names, flags.target);
  const std::size_t width = asked.named.model->width();
  if (names.size() == width) return names;
  return Error{ErrorCode::kInvalidData,
               fmt::format("the model does not name its {} columns, and the file has {} besides the target", width,
                           names.size()),
               flags.data};
}

// A row a line, in time order; a label is known before the next.
Result<Dataset> RowsOfFile(const ImportanceFlags& flags, const Asked& asked) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadTable(flags.data));
  Dataset data;
  HONE_ASSIGN_OR_RETURN(data.names, ColumnsOfFile(asked, text, flags));
  std::vector<std::string> columns = data.names;
  if (!flags.target.empty()) columns.push_back(flags.target);
  const std::size_t width = columns.size();
  HONE_ASSIGN_OR_RETURN(FeatureRows rows, FeatureRows::Open(text, flags.data, std::move(columns), width));
  std::vector<double> row(width);
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next(row));
    if (!more) return data;
    const double label = flags.target.empty() ? 0 : row.back();
    if (!std::isfinite(label)) {
      return Error{ErrorCode::kInvalidData, "a label is a finite number", flags.data, rows.line(), flags.target};
    }
    data.x.insert(data.x.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(data.width()));
    data.y.push_back(label);
    data.time.push_back(static_cast<Time>(data.rows()));
    data.label_time.push_back(data.time.back() + 1);
  }
}

Result<Dataset> RowsOf(const ImportanceFlags& flags, const Asked& asked) {
  if (flags.data.empty()) return Usage("--data", fmt::format("{} asks for rows", flags.method));
  if (asked.trained && !flags.target.empty()) return Usage("--target", "the version knows what it predicts");
  if (asked.trained) return LaterRows(flags, asked);
  if (flags.method == "permutation" && flags.target.empty()) {
    return Usage("--target", "names the column of the file that holds what really happened");
  }
  return RowsOfFile(flags, asked);
}

Result<ImportanceAnswer> Permutation(const ImportanceFlags& flags, const Asked& asked, Executor& executor) {
  HONE_ASSIGN_OR_RETURN(const Objective objective, ObjectiveOfModel(*asked.named.model));
  HONE_ASSIGN_OR_RETURN(const Dataset data, RowsOf(flags, asked));
  HONE_RETURN_IF_ERROR(
      CheckLabels(flags.data, objective, data, objective == Objective::kMulticlass ? asked.named.model->outputs() : 0));
  PermutationOptions options = flags.options;
  options.seed = flags.seed;
  auto measured = MeasurePermutationImportance(*asked.named.model, objective, data, options, executor);
  if (!measured.ok()) {
    Error error = measured.error();
    error.source = flags.data;
    return error;
  }
  ImportanceAnswer answer{std::string(LossName(objective)), measured->loss, measured->rows, measured->block_rows, {}};
  for (std::size_t j = 0; j < data.width(); ++j) {
    const PermutedColumn& column = measured->columns[j];
    answer.columns.push_back({data.names[j], column.importance.mean, column.importance.interval, column.spread});
  }
  return answer;
}

Result<ImportanceAnswer> Shap(const ImportanceFlags& flags, const Asked& asked, Executor& executor) {
  HONE_ASSIGN_OR_RETURN(const Dataset data, RowsOf(flags, asked));
  ContributionOptions options;
  static_cast<DependentRows&>(options) = flags.options;
  options.seed = flags.seed;
  HONE_ASSIGN_OR_RETURN(const ContributionImportance measured,
                        MeasureContributions(asked.parts, data, options, executor));
  ImportanceAnswer answer;
  answer.rows = measured.rows;
  for (std::size_t j = 0; j < data.width(); ++j) {
    answer.columns.push_back({data.names[j], measured.columns[j].mean, measured.columns[j].interval, std::nullopt});
  }
  return answer;
}

// Sums over the forests of a version.
Result<ImportanceAnswer> OfSplits(const ImportanceFlags& flags, const Asked& asked) {
  const bool gain = flags.method == "gain";
  std::vector<double> sums(asked.named.model->width());
  for (const ModelPart& part : asked.parts) {
    const auto* forest = dynamic_cast<const ForestModel*>(part.model.get());
    if (forest == nullptr) {
      return Usage("--method", flags.method + " asks for forests of trees; permutation works for every model");
    }
    const SplitImportance of_part = SplitImportanceOf(forest->forest());
    if (gain && of_part.gain.empty())
      return Usage("--method", "the model's file does not tell the gains of its splits");
    const std::vector<double>& numbers = gain ? of_part.gain : of_part.splits;
    for (std::size_t j = 0; j < part.columns.size(); ++j) sums[part.columns[j]] += numbers[j];
  }
  ImportanceAnswer answer;
  for (std::size_t j = 0; j < sums.size(); ++j) {
    const bool named = j < asked.named.features.size();
    answer.columns.push_back(
        {named ? asked.named.features[j] : fmt::format("column_{}", j), sums[j], std::nullopt, std::nullopt});
  }
  return answer;
}

Result<ImportanceAnswer> Measure(const ImportanceFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const Asked asked, LoadAsked(flags));
  if (flags.method == "gain" || flags.method == "split") return OfSplits(flags, asked);
  const auto executor = MakeThreadPool(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  return flags.method == "shap" ? Shap(flags, asked, *executor) : Permutation(flags, asked, *executor);
}

std::string ImportanceJson(const ImportanceFlags& flags, const ImportanceAnswer& answer) {
  JsonWriter json;
  json.BeginMap().Member("model", flags.model).Member("method", flags.method);
  if (answer.rows > 0) json.Member("rows", answer.rows).Member("level", flags.options.level);
  if (!answer.loss.empty()) {
    json.Member("loss", answer.loss).Member("mean_loss", answer.mean_loss);
    json.Member("block_rows", answer.block_rows).Member("repeats", flags.options.repeats);
  }
  json.Key("features").BeginList();
  for (const ColumnFigure& column : answer.columns) {
    json.BeginMap().Member("feature", column.feature).Member("importance", column.importance);
    if (column.interval) {
      json.Key("interval").BeginList().Value(column.interval->low).Value(column.interval->high).EndList();
    }
    if (column.spread) json.Member("spread", *column.spread);
    json.EndMap();
  }
  json.EndList().EndMap();
  return json.Take() + "\n";
}

std::string ImportanceTable(const ImportanceFlags& flags, const ImportanceAnswer& answer) {
  std::vector<std::vector<std::string>> table = {{"feature", flags.method}};
  const bool intervals = answer.rows > 0;
  if (intervals) table[0].push_back(fmt::format("{:g} % interval", 100 * flags.options.level));
  for (const ColumnFigure& column : answer.columns) {
    table.push_back({column.feature, fmt::format("{:.4g}", column.importance)});
    if (!column.interval) continue;
    table.back().push_back(fmt::format("[{:.4g}, {:.4g}]", column.interval->low, column.interval->high));
  }
  std::string text;
  if (!answer.loss.empty()) {
    text = fmt::format(
        "mean {} {:.4g} over {} rows; by how much it rises where a column is permuted in blocks of {} rows\n\n",
        answer.loss, answer.mean_loss, answer.rows, answer.block_rows);
  } else if (intervals) {
    text = fmt::format("mean size of the contributions to the margin over {} rows\n\n", answer.rows);
  }
  return text + AlignedTable(table);
}

Status PrintImportance(const ImportanceFlags& flags) {
  HONE_ASSIGN_OR_RETURN(ImportanceAnswer answer, Measure(flags));
  std::stable_sort(answer.columns.begin(), answer.columns.end(),
                   [](const ColumnFigure& a, const ColumnFigure& b) { return a.importance > b.importance; });
  Print(flags.output == "json" ? ImportanceJson(flags, answer) : ImportanceTable(flags, answer));
  return OkStatus();
}

}  // namespace

void AddFeatureImportanceVerb(Command noun) {
  Command verb = noun.AddCommand("importance", "How much a model needs each of its columns, the most needed first");
  auto flags = std::make_shared<ImportanceFlags>();
  verb.AddOption("--model", flags->model, "NAME[@VERSION] of the folder, or a model file").Required();
  verb.AddOption(
      "--data", flags->data,
      "of a version that hone trained, bars that go on after those it learned from: later rows are judged; of "
      "a model file, a CSV of rows in time order that it did not learn from. Not for gain and split");
  verb.AddOption("--target", flags->target, "of a model file: the column of what really happened; not for shap");
  verb.AddOption(
          "--method", flags->method,
          "permutation: rise of the loss where a column is permuted; shap: mean size of its contributions; gain, "
          "split: of its splits in training")
      .OneOf({"permutation", "shap", "gain", "split"})
      .ShowDefault();
  verb.AddOption("--repeats", flags->options.repeats, "permutations of each column").Between(1, 1000).ShowDefault();
  verb.AddOption("--block", flags->options.block_rows,
                 "rows that stay together in permutations and intervals; 0: chosen from the losses and the horizon")
      .Between(0, 1'000'000)
      .ShowDefault();
  verb.AddOption("--level", flags->options.level, "of the intervals").Between(0.5, 0.999).ShowDefault();
  verb.AddOption("--seed", flags->seed, "of permutations and intervals, and of a synthetic market").ShowDefault();
  verb.AddOption("--dir", flags->directory, "folder of all state").ShowDefault();
  AddOutputOption(verb, flags->output);
  verb.OnChoice([flags] { return ExitCodeOf(PrintImportance(*flags)); });
}

}  // namespace hone
