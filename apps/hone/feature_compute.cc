#include "hone/feature_compute.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include "columnar/parquet_file.h"
#include "hone/inputs.h"
#include "hone/output.h"
#include "hone/output_file.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

void AppendNumber(std::string& text, double value) {
  fmt::format_to(std::back_inserter(text), FMT_COMPILE("{}"), value);
}

std::string CsvHeader(const std::vector<std::string>& names) {
  std::string text = "time";
  for (const std::string& name : names) text.append(",").append(CsvField(name));
  return text + "\n";
}

void AppendCsvRows(const FeatureSet& set, std::span<const Bar> bars, std::string& text) {
  for (std::size_t bar = 0; bar < bars.size(); ++bar) {
    text += FormatTime(bars[bar].open_time);
    for (std::size_t i = 0; i < set.width(); ++i) {
      text += ',';
      const double value = set.column(i)[bar];
      if (!std::isnan(value)) AppendNumber(text, value);
    }
    text += '\n';
  }
}

std::string JsonHead(const std::vector<std::string>& names) {
  JsonWriter json;
  json.BeginList().Value("time");
  for (const std::string& name : names) json.Value(name);
  json.EndList();
  return "{\"columns\":" + json.Take() + ",\"rows\":[";
}

void AppendJsonRows(const FeatureSet& set, std::span<const Bar> bars, bool first, std::string& text) {
  for (std::size_t bar = 0; bar < bars.size(); ++bar) {
    text += first && bar == 0 ? "\n[\"" : ",\n[\"";
    text += FormatTime(bars[bar].open_time);
    text += '"';
    for (std::size_t i = 0; i < set.width(); ++i) {
      text += ',';
      const double value = set.column(i)[bar];
      if (std::isnan(value)) {
        text += "null";
      } else {
        AppendNumber(text, value);
      }
    }
    text += ']';
  }
}

// A format of rows: what stands before, between and after them.
class RowFormat {
 public:
  virtual ~RowFormat() = default;
  virtual Status Begin(const std::vector<std::string>& names) = 0;
  // The rows of the bars that `set` was updated with last.
  virtual Status Add(const FeatureSet& set, std::span<const Bar> bars) = 0;
  virtual Status End() = 0;
};

class TextRows final : public RowFormat {
 public:
  TextRows(OutputFile& file, bool csv) : file_(file), csv_(csv) {}

  Status Begin(const std::vector<std::string>& names) override {
    return Write(csv_ ? CsvHeader(names) : JsonHead(names));
  }
  Status Add(const FeatureSet& set, std::span<const Bar> bars) override {
    text_.clear();
    csv_ ? AppendCsvRows(set, bars, text_) : AppendJsonRows(set, bars, std::exchange(first_, false), text_);
    return Write(text_);
  }
  Status End() override { return csv_ ? OkStatus() : Write("\n]}\n"); }

 private:
  Status Write(std::string_view text) { return file_.Write(text) ? OkStatus() : file_.status(); }

  OutputFile& file_;
  bool csv_, first_ = true;
  std::string text_;
};

class ParquetRows final : public RowFormat {
 public:
  explicit ParquetRows(OutputFile& file) : file_(file) {}

  Status Begin(const std::vector<std::string>& names) override;
  Status Add(const FeatureSet& set, std::span<const Bar> bars) override;
  Status End() override { return Told(writer_->Finish()); }

 private:
  // The file's own failure, where there is one, says more.
  Status Told(const Status& status) { return status.ok() || file_.status().ok() ? status : file_.status(); }

  OutputFile& file_;
  std::optional<ParquetWriter> writer_;
  std::vector<std::int64_t> times_;
  std::vector<std::vector<std::uint8_t>> present_;
};

Status ParquetRows::Begin(const std::vector<std::string>& names) {
  if (file_.is_terminal()) {
    return Error{ErrorCode::kInvalidArgument,
                 "Parquet is not shown on a terminal: give --output-file FILE, or send it on", "", 0, "--output"};
  }
  std::vector<ParquetColumn> columns{{"time", ColumnKind::kTime}};
  for (const std::string& name : names) columns.push_back({name, ColumnKind::kNumber});
  auto opened = ParquetWriter::Open(columns, [this](std::string_view bytes) { return file_.Write(bytes); });
  if (!opened.ok()) return Told(opened.error());
  writer_.emplace(std::move(*opened));
  present_.resize(names.size());
  return OkStatus();
}

Status ParquetRows::Add(const FeatureSet& set, std::span<const Bar> bars) {
  times_.clear();
  for (const Bar& bar : bars) times_.push_back(bar.open_time);
  std::vector<ColumnBlock> blocks{{.integers = times_.data()}};
  for (std::size_t i = 0; i < set.width(); ++i) {
    const std::span<const double> column = set.column(i);
    present_[i].resize(bars.size());
    std::transform(column.begin(), column.end(), present_[i].begin(),
                   [](double value) { return std::isnan(value) ? 0 : 1; });
    blocks.push_back({.present = present_[i].data(), .numbers = column.data()});
  }
  return Told(writer_->Append(blocks, bars.size()));
}

Status WriteRows(FeatureSet& set, const std::vector<std::string>& names, std::span<const Bar> bars, RowFormat& format) {
  HONE_RETURN_IF_ERROR(format.Begin(names));
  for (std::size_t begin = 0; begin < bars.size(); begin += set.block_bars()) {
    const auto block = bars.subspan(begin, std::min(set.block_bars(), bars.size() - begin));
    set.UpdateBlock(block);
    HONE_RETURN_IF_ERROR(format.Add(set, block));
  }
  return format.End();
}

}  // namespace

Status ComputeFeatures(const ComputeFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, ReadDefinitions(flags.definitions));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> features, ChosenFeatures(flags, definitions));
  HONE_RETURN_IF_ERROR(FeatureSet::Make(features, {}, definitions));  // before a large file is read
  HONE_ASSIGN_OR_RETURN(const BarSource source, LoadBarSource(flags.data, flags.seed));
  HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(features, TraitsOf(source.series), definitions));
  HONE_ASSIGN_OR_RETURN(OutputFile file, OutputFile::Open(flags.file));
  TextRows text(file, flags.output == "csv");
  ParquetRows parquet(file);
  const bool is_parquet = flags.output == "parquet";
  HONE_RETURN_IF_ERROR(WriteRows(set, features, source.series.bars,
                                 is_parquet ? static_cast<RowFormat&>(parquet) : static_cast<RowFormat&>(text)));
  return file.Finish();
}

}  // namespace hone
