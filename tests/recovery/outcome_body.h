// The body of POST /outcomes.
#pragma once

#include <string>

#include "wire/json_writer.h"

namespace hone {

inline std::string OutcomeBody(const std::string& id, double value) {
  JsonWriter json;
  json.BeginMap().Member("prediction_id", id).Member("value", value).EndMap();
  return json.Take();
}

}  // namespace hone
