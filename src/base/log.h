// Logging: one line a call on stderr, `level message key=value ...`, values quoted where they need it, or a JSON
// object.
//   LogInfo("store opened", {{"path", path}, {"rows", rows}});
//     info    store opened path=hone.db rows=12
//     {"time":"2026-01-02T03:04:05Z","level":"info","message":"store opened","fields":{"path":"hone.db","rows":12}}
// Within a request that is traced (LogTraceScope) trace_id and span_id stand there too, as in the request's spans.
// Thread-safe; a line is written whole. Data goes to stdout, logs never do.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

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

enum class LogFormat { kText, kJson };
// "text", "json"
Result<LogFormat> ParseLogFormat(std::string_view name);
// Default kText.
void SetLogFormat(LogFormat format);
LogFormat log_format();

struct LogField {
  template <typename T>
  LogField(std::string_view name, const T& field_value)
      : key(name),
        value(fmt::format("{}", field_value)),
        is_number(std::is_arithmetic_v<T> && !std::is_same_v<T, char>) {}

  std::string_view key;
  std::string value;
  bool is_number;  // or a boolean: no text in JSON, unless it is not finite
};
using LogFields = std::initializer_list<LogField>;

void Log(LogLevel level, std::string_view message, LogFields fields = {});
// The line Log would write, without newline and, in text, without time. Control characters are escaped: a value cannot
// forge a line.
std::string FormatLogLine(LogLevel level, std::string_view message, LogFields fields);
std::string FormatJsonLogLine(LogLevel level, std::string_view message, LogFields fields);

// Which trace and which span of it a thread works for; all 0: none.
struct LogTrace {
  std::uint64_t trace_high = 0, trace_low = 0, span = 0;

  bool any() const { return (trace_high | trace_low) != 0; }
};
// Of this thread.
LogTrace CurrentLogTrace();
// The lines of this thread belong to `trace` until the scope ends. Scopes nest.
class LogTraceScope {
 public:
  explicit LogTraceScope(const LogTrace& trace);
  ~LogTraceScope();
  LogTraceScope(const LogTraceScope&) = delete;
  LogTraceScope& operator=(const LogTraceScope&) = delete;

 private:
  LogTrace before_;
};

inline void LogDebug(std::string_view message, LogFields fields = {}) { Log(LogLevel::kDebug, message, fields); }
inline void LogInfo(std::string_view message, LogFields fields = {}) { Log(LogLevel::kInfo, message, fields); }
inline void LogWarning(std::string_view message, LogFields fields = {}) { Log(LogLevel::kWarning, message, fields); }
inline void LogError(std::string_view message, LogFields fields = {}) { Log(LogLevel::kError, message, fields); }

}  // namespace hone
