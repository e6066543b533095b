// Rows for the tests of feature screening: features at hand, candidates that tell nothing, candidates that tell
// something.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "features/dataset.h"

namespace hone {

struct ScreenMarket {
  std::size_t rows = 600;
  int horizon = 1;         // rows until a label is known; labels overlap beyond 1
  double persistence = 0;  // AR(1) coefficient of every feature
  double noise = 0;        // the same of what no feature tells
  int at_hand = 3, null = 20, planted = 0;
  double strength = 0.3;  // of a planted candidate, in standard deviations of the noise
};

// Columns base_j, null_j, planted_j; the label is the mean over the horizon of 0.5 sum base + strength sum planted +
// noise.
inline Dataset MakeScreenRows(const ScreenMarket& market, std::uint64_t seed) {
  Random random(seed);
  const int columns = market.at_hand + market.null + market.planted;
  const auto width = static_cast<std::size_t>(columns);
  const auto ahead = static_cast<std::size_t>(market.horizon);
  const auto step = [&random](double& state, double coefficient) {
    state = coefficient * state + std::sqrt(1 - coefficient * coefficient) * random.Normal();
    return state;
  };
  Dataset data;
  const auto name = [&data](const char* kind, int count) {
    for (int j = 0; j < count; ++j) data.names.push_back(std::string(kind).append(std::to_string(j)));
  };
  name("base_", market.at_hand);
  name("null_", market.null);
  name("planted_", market.planted);
  std::vector<double> state(width), values;  // values: what each row's label is made of
  double noise = 0;
  for (int i = 0; i < 100; ++i) {
    for (double& s : state) step(s, market.persistence);
    step(noise, market.noise);
  }
  for (std::size_t i = 0; i < market.rows + ahead; ++i) {
    double told = 0;
    for (std::size_t j = 0; j < width; ++j) {
      step(state[j], market.persistence);
      if (j < static_cast<std::size_t>(market.at_hand)) told += 0.5 * state[j];
      if (j >= width - static_cast<std::size_t>(market.planted)) told += market.strength * state[j];
    }
    values.push_back(told + step(noise, market.noise));
    if (i < market.rows) data.x.insert(data.x.end(), state.begin(), state.end());
  }
  for (std::size_t i = 0; i < market.rows; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < ahead; ++k) sum += values[i + k];
    data.y.push_back(sum / static_cast<double>(ahead));
    data.time.push_back(static_cast<Time>(i) * kDay);
    data.label_time.push_back(static_cast<Time>(i + ahead) * kDay);
  }
  return data;
}

inline std::vector<std::string> NamesFrom(const Dataset& data, const char* kind) {
  std::vector<std::string> names;
  for (const std::string& name : data.names) {
    if (name.starts_with(kind)) names.push_back(name);
  }
  return names;
}

}  // namespace hone
