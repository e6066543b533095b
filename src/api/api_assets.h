// Files of src/api/openapi, embedded when the program is built.
#pragma once

namespace hone {

extern const char kOpenApiSource[];
extern const char kDocsStyle[];
extern const char kDocsScript[];

}  // namespace hone
