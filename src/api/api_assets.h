// Files of src/api/openapi, embedded when the program is built.
#pragma once

namespace hone {

extern const char* const kOpenApiSource[];  // in parts, null after the last: a literal may have 65,536 characters
extern const char kDocsStyle[];
extern const char kDocsScript[];

}  // namespace hone
