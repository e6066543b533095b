// How bad a drift is: by effect sizes, never by p-values.
#pragma once

#include "drift/column_detector.h"
#include "drift/drift_policy.h"
#include "records/drift_event.h"

namespace hone {

// Of a column known to drift: the worse of what its shift and its stability index reach; at least low.
Severity SeverityOfTest(const DriftTest& test, const DriftPolicy& policy);

// Of a loss known to have drifted, by its ratio to the reference; at least low.
Severity SeverityOfLossRatio(double ratio, const DriftPolicy& policy);

}  // namespace hone
