#include "api/performance_refresh.h"

#include <string>

#include "base/log.h"

namespace hone {

void PerformanceRefresh::Ask() const {
  if (asked_->exchange(true)) return;
  engine_->Submit(
      [](LiveEngine& core) -> Result<std::string> {
        HONE_RETURN_IF_ERROR(core.RefreshPerformance());
        return std::string();
      },
      [asked = asked_](const Result<std::string>& done) {
        if (!done.ok()) LogError("champions could not be measured", {{"error", done.error().ToString()}});
        asked->store(false);
      });
}

}  // namespace hone
