#include "integrations/kafka_library.h"

#include <fmt/format.h>

#include "base/shared_library.h"

namespace hone {

#ifdef HONE_HAVE_KAFKA
namespace {

Result<KafkaLibrary> LoadKafka() {
  HONE_ASSIGN_OR_RETURN(const SharedLibrary file, SharedLibrary::Open("librdkafka", "HONE_KAFKA_LIBRARY",
                                                                      {HONE_KAFKA_LIBRARY, "librdkafka.so.1"}));
  KafkaLibrary library;
  library.path = file.path();
  const bool complete =
      file.Find("rd_kafka_version_str", library.version) && file.Find("rd_kafka_conf_new", library.conf_new) &&
      file.Find("rd_kafka_conf_destroy", library.conf_destroy) && file.Find("rd_kafka_conf_set", library.conf_set) &&
      file.Find("rd_kafka_conf_set_opaque", library.conf_set_opaque) &&
      file.Find("rd_kafka_conf_set_log_cb", library.conf_set_log_cb) &&
      file.Find("rd_kafka_conf_set_error_cb", library.conf_set_error_cb) &&
      file.Find("rd_kafka_conf_set_connect_cb", library.conf_set_connect_cb) &&
      file.Find("rd_kafka_conf_set_dr_msg_cb", library.conf_set_dr_msg_cb) && file.Find("rd_kafka_new", library.make) &&
      file.Find("rd_kafka_destroy", library.destroy) && file.Find("rd_kafka_produceva", library.produceva) &&
      file.Find("rd_kafka_flush", library.flush) && file.Find("rd_kafka_purge", library.purge) &&
      file.Find("rd_kafka_error_code", library.error_code) &&
      file.Find("rd_kafka_error_destroy", library.error_destroy) && file.Find("rd_kafka_err2str", library.err2str);
  if (complete) return library;
  return Error{ErrorCode::kUnavailable, "librdkafka lacks functions that hone needs; version 1.5 has them",
               library.path};
}

}  // namespace

const Result<KafkaLibrary>& OpenKafka() {
  static const Result<KafkaLibrary> library = LoadKafka();
  return library;
}

Result<std::string> ProbeKafka() {
  const Result<KafkaLibrary>& library = OpenKafka();
  if (!library.ok()) return library.error();
  return fmt::format("librdkafka {}: {}", library->version(), library->path);
}
#else
Result<std::string> ProbeKafka() {
  return Error{ErrorCode::kUnavailable, "hone was built without librdkafka (tools/setup installs it)"};
}
#endif

}  // namespace hone
