#include "hone/serve_config.h"

#include <array>

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
constexpr std::array<ConfigKey, 9> kKeys = {{{"dir", "HONE_DIR", true},
                                             {"host", "HONE_HOST", true},
                                             {"port", "HONE_PORT", false},
                                             {"grpc_port", "HONE_GRPC_PORT", false},
                                             {"threads", "HONE_THREADS", false},
                                             {"policy", "HONE_POLICY", true},
                                             {"log_level", "HONE_LOG_LEVEL", true},
                                             {"tls_cert", "HONE_TLS_CERT", true},
                                             {"tls_key", "HONE_TLS_KEY", true}}};

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
  Override(flags.dir, config.dir);
  Override(flags.host, config.host);
  Override(flags.port, config.port);
  Override(flags.grpc_port, config.grpc_port);
  Override(flags.threads, config.threads);
  Override(flags.policy, config.policy);
  Override(flags.tls_cert, config.tls_cert);
  Override(flags.tls_key, config.tls_key);
  HONE_RETURN_IF_ERROR(CheckTls(config));
  return config;
}

bool IsLoopback(const std::string& host) { return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0; }

}  // namespace hone
