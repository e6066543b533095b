// What turns margins (sums of leaves, one per output) into the answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "models/forest/dialect.h"

namespace hone {

enum class Link : std::uint8_t {
  kIdentity,
  kSignedSquare,  // sign(m) m^2: LightGBM's reg_sqrt
  kExp,           // exp(m): poisson, gamma, tweedie, survival
  kSigmoid,       // 1 / (1 + exp(-scale m)): binary, cross_entropy; each output by itself in multiclassova
  kLog1pExp,      // log(1 + exp(m)): cross_entropy_lambda
  kHinge,         // 1 where m > 0, else 0: binary:hinge
  kSoftmax,       // exp(m_k - max m) / sum, over all outputs: multiclass, multi:softprob
  kSorted,        // margins in ascending order: reg:quantileerror since XGBoost 3.4
  kRising,        // m_0, then each one 1e-6 + log(1 + exp(m_k)) above the one before: reg:expectileerror
  kSoftmaxZero,   // of ONNX: kSoftmax, but a margin within 1e-7 of 0 times exp(-max m) / sum
  kProbit,        // of ONNX: the quantile of the normal distribution at m
  kComplement,    // of ONNX, one margin: 1 - m, m
  kOpposite,      // of ONNX, one margin: -m, m
  kSigmoidPair,   // of ONNX, one margin: kSigmoid of -m and of m
  kClass,         // the index of the greatest margin, the first of equals: multi:softmax; one number
};

// One margin becomes two numbers.
inline bool IsPair(Link link) {
  return link == Link::kComplement || link == Link::kOpposite || link == Link::kSigmoidPair;
}

// Numbers an answer has, of so many margins.
inline std::size_t AnswerSize(Link link, std::size_t margins) {
  return link == Link::kClass ? 1 : IsPair(link) ? 2 : margins;
}

// Margins in place to answers, in the dialect's precision, as the library computes them: at most 2 units in the last
// place beside it. `scale` is kSigmoid's. `values` begin with the margins and have room for the answer; the first
// AnswerSize values are the answer.
void ApplyLink(Link link, Dialect dialect, double scale, std::span<double> values) noexcept;

}  // namespace hone
