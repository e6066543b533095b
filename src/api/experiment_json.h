// Experiments as JSON: the same in the API and on the command line.
#pragma once

#include <vector>

#include "engine/experiment.h"
#include "wire/json_writer.h"

namespace hone {

// {"id","model","kind","state","question","started","ended","deadline","champion","challengers":[...],"verdict","reason","outcomes",
//  "arms":[{"version","share","answered","outcomes","mean_squared_error"}],
//  "estimates":[{"version","against","verdict","reason","rows","mean_gain","interval":[low,high],"log_e","threshold"}],
//  "splits":[SplitJson (engine/split_book.h)],"decided":{"id","time","kind","version","reason"},"because":{...}}.
// `state` is "running" or "ended"; ended, deadline, champion, outcomes, mean_squared_error, decided and because are
// null where there is none; a rollout has no arms.
void WriteExperiment(const Experiment& experiment, JsonWriter& json);
// {"experiments":[...]}
std::string ExperimentsJson(const std::vector<Experiment>& experiments);

}  // namespace hone
