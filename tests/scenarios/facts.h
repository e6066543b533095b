// What happened in one run of a scenario: what expectations are held against.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "records/decision.h"
#include "records/drift_event.h"

namespace hone {

struct Facts {
  std::string failure;  // why the run did not come to its end; "" when it did
  std::vector<Decision> decisions;
  std::vector<DriftEvent> drift;
  std::map<std::string, std::string> recipe_of;  // by version name
  std::map<std::string, double> loss;            // by policy: hone, never, ...
  std::string first_version, last_version;
  int retrainings = 0, promotions = 0, rollbacks = 0, rejections = 0;
  std::int64_t evidence_rows = 0;  // largest number of matured outcomes any candidate's evidence rests on
  std::string metrics;             // every number the loop would act on, to the bit
};

}  // namespace hone
