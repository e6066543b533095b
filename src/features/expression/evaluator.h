// Runs a graph over bars, one by one or block by block, with the same bits.
//
// A value that is missing (NaN) or infinite is missing, always the same NaN. An indicator or window whose input is
// missing at a bar does not hear of that bar: its outputs are missing there and its state stays as it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "features/expression/graph.h"
#include "market/bar.h"

namespace hone {

// Not thread-safe; movable; one object a stream of bars.
class Evaluator {
 public:
  Evaluator() = default;
  // Takes the states of the nodes that `roots` need; what they do not need is not computed.
  Evaluator(ExpressionGraph& graph, std::span<const Slot> roots);

  // The next bar. Allocates nothing.
  void Update(const Bar& bar);
  // Of root i at the bar of the last Update.
  double value(std::size_t i) const { return now_[roots_[i]]; }

  // The next bars, at most block_bars(). The first call allocates the columns.
  void UpdateBlock(std::span<const Bar> bars);
  std::size_t block_bars() const { return block_bars_; }
  // Gives the columns' memory back, up to 1 MiB; the next UpdateBlock allocates them again.
  void ReleaseBlock() { std::vector<double>().swap(block_); }
  // Of root i at the bars of the last UpdateBlock; valid until the next.
  std::span<const double> column(std::size_t i) const { return {Column(roots_[i]), bars_}; }

  std::size_t width() const { return roots_.size(); }

 private:
  struct Step {
    NodeKind kind;
    Pointwise function;
    std::uint8_t inputs, outputs;
    bool hears_of_missing;  // of an indicator
    std::uint8_t abreast;   // steps from this one on that are taken side by side, >= 1
    std::uint32_t in[3];    // slots; of more than three inputs, in[0] is where they begin in wide_
    std::uint32_t out;
    std::uint32_t state;  // index into indicators_ or features_
  };

  void AddStep(GraphNode& node, std::span<const Slot> place);
  void SetAbreast(std::span<const GraphNode* const> nodes);
  const std::uint32_t* InputsOf(const Step& step) const { return step.inputs > 3 ? &wide_[step.in[0]] : step.in; }
  void UpdateIndicator(const Step& step);
  void UpdateIndicatorBlocks(std::span<const Step> steps);
  void UpdateIndicatorBlock(std::span<const Step> one);
  bool LacksNothing(const Step& step) const;
  void RunIndicators(std::span<const Step> steps, std::size_t begin, std::size_t end);
  void UpdateFeatureBlock(const Step& step, std::span<const Bar> bars);
  void FillColumn(std::size_t column, std::span<const Bar> bars);
  void MakeBlock();
  double* Column(std::uint32_t slot) { return block_.data() + slot * block_bars_; }
  const double* Column(std::uint32_t slot) const { return block_.data() + slot * block_bars_; }

  static constexpr std::uint32_t kUnused = ~std::uint32_t{0};

  std::vector<Step> steps_;
  std::vector<std::uint32_t> wide_, roots_;
  std::vector<std::uint32_t> columns_;  // slots of the five columns, kUnused where not needed
  std::vector<IndicatorPointer> indicators_;
  std::vector<FeaturePointer> features_;
  bool has_volume_ = true;
  std::vector<double> now_;    // by slot, constants filled in
  std::vector<double> block_;  // slots x block_bars_
  std::size_t block_bars_ = 0, bars_ = 0;
};

}  // namespace hone
