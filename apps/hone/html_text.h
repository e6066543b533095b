// Text made safe for the places it goes to in an HTML page.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hone {

// For element content and quoted attributes: & < > " ' become references.
std::string EscapeHtml(std::string_view text);
// JSON for inside a <script> element: no '<' is left, so nothing in it can end the element; bytes that are not UTF-8
// become U+FFFD.
std::string ScriptJson(const nlohmann::ordered_json& json);

}  // namespace hone
