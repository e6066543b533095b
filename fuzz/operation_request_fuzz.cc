// libraries: api
// The bodies of POST /models/register and /models/ab-test, and the file inside the first.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/ab_test_request.h"
#include "api/registration_request.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void CheckRegistration(std::string_view body) {
  const auto request = hone::ReadRegistration(body);
  if (!request.ok()) return Check(!request.error().message.empty());
  Check(!request->version.model.empty() && !request->version.bytes.empty());
  const auto content = hone::ReadFileContent(request->version.bytes, request->version.source);
  if (!content.ok()) return Check(!content.error().message.empty());
  Check(content->ensemble.has_value() == (content->file.model == nullptr));
}

void CheckAbTest(std::string_view body) {
  const auto request = hone::ReadAbTest(body, "/models/ab-test");
  if (!request.ok()) return Check(!request.error().message.empty());
  Check(!request->model.empty() && !request->arms.empty() && request->arms.size() <= 8);
  for (const hone::AbArm& arm : request->arms) Check(arm.share > 0 && arm.share <= 1 && !arm.version.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  CheckRegistration(body);
  CheckAbTest(body);
  return 0;
}
