// UBJSON (ubjson.org, draft 12), the binary form in which XGBoost saves models, as a document. All of it is read but
// numbers of high precision (H).
#pragma once

#include <string_view>

#include "base/result.h"
#include "models/formats/document.h"

namespace hone {

// `source` names the bytes in errors. The document borrows `bytes`.
Result<Document> ParseUbjsonDocument(std::string_view bytes, std::string_view source);

}  // namespace hone
