// A learner's library, opened at first use rather than linked.
//
// libgomp reads its environment when it loads, so OMP_WAIT_POLICY=PASSIVE is set (unless the user set it) just before a
// library is opened: waiting OpenMP threads then sleep instead of spinning on shared cores.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace hone {

class SharedLibrary {
 public:
  // Opens the file that the environment variable `variable` names, or else `path`. It is never closed. kUnavailable
  // with the loader's words when it cannot be opened; `name` is the library's in messages.
  static Result<SharedLibrary> Open(std::string name, const char* variable, const char* path);

  const std::string& path() const { return path_; }
  // Sets `function` to the library's function of that name; false when it has none.
  template <typename Function>
  bool Find(const char* function_name, Function& function) const {
    function = reinterpret_cast<Function>(Address(function_name));
    return function != nullptr;
  }

 private:
  SharedLibrary(std::string path, void* handle) : path_(std::move(path)), handle_(handle) {}
  void* Address(const char* function_name) const;

  std::string path_;
  void* handle_;
};

}  // namespace hone
