#include "engine/synthetic_truth.h"

#include <algorithm>

#include "features/build_dataset.h"

namespace hone {
namespace {

double Risk(const Model& model, const Dataset& rows) {
  std::vector<double> answers(rows.rows());
  model.PredictBatch(rows.x, answers);
  double sum = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) sum += (answers[i] - rows.y[i]) * (answers[i] - rows.y[i]);
  return sum / static_cast<double>(answers.size());
}

}  // namespace

const Dataset& SyntheticTruth::FreshRows(std::size_t bar) {
  Dataset& rows = fresh_[market_.regime_weight(bar)];
  if (rows.rows() == 0) {
    auto built = BuildDataset(market_.FreshBars(bar, kFreshBars), model_.features, model_.target, model_.horizon,
                              model_.pinned.definitions());
    rows = std::move(built).value();  // the model's features were checked when the replay began
  }
  return rows;
}

double SyntheticTruth::Gain(Time time, const Model& champion, const Model& challenger) {
  const auto& bars = market_.series().bars;
  const auto bar = std::lower_bound(bars.begin(), bars.end(), time,
                                    [](const Bar& candidate, Time at) { return candidate.known_at < at; });
  const auto index = static_cast<std::size_t>(std::min(bar, bars.end() - 1) - bars.begin());
  const Dataset& rows = FreshRows(index);
  return Risk(champion, rows) - Risk(challenger, rows);
}

}  // namespace hone
