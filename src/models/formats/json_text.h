// Texts of JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hone {

// What stands between the quotes of a JSON text, with its escapes resolved to UTF-8; nothing when an escape is none
// that JSON knows or a surrogate has no partner.
std::optional<std::string> UnescapeJson(std::string_view quoted);

}  // namespace hone
