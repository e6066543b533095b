// libraries: alerts
// Matchers as they come by HTTP, and notices as they lie in the outbox: what is taken is written as a text that reads
// the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "alerts/alert_json.h"
#include "alerts/silence.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto matcher = hone::ParseLabelMatcher(text); matcher.ok()) {
    const auto again = hone::ParseLabelMatcher(matcher->ToString());
    if (!again.ok() || *again != *matcher) std::abort();
    static_cast<void>(hone::CheckSilence({{}, {*matcher}, 0, 10, "", ""}, 5));
  }
  if (const auto notice = hone::ParseNotice(text); notice.ok()) {
    const std::string json = hone::NoticeJson(*notice, "r", "");
    const auto again = hone::ParseNotice(json);
    if (!again.ok() || hone::NoticeJson(*again, "r", "") != json) std::abort();
  }
  return 0;
}
