// hone drift watch: one column of a CSV through a stream detector, a line for each drift as it is found.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "drift/stream_detectors.h"
#include "features/column_reader.h"
#include "hone/commands.h"
#include "hone/drift_verbs.h"
#include "hone/output.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

constexpr std::size_t kLongestLine = 1 << 20;

struct WatchFlags {
  std::string data, column, detector = kDefaultStreamDetector, output = "table";
  std::int64_t reference_rows = 0;
  std::uint64_t seed = 0;
  std::vector<std::string> settings;
};

// Lines of a file, or of standard input as they arrive.
class LineSource {
 public:
  static Result<LineSource> Open(const std::string& path) {
    if (path == "-") return LineSource(stdin, "standard input");
    std::FILE* file = std::fopen(path.c_str(), "re");
    if (file == nullptr) return Error{ErrorCode::kNotFound, "cannot be read", path};
    return LineSource(file, path);
  }

  const std::string& name() const { return name_; }

  // The next line with its end; false after the last one.
  Result<bool> Next(std::string& line) {
    line.clear();
    for (int c = std::getc(file_.get()); c != EOF; c = std::getc(file_.get())) {
      line.push_back(static_cast<char>(c));
      if (c == '\n') break;
      if (line.size() > kLongestLine) return Error{ErrorCode::kInvalidData, "a line is longer than 1 MiB", name_};
    }
    if (std::ferror(file_.get()) != 0) return Error{ErrorCode::kInternal, "cannot be read to its end", name_};
    return !line.empty();
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const {
      if (file != stdin) std::fclose(file);
    }
  };
  LineSource(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}

  std::unique_ptr<std::FILE, Close> file_;
  std::string name_;
};

std::string NumberOrDash(double value) { return std::isnan(value) ? "-" : fmt::format("{:.6g}", value); }

class Watch {
 public:
  Watch(const WatchFlags& flags, StreamDetector& detector) : flags_(flags), detector_(detector) {}

  Status Run(LineSource& lines) {
    std::string line;
    HONE_ASSIGN_OR_RETURN(const bool any, lines.Next(line));
    if (!any) return Error{ErrorCode::kInvalidData, "is empty; a header line was expected", lines.name()};
    HONE_ASSIGN_OR_RETURN(ColumnReader reader, ColumnReader::Open(line, lines.name(), flags_.column));
    if (flags_.output == "table") PrintHead(reader.has_time());
    while (true) {
      HONE_ASSIGN_OR_RETURN(const bool more, lines.Next(line));
      if (!more) return OkStatus();
      HONE_ASSIGN_OR_RETURN(const ColumnReader::Row row, reader.Read(line));
      if (row.blank) continue;
      HONE_RETURN_IF_ERROR(CheckRange(row.value, reader));
      Take(row);
    }
  }

  // What was seen, in a line.
  std::string Summary(const std::string& name) const {
    std::string text = fmt::format("{}: {} rows of {}", name, row_, flags_.column);
    if (detector_.missing() > 0) text += fmt::format(", {} of them missing", detector_.missing());
    text += fmt::format("; {}: {} drift{}, {} warning{}", detector_.name(), drifts_, drifts_ == 1 ? "" : "s", warnings_,
                        warnings_ == 1 ? "" : "s");
    if (needed_rows_ > 0)
      text += fmt::format("; no_data: its dependence needs {} rows of reference (--reference-rows)", needed_rows_);
    else if (!judged_)
      text += "; no_data: it ended before there was enough to judge by";
    return text + "\n";
  }

 private:
  Status CheckRange(double value, const ColumnReader& reader) const {
    if (!std::isfinite(value)) return OkStatus();
    const bool bit = value == 0 || value == 1, unit = value >= 0 && value <= 1;
    if (detector_.input() == StreamInput::kBit && !bit)
      return reader.At(fmt::format("{} takes 0 and 1, right or wrong; is {}", detector_.name(), value));
    if (detector_.input() == StreamInput::kUnit && !unit)
      return reader.At(fmt::format("{} takes values in [0, 1]; is {}", detector_.name(), value));
    return OkStatus();
  }

  void Take(const ColumnReader::Row& row) {
    ++row_;
    const StreamState state = detector_.Update(row.value);
    judged_ = judged_ || state.status != StreamStatus::kNoData;
    needed_rows_ = state.needed_rows;
    warnings_ += state.status == StreamStatus::kWarning && last_ != StreamStatus::kWarning;
    last_ = state.status;
    if (state.status != StreamStatus::kDrift) return;
    ++drifts_;
    Print(flags_.output == "json" ? Json(row, state) : TableLine(row, state));
    std::fflush(stdout);
  }

  void PrintHead(bool has_time) {
    has_time_ = has_time;
    Print(fmt::format("{:<10}{}{:<19}{:<10}{:<14}{}\n", "row", has_time ? fmt::format("{:<28}", "time") : "",
                      "detector", "change", "before", "after"));
  }

  std::string TableLine(const ColumnReader::Row& row, const StreamState& state) const {
    return fmt::format("{:<10}{}{:<19}{:<10}{:<14}{}\n", row_, has_time_ ? fmt::format("{:<28}", row.time) : "",
                       detector_.name(), StreamChangeName(state.change), NumberOrDash(state.before),
                       NumberOrDash(state.after));
  }

  std::string Json(const ColumnReader::Row& row, const StreamState& state) const {
    JsonWriter json;
    json.BeginMap().Member("row", row_);
    if (!row.time.empty()) json.Member("time", std::string(row.time));
    json.Member("detector", detector_.name()).Member("change", StreamChangeName(state.change));
    json.Member("before", state.before).Member("after", state.after).EndMap();
    return json.Take() + "\n";
  }

  const WatchFlags& flags_;
  StreamDetector& detector_;
  bool has_time_ = false, judged_ = false;
  StreamStatus last_ = StreamStatus::kNoData;
  std::int64_t row_ = 0, drifts_ = 0, warnings_ = 0, needed_rows_ = 0;
};

Status WatchColumn(const WatchFlags& flags) {
  std::vector<std::string> settings = flags.settings;
  if (flags.reference_rows > 0) settings.push_back(fmt::format("reference={}", flags.reference_rows));
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<StreamDetector> detector,
                        MakeStreamDetector(flags.detector, settings, flags.seed));
  HONE_ASSIGN_OR_RETURN(LineSource lines, LineSource::Open(flags.data));
  Watch watch(flags, *detector);
  HONE_RETURN_IF_ERROR(watch.Run(lines));
  std::fputs(watch.Summary(lines.name()).c_str(), stderr);
  return OkStatus();
}

std::string DetectorList() {
  std::string text = "one of";
  for (const std::string& name : StreamDetectorNames())
    text += fmt::format("\n  {}: {}", name, StreamDetectorSummary(name));
  return text;
}

}  // namespace

void AddDriftWatchVerb(Command drift) {
  Command command = drift.AddCommand("watch", "Watch a column as it arrives; a line for each drift");
  auto flags = std::make_shared<WatchFlags>();
  command.AddOption("--data", flags->data, "CSV with a header line; - is standard input, line by line").Required();
  command.AddOption("--column", flags->column, "the column; empty and nan are missing").Required();
  command.AddOption("--detector", flags->detector, DetectorList()).ShowDefault();
  command
      .AddOption("--reference-rows", flags->reference_rows,
                 "rows that the rest is held to, for detectors that have a reference")
      .Between(1, 1'000'000'000);
  command.AddOption("--set", flags->settings, "a parameter of the detector, key=value; may be repeated").OneValueEach();
  command.AddOption("--seed", flags->seed, "of detectors that draw at random").ShowDefault();
  AddOutputOption(command, flags->output);
  command.OnChoice([flags] { return ExitCodeOf(WatchColumn(*flags)); });
}

}  // namespace hone
