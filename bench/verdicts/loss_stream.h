// Losses of a champion and its challengers on the same outcomes, dependent as live ones are, in the order in which the
// outcomes become known.
//
//   loss of forecaster i in row t = level + sqrt(0.4) c_t + sqrt(0.5) o_{i,t} - gain_i
//
// c is common to all, o its own, both of variance 1 and of the kind of the setting. The difference of two has standard
// deviation 1: a gain is in these units. Level, variance and correlation (0.44) are those of squared errors of normal
// forecasts that share two thirds of their noise, where the mean loss is 0.67 standard deviations of the difference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "base/random.h"

namespace hone::verdicts {

enum class Noise {
  kAutoregressive,  // AR(1) of coefficient `phi`; 0: independent normals
  kMovingAverage,   // of `horizon` independent normals, as outcomes of overlapping horizons have it
  kStudent,         // independent, Student's t with 4 degrees of freedom
  kGarch,           // GARCH(1,1): variance 0.02 + 0.08 x^2 + 0.90 of the variance before
};

struct Setting {
  std::string name;
  Noise noise = Noise::kAutoregressive;
  double phi = 0;
  int horizon = 1;      // rows after its own at which an outcome is known
  int late = 0;         // outcomes come up to so many rows later still, each on its own: not in order
  int challengers = 1;  // equal to the champion, but for the first
  double gain = 0;      // of the first challenger
};

inline constexpr double kMeanLoss = 0.6708;  // sqrt(9 / 20)

class LossStream {
 public:
  LossStream(const Setting& setting, std::uint64_t seed);

  struct Row {
    double champion = 0;
    std::vector<double> challengers;
    long made = 0;      // predictions made with this one
    long known_at = 0;  // predictions made when the outcome became known
  };
  // The next outcome that becomes known.
  const Row& Next();

 private:
  // One series of variance 1.
  class Series {
   public:
    Series(const Setting& setting, Random& random);
    double Next(Random& random);

   private:
    Noise noise_;
    double phi_, state_ = 0, variance_ = 1;
    std::deque<double> newest_;
  };
  Row MakeRow();

  Setting setting_;
  Random random_;
  Series common_;
  std::vector<Series> own_;
  std::vector<Row> waiting_;  // a heap, the earliest known first
  long made_ = 0;
  Row newest_;
};

}  // namespace hone::verdicts
