#include "outcomes/prediction_row.h"

#include <fmt/format.h>

#include <utility>

#include "storage/float_blob.h"

namespace hone {
namespace {

Result<Role> ParseRole(std::string_view name, const std::string& path) {
  for (const Role role : {Role::kChampion, Role::kCanary, Role::kFallback}) {
    if (name == RoleName(role)) return role;
  }
  return Error{ErrorCode::kCorrupt,
               fmt::format("a prediction's role must be champion, canary or fallback, is \"{}\"", name.substr(0, 64)),
               path, 0, "role"};
}

}  // namespace

Result<Prediction> ReadPrediction(const Statement& row, const std::string& path) {
  Prediction prediction;
  prediction.id = row.IdAt(0);
  prediction.time = row.Int(1);
  prediction.model = row.Text(2);
  prediction.version = row.Text(3);
  HONE_ASSIGN_OR_RETURN(prediction.role, ParseRole(row.Bytes(4), path));
  prediction.propensity = row.Double(5);
  auto features = DecodeDoubles(row.Bytes(6));
  if (!features.ok()) {
    return Error{ErrorCode::kCorrupt, features.error().message, path, 0, "features of " + prediction.id.ToString()};
  }
  prediction.features = std::move(*features);
  prediction.value = row.Double(7);
  prediction.latency = row.Int(8);
  return prediction;
}

}  // namespace hone
