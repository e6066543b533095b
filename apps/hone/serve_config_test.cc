#include "hone/serve_config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "storage/testing/temporary_folder.h"

namespace hone {
namespace {

Environment Variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : found->second.c_str();
  };
}

TEST(ServeConfig, FlagsWinOverEnvironmentOverFile) {
  const TemporaryFolder folder;
  const std::string path = (folder / "serve.yaml").string();
  std::ofstream(path) << "port: 1\ngrpc_port: 5\nthreads: 2\ndir: /file\nlog_level: info\n";
  const Result<ServeConfig> config =
      ReadServeConfig({.config = path, .port = 3}, Variables({{"HONE_PORT", "2"}, {"HONE_DIR", "/a: b"}}));
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  EXPECT_EQ(config->port, 3);
  EXPECT_EQ(config->grpc_port, 5);
  EXPECT_EQ(config->dir, "/a: b");
  EXPECT_EQ(config->threads, 2);
  EXPECT_EQ(config->log_level, "info");
  EXPECT_EQ(config->host, "127.0.0.1");
}

TEST(ServeConfig, ErrorsNameTheVariable) {
  for (const auto& [name, value] : std::multimap<std::string, std::string>{{"HONE_PORT", "many"},
                                                                           {"HONE_PORT", "70000"},
                                                                           {"HONE_THREADS", "-1"},
                                                                           {"HONE_TRACE_SAMPLE", "2"},
                                                                           {"HONE_LOG_FORMAT", "xml"},
                                                                           {"HONE_LOG_LEVEL", "loud"}}) {
    const Result<ServeConfig> config = ReadServeConfig({}, Variables({{name, value}}));
    ASSERT_FALSE(config.ok()) << name << "=" << value;
    EXPECT_NE(config.error().ToString().find(name), std::string::npos) << config.error().ToString();
  }
}

TEST(ServeConfig, TracesGoWhereTheNearestWordSays) {
  const auto place = [](const ServeFlags& flags, std::map<std::string, std::string> variables) {
    const Result<ServeConfig> config = ReadServeConfig(flags, Variables(std::move(variables)));
    if (!config.ok()) return config.error().ToString();
    return config->traces ? config->traces->host + config->traces->target : std::string("nowhere");
  };
  const std::map<std::string, std::string> standard = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://base:4318"}};
  std::map<std::string, std::string> more = standard;
  more["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://whole:4318/take";
  EXPECT_EQ(place({}, {}), "nowhere");
  EXPECT_EQ(place({}, {{"OTEL_EXPORTER_OTLP_ENDPOINT", ""}}), "nowhere");
  EXPECT_EQ(place({}, standard), "base/v1/traces");
  EXPECT_EQ(place({}, more), "whole/take");
  more["HONE_OTLP_ENDPOINT"] = "http://variable";
  EXPECT_EQ(place({}, more), "variable/v1/traces");
  EXPECT_EQ(place({.otlp_endpoint = "http://flag"}, more), "flag/v1/traces");
  more.erase("HONE_OTLP_ENDPOINT");
  more["OTEL_SDK_DISABLED"] = "true";
  EXPECT_EQ(place({}, more), "nowhere");
  EXPECT_NE(place({.otlp_endpoint = "collector"}, {}).find("otlp_endpoint: "), std::string::npos);
  EXPECT_NE(place({}, {{"OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://a"}}).find("OTEL_EXPORTER_OTLP_ENDPOINT: "),
            std::string::npos);
}

TEST(ServeConfig, AnHttpsEndpointIsBelievedByAFileOrTheSystem) {
  const auto authorities = [](const ServeFlags& flags, std::map<std::string, std::string> variables) {
    const Result<ServeConfig> config = ReadServeConfig(flags, Variables(std::move(variables)));
    EXPECT_TRUE(config.ok() && config->traces->secure);
    return config.ok() ? config->otlp_ca : config.error().ToString();
  };
  const std::string place = "https://collector";
  std::map<std::string, std::string> standard = {{"OTEL_EXPORTER_OTLP_CERTIFICATE", "all.pem"}};
  EXPECT_EQ(authorities({.otlp_endpoint = place}, {}), "");
  EXPECT_EQ(authorities({.otlp_endpoint = place}, standard), "all.pem");
  standard["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE"] = "traces.pem";
  EXPECT_EQ(authorities({.otlp_endpoint = place}, standard), "traces.pem");
  standard["HONE_OTLP_CA"] = "own.pem";
  EXPECT_EQ(authorities({.otlp_endpoint = place}, standard), "own.pem");
  EXPECT_EQ(authorities({.otlp_endpoint = place, .otlp_ca = "flag.pem"}, standard), "flag.pem");
}

TEST(ServeConfig, TracesTakeHeadersAndTheNameOfTheService) {
  const Result<ServeConfig> config =
      ReadServeConfig({.otlp_endpoint = "http://a", .trace_sample = 0.25},
                      Variables({{"OTEL_EXPORTER_OTLP_HEADERS", "api-key=k"}, {"OTEL_SERVICE_NAME", "desk"}}));
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  EXPECT_EQ(config->trace_headers.at(0).value, "k");
  EXPECT_EQ(config->service, "desk");
  EXPECT_EQ(config->trace_sample, 0.25);
}

TEST(ServeConfig, KnowsWhatOnlyThisMachineReaches) {
  for (const char* host : {"localhost", "::1", "127.0.0.1", "127.8.0.1"}) EXPECT_TRUE(IsLoopback(host)) << host;
  for (const char* host : {"0.0.0.0", "::", "128.0.0.1", "10.0.0.1", ""}) EXPECT_FALSE(IsLoopback(host)) << host;
}

TEST(ServeConfig, TlsNeedsCertificateAndKey) {
  const Result<ServeConfig> both =
      ReadServeConfig({.tls_cert = "a.pem"}, Variables({{"HONE_TLS_CERT", "b.pem"}, {"HONE_TLS_KEY", "b.key"}}));
  ASSERT_TRUE(both.ok()) << both.error().ToString();
  EXPECT_EQ(both->tls_cert, "a.pem");
  EXPECT_EQ(both->tls_key, "b.key");
  for (const char* one : {"HONE_TLS_CERT", "HONE_TLS_KEY"}) {
    const Result<ServeConfig> config = ReadServeConfig({}, Variables({{one, "x.pem"}}));
    ASSERT_FALSE(config.ok()) << one;
    EXPECT_NE(config.error().ToString().find("give --tls-cert and --tls-key"), std::string::npos);
  }
}

TEST(ServeConfig, FeaturesAreSharedWhereTheFileNamesAServer) {
  const TemporaryFolder folder;
  const std::string path = (folder / "serve.yaml").string();
  const auto read = [&path](const std::string& yaml, std::map<std::string, std::string> variables) {
    std::ofstream(path) << yaml;
    return ReadServeConfig({.config = path}, Variables(std::move(variables)));
  };
  EXPECT_FALSE(read("features: {entities: 7}\n", {})->feature_sharing);
  const std::string server =
      "features:\n  entities: 7\n  redis: {host: 10.0.0.1, allow: [10.0.0.0/8], password: file}\n";
  const auto config = read(server, {});
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  EXPECT_EQ(config->feature_entities, 7U);
  EXPECT_EQ(config->feature_sharing->most, 7U);
  EXPECT_EQ(config->feature_sharing->server.password, "file");
  EXPECT_EQ(config->feature_sharing->server.timeout, 50 * kMillisecond);
  const std::map<std::string, std::string> variable = {{"HONE_FEATURES__REDIS__PASSWORD", "environment"}};
  EXPECT_EQ(read(server, variable)->feature_sharing->server.password, "environment");
  EXPECT_NE(read("port: 1\n", variable).error().ToString().find("features.redis"), std::string::npos);
  for (const char* wrong : {"features: {entities: 0}\n", "features: {entitys: 3}\n", "features: {redis: {port: 1}}\n",
                            "features: {redis: {host: 10.0.0.1}}\n", "features: {redis: {host: a, timeout: 11s}}\n"}) {
    const auto refused = read(wrong, {});
    ASSERT_FALSE(refused.ok()) << wrong;
    EXPECT_NE(refused.error().ToString().find("serve.yaml:1: features"), std::string::npos)
        << refused.error().ToString();
  }
}

TEST(ServeConfig, TheExampleTellsTheDefaults) {
  const auto config = ReadServeConfig({.config = HONE_SOURCE_DIR "/examples/serve.yaml"}, Variables({}));
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  const ServeConfig defaults;
  EXPECT_EQ(config->dir, defaults.dir);
  EXPECT_EQ(config->port, defaults.port);
  EXPECT_EQ(config->feature_entities, defaults.feature_entities);
  const RedisLatestOptions sharing;
  EXPECT_EQ(config->feature_sharing->prefix, sharing.prefix);
  EXPECT_EQ(config->feature_sharing->rest, sharing.rest);
  EXPECT_EQ(config->feature_sharing->most, sharing.most);
  EXPECT_EQ(config->feature_sharing->server.port, sharing.server.port);
  EXPECT_EQ(config->feature_sharing->server.timeout, sharing.server.timeout);
}

TEST(ServeConfig, TheTokenComesFromTheEnvironment) {
  EXPECT_EQ(ReadServeConfig({}, Variables({{"HONE_TOKEN", "secret"}}))->token, "secret");
  EXPECT_EQ(ReadServeConfig({}, Variables({}))->token, "");
}

}  // namespace
}  // namespace hone
