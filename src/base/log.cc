#include "base/log.h"

#include <array>
#include <atomic>
#include <cstdio>

namespace hone {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"debug", "info", "warning", "error", "off"};

std::atomic<LogLevel> current_level{LogLevel::kWarning};
std::atomic<const Clock*> current_clock{nullptr};

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

void AppendEscaped(std::string& line, std::string_view text, bool quoted) {
  for (const char c : text) {
    if (c == '\n') {
      line += "\\n";
    } else if (IsControl(c)) {
      line += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      if (quoted && (c == '"' || c == '\\')) line += '\\';
      line += c;
    }
  }
}

bool NeedsQuotes(std::string_view value) {
  return value.empty() || value.find_first_of(" \t\r\n\"=\\") != std::string_view::npos;
}

}  // namespace

Result<LogLevel> ParseLogLevel(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<LogLevel>(i);
  }
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("must be debug, info, warning, error or off, is \"{}\"", name.substr(0, 64)), "", 0, ""};
}

void SetLogLevel(LogLevel level) { current_level = level; }
LogLevel log_level() { return current_level; }
void SetLogClock(const Clock* clock) { current_clock = clock; }

std::string FormatLogLine(LogLevel level, std::string_view message, LogFields fields) {
  std::string line = fmt::format("{:<7} ", kNames[static_cast<std::size_t>(level)]);
  AppendEscaped(line, message, false);
  for (const LogField& field : fields) {
    const bool quoted = NeedsQuotes(field.value);
    line += fmt::format(" {}=", field.key);
    if (quoted) line += '"';
    AppendEscaped(line, field.value, quoted);
    if (quoted) line += '"';
  }
  return line;
}

void Log(LogLevel level, std::string_view message, LogFields fields) {
  if (level < current_level.load() || level == LogLevel::kOff) return;
  const Clock* clock = current_clock;
  std::string line = clock == nullptr ? "" : FormatTime(clock->Now()) + " ";
  line += FormatLogLine(level, message, fields) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace hone
