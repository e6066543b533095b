// Indicators run over columns, for tests.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/indicator.h"

namespace hone::testing_features {

using Columns = std::vector<std::vector<double>>;

inline const IndicatorDefinition* FindIndicator(std::string_view name) {
  for (const IndicatorDefinition* definition : IndicatorCatalogue()) {
    if (definition->name == name) return definition;
  }
  return nullptr;
}

// Small periods that differ, so that one taken for another shows; middling numbers elsewhere.
inline std::vector<double> SomeParameters(const IndicatorDefinition& definition) {
  std::vector<double> parameters;
  double period = 5;
  for (const IndicatorParameter& parameter : definition.parameters) {
    parameters.push_back(std::clamp(parameter.whole ? period : 0.5, parameter.low, parameter.high));
    period += 2;
  }
  return parameters;
}

inline std::vector<double> LeastParameters(const IndicatorDefinition& definition) {
  std::vector<double> parameters;
  for (const IndicatorParameter& parameter : definition.parameters) parameters.push_back(parameter.low);
  return parameters;
}

inline IndicatorPointer MakeIndicator(const IndicatorDefinition& definition, std::span<const double> parameters) {
  return definition.make(parameters).value();
}

// block 0: bar by bar.
inline Columns RunIndicator(const IndicatorDefinition& definition, std::span<const double> parameters,
                            const Columns& inputs, std::size_t block) {
  const IndicatorPointer indicator = MakeIndicator(definition, parameters);
  const std::size_t bars = inputs[0].size();
  Columns outputs(definition.outputs.size(), std::vector<double>(bars));
  std::vector<const double*> in(inputs.size());
  std::vector<double*> out(outputs.size());
  std::vector<double> row(inputs.size()), known(outputs.size());
  for (std::size_t bar = 0; bar < bars; bar += std::max<std::size_t>(block, 1)) {
    if (block == 0) {
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = inputs[i][bar];
      indicator->Update(row.data(), known.data());
      for (std::size_t i = 0; i < known.size(); ++i) outputs[i][bar] = known[i];
    } else {
      for (std::size_t i = 0; i < in.size(); ++i) in[i] = inputs[i].data() + bar;
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = outputs[i].data() + bar;
      indicator->UpdateBlock(in.data(), out.data(), std::min(block, bars - bar));
    }
  }
  return outputs;
}

// One of several streams of an indicator.
struct Stream {
  std::vector<double> parameters;
  Columns inputs;
};

// The pointers to some columns from a bar on.
template <typename Number, typename Column>
std::vector<Number*> From(std::vector<Column>& columns, std::size_t bar) {
  std::vector<Number*> pointers;
  for (auto& column : columns) pointers.push_back(column.data() + bar);
  return pointers;
}

// All streams together, `block` bars at a time; streams are of the same length.
inline std::vector<Columns> RunSideBySide(const IndicatorDefinition& definition, std::vector<Stream>& streams,
                                          std::size_t block) {
  const std::size_t bars = streams[0].inputs[0].size();
  std::vector<IndicatorPointer> indicators;
  for (const Stream& stream : streams) indicators.push_back(MakeIndicator(definition, stream.parameters));
  std::vector<Columns> outputs(streams.size(), Columns(definition.outputs.size(), std::vector<double>(bars)));
  for (std::size_t bar = 0; bar < bars; bar += block) {
    std::vector<std::vector<const double*>> in;
    std::vector<std::vector<double*>> out;
    std::vector<IndicatorBlock> blocks;
    for (std::size_t k = 0; k < streams.size(); ++k) {
      in.push_back(From<const double>(streams[k].inputs, bar));
      out.push_back(From<double>(outputs[k], bar));
      blocks.push_back({indicators[k].get(), in.back().data(), out.back().data()});
    }
    indicators[0]->UpdateBlocks(blocks, std::min(block, bars - bar));
  }
  return outputs;
}

// The same NaN counts as the same.
inline bool SameBits(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) && std::isnan(b[i])) continue;
    if (std::bit_cast<std::uint64_t>(a[i]) != std::bit_cast<std::uint64_t>(b[i])) return false;
  }
  return true;
}

// An indicator by its call: "sma(close,14)", series by their names in `columns`.
struct IndicatorCall {
  const IndicatorDefinition* definition = nullptr;
  Columns inputs;
  std::vector<double> parameters;
};

inline IndicatorCall ParseIndicatorCall(const std::string& call,
                                        const std::map<std::string, std::vector<double>>& columns) {
  const std::size_t open = call.find('('), close = call.rfind(')');
  IndicatorCall parsed{FindIndicator(call.substr(0, open)), {}, {}};
  for (std::size_t at = open + 1; at < close;) {
    const std::size_t end = std::min(call.find(',', at), close);
    const std::string argument = call.substr(at, end - at);
    const auto column = columns.find(argument);
    column != columns.end() ? parsed.inputs.push_back(column->second)
                            : parsed.parameters.push_back(std::stod(argument));
    at = end + 1;
  }
  return parsed;
}

}  // namespace hone::testing_features
