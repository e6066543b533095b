// librdkafka's C API, opened at first use.
#pragma once

#include <string>

#include "base/result.h"

#ifdef HONE_HAVE_KAFKA
#include <librdkafka/rdkafka.h>
#endif

namespace hone {

// "librdkafka 2.0.2: PATH"; kUnavailable with the reason where this build or this machine has none.
Result<std::string> ProbeKafka();

#ifdef HONE_HAVE_KAFKA
// The functions hone calls, as rdkafka.h declares them.
struct KafkaLibrary {
  std::string path;
  decltype(&rd_kafka_version_str) version = nullptr;
  decltype(&rd_kafka_conf_new) conf_new = nullptr;
  decltype(&rd_kafka_conf_destroy) conf_destroy = nullptr;
  decltype(&rd_kafka_conf_set) conf_set = nullptr;
  decltype(&rd_kafka_conf_set_opaque) conf_set_opaque = nullptr;
  decltype(&rd_kafka_conf_set_log_cb) conf_set_log_cb = nullptr;
  decltype(&rd_kafka_conf_set_error_cb) conf_set_error_cb = nullptr;
  decltype(&rd_kafka_conf_set_connect_cb) conf_set_connect_cb = nullptr;
  decltype(&rd_kafka_conf_set_dr_msg_cb) conf_set_dr_msg_cb = nullptr;
  decltype(&rd_kafka_new) make = nullptr;
  decltype(&rd_kafka_destroy) destroy = nullptr;
  decltype(&rd_kafka_produceva) produceva = nullptr;
  decltype(&rd_kafka_flush) flush = nullptr;
  decltype(&rd_kafka_purge) purge = nullptr;
  decltype(&rd_kafka_error_code) error_code = nullptr;
  decltype(&rd_kafka_error_destroy) error_destroy = nullptr;
  decltype(&rd_kafka_err2str) err2str = nullptr;
};

// Opens the library of this build (HONE_KAFKA_LIBRARY) or the system's, or the one the environment variable points to.
// Thread-safe; opened once, never closed. kUnavailable with the loader's words when it cannot be opened or is too old.
const Result<KafkaLibrary>& OpenKafka();
#endif

}  // namespace hone
