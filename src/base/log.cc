#include "base/log.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/control_characters.h"

namespace hone {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"debug", "info", "warning", "error", "off"};

std::atomic<LogLevel> current_level{LogLevel::kWarning};
std::atomic<LogFormat> current_format{LogFormat::kText};
std::atomic<const Clock*> current_clock{nullptr};
thread_local LogTrace current_trace;

std::string TraceId(const LogTrace& trace) { return fmt::format("{:016x}{:016x}", trace.trace_high, trace.trace_low); }
std::string SpanId(const LogTrace& trace) { return fmt::format("{:016x}", trace.span); }

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

nlohmann::ordered_json JsonOf(const LogField& field) {
  if (!field.is_number) return field.value;
  auto number = nlohmann::ordered_json::parse(field.value, nullptr, false);  // nan and inf are no JSON
  return number.is_discarded() ? nlohmann::ordered_json(field.value) : number;
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

Result<LogFormat> ParseLogFormat(std::string_view name) {
  if (name == "text") return LogFormat::kText;
  if (name == "json") return LogFormat::kJson;
  return Error{ErrorCode::kInvalidArgument, fmt::format("must be text or json, is \"{}\"", name.substr(0, 64)), "", 0,
               ""};
}

void SetLogFormat(LogFormat format) { current_format = format; }
LogFormat log_format() { return current_format; }

LogTrace CurrentLogTrace() { return current_trace; }
LogTraceScope::LogTraceScope(const LogTrace& trace) : before_(current_trace) { current_trace = trace; }
LogTraceScope::~LogTraceScope() { current_trace = before_; }

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
  if (current_trace.any()) {
    line += fmt::format(" trace_id={} span_id={}", TraceId(current_trace), SpanId(current_trace));
  }
  return line;
}

std::string FormatJsonLogLine(LogLevel level, std::string_view message, LogFields fields) {
  nlohmann::ordered_json line;
  if (const Clock* clock = current_clock; clock != nullptr) line["time"] = FormatTime(clock->Now());
  line["level"] = kNames[static_cast<std::size_t>(level)];
  line["message"] = message;
  line["fields"] = nlohmann::ordered_json::object();
  for (const LogField& field : fields) line["fields"][std::string(field.key)] = JsonOf(field);
  if (current_trace.any()) {
    line["trace_id"] = TraceId(current_trace);
    line["span_id"] = SpanId(current_trace);
  }
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void Log(LogLevel level, std::string_view message, LogFields fields) {
  if (level < current_level.load() || level == LogLevel::kOff) return;
  std::string line;
  if (current_format == LogFormat::kJson) {
    line = FormatJsonLogLine(level, message, fields);
  } else {
    const Clock* clock = current_clock;
    if (clock != nullptr) line = FormatTime(clock->Now()) + " ";
    line += FormatLogLine(level, message, fields);
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace hone
