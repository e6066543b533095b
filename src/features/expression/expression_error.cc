#include "features/expression/expression_error.h"

#include <fmt/format.h>

#include "base/edit_distance.h"

namespace hone {

Error ExpressionError(TextPlace place, std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), fmt::format("expression:{}:{}", place.line, place.column), 0,
          ""};
}

std::string NearWord(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = NearestWord(word, candidates);
  return nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest);
}

}  // namespace hone
