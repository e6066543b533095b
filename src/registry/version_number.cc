#include "registry/version_number.h"

#include <fmt/format.h>

#include <charconv>

namespace hone {
namespace {

bool TakePart(std::string_view& text, int& value) {
  const auto end = std::min(text.find('.'), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end);
  if (part.empty() || part.size() > 9 || (part.size() > 1 && part[0] == '0')) return false;
  const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), value);
  return error == std::errc() && stop == part.data() + part.size() && value >= 0;
}

bool TakeDot(std::string_view& text) {
  if (!text.starts_with('.')) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

VersionNumber NextVersion(std::optional<VersionNumber> highest, ChangeType change) {
  if (!highest) return {1, 0, 0};
  switch (change) {
    case ChangeType::kArchitecture: return {highest->major_number + 1, 0, 0};
    case ChangeType::kHyperparameter:
    case ChangeType::kRetrain: return {highest->major_number, highest->minor_number + 1, 0};
    case ChangeType::kBugfix:
    case ChangeType::kData: break;
  }
  return {highest->major_number, highest->minor_number, highest->patch_number + 1};
}

Result<VersionNumber> ParseVersionNumber(std::string_view text) {
  VersionNumber number;
  std::string_view rest = text;
  if (TakePart(rest, number.major_number) && TakeDot(rest) && TakePart(rest, number.minor_number) && TakeDot(rest) &&
      TakePart(rest, number.patch_number) && rest.empty()) {
    return number;
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("must be a version such as 1.4.2, is \"{}\"", text.substr(0, 64)), "", 0, ""};
}

}  // namespace hone
