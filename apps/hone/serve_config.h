// How `hone serve` is set up: flags win over the environment, it over the configuration file, it over defaults.
//
// The file is YAML with the keys dir, host, port, grpc_port, threads, policy, log_level, tls_cert,
// tls_key; an unknown key is an error. In
// the environment a key is HONE_ and its name in capitals (HONE_PORT=9000), "__" between levels. HONE_TOKEN is a token
// of role operate beside those of `hone token create`; a server that listens beyond this machine must have one.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace hone {

struct ServeConfig {
  std::string dir = "./hone-data";
  std::string host = "127.0.0.1";
  int port = 8000;        // 0: any free one
  int grpc_port = 0;      // 0: no gRPC
  int threads = 0;        // I/O threads; 0: one a core, at most 4
  std::string policy;     // file; "" for the defaults
  std::string log_level;  // "" leaves it as it is
  std::string tls_cert;   // PEM files, both or neither: HTTPS and gRPC over TLS instead of plain
  std::string tls_key;
  std::string token;  // from the environment only
};

// What was given on the command line.
struct ServeFlags {
  std::optional<std::string> dir, host, policy, config, tls_cert, tls_key;
  std::optional<int> port, grpc_port, threads;
};

// `environment(name)`: the variable's value, nullptr when it is not set. Errors (kInvalidArgument) name file and line,
// variable or flag.
using Environment = std::function<const char*(const char* name)>;
Result<ServeConfig> ReadServeConfig(const ServeFlags& flags, const Environment& environment);

// Names and addresses that only this machine can reach.
bool IsLoopback(const std::string& host);

}  // namespace hone
