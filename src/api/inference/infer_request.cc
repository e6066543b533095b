#include "api/inference/infer_request.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone {
namespace {

Result<OutputKind> KindOf(const InferRequest& request, const std::string& name) {
  if (name == kOutputName) return OutputKind::kAnswers;
  if (name == kVersionsName) return OutputKind::kVersions;
  const std::string key = fmt::format("outputs.{}", name.substr(0, 64));
  if (name == kIdsName && !request.log) {
    return Error{ErrorCode::kInvalidArgument, "there is one only with the parameter log: true", "", 0, key};
  }
  if (name == kIdsName) return OutputKind::kIds;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("unknown output; there are {}, {} and, with the parameter log, {}", kOutputName,
                           kVersionsName, kIdsName),
               "", 0, key};
}

}  // namespace

std::string_view ChosenOutput::name() const {
  switch (kind) {
    case OutputKind::kAnswers: return kOutputName;
    case OutputKind::kIds: return kIdsName;
    case OutputKind::kVersions: return kVersionsName;
  }
  return kOutputName;
}

Result<std::vector<ChosenOutput>> ChooseOutputs(const InferRequest& request) {
  std::vector<ChosenOutput> chosen;
  for (const RequestedOutput& output : request.outputs) {
    HONE_ASSIGN_OR_RETURN(const OutputKind kind, KindOf(request, output.name));
    if (std::ranges::any_of(chosen, [&](const ChosenOutput& other) { return other.kind == kind; })) {
      return Error{ErrorCode::kInvalidArgument, "is asked for twice", "", 0, fmt::format("outputs.{}", output.name)};
    }
    chosen.push_back({kind, output.binary.value_or(request.binary)});
  }
  if (!chosen.empty()) return chosen;
  chosen.push_back({OutputKind::kAnswers, request.binary});
  if (request.log) chosen.push_back({OutputKind::kIds, request.binary});
  return chosen;
}

}  // namespace hone
