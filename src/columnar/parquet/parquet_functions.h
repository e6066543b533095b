// The two halves of the plugin.
#pragma once

#include <cstddef>
#include <exception>
#include <utility>

#include "columnar/parquet_plugin.h"

namespace hone {

// Sets the functions of readers, of writers.
void AddReading(ParquetPlugin& plugin);
void AddWriting(ParquetPlugin& plugin);

// Cut to fit.
void Tell(const char* text, char* why, std::size_t capacity);

// What `act` returns, or `failed` when it throws: Arrow's low-level interface tells failures so, and no exception
// leaves the library.
template <typename T, typename Act>
T Caught(T failed, char* why, std::size_t capacity, Act&& act) {
  try {
    return std::forward<Act>(act)();
  } catch (const std::exception& error) {
    Tell(error.what(), why, capacity);
  } catch (...) {
    Tell("unknown failure", why, capacity);
  }
  return failed;
}

}  // namespace hone
