// libraries: models
// An ensemble's file: members and weights within what is promised, or an error.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "models/ensemble/ensemble_file.h"
#include "models/model_file.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto format = hone::DetectModelFormat(text, "fuzz");
  Check(hone::IsEnsemble(text) == (format.ok() && *format == "ensemble"));
  const auto file = hone::ReadEnsembleFile(text, "fuzz");
  if (!file.ok()) {
    Check(!file.error().message.empty());
    return 0;
  }
  Check(file->members.size() >= 2 && file->members.size() <= hone::VotingEnsemble::kMostMembers);
  Check(!file->threshold || std::isfinite(*file->threshold));
  for (const hone::EnsembleFileMember& member : file->members) {
    Check(!member.model.empty() && member.weight > 0 && std::isfinite(member.weight));
  }
  return 0;
}
