// What /openapi.json answers: src/api/openapi/openapi.json, which describes each operation, completed with what every
// route has in common and the route table knows: who may call it, and the answers of the HTTP server itself.
#pragma once

#include <string>
#include <vector>

#include "api/route_table.h"

namespace hone {

// OpenAPI 3.1 (spec.openapis.org/oas/v3.1.0). `secured`: tokens are needed, so operations that ask for a role say so,
// with the role as `x-role`. `version`: of the program. Every operation of the file must be a route and the other way
// round; an operation that is no route is left out.
std::string OpenApiDocument(const std::vector<DeclaredRoute>& routes, const std::string& version, bool secured);

// The file as it was embedded when the program was built.
const std::string& OpenApiSource();

}  // namespace hone
