// hone predict: a model's answers to the rows of a CSV.
#include <fmt/format.h>

#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/files.h"
#include "features/feature_rows.h"
#include "hone/commands.h"
#include "hone/model_source.h"
#include "hone/output.h"
#include "hone/state_folder.h"
#include "models/forest/contributions.h"
#include "models/forest/forest.h"

namespace hone {
namespace {

constexpr std::size_t kLargestRows = std::size_t{4} << 30;
constexpr std::size_t kBlockRows = 256;

struct PredictFlags {
  std::string model, data, directory = kDefaultFolder;
  bool margin = false, contributions = false;
};

// What is printed of each row.
struct RowNumbers {
  std::size_t count = 0;  // of a row
  std::function<void(std::span<const double> rows, std::span<double> numbers)> compute;
};

RowNumbers Answers(const Model& model) {
  return {model.outputs(), [&model](auto rows, auto numbers) { model.PredictBatch(rows, numbers); }};
}

// `one(row, numbers)` for each of the rows.
template <typename OneRow>
RowNumbers RowByRow(std::size_t width, std::size_t count, OneRow one) {
  return {count, [width, count, one](std::span<const double> rows, std::span<double> numbers) {
            for (std::size_t i = 0; i * width < rows.size(); ++i) {
              one(rows.subspan(i * width, width), numbers.subspan(i * count, count));
            }
          }};
}

RowNumbers Margins(const Model& model) {
  return RowByRow(model.width(), model.margins(), [&model](auto row, auto out) { model.PredictMargins(row, out); });
}

Result<RowNumbers> Contributions(const ModelPointer& model) {
  auto forest = std::dynamic_pointer_cast<const ForestModel>(model);
  if (forest == nullptr) {
    return Error{ErrorCode::kInvalidArgument, "only a forest of trees tells what each column contributed", "", 0,
                 "--contributions"};
  }
  HONE_ASSIGN_OR_RETURN(ForestContributions made, ForestContributions::Make(std::move(forest)));
  const auto shared = std::make_shared<const ForestContributions>(std::move(made));
  return RowByRow(shared->width(), shared->outputs() * (shared->width() + 1),
                  [shared](auto row, auto out) { shared->Explain(row, out); });
}

Result<RowNumbers> NumbersAsked(const PredictFlags& flags, const ModelPointer& model) {
  if (flags.contributions) return Contributions(model);
  return flags.margin ? Margins(*model) : Answers(*model);
}

void PrintRows(std::span<const double> numbers, std::size_t of_a_row) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    // The fewest digits that read back as the same double.
    text += fmt::format("{}{}", numbers[i], (i + 1) % of_a_row == 0 ? '\n' : ',');
  }
  Print(text);
}

// Rows of the file to numbers, a block at a time.
Status PrintNumbers(FeatureRows& rows, std::size_t width, const RowNumbers& asked) {
  std::vector<double> block(kBlockRows * width), numbers;
  while (true) {
    std::size_t count = 0;
    for (bool more = true; more && count < kBlockRows; count += more) {
      HONE_ASSIGN_OR_RETURN(more, rows.Next({block.data() + count * width, width}));
    }
    if (count == 0) return OkStatus();
    numbers.resize(count * asked.count);
    asked.compute({block.data(), count * width}, numbers);
    PrintRows(numbers, asked.count);
  }
}

Status Predict(const PredictFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const NamedModel named, LoadNamedModel(flags.model, flags.directory));
  HONE_ASSIGN_OR_RETURN(const RowNumbers asked, NumbersAsked(flags, named.model));
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(flags.data, kLargestRows));
  HONE_ASSIGN_OR_RETURN(FeatureRows rows, FeatureRows::Open(text, flags.data, named.features, named.model->width()));
  return PrintNumbers(rows, named.model->width(), asked);
}

}  // namespace

void AddPredictCommand(Command app) {
  Command command = app.AddCommand("predict", "A model's answers to the rows of a CSV, a line each");
  auto flags = std::make_shared<PredictFlags>();
  command
      .AddOption("--model", flags->model,
                 "a model file (XGBoost JSON or UBJSON, LightGBM text, ONNX, linear), or NAME[@VERSION] of the folder")
      .Required();
  command
      .AddOption("--data", flags->data,
                 "CSV with the model's columns by name, or by position where it has none; empty or nan is missing")
      .Required();
  const Option margin = command.AddFlag("--margin", flags->margin, "the margin, before the output transform");
  command
      .AddFlag("--contributions", flags->contributions,
               "what each column contributed to the margin (SHAP values of a forest), and last the bias; of several "
               "outputs one after the other")
      .Excludes(margin);
  command.AddOption("--dir", flags->directory, "folder of all state").ShowDefault();
  command.OnChoice([flags] { return ExitCodeOf(Predict(*flags)); });
}

}  // namespace hone
