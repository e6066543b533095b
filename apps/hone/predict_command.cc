// hone predict: a model's answers to the rows of a CSV.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iterator>
#include <memory>
#include <span>
#include <vector>

#include "base/files.h"
#include "features/feature_rows.h"
#include "hone/commands.h"
#include "hone/model_source.h"
#include "hone/output.h"
#include "hone/state_folder.h"

namespace hone {
namespace {

constexpr std::size_t kLargestRows = std::size_t{4} << 30;
constexpr std::size_t kBlockRows = 256;

struct PredictFlags {
  std::string model, data, directory = kDefaultFolder;
  bool margin = false;
};

// Rows of the file to answers, a block at a time.
class RowsPredictor {
 public:
  RowsPredictor(const Model& model, bool margin)
      : model_(model), margin_(margin), numbers_(margin ? model.margins() : model.outputs()) {}

  Status Run(FeatureRows& rows) {
    const std::size_t width = model_.width();
    std::vector<double> block(kBlockRows * width);
    while (true) {
      std::size_t count = 0;
      for (bool more = true; more && count < kBlockRows; count += more) {
        HONE_ASSIGN_OR_RETURN(more, rows.Next({block.data() + count * width, width}));
      }
      if (count == 0) return OkStatus();
      PrintAnswers({block.data(), count * width}, count);
    }
  }

 private:
  void PrintAnswers(std::span<const double> rows, std::size_t count) {
    answers_.resize(count * numbers_);
    if (margin_) {
      for (std::size_t i = 0; i < count; ++i) {
        model_.PredictMargins(rows.subspan(i * model_.width(), model_.width()),
                              std::span(answers_).subspan(i * numbers_, numbers_));
      }
    } else {
      model_.PredictBatch(rows, answers_);
    }
    std::string text;
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      // The fewest digits that read back as the same double.
      fmt::format_to(std::back_inserter(text), "{}{}", answers_[i], (i + 1) % numbers_ == 0 ? '\n' : ',');
    }
    Print(text);
  }

  const Model& model_;
  const bool margin_;
  const std::size_t numbers_;  // of an answer
  std::vector<double> answers_;
};

Status Predict(const PredictFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const NamedModel named, LoadNamedModel(flags.model, flags.directory));
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadFile(flags.data, kLargestRows));
  HONE_ASSIGN_OR_RETURN(FeatureRows rows, FeatureRows::Open(text, flags.data, named.features, named.model->width()));
  return RowsPredictor(*named.model, flags.margin).Run(rows);
}

}  // namespace

void AddPredictCommand(CLI::App& app, Commands& commands, int& exit_code) {
  CLI::App* command = app.add_subcommand("predict", "A model's answers to the rows of a CSV, a line each");
  auto flags = std::make_shared<PredictFlags>();
  command
      ->add_option("--model", flags->model,
                   "a model file (XGBoost JSON or UBJSON, LightGBM text, ONNX, linear), or NAME[@VERSION] of the folder")
      ->required();
  command
      ->add_option("--data", flags->data,
                   "CSV with the model's columns by name, or by position where it has none; empty or nan is missing")
      ->required();
  command->add_flag("--margin", flags->margin, "the margin, before the output transform");
  command->add_option("--dir", flags->directory, "folder of all state")->capture_default_str();
  command->callback([&commands, &exit_code, flags] {
    commands.Choose([&exit_code, flags] {
      const Status status = Predict(*flags);
      if (!status.ok()) exit_code = Fail(status.error());
    });
  });
}

}  // namespace hone
