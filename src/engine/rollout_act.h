// What a person may say about the rollouts of a model.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace hone {

enum class RolloutAct : std::uint8_t {
  kPause,     // the version on release keeps its share and takes no step; its guards go on
  kResume,    // it goes on
  kAdvance,   // the next step at once, through its gate; after the last one the version is promoted
  kAbort,     // the version is taken from the traffic and rejected; that counts as no roll back in a row
  kUnfreeze,  // rollouts may begin again after too many roll backs in a row
};
inline constexpr std::array kRolloutActs = {RolloutAct::kPause, RolloutAct::kResume, RolloutAct::kAdvance,
                                            RolloutAct::kAbort, RolloutAct::kUnfreeze};
// "pause", "resume", "advance", "abort", "unfreeze": the same in API and CLI.
const char* RolloutActName(RolloutAct act);

// Who says so, and why ("" where they did not tell).
struct OperatorWord {
  std::string by = "operator";
  std::string why;
};
// {"by","why"} as JSON, for the evidence of a decision; without "why" where it is "".
std::string WordJson(const OperatorWord& word);

}  // namespace hone
