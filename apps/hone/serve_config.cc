#include "hone/serve_config.h"

#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/yaml.h"
#include "wire/json_writer.h"

namespace hone {
namespace {

struct ConfigKey {
  const char* name;
  const char* variable;
  bool text;
};
constexpr std::array<ConfigKey, 13> kKeys = {{{"dir", "HONE_DIR", true},
                                              {"host", "HONE_HOST", true},
                                              {"port", "HONE_PORT", false},
                                              {"grpc_port", "HONE_GRPC_PORT", false},
                                              {"threads", "HONE_THREADS", false},
                                              {"policy", "HONE_POLICY", true},
                                              {"tls_cert", "HONE_TLS_CERT", true},
                                              {"tls_key", "HONE_TLS_KEY", true},
                                              {"log_level", "HONE_LOG_LEVEL", true},
                                              {"log_format", "HONE_LOG_FORMAT", true},
                                              {"otlp_endpoint", "HONE_OTLP_ENDPOINT", true},
                                              {"otlp_ca", "HONE_OTLP_CA", true},
                                              {"trace_sample", "HONE_TRACE_SAMPLE", false}}};

constexpr const char* kRedisPassword = "HONE_FEATURES__REDIS__PASSWORD";
constexpr const char* kTracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

void ReadFeatures(YamlMap map, ServeConfig& config) {
  auto entities = static_cast<std::int64_t>(config.feature_entities);
  map.Read("entities", entities, {.at_least = 1, .at_most = 1'000'000});
  config.feature_entities = static_cast<std::size_t>(entities);
  std::optional<RedisLatestOptions> sharing = ReadRedisLatestOptions(map.Map("redis"));
  if (!sharing) return;
  sharing->most = config.feature_entities;
  config.feature_sharing = std::move(sharing);
}

Status ReadKeys(const YamlDocument& document, ServeConfig& config) {
  YamlMap root = document.root();
  root.Read("dir", config.dir);
  root.Read("host", config.host);
  root.Read("port", config.port, {.at_least = 0, .at_most = 65535});
  root.Read("grpc_port", config.grpc_port, {.at_least = 0, .at_most = 65535});
  root.Read("threads", config.threads, {.at_least = 0, .at_most = 256});
  root.Read("policy", config.policy);
  root.Read("tls_cert", config.tls_cert);
  root.Read("tls_key", config.tls_key);
  if (root.Has("log_level")) {
    root.ReadChoice("log_level", config.log_level, {"debug", "info", "warning", "error", "off"});
  }
  if (root.Has("log_format")) root.ReadChoice("log_format", config.log_format, {"text", "json"});
  root.Read("otlp_endpoint", config.otlp_endpoint);
  root.Read("otlp_ca", config.otlp_ca);
  root.Read("trace_sample", config.trace_sample, {.at_least = 0, .at_most = 1});
  ReadAlertSettings(root.Map("alerts"), config.alerts);
  ReadFeatures(root.Map("features"), config);
  return document.Finish();
}

// A variable is read as the one line of YAML that it stands for, so that it obeys the same rules.
Status ReadVariable(const ConfigKey& key, const std::string& value, ServeConfig& config) {
  JsonWriter quoted;
  quoted.Value(value);
  const std::string yaml = std::string(key.name) + ": " + (key.text ? quoted.text() : value) + "\n";
  HONE_ASSIGN_OR_RETURN(const YamlDocument document, YamlDocument::Parse(yaml, key.variable));
  return ReadKeys(document, config);
}

// The first of them that is set and not empty, with its value; null names where there is none.
struct Variable {
  const char* name = nullptr;
  std::string value;
};
Variable FirstSet(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = environment(name);
    if (value != nullptr && *value != '\0') return {name, value};
  }
  return {};
}

Error Named(Error error, const char* name) {
  error.source = name;
  return error;
}

Status ReadTraces(const Environment& environment, ServeConfig& config) {
  Variable place{"otlp_endpoint", config.otlp_endpoint};
  if (place.value.empty()) {
    if (FirstSet(environment, {"OTEL_SDK_DISABLED"}).value == "true") return OkStatus();
    place = FirstSet(environment, {kTracesEndpoint, "OTEL_EXPORTER_OTLP_ENDPOINT"});
  }
  if (place.value.empty()) return OkStatus();
  const Result<OtlpEndpoint> endpoint = ParseOtlpEndpoint(place.value, std::string_view(place.name) == kTracesEndpoint);
  if (!endpoint.ok()) return Named(endpoint.error(), place.name);
  config.traces = *endpoint;
  if (config.otlp_ca.empty()) {
    config.otlp_ca =
        FirstSet(environment, {"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"}).value;
  }
  const Variable headers = FirstSet(environment, {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"});
  const Result<HttpHeaders> read = ParseOtlpHeaders(headers.value);
  if (!read.ok()) return Named(read.error(), headers.name);
  config.trace_headers = *read;
  if (const Variable name = FirstSet(environment, {"OTEL_SERVICE_NAME"}); name.name != nullptr) {
    config.service = name.value;
  }
  return OkStatus();
}

Status CheckTls(const ServeConfig& config) {
  if (config.tls_cert.empty() == config.tls_key.empty()) return OkStatus();
  const char* missing = config.tls_cert.empty() ? "--tls-cert" : "--tls-key";
  return Error{ErrorCode::kInvalidArgument, "TLS needs both a certificate and its key: give --tls-cert and --tls-key",
               missing};
}

template <typename T>
void Override(const std::optional<T>& flag, T& value) {
  if (flag) value = *flag;
}

}  // namespace

Result<ServeConfig> ReadServeConfig(const ServeFlags& flags, const Environment& environment) {
  ServeConfig config;
  if (flags.config) {
    HONE_ASSIGN_OR_RETURN(const YamlDocument document, YamlDocument::Load(*flags.config));
    HONE_RETURN_IF_ERROR(ReadKeys(document, config));
  }
  for (const ConfigKey& key : kKeys) {
    const char* value = environment(key.variable);
    if (value != nullptr) HONE_RETURN_IF_ERROR(ReadVariable(key, value, config));
  }
  if (const char* token = environment("HONE_TOKEN"); token != nullptr) config.token = token;
  if (const char* password = environment(kRedisPassword); password != nullptr) {
    if (!config.feature_sharing) {
      return Error{ErrorCode::kInvalidArgument, "the configuration has no section features.redis to log in at",
                   kRedisPassword, 0, ""};
    }
    config.feature_sharing->server.password = password;
  }
  Override(flags.dir, config.dir);
  Override(flags.host, config.host);
  Override(flags.port, config.port);
  Override(flags.grpc_port, config.grpc_port);
  Override(flags.threads, config.threads);
  Override(flags.policy, config.policy);
  Override(flags.log_format, config.log_format);
  Override(flags.otlp_endpoint, config.otlp_endpoint);
  Override(flags.otlp_ca, config.otlp_ca);
  Override(flags.trace_sample, config.trace_sample);
  HONE_RETURN_IF_ERROR(ReadTraces(environment, config));
  Override(flags.tls_cert, config.tls_cert);
  Override(flags.tls_key, config.tls_key);
  HONE_RETURN_IF_ERROR(CheckTls(config));
  return config;
}

bool IsLoopback(const std::string& host) { return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0; }

}  // namespace hone
