// libraries: engine
// Replay rate apart from training: the loop over a synthetic market whose fits are already there (a second run over a
// warm cache), in processor time, beside the same rows only put through features and the champion. Equality: the second
// run decides and answers exactly as the first.
#include <fmt/format.h>
#include <time.h>

#include <cstdio>

#include "engine/replay_run.h"
#include "engine/schedule.h"
#include "features/build_dataset.h"

namespace {

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

bool Same(const hone::ReplayResult& a, const hone::ReplayResult& b) {
  if (a.rows.size() != b.rows.size() || a.decisions.size() != b.decisions.size()) return false;
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    if (a.rows[i].served != b.rows[i].served || a.rows[i].version != b.rows[i].version) return false;
  }
  for (std::size_t i = 0; i < a.decisions.size(); ++i) {
    if (a.decisions[i].evidence != b.decisions[i].evidence) return false;
  }
  return true;
}

}  // namespace

int main() {
  const hone::SyntheticSpec spec{"calm", 6000};
  const hone::SyntheticMarket market(spec, 1);
  hone::ReplayOptions options;
  options.model = hone::VolatilityModel();
  options.seed = 1;
  const auto data =
      hone::BuildDataset(market.series(), options.model.features, options.model.target, options.model.horizon);
  if (!data.ok()) return 1;
  const auto executor = hone::MakeInlineExecutor();
  hone::FitCache cache(*data, hone::CompetingRecipes(options.model), *executor);
  const std::size_t initial = 1008;
  hone::ReplayGround ground{market.series(), options,     *data, initial, hone::FirstServedRow(*data, initial),
                            cache,           std::nullopt};
  hone::ReplayResult first, second;
  hone::ReplayRun cold(ground, hone::LoopMode::kChecked, first);
  if (!cold.Run().ok()) return 1;
  const double begun = ProcessorSeconds();
  hone::ReplayRun warm(ground, hone::LoopMode::kChecked, second);
  if (!warm.Run().ok()) return 1;
  const double loop_seconds = ProcessorSeconds() - begun;

  const double bare_begun = ProcessorSeconds();
  const auto again =
      hone::BuildDataset(market.series(), options.model.features, options.model.target, options.model.horizon);
  double sum = 0;
  const hone::Model& champion = *cold.loop().routing().champion->model;
  for (std::size_t i = ground.first; i < again->rows(); ++i) sum += champion.Predict(again->row(i));
  const double bare_seconds = ProcessorSeconds() - bare_begun;

  const auto served = static_cast<double>(second.rows.size());
  const double scored = served + static_cast<double>(second.shadows.size());
  fmt::print(
      "replay: {:.0f} served predictions/s, {:.0f} with those of the other live versions, one core, no training\n",
      served / loop_seconds, scored / loop_seconds);
  fmt::print("replay: {:.1f} times the processor time of features and champion alone (checksum {:.6g})\n",
             loop_seconds / bare_seconds, sum);
  const bool same = Same(first, second);
  fmt::print("replay: second run {} the first\n", same ? "equals" : "DIFFERS FROM");
  return same ? 0 : 1;
}
