// What there is to say about a model, as JSON. On the thread that owns the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/live_engine.h"
#include "engine/live_store.h"
#include "records/ab_test.h"
#include "wire/json_writer.h"

namespace hone {

// "ab_test": {"id","started","deadline","split":[{"version","share"}...],"bandit","round"} or null, inside a map that
// is open.
void WriteAbTestMember(const std::optional<AbTest>& test, JsonWriter& json);

// {"name","active_version","target","horizon","instrument","stages":{stage:versions},"ab_test","counts":{"retrains",
//  "promotions","rollbacks"}}; active_version is null when there is none, counts only with `loop`; a model whose
//  versions come from
// files has no target, horizon and instrument.
Status WriteModelSummary(LiveStore& store, const std::string& name, const ImprovementLoop* loop, JsonWriter& json);

// {"models":[summary...]} of the engine's models, by name.
Result<std::string> ModelsSummaryJson(LiveEngine& core);

// The summary and "features":[name...], "definition" (YAML), "versions":[...], "routing":{"champion","challenger",
// "share","frozen"}, "lines":[...], "performance": the champion's in short (performance_json.h).
Result<std::string> ModelJson(LiveEngine& core, const std::string& name);

// The running metrics of the model's versions (performance_json.h) on the newest `window` matured requests, 0 for the
// policy's; of one version where `version` is not "".
Result<std::string> PerformanceJson(LiveEngine& core, const std::string& name, std::int64_t window,
                                    const std::string& version);

// {"model","champion","challenger","lines":[{"recipe","version","champion","rows","mean_loss","recent_loss",
//  "licence":{"held","rows"},"gain":{"verdict","rows","mean","interval":[low,high],"recent","log_e","threshold"}}...]}:
// every live version on the same requests, losses are squared errors; `gain` is what was saved against what was served.
Result<std::string> ShadowJson(LiveEngine& core, const std::string& name);
// {"models":[the same...]} of every model with a loop, by name.
Result<std::string> ShadowSummaryJson(LiveEngine& core);

}  // namespace hone
