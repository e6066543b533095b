// Another program's library, opened while this one runs rather than linked.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hone {

// The path of `file` in the folder of the running program; `file` itself where that cannot be told.
std::string BesideProgram(const std::string& file);

class SharedLibrary {
 public:
  // Opens the file that the environment variable `variable` names, and no other; without it, or where `variable` is
  // null, the first of `paths` that opens. A path without a slash is looked for where the system keeps its libraries.
  // It is never closed. kUnavailable with the loader's words for each when none can be opened; `name` is the library's
  // in messages.
  static Result<SharedLibrary> Open(std::string name, const char* variable, std::vector<std::string> paths);

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
