// The body of POST /predict/single as nearly every client writes it: members in any order, but texts of ASCII without
// escapes. Read in one pass straight into the request, digits behind the point up to eight at once, a number of few
// digits by one exact multiplication or division (Clinger 1990), any other as std::from_chars reads it. Internal to
// serving.
#pragma once

#include <cstddef>
#include <string>

#include "serving/predict_request.h"

namespace hone {

// Zeros behind a body, which are read with it and belong to nothing.
inline constexpr std::size_t kPlainPadding = 8;

// False where the body, all of `padded` but the kPlainPadding zeros at its end, is anything else, right or wrong, or
// breaks a limit: the general reader has the word then, and `request`, empty before, holds anything. What it does read
// it reads to the bit as the general reader would. Texts point into `padded`.
bool ReadPlainRequest(const std::string& padded, PredictRequest& request);

}  // namespace hone
