// libraries: api
// Definitions of features, as YAML to be registered and as the body of POST /api/v1/features.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "api/feature_request.h"
#include "features/expression/user_definitions.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

// What is read once is the same when it is read again; what is refused is refused with a word.
void CheckYaml(std::string_view yaml) {
  hone::UserDefinitions definitions;
  std::vector<hone::UserDefinition> restated;
  const hone::Status read = definitions.ReadVersions(yaml, "f.yaml", restated);
  if (!read.ok()) return Check(!read.error().message.empty() && definitions.definitions().empty());
  const std::size_t count = definitions.definitions().size();
  restated.clear();
  Check(definitions.ReadVersions(yaml, "f.yaml", restated).ok() && definitions.definitions().size() == count);
  Check(restated.size() >= count);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckYaml(text);
  const auto yaml = hone::ReadFeatureRegistration(text, "/api/v1/features");
  if (!yaml.ok()) {
    Check(!yaml.error().message.empty());
  } else {
    CheckYaml(*yaml);
  }
  (void)hone::CheckFeatureKey(text, "f");
  return 0;
}
