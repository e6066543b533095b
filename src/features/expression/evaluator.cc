#include "features/expression/evaluator.h"

#include <algorithm>
#include <iterator>
#include <tuple>
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

// Whether one of the column's values is NaN; without a way out, so that several are looked at at once.
bool IsMissingSomewhere(const double* column, std::size_t bars) {
  std::uint64_t missing = 0;
  for (std::size_t bar = 0; bar < bars; ++bar) missing |= static_cast<std::uint64_t>(std::isnan(column[bar]));
  return missing != 0;
}

// By depth, which keeps inputs before what uses them, and those of one definition side by side.
auto OrderOf(const GraphNode& node) {
  return std::tuple(node.depth, node.kind, node.indicator == nullptr ? std::string_view() : node.indicator->name);
}

}  // namespace

Evaluator::Evaluator(ExpressionGraph& graph, std::span<const Slot> roots)
    : columns_(std::size(kColumnNames), kUnused), has_volume_(graph.traits().has_volume) {
  const std::vector<bool> needed = NeededNodes(graph, roots);
  std::vector<std::uint32_t> place(graph.slots(), kUnused);  // slot of the graph -> ours
  std::uint32_t slots = 0;
  std::vector<GraphNode*> computed;
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
      computed.push_back(&node);
    }
  }
  std::stable_sort(computed.begin(), computed.end(),
                   [](const GraphNode* a, const GraphNode* b) { return OrderOf(*a) < OrderOf(*b); });
  for (GraphNode* node : computed) AddStep(*node, place);
  SetAbreast(std::vector<const GraphNode*>(computed.begin(), computed.end()));
  for (const Slot root : roots) roots_.push_back(place[root]);
  block_bars_ =
      std::clamp(kBlockBytes / sizeof(double) / std::max<std::size_t>(slots, 1), kShortestBlock, kLongestBlock);
}

void Evaluator::AddStep(GraphNode& node, std::span<const Slot> place) {
  Step step{node.kind, node.function, static_cast<std::uint8_t>(node.inputs.size()), node.outputs, false, 1, {}, 0, 0};
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

// Indicators of one depth need nothing of each other.
void Evaluator::SetAbreast(std::span<const GraphNode* const> nodes) {
  for (std::size_t i = 0; i < nodes.size(); i += steps_[i].abreast) {
    if (nodes[i]->kind != NodeKind::kIndicator) continue;
    const auto alike = [first = nodes[i]](const GraphNode* node) {
      return node->depth == first->depth && node->indicator == first->indicator;
    };
    const auto next = nodes.subspan(i, std::min(kAbreast, nodes.size() - i));
    steps_[i].abreast = static_cast<std::uint8_t>(std::find_if_not(next.begin(), next.end(), alike) - next.begin());
  }
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
  for (std::size_t i = 0; i < steps_.size(); i += steps_[i].abreast) {
    const Step& step = steps_[i];
    switch (step.kind) {
      case NodeKind::kPointwise: {
        const double* in[] = {Column(step.in[0]), Column(step.in[1]), Column(step.in[2])};
        ValuesOf(step.function, step.inputs, in, Column(step.out), bars_);
        break;
      }
      case NodeKind::kIndicator: UpdateIndicatorBlocks(std::span(steps_).subspan(i, step.abreast)); break;
      default: UpdateFeatureBlock(step, bars);
    }
  }
}

void Evaluator::UpdateFeatureBlock(const Step& step, std::span<const Bar> bars) {
  double* out = Column(step.out);
  Feature& feature = *features_[step.state];
  for (std::size_t i = 0; i < bars.size(); ++i) out[i] = Known(feature.Update(bars[i]));
}

void Evaluator::UpdateIndicatorBlocks(std::span<const Step> steps) {
  const auto whole = [this](const Step& step) { return LacksNothing(step); };
  if (std::all_of(steps.begin(), steps.end(), whole)) return RunIndicators(steps, 0, bars_);
  for (std::size_t i = 0; i < steps.size(); ++i) UpdateIndicatorBlock(steps.subspan(i, 1));
}

bool Evaluator::LacksNothing(const Step& step) const {
  const std::uint32_t* inputs = InputsOf(step);
  return step.hears_of_missing || std::none_of(inputs, inputs + step.inputs, [this](std::uint32_t slot) {
           return IsMissingSomewhere(Column(slot), bars_);
         });
}

// Runs of bars at which no input is missing go to the indicator at once.
void Evaluator::UpdateIndicatorBlock(std::span<const Step> one) {
  const Step& step = one[0];
  const double* in[kMostInputs];
  for (std::size_t i = 0; i < step.inputs; ++i) in[i] = Column(InputsOf(step)[i]);
  const auto missing = [&](std::size_t bar) {
    return std::any_of(in, in + step.inputs, [bar](const double* x) { return std::isnan(x[bar]); });
  };
  for (std::size_t bar = 0; bar < bars_;) {
    std::size_t end = bar;
    while (end < bars_ && !missing(end)) ++end;
    if (end > bar) RunIndicators(one, bar, end);
    for (bar = end; bar < bars_ && missing(bar); ++bar) {
      for (std::uint32_t i = 0; i < step.outputs; ++i) Column(step.out + i)[bar] = kMissing;
    }
  }
}

// Of one definition, side by side.
void Evaluator::RunIndicators(std::span<const Step> steps, std::size_t begin, std::size_t end) {
  const double* in[kAbreast][kMostInputs];
  double* out[kAbreast][kMostOutputs];
  IndicatorBlock blocks[kAbreast];
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const std::uint32_t* inputs = InputsOf(steps[k]);
    for (std::uint32_t i = 0; i < steps[k].inputs; ++i) in[k][i] = Column(inputs[i]) + begin;
    for (std::uint32_t i = 0; i < steps[k].outputs; ++i) out[k][i] = Column(steps[k].out + i) + begin;
    blocks[k] = {indicators_[steps[k].state].get(), in[k], out[k]};
  }
  blocks[0].indicator->UpdateBlocks({blocks, steps.size()}, end - begin);
  for (std::size_t k = 0; k < steps.size(); ++k) {
    for (std::size_t i = 0; i < steps[k].outputs; ++i) {
      std::transform(out[k][i], out[k][i] + (end - begin), out[k][i], Known);
    }
  }
}

}  // namespace hone
