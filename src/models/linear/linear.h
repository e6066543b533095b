// A linear model in centred form, and its file:
//   answer(row) = intercept + sum_i weights[i] * (row[i] - means[i])
// summed in the order of the columns. `means` are the training means, so the intercept is the answer for the mean row,
// and a missing value (NaN) is imputed by its training mean: it contributes nothing.
//
// The file is JSON:
//   {"format":"hone-linear","version":1,"intercept":0.5,"weights":[1.0,-2.0],"means":[0.1,0.2]}
// Numbers are written so that reading gives back the same bits. All finite; 1 to 65,536 weights.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "models/model.h"

namespace hone {

// A linear model tells what it is made of: one number a column of each.
class LinearModel : public Model {
 public:
  virtual std::span<const double> weights() const noexcept = 0;
  virtual std::span<const double> means() const noexcept = 0;
};

// `weights` and `means` have one entry per column (at least one), all finite. A missing `means` (empty) means zeros.
std::string WriteLinear(double intercept, std::span<const double> weights, std::span<const double> means = {});

// Reads WriteLinear's form into a LinearModel. `source` names the file in errors; a broken file is kCorrupt with the
// key at fault.
Result<ModelPointer> ReadLinear(std::string_view bytes, std::string_view source);

}  // namespace hone
