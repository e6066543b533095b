// An indicator: a formula over streams of numbers, fed bar by bar. The same object serves training, live prediction and
// whole columns, so the bits are equal.
//
// Called in an expression as name(input..., parameter...), in the order of the definition: rsi(close, 14). Of an
// indicator with several outputs one is named: macd(close, 12, 26, 9).macdsignal.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace hone {

struct IndicatorBlock;

// Not thread-safe; one object a stream. O(1) or amortised O(1) per bar; nothing is allocated after construction.
class Indicator {
 public:
  virtual ~Indicator() = default;
  // Takes the inputs' numbers at the next bar, in the order of the definition, none of them NaN (a bar at which one is
  // missing is passed over: its outputs are missing and the indicator does not hear of it). Writes the outputs known at
  // that bar: NaN in the first warmup() - 1 calls, and later only where the definition has no value.
  virtual void Update(const double* in, double* out) = 0;
  // The same over `bars` bars, in[input][bar] and out[output][bar]; the bits of as many Updates.
  virtual void UpdateBlock(const double* const* in, double* const* out, std::size_t bars) = 0;
  // The same for several objects of one definition, this one among them, each over columns of its own of as many bars:
  // the bits of as many UpdateBlocks, sooner where their streams can be stepped side by side.
  virtual void UpdateBlocks(std::span<const IndicatorBlock> blocks, std::size_t bars) = 0;
  // Number of bars needed until every output has its first value, >= 1.
  virtual int warmup() const = 0;
};

using IndicatorPointer = std::unique_ptr<Indicator>;

struct IndicatorBlock {
  Indicator* indicator = nullptr;
  const double* const* in = nullptr;  // in[input][bar]
  double* const* out = nullptr;       // out[output][bar]; overlaps no column of another
};

// How many streams UpdateBlocks steps side by side where the class says `static constexpr bool kSideBySide = true`: one
// whose step waits for the last bar of its stream and leaves the processor idle. Others gain nothing: four of their
// states do not fit into the registers.
inline constexpr std::size_t kAbreast = 4;

// Makes an Indicator of a movable class with `std::array<double, kOutputs> Step(const std::array<double, kInputs>&)`.
// Over a block the state is a local variable and all of Step is inlined: what is written to the columns cannot be the
// state, so the compiler keeps it in registers.
template <typename Derived, std::size_t kInputs, std::size_t kOutputs>
class SteppedIndicator : public Indicator {
 public:
  void Update(const double* in, double* out) final {
    std::array<double, kInputs> now;
    for (std::size_t i = 0; i < kInputs; ++i) now[i] = in[i];
    const std::array<double, kOutputs> known = static_cast<Derived*>(this)->Step(now);
    for (std::size_t i = 0; i < kOutputs; ++i) out[i] = known[i];
  }
  void UpdateBlock(const double* const* in, double* const* out, std::size_t bars) final {
    const IndicatorBlock block{this, in, out};
    Run(&block, bars, std::make_index_sequence<1>());
  }
  void UpdateBlocks(std::span<const IndicatorBlock> blocks, std::size_t bars) final {
    if constexpr (requires { requires Derived::kSideBySide; }) {
      for (; blocks.size() >= kAbreast; blocks = blocks.subspan(kAbreast)) {
        Run(blocks.data(), bars, std::make_index_sequence<kAbreast>());
      }
    }
    for (const IndicatorBlock& block : blocks) Run(&block, bars, std::make_index_sequence<1>());
  }

 private:
  struct Stream {
    explicit Stream(const IndicatorBlock& block) : state(std::move(StateOf(block))) {
      for (std::size_t i = 0; i < kInputs; ++i) in[i] = block.in[i];
      for (std::size_t i = 0; i < kOutputs; ++i) out[i] = block.out[i];
    }
    void Step(std::size_t bar) {
      std::array<double, kInputs> now;
      for (std::size_t i = 0; i < kInputs; ++i) now[i] = in[i][bar];
      const std::array<double, kOutputs> known = state.Step(now);
      for (std::size_t i = 0; i < kOutputs; ++i) out[i][bar] = known[i];
    }
    Derived state;
    std::array<const double*, kInputs> in{};
    std::array<double*, kOutputs> out{};
  };

  static Derived& StateOf(const IndicatorBlock& block) { return static_cast<Derived&>(*block.indicator); }

  template <std::size_t... k>
  [[gnu::flatten]] static void Run(const IndicatorBlock* blocks, std::size_t bars, std::index_sequence<k...>) {
    std::array<Stream, sizeof...(k)> streams{Stream(blocks[k])...};
    for (std::size_t bar = 0; bar < bars; ++bar) (streams[k].Step(bar), ...);
    ((StateOf(blocks[k]) = std::move(streams[k].state)), ...);
  }
};

struct IndicatorParameter {
  std::string_view name;
  double low = 1, high = 100'000;  // allowed, both ends included
  bool whole = true;               // an integer
};

// What an indicator is. A change of formula must bump `version`: hashes of definitions go into versions of models.
struct IndicatorDefinition {
  std::string_view name;         // lower case; TA-Lib's where it has the function
  std::string_view description;  // one line: formula and unit
  std::string_view source;       // where the formula comes from: paper, book or TA-Lib
  int version = 1;
  std::span<const std::string_view> inputs;  // at least one, named as in the formula
  std::span<const IndicatorParameter> parameters;
  std::span<const std::string_view> outputs;  // one (unnamed in expressions) or several
  // `parameters` within their ranges, as many as defined. Errors (kInvalidArgument) name two that do not fit together.
  Result<IndicatorPointer> (*make)(std::span<const double> parameters) = nullptr;
};

// All of them, sorted by name (indicators/catalogue.cc).
std::span<const IndicatorDefinition* const> IndicatorCatalogue();

}  // namespace hone
