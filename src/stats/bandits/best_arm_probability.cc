#include "stats/bandits/best_arm_probability.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace hone {
namespace {

constexpr int kNodes = 10;
constexpr double kNegligible = 38;  // exp(-38) is 3e-17

using NodeValues = std::array<double, kNodes>;

// P_0 .. P_kNodes at x.
std::array<double, kNodes + 1> Legendre(double x) {
  std::array<double, kNodes + 1> p = {1, x};
  for (int k = 1; k < kNodes; ++k) {
    const auto i = static_cast<std::size_t>(k);
    p[i + 1] = ((2 * k + 1) * x * p[i] - k * p[i - 1]) / (k + 1);
  }
  return p;
}

// The rule on [-1, 1], and the integrals from -1 to each node of the polynomials that are 1 at one node and 0 at the
// others.
struct GaussLegendre {
  NodeValues node = {}, weight = {};
  std::array<NodeValues, kNodes> until = {};  // [node reached][node of the polynomial]

  GaussLegendre() {
    for (std::size_t i = 0; i < kNodes; ++i) FindNode(i);
    for (std::size_t i = 0; i < kNodes; ++i)
      for (std::size_t j = 0; j < kNodes; ++j) until[i][j] = Until(node[i], j);
  }

 private:
  void FindNode(std::size_t i) {
    double x = -std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (kNodes + 0.5));
    double slope = 1;
    for (int step = 0; step < 8; ++step) {
      const auto p = Legendre(x);
      slope = kNodes * (x * p[kNodes] - p[kNodes - 1]) / (x * x - 1);
      x -= p[kNodes] / slope;
    }
    node[i] = x;
    weight[i] = 2 / ((1 - x * x) * slope * slope);
  }
  // The polynomial is sum over k of (k + 1/2) w_j P_k(x_j) P_k; P_k integrates to (P_{k+1} - P_{k-1}) / (2 k + 1).
  double Until(double x, std::size_t j) const {
    const auto at = Legendre(x), own = Legendre(node[j]);
    double sum = (x + 1) / 2;
    for (std::size_t k = 1; k < kNodes; ++k) sum += own[k] * (at[k + 1] - at[k - 1]) / 2;
    return weight[j] * sum;
  }
};

const GaussLegendre& Rule() {
  static const GaussLegendre rule;
  return rule;
}

// What the integration needs of an arm: a density with one mode, its scale, and where it has run out.
struct Density {
  double mode = 0, scale = 1, low = 0, high = 0;
};

template <typename LogDensity>
void FindEnds(Density& density, LogDensity log_density) {
  const auto reach = [&](double sign) {
    double distance = density.scale;
    const double top = log_density(density.mode);
    while (top - log_density(density.mode + sign * distance) < kNegligible) distance *= 1.25;
    return distance;
  };
  density.low = density.mode - reach(-1);
  density.high = density.mode + reach(1);
}

class NormalDensityOf {
 public:
  explicit NormalDensityOf(const NormalArm& arm)
      : mean_(arm.mean),
        deviation_(arm.deviation),
        log_factor_(-std::log(arm.deviation * std::sqrt(2 * std::numbers::pi))) {}
  double LogAt(double u) const {
    const double z = (u - mean_) / deviation_;
    return log_factor_ - z * z / 2;
  }
  Density Shape() const { return {mean_, deviation_}; }

 private:
  double mean_, deviation_, log_factor_;
};

// Of the log odds u: alpha u - (alpha + beta) log(1 + e^u) - log B(alpha, beta), taken from the mode, so that large
// counts cost no digits; what it is divided by is its own integral.
class LogOddsDensityOf {
 public:
  explicit LogOddsDensityOf(const BetaArm& arm)
      : alpha_(arm.alpha), beta_(arm.beta), mode_(std::log(arm.alpha / arm.beta)) {}
  double LogAt(double u) const {
    // With d = u - mode and m = alpha / (alpha + beta): log(1 + e^u) - log(1 + e^mode) = log1p(m (e^d - 1)).
    const double d = u - mode_;
    const double share = alpha_ / (alpha_ + beta_);
    if (d > 0) return -beta_ * d - (alpha_ + beta_) * std::log1p((1 - share) * std::expm1(-d));
    return alpha_ * d - (alpha_ + beta_) * std::log1p(share * std::expm1(d));
  }
  Density Shape() const { return {mode_, std::sqrt(1 / alpha_ + 1 / beta_)}; }

 private:
  double alpha_, beta_, mode_;
};

// Half the least scale of the densities that have not run out at `at`, or until another begins.
double WidthAt(std::span<const Density> shapes, double at) {
  double width = std::numeric_limits<double>::infinity();
  for (const Density& shape : shapes) {
    if (shape.low > at) width = std::min(width, shape.low - at);
    if (shape.low <= at && at < shape.high) width = std::min(width, shape.scale / 2);
  }
  return width;
}

std::vector<double> CutsOf(std::span<const Density> shapes) {
  double low = shapes[0].low, high = shapes[0].high;
  for (const Density& shape : shapes) {
    low = std::max(low, shape.low);  // below it some arm is surely larger
    high = std::max(high, shape.high);
  }
  std::vector<double> cuts = {low};
  while (cuts.back() < high) {
    const double next = cuts.back() + WidthAt(shapes, cuts.back());
    cuts.push_back(next > cuts.back() ? std::min(next, high) : high);
  }
  return cuts;
}

// Of one arm: the integral of its density so far.
template <typename Of>
struct Running {
  Of density;
  Density shape;
  double factor = 1;  // 1 / integral of exp(LogAt) over all
  double integral = 0;
  NodeValues at = {}, below = {};  // on the piece in hand: density and distribution function

  void Enter(double from, double width) {
    if (from >= shape.high || from + width <= shape.low) {
      at.fill(0);
      below.fill(integral);
      return;
    }
    double whole = 0;
    for (std::size_t i = 0; i < kNodes; ++i) {
      at[i] = factor * std::exp(density.LogAt(from + width * (Rule().node[i] + 1) / 2));
      whole += Rule().weight[i] * at[i] * width / 2;
    }
    for (std::size_t i = 0; i < kNodes; ++i) {
      below[i] = integral + std::inner_product(at.begin(), at.end(), Rule().until[i].begin(), 0.0) * width / 2;
    }
    integral += whole;
  }
};

// The integral over the arm's own pieces up to `end`.
template <typename Of>
double IntegralUntil(const Running<Of>& arm, double end) {
  Running<Of> alone = arm;
  alone.integral = 0;
  for (double from = arm.shape.low; from < end; from += arm.shape.scale) {
    alone.Enter(from, std::min(arm.shape.scale, end - from));
  }
  return alone.integral;
}

// products[a] = product of the others' distribution functions at node i.
template <typename Of>
void OthersBelow(const std::vector<Running<Of>>& arms, std::size_t i, std::vector<double>& products) {
  double before = 1;
  for (std::size_t a = 0; a < arms.size(); ++a) {
    products[a] = before;
    before *= arms[a].below[i];
  }
  double after = 1;
  for (std::size_t a = arms.size(); a-- > 0;) {
    products[a] *= after;
    after *= arms[a].below[i];
  }
}

template <typename Of, typename Arm>
double Integrate(std::span<const Arm> given, std::span<double> probabilities) {
  std::vector<Running<Of>> arms;
  std::vector<Density> shapes;
  for (const Arm& arm : given) {
    Running<Of>& running = arms.emplace_back(Running<Of>{Of(arm), Of(arm).Shape()});
    FindEnds(running.shape, [&](double u) { return running.density.LogAt(u); });
    running.factor = 1 / IntegralUntil(running, running.shape.high);
    shapes.push_back(running.shape);
  }
  const std::vector<double> cuts = CutsOf(shapes);
  for (Running<Of>& arm : arms) arm.integral = IntegralUntil(arm, std::min(cuts.front(), arm.shape.high));
  std::fill(probabilities.begin(), probabilities.end(), 0.0);
  std::vector<double> others(arms.size());
  for (std::size_t cut = 0; cut + 1 < cuts.size(); ++cut) {
    const double width = cuts[cut + 1] - cuts[cut];
    for (Running<Of>& arm : arms) arm.Enter(cuts[cut], width);
    for (std::size_t i = 0; i < kNodes; ++i) {
      OthersBelow(arms, i, others);
      for (std::size_t a = 0; a < arms.size(); ++a) {
        probabilities[a] += Rule().weight[i] * width / 2 * arms[a].at[i] * others[a];
      }
    }
  }
  const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
  for (double& probability : probabilities) probability /= sum;
  return sum;
}

}  // namespace

double BestArmProbability(std::span<const NormalArm> arms, std::span<double> probabilities) {
  return Integrate<NormalDensityOf>(arms, probabilities);
}

double BestArmProbability(std::span<const BetaArm> arms, std::span<double> probabilities) {
  return Integrate<LogOddsDensityOf>(arms, probabilities);
}

}  // namespace hone
