#include "hone/feature_compute.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "hone/inputs.h"
#include "hone/output.h"
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

void PrintRows(FeatureSet& set, std::span<const Bar> bars, bool csv) {
  std::string text;
  for (std::size_t begin = 0; begin < bars.size(); begin += set.block_bars()) {
    const auto block = bars.subspan(begin, std::min(set.block_bars(), bars.size() - begin));
    set.UpdateBlock(block);
    text.clear();
    csv ? AppendCsvRows(set, block, text) : AppendJsonRows(set, block, begin == 0, text);
    Print(text);
  }
}

}  // namespace

std::string CsvField(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

Status ComputeFeatures(const FeatureFlags& flags) {
  HONE_ASSIGN_OR_RETURN(const UserDefinitions definitions, ReadDefinitions(flags.definitions));
  HONE_ASSIGN_OR_RETURN(const std::vector<std::string> features, ChosenFeatures(flags, definitions));
  HONE_RETURN_IF_ERROR(FeatureSet::Make(features, {}, definitions));  // before a large file is read
  HONE_ASSIGN_OR_RETURN(const BarSource source, LoadBarSource(flags.data, flags.seed));
  HONE_ASSIGN_OR_RETURN(FeatureSet set, FeatureSet::Make(features, TraitsOf(source.series), definitions));
  const bool csv = flags.output == "csv";
  Print(csv ? CsvHeader(features) : JsonHead(features));
  PrintRows(set, source.series.bars, csv);
  if (!csv) Print("\n]}\n");
  return OkStatus();
}

}  // namespace hone
