#include "features/expression/evaluator.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hone {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;  // stays in the second-level cache
constexpr std::size_t kShortestBlock = 32, kLongestBlock = 512;

constexpr double Bar::*kMembers[] = {&Bar::open, &Bar::high, &Bar::low, &Bar::close, &Bar::volume};
constexpr std::size_t kVolume = 4;

std::vector<bool> NeededNodes(const ExpressionGraph& graph, std::span<const Slot> roots) {
  std::vector<bool> needed(graph.nodes().size());
  for (const Slot root : roots) needed[graph.IndexOf(root)] = true;
  for (std::size_t i = needed.size(); i-- > 0;) {
    if (!needed[i]) continue;
    for (const Slot input : graph.nodes()[i].inputs) needed[graph.IndexOf(input)] = true;
  }
  return needed;
}

}  // namespace

Evaluator::Evaluator(ExpressionGraph& graph, std::span<const Slot> roots)
    : columns_(std::size(kColumnNames), kUnused), has_volume_(graph.traits().has_volume) {
  const std::vector<bool> needed = NeededNodes(graph, roots);
  std::vector<std::uint32_t> place(graph.slots(), kUnused);  // slot of the graph -> ours
  std::uint32_t slots = 0;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) continue;
    GraphNode& node = graph.nodes()[i];
    for (std::uint8_t output = 0; output < node.outputs; ++output) place[node.first + output] = slots++;
    now_.resize(slots, kMissing);
    if (node.kind == NodeKind::kConstant) {
      now_.back() = node.constant;
    } else if (node.kind == NodeKind::kColumn) {
      columns_[node.column] = place[node.first];
    } else {
      AddStep(node, place);
    }
  }
  for (const Slot root : roots) roots_.push_back(place[root]);
  block_bars_ =
      std::clamp(kBlockBytes / sizeof(double) / std::max<std::size_t>(slots, 1), kShortestBlock, kLongestBlock);
}

void Evaluator::AddStep(GraphNode& node, std::span<const Slot> place) {
  Step step{node.kind, node.function, static_cast<std::uint8_t>(node.inputs.size()), node.outputs, false, {}, 0, 0};
  step.out = place[node.first];
  if (node.inputs.size() > 3) step.in[0] = static_cast<std::uint32_t>(wide_.size());
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs.size() > 3) {
      wide_.push_back(place[node.inputs[i]]);
    } else {
      step.in[i] = place[node.inputs[i]];
    }
  }
  if (node.kind == NodeKind::kIndicator) {
    step.hears_of_missing = HearsOfMissing(*node.indicator);
    step.state = static_cast<std::uint32_t>(indicators_.size());
    indicators_.push_back(std::move(node.indicator_state));
  } else if (node.kind == NodeKind::kFeature) {
    step.state = static_cast<std::uint32_t>(features_.size());
    features_.push_back(std::move(node.feature_state));
  }
  steps_.push_back(step);
}

void Evaluator::Update(const Bar& bar) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] != kUnused) now_[columns_[i]] = i == kVolume && !has_volume_ ? kMissing : Known(bar.*kMembers[i]);
  }
  double* now = now_.data();
  for (const Step& step : steps_) {
    switch (step.kind) {
      case NodeKind::kPointwise:
        now[step.out] = ValueOf(step.function, step.inputs, now[step.in[0]], now[step.in[1]], now[step.in[2]]);
        break;
      case NodeKind::kIndicator: UpdateIndicator(step); break;
      default: now[step.out] = Known(features_[step.state]->Update(bar));
    }
  }
}

void Evaluator::UpdateIndicator(const Step& step) {
  double in[kMostInputs];
  bool missing = false;
  const std::uint32_t* inputs = InputsOf(step);
  for (std::size_t i = 0; i < step.inputs; ++i) {
    in[i] = now_[inputs[i]];
    missing |= std::isnan(in[i]);
  }
  double* out = &now_[step.out];
  if (missing && !step.hears_of_missing) {
    std::fill_n(out, step.outputs, kMissing);
    return;
  }
  indicators_[step.state]->Update(in, out);
  for (std::size_t i = 0; i < step.outputs; ++i) out[i] = Known(out[i]);
}

void Evaluator::MakeBlock() {
  block_.resize(now_.size() * block_bars_);
  for (std::size_t slot = 0; slot < now_.size(); ++slot) {
    std::fill_n(Column(static_cast<std::uint32_t>(slot)), block_bars_, now_[slot]);  // constants stay as they are
  }
}

void Evaluator::FillColumn(std::size_t column, std::span<const Bar> bars) {
  double* out = Column(columns_[column]);
  for (std::size_t i = 0; i < bars.size(); ++i) out[i] = Known(bars[i].*kMembers[column]);
  if (column == kVolume && !has_volume_) std::fill_n(out, bars.size(), kMissing);
}

void Evaluator::UpdateBlock(std::span<const Bar> bars) {
  if (block_.empty()) MakeBlock();
  bars_ = bars.size();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i] != kUnused) FillColumn(i, bars);
  }
  for (const Step& step : steps_) {
    switch (step.kind) {
      case NodeKind::kPointwise: {
        const double* in[] = {Column(step.in[0]), Column(step.in[1]), Column(step.in[2])};
        ValuesOf(step.function, step.inputs, in, Column(step.out), bars_);
        break;
      }
      case NodeKind::kIndicator: UpdateIndicatorBlock(step); break;
      default: UpdateFeatureBlock(step, bars);
    }
  }
}

void Evaluator::UpdateFeatureBlock(const Step& step, std::span<const Bar> bars) {
  double* out = Column(step.out);
  Feature& feature = *features_[step.state];
  for (std::size_t i = 0; i < bars.size(); ++i) out[i] = Known(feature.Update(bars[i]));
}

// Runs of bars at which no input is missing go to the indicator at once.
void Evaluator::UpdateIndicatorBlock(const Step& step) {
  const std::uint32_t* inputs = InputsOf(step);
  const double* in[kMostInputs];
  double* out[kMostOutputs];
  for (std::size_t i = 0; i < step.inputs; ++i) in[i] = Column(inputs[i]);
  for (std::size_t i = 0; i < step.outputs; ++i) out[i] = Column(step.out + static_cast<std::uint32_t>(i));
  const auto missing = [&](std::size_t bar) {
    return !step.hears_of_missing &&
           std::any_of(in, in + step.inputs, [bar](const double* x) { return std::isnan(x[bar]); });
  };
  for (std::size_t bar = 0; bar < bars_;) {
    std::size_t end = bar;
    while (end < bars_ && !missing(end)) ++end;
    if (end > bar) RunIndicator(step, in, out, bar, end);
    for (bar = end; bar < bars_ && missing(bar); ++bar) {
      for (std::size_t i = 0; i < step.outputs; ++i) out[i][bar] = kMissing;
    }
  }
}

void Evaluator::RunIndicator(const Step& step, const double* const* in, double* const* out, std::size_t begin,
                             std::size_t end) {
  const double* run_in[kMostInputs];
  double* run_out[kMostOutputs];
  for (std::size_t i = 0; i < step.inputs; ++i) run_in[i] = in[i] + begin;
  for (std::size_t i = 0; i < step.outputs; ++i) run_out[i] = out[i] + begin;
  indicators_[step.state]->UpdateBlock(run_in, run_out, end - begin);
  for (std::size_t i = 0; i < step.outputs; ++i) {
    std::transform(run_out[i], out[i] + end, run_out[i], Known);
  }
}

}  // namespace hone
