// How `hone serve` is set up: flags win over the environment, it over the configuration file, it over defaults.
//
// The file is YAML with the keys dir, host, port, grpc_port, threads, policy, tls_cert, tls_key, log_level, log_format,
// otlp_endpoint, otlp_ca, trace_sample, and the sections alerts (docs/alerts.md) and features
// (docs/reference/feature_store.md), which the file alone can have; an unknown key is an error. In the environment a
// key is HONE_ and its name in capitals (HONE_PORT=9000), "__" between levels: HONE_FEATURES__REDIS__PASSWORD is the
// one of a section. HONE_TOKEN is a token of role operate beside those of `hone token create`; a server that listens
// beyond this machine must have one.
//
// Where no key says where traces go, OpenTelemetry's own variables do: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT (the whole
// address), OTEL_EXPORTER_OTLP_ENDPOINT (to which /v1/traces is appended); empty ones count as not set, and
// OTEL_SDK_DISABLED=true turns both off. OTEL_EXPORTER_OTLP_TRACES_HEADERS or OTEL_EXPORTER_OTLP_HEADERS are sent with
// them, OTEL_SERVICE_NAME names the service. Where no key says whose certificates are believed over https,
// OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE or OTEL_EXPORTER_OTLP_CERTIFICATE names the file, else it is the system's
// store.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "integrations/alert_settings.h"
#include "integrations/redis_latest.h"
#include "wire/http_message.h"
#include "wire/otlp_endpoint.h"

namespace hone {

struct ServeConfig {
  std::string dir = "./hone-data";
  std::string host = "127.0.0.1";
  int port = 8000;       // 0: any free one
  int grpc_port = 0;     // 0: no gRPC
  int threads = 0;       // I/O threads; 0: one a core, at most 4
  std::string policy;    // file; "" for the defaults
  std::string tls_cert;  // PEM files, both or neither: HTTPS and gRPC over TLS instead of plain
  std::string tls_key;
  std::string log_level;      // "" leaves it as it is
  std::string log_format;     // "" for text
  std::string otlp_endpoint;  // http://host:port or https://host that takes traces; "": see traces
  std::string otlp_ca;        // PEM file of the authorities that an https one is believed by; "" for the system's
  double trace_sample = 1;    // [0, 1]: how many of the traces that begin here are recorded
  std::string token;          // from the environment only
  AlertSettings alerts;       // from the file only; may hold secrets
  // Of the section features; from the file only, but for the password.
  std::size_t feature_entities = 1000;                // instruments whose features stay in memory
  std::optional<RedisLatestOptions> feature_sharing;  // nothing: newest values are not shared

  // Made of the above and of OpenTelemetry's variables.
  std::optional<OtlpEndpoint> traces;  // nowhere: no request is traced
  HttpHeaders trace_headers;           // may be secret
  std::string service = "hone";
};

// What was given on the command line.
struct ServeFlags {
  std::optional<std::string> dir, host, policy, config, tls_cert, tls_key, log_format, otlp_endpoint, otlp_ca;
  std::optional<int> port, grpc_port, threads;
  std::optional<double> trace_sample;
};

// `environment(name)`: the variable's value, nullptr when it is not set. Errors (kInvalidArgument) name file and line,
// variable or flag.
using Environment = std::function<const char*(const char* name)>;
Result<ServeConfig> ReadServeConfig(const ServeFlags& flags, const Environment& environment);

// Names and addresses that only this machine can reach.
bool IsLoopback(const std::string& host);

}  // namespace hone
