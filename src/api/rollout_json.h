// How rollouts stand, as JSON: the same in the API and on the command line.
#pragma once

#include "engine/rollout_status.h"
#include "wire/json_writer.h"

namespace hone {

// {"model","champion","state","frozen","rollbacks_in_a_row","release"}. `release` is null, or {"version","question",
// "started","because":{...},"step","step_began","scored","share","next_share","outcomes","guard":[{"against","version",
// "verdict","rows","mean_gain","interval":[low,high],"log_e","threshold","next_look"}...]}; question, started, because
// and step_began are null once it is promoted. Gains are squared errors saved against `version`, with the margin
// against the anchor.
void WriteRollout(const RolloutStatus& rollout, JsonWriter& json);

}  // namespace hone
