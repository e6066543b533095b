#include "drift/column_detector.h"

namespace hone {

const char* DriftStatusName(DriftStatus status) { return status == DriftStatus::kOk ? "ok" : "no_data"; }

}  // namespace hone
