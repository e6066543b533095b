#include "integrations/kafka_channel.h"

#include <fmt/format.h>

#include "integrations/kafka_library.h"

#ifndef HONE_HAVE_KAFKA

namespace hone {

Delivery KafkaChannel::Send(std::span<const std::string>) { return Unreachable(ProbeKafka().error().message); }

}  // namespace hone

#else

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <mutex>
#include <string_view>

#include "alerts/alert_json.h"

namespace hone {
namespace {

constexpr std::array kTooLarge = {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
                                  RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE};
constexpr int kReportsWait = 1'000;  // milliseconds, for what is known already

// What became of a notice's messages.
struct Told {
  std::size_t open = 0;                                    // messages without a report
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;  // the first
};

// "127.0.0.1" of "127.0.0.1:9092", "::1" of "[::1]:9092"
std::string HostOf(std::string_view node) {
  node = node.substr(0, node.rfind(':'));
  if (node.starts_with('[') && node.ends_with(']')) node = node.substr(1, node.size() - 2);
  return std::string(node);
}

rd_kafka_vu_t Bytes(rd_kafka_vtype_t type, const std::string& bytes) {
  rd_kafka_vu_t value{.vtype = type, .u = {}};
  value.u.mem.ptr = const_cast<char*>(bytes.data());  // it is copied
  value.u.mem.size = bytes.size();
  return value;
}

// librdkafka's producer, for one call. Callbacks but Connect come on the thread that flushes.
class Producer {
 public:
  explicit Producer(const KafkaDestination& to) : library_(*OpenKafka()), to_(to) {}
  ~Producer() {
    if (handle_ != nullptr) library_.destroy(handle_);
  }
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  Status Open();
  // By notice. Whatever is not acknowledged when the time is over is not tried any more.
  std::vector<Told> Tell(const std::vector<std::vector<NoticeAlert> >& notices);
  // Of a failure.
  std::string Why(rd_kafka_resp_err_t error);

 private:
  Status Set(rd_kafka_conf_t* conf) const;
  std::vector<std::pair<const char*, std::string> > Settings() const;
  rd_kafka_resp_err_t Produce(const NoticeAlert& alert, Told& told);
  void Trouble(rd_kafka_resp_err_t error, const char* reason);
  int Connect(int socket, const sockaddr* address, socklen_t size, const char* node);
  int milliseconds() const { return static_cast<int>(to_.timeout / kMillisecond); }

  const KafkaLibrary& library_;
  const KafkaDestination& to_;
  rd_kafka_t* handle_ = nullptr;
  std::string trouble_;  // with brokers, the newest
  std::mutex mutex_;
  std::string forbidden_;  // an address that may not be connected to
};

std::vector<std::pair<const char*, std::string> > Producer::Settings() const {
  std::string brokers;
  for (const std::string& broker : to_.brokers) brokers.append(brokers.empty() ? "" : ",").append(broker);
  const std::string time = std::to_string(milliseconds()),
                    at_least_second = std::to_string(std::max(milliseconds(), 1'000));
  std::vector<std::pair<const char*, std::string> > settings = {
      {"client.id", "hone"},
      {"bootstrap.servers", std::move(brokers)},
      {"acks", "all"},
      {"enable.idempotence", "true"},
      {"enable.gapless.guarantee", "true"},  // nothing overtakes what failed before it
      {"partitioner", "murmur2_random"},
      {"linger.ms", "0"},
      {"message.timeout.ms", std::to_string(2 * milliseconds())},  // it is Tell that ends
      {"request.timeout.ms", time},
      {"socket.timeout.ms", time},
      {"socket.connection.setup.timeout.ms", at_least_second},
      {"topic.metadata.propagation.max.ms", std::to_string(milliseconds() / 2)},  // then it says that there is none
      {"security.protocol", fmt::format("{}{}", to_.mechanism.empty() ? "" : "sasl_", to_.tls ? "ssl" : "plaintext")}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) settings.emplace_back(name, value);
  };
  add("ssl.ca.location", to_.ca);
  add("ssl.certificate.location", to_.certificate);
  add("ssl.key.location", to_.key);
  add("ssl.endpoint.identification.algorithm", to_.tls ? "https" : "");
  add("sasl.mechanism", to_.mechanism);
  add("sasl.username", to_.user);
  add("sasl.password", to_.password);
  return settings;
}

// Its words for a value may hold the value: they are not shown.
Status Producer::Set(rd_kafka_conf_t* conf) const {
  for (const auto& [name, value] : Settings()) {
    if (library_.conf_set(conf, name, value.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK) continue;
    return Error{ErrorCode::kInvalidArgument, fmt::format("librdkafka does not take its {}", name)};
  }
  return OkStatus();
}

Status Producer::Open() {
  rd_kafka_conf_t* conf = library_.conf_new();
  if (Status set = Set(conf); !set.ok()) {
    library_.conf_destroy(conf);
    return set;
  }
  library_.conf_set_opaque(conf, this);
  library_.conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});  // stderr is ours
  library_.conf_set_error_cb(conf, [](rd_kafka_t*, int error, const char* reason, void* producer) {
    static_cast<Producer*>(producer)->Trouble(static_cast<rd_kafka_resp_err_t>(error), reason);
  });
  library_.conf_set_connect_cb(
      conf, [](int socket, const sockaddr* address, int size, const char* node, void* producer) {
        return static_cast<Producer*>(producer)->Connect(socket, address, static_cast<socklen_t>(size), node);
      });
  library_.conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    auto* told = static_cast<Told*>(message->_private);
    --told->open;
    if (told->error == RD_KAFKA_RESP_ERR_NO_ERROR) told->error = message->err;
  });
  std::array<char, 512> why{};
  handle_ = library_.make(RD_KAFKA_PRODUCER, conf, why.data(), why.size());
  if (handle_ != nullptr) return OkStatus();
  library_.conf_destroy(conf);
  return Error{ErrorCode::kInvalidArgument, why.data()};
}

// Said by brokers while somebody logs in may be anything: it is not repeated.
void Producer::Trouble(rd_kafka_resp_err_t error, const char* reason) {
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) return;
  const bool refused = error == RD_KAFKA_RESP_ERR__AUTHENTICATION;
  trouble_ = refused ? "the user or the password was refused, or the mechanism" : reason;
}

// On a thread of librdkafka. 0 or an errno.
int Producer::Connect(int socket, const sockaddr* address, socklen_t size, const char* node) {
  if (const Status allowed = to_.rules.Check(HostOf(node), *address); !allowed.ok()) {
    const std::lock_guard lock(mutex_);
    forbidden_ = allowed.error().ToString();
    return EACCES;
  }
  return connect(socket, address, size) == 0 || errno == EINPROGRESS ? 0 : errno;
}

rd_kafka_resp_err_t Producer::Produce(const NoticeAlert& alert, Told& told) {
  std::array<rd_kafka_vu_t, 5> parts = {
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_TOPIC, .u = {.cstr = to_.topic.c_str()}},
      Bytes(RD_KAFKA_VTYPE_KEY, alert.fingerprint), Bytes(RD_KAFKA_VTYPE_VALUE, alert.json),
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u = {.i = RD_KAFKA_MSG_F_COPY}},
      rd_kafka_vu_t{.vtype = RD_KAFKA_VTYPE_OPAQUE, .u = {.ptr = &told}}};
  rd_kafka_error_t* failed = library_.produceva(handle_, parts.data(), parts.size());
  if (failed == nullptr) return RD_KAFKA_RESP_ERR_NO_ERROR;
  const rd_kafka_resp_err_t error = library_.error_code(failed);
  library_.error_destroy(failed);
  return error;
}

std::vector<Told> Producer::Tell(const std::vector<std::vector<NoticeAlert> >& notices) {
  std::vector<Told> all(notices.size());  // reports point into it
  for (std::size_t i = 0; i < notices.size(); ++i) {
    for (const NoticeAlert& alert : notices[i]) {
      all[i].error = Produce(alert, all[i]);
      if (all[i].error != RD_KAFKA_RESP_ERR_NO_ERROR) break;
      ++all[i].open;
    }
    if (all[i].error != RD_KAFKA_RESP_ERR_NO_ERROR) break;
  }
  if (library_.flush(handle_, milliseconds()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    library_.purge(handle_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    library_.flush(handle_, kReportsWait);
  }
  return all;
}

std::string Producer::Why(rd_kafka_resp_err_t error) {
  const std::lock_guard lock(mutex_);
  if (!forbidden_.empty()) return forbidden_;
  if (!trouble_.empty()) return trouble_;
  const bool late = error == RD_KAFKA_RESP_ERR__PURGE_QUEUE || error == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT ||
                    error == RD_KAFKA_RESP_ERR_NO_ERROR;
  return late ? "not acknowledged in time" : library_.err2str(error);
}

}  // namespace

Delivery KafkaChannel::Send(std::span<const std::string> notices) {
  if (const Result<KafkaLibrary>& library = OpenKafka(); !library.ok()) {
    return Unreachable(library.error().ToString());
  }
  std::vector<std::vector<NoticeAlert> > alerts;
  for (const std::string& notice : notices) {
    Result<std::vector<NoticeAlert> > split = SplitNotice(notice);
    if (!split.ok()) break;
    alerts.push_back(std::move(split).value());
  }
  if (alerts.empty()) return Refused(SplitNotice(notices.front()).error().ToString());
  Producer producer(destination_);
  if (const Status opened = producer.Open(); !opened.ok()) return Unreachable(opened.error().message);
  const std::vector<Told> told = producer.Tell(alerts);
  const auto failed = std::ranges::find_if(
      told, [](const Told& notice) { return notice.open > 0 || notice.error != RD_KAFKA_RESP_ERR_NO_ERROR; });
  if (failed != told.begin()) {
    Delivery delivered = Delivered();
    delivered.messages = static_cast<std::size_t>(failed - told.begin());
    return delivered;
  }
  std::string why = fmt::format("{}: {}", destination_.brokers.front(), producer.Why(failed->error));
  const bool too_large = std::ranges::find(kTooLarge, failed->error) != kTooLarge.end();
  return too_large ? Refused(std::move(why)) : Unreachable(std::move(why));
}

}  // namespace hone

#endif
