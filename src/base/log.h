// Logging: one line a call on stderr, `level message key=value ...`, values quoted where they need it.
//   LogInfo("store opened", {{"path", path}, {"rows", rows}});   ->   info  store opened path=hone.db rows=12
// Thread-safe; a line is written whole. Data goes to stdout, logs never do.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/time.h"

namespace hone {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };
// "debug", "info", "warning", "error", "off"
Result<LogLevel> ParseLogLevel(std::string_view name);

// Lines below `level` are dropped. Default kWarning, so that tests and libraries are quiet.
void SetLogLevel(LogLevel level);
LogLevel log_level();
// Puts RFC 3339 times before the lines; `clock` must outlive all logging, nullptr (default) for none.
void SetLogClock(const Clock* clock);

struct LogField {
  template <typename T>
  LogField(std::string_view name, const T& field_value) : key(name), value(fmt::format("{}", field_value)) {}

  std::string_view key;
  std::string value;
};
using LogFields = std::initializer_list<LogField>;

void Log(LogLevel level, std::string_view message, LogFields fields = {});
// The line Log would write, without time and newline. Control characters are escaped: a value cannot forge a line.
std::string FormatLogLine(LogLevel level, std::string_view message, LogFields fields);

inline void LogDebug(std::string_view message, LogFields fields = {}) { Log(LogLevel::kDebug, message, fields); }
inline void LogInfo(std::string_view message, LogFields fields = {}) { Log(LogLevel::kInfo, message, fields); }
inline void LogWarning(std::string_view message, LogFields fields = {}) { Log(LogLevel::kWarning, message, fields); }
inline void LogError(std::string_view message, LogFields fields = {}) { Log(LogLevel::kError, message, fields); }

}  // namespace hone
