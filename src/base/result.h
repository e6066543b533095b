// Result<T>: a value or an Error. Exceptions never cross a module boundary in hone; a function that can fail on outside
// input returns one of these, and its message names the input and what would have been right.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace hone {

// What went wrong, in a form every surface can translate (exit code, HTTP status, log line).
enum class ErrorCode {
  kInvalidArgument,    // the caller's value is out of range or malformed        -> exit 2, HTTP 400
  kInvalidData,        // a file, row or message does not hold what it must      -> exit 1, HTTP 409
  kNotFound,           // the named thing does not exist                         -> exit 1, HTTP 404
  kConflict,           // it exists already, or the state forbids the act        -> exit 1, HTTP 409
  kUnavailable,        // try again later: overload, locked, shutting down       -> exit 1, HTTP 503
  kResourceExhausted,  // disk full, limit reached                               -> exit 1, HTTP 507
  kCorrupt,            // stored bytes fail their hash or their format           -> exit 1, HTTP 500
  kInternal,           // the system or a library failed                         -> exit 1, HTTP 500
};

// Name as used in problem+json and logs: "invalid_argument", "invalid_data", ...
const char* ErrorCodeName(ErrorCode code);

// An error names the input it is about: `source` is a file or route, `line` is 1-based (0: unknown), `key` a column or
// configuration key ("" where none applies).
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string source;
  int line = 0;
  std::string key;

  // "policy.yaml:3: rollout.alpha: must be within (0, 0.5], is 7"
  std::string ToString() const;
};

// A value or an Error. Check ok() before value(); value() of an error aborts (a programming mistake, never reachable by
// input).
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

// Success, or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return *error_; }

 private:
  std::optional<Error> error_;
};

inline Status OkStatus() { return {}; }

}  // namespace hone

// Returns the error of `expression` (a Status or Result) from the enclosing function, if it has one.
#define HONE_RETURN_IF_ERROR(expression)                                                   \
  do {                                                                                     \
    if (auto hone_status_ = (expression); !hone_status_.ok()) return hone_status_.error(); \
  } while (false)

#define HONE_CONCAT_INNER_(a, b) a##b
#define HONE_CONCAT_(a, b) HONE_CONCAT_INNER_(a, b)
// HONE_ASSIGN_OR_RETURN(auto x, F()): x = F().value(), or returns F()'s error.
#define HONE_ASSIGN_OR_RETURN(target, expression) \
  HONE_ASSIGN_OR_RETURN_IMPL_(HONE_CONCAT_(hone_result_, __LINE__), target, expression)
#define HONE_ASSIGN_OR_RETURN_IMPL_(result, target, expression) \
  auto result = (expression);                                   \
  if (!result.ok()) return std::move(result).error();           \
  target = std::move(result).value()
