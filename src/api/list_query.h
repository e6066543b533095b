// What the queries of lists have in common.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "engine/live_engine.h"
#include "wire/http_message.h"

namespace hone {

// The query's `key`, a number within [1, largest]; `none` where it is not given. kInvalidArgument.
Result<std::int64_t> NumberOf(const HttpRequest& request, const char* key, std::int64_t none, std::int64_t largest);
// ?limit=N, 1 to 10,000; 100 where it is not given.
Result<std::int64_t> LimitOf(const HttpRequest& request);
// kNotFound where the folder has no such model. On the core thread.
Status CheckModel(LiveEngine& core, const std::string& name);

}  // namespace hone
