// JSON (RFC 8259, and NaN, Infinity and -Infinity as numbers, which XGBoost writes) as a document.
#pragma once

#include <string_view>

#include "base/result.h"
#include "models/formats/document.h"

namespace hone {

// `source` names the text in errors. The document borrows `text`.
Result<Document> ParseJsonDocument(std::string_view text, std::string_view source);

}  // namespace hone
