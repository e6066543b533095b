// hone bars: the bars of a source, as CSV or as bodies for POST /market/bars; what a shell needs to feed a server.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "hone/commands.h"
#include "hone/inputs.h"
#include "hone/output.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct BarsFlags {
  std::string data, instrument, output = "csv";
  std::uint64_t seed = 0;
  std::size_t skip = 0, first = 0, batch = 1000;
};

std::string CsvOf(const std::vector<Bar>& bars) {
  std::string text = "time,open,high,low,close,volume\n";
  for (const Bar& bar : bars) {
    text += fmt::format("{},{},{},{},{},{}\n", FormatTime(bar.open_time), bar.open, bar.high, bar.low, bar.close,
                        bar.volume);
  }
  return text;
}

void WriteBar(const Bar& bar, JsonWriter& json) {
  json.BeginMap()
      .Member("time", FormatTime(bar.open_time))
      .Member("open", bar.open)
      .Member("high", bar.high)
      .Member("low", bar.low)
      .Member("close", bar.close)
      .Member("volume", bar.volume)
      .EndMap();
}

// A request body a line, `batch` bars each.
std::string BodiesOf(const std::vector<Bar>& bars, const std::string& instrument, std::size_t batch) {
  JsonWriter json;
  std::string text;
  for (std::size_t begin = 0; begin < bars.size(); begin += batch) {
    json.BeginMap().Member("instrument", instrument).Key("bars").BeginList();
    for (std::size_t i = begin; i < std::min(begin + batch, bars.size()); ++i) WriteBar(bars[i], json);
    json.EndList().EndMap();
    text += json.Take() + "\n";
  }
  return text;
}

Status PrintBars(const BarsFlags& flags) {
  HONE_ASSIGN_OR_RETURN(BarSource source, LoadBarSource(flags.data, flags.seed));
  std::vector<Bar>& bars = source.series.bars;
  bars.erase(bars.begin(), bars.begin() + static_cast<std::ptrdiff_t>(std::min(flags.skip, bars.size())));
  if (flags.first > 0 && flags.first < bars.size()) bars.resize(flags.first);
  const std::string& instrument = flags.instrument.empty() ? source.series.instrument : flags.instrument;
  Print(flags.output == "csv" ? CsvOf(bars) : BodiesOf(bars, instrument, flags.batch));
  return OkStatus();
}

}  // namespace

void AddBarsCommand(Command app) {
  Command command = app.AddCommand("bars", "Print bars as CSV, or as bodies for POST /market/bars");
  auto flags = std::make_shared<BarsFlags>();
  command
      .AddOption("--data", flags->data,
                 "bars: a CSV (gzip too), a LEAN zip, Parquet, or synthetic:calm|break|gradual|flicker[,bars=N]")
      .Required();
  command.AddOption("--skip", flags->skip, "leave out the first N bars");
  command.AddOption("--first", flags->first, "of the rest, only the first N");
  command.AddOption("--instrument", flags->instrument, "name in the bodies; without it, the source's");
  command.AddOption("--batch", flags->batch, "bars in a body").Between(1, 10'000).ShowDefault();
  command.AddOption("--seed", flags->seed, "seed of a synthetic market").ShowDefault();
  command.AddOption("--output", flags->output, "csv, or json: a body a line").OneOf({"csv", "json"}).ShowDefault();
  command.OnChoice([flags] { return ExitCodeOf(PrintBars(*flags)); });
}

}  // namespace hone
