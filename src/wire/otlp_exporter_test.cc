#include "wire/otlp_exporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <otlp_trace.pb.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "wire/http_server.h"
#include "wire/testing/certificate.h"
#include "wire/tracer.h"

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Stands where a collector would: answers with the statuses it is given, then with 200, and keeps what it took.
class Collector {
 public:
  explicit Collector(std::vector<int> statuses, std::string answer = "", std::shared_ptr<TlsContext> tls = nullptr)
      : statuses_(std::move(statuses)), answer_(std::move(answer)) {
    const auto take = [this](const HttpRequest& request, Responder responder) { responder.Send(Take(request)); };
    server_ = HttpServer::Listen({.port = 0}, take, std::move(tls)).value();
    thread_ = std::thread([this] { server_->Run(0); });
  }
  ~Collector() {
    server_->Stop(kSecond);
    thread_.join();
  }

  OtlpOptions Options() const {
    OtlpOptions options;
    options.endpoint = {"127.0.0.1", server_->port(), "/v1/traces"};
    options.headers = {{"api-key", "secret"}};
    options.resource = {"hone", "1.2.3"};
    options.interval = kMillisecond;
    options.first_backoff = kMillisecond;
    return options;
  }
  // Names of the spans taken, by request.
  std::vector<std::vector<std::string>> taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }
  int attempts() const { return attempts_; }

 private:
  HttpResponse Take(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    const auto attempt = static_cast<std::size_t>(attempts_++);
    EXPECT_EQ(request.path, "/v1/traces");
    EXPECT_EQ(request.Header("Content-Type"), "application/x-protobuf");
    EXPECT_EQ(request.Header("api-key"), "secret");
    if (attempt < statuses_.size()) return TextResponse("no", statuses_[attempt]);
    otlp::ExportTraceServiceRequest message;
    EXPECT_TRUE(message.ParseFromString(request.body));
    std::vector<std::string> names;
    for (const otlp::Span& span : message.resource_spans(0).scope_spans(0).spans()) names.push_back(span.name());
    taken_.push_back(std::move(names));
    return {.status = 200, .body = answer_, .content_type = "application/x-protobuf"};
  }

  std::vector<int> statuses_;
  std::string answer_;
  mutable std::mutex mutex_;
  std::vector<std::vector<std::string>> taken_;
  std::atomic<int> attempts_{0};
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

std::unique_ptr<const Span> Named(const std::string& name) {
  auto span = std::make_unique<Span>();
  span->context = *ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  span->name = name;
  return span;
}

// Sends what is in the queue; the metrics afterwards.
std::string Send(SpanQueue& queue, const OtlpOptions& options) {
  MetricRegistry metrics;
  OtlpExporter exporter(queue, options, metrics);
  queue.Close();
  exporter.Run();
  return metrics.Render();
}

TEST(OtlpExporter, SendsBatchesInOrder) {
  const Collector collector({});
  SpanQueue queue(16, 2);
  for (const char* name : {"a", "b", "c"}) queue.Put(Named(name));
  const std::string metrics = Send(queue, collector.Options());
  EXPECT_THAT(collector.taken(), ElementsAre(ElementsAre("a", "b"), ElementsAre("c")));
  EXPECT_THAT(metrics, HasSubstr("otlp_spans_exported_total 3\n"));
}

TEST(OtlpExporter, WhatFindsTheQueueFullIsCounted) {
  const Collector collector({});
  SpanQueue queue(2, 2);
  for (const char* name : {"a", "b", "c"}) queue.Put(Named(name));
  EXPECT_THAT(Send(queue, collector.Options()), HasSubstr("otlp_spans_dropped_total 1\n"));
  queue.Put(Named("late"));
  EXPECT_EQ(queue.dropped(), 2U);
  EXPECT_THAT(collector.taken(), ElementsAre(ElementsAre("a", "b")));
}

TEST(OtlpExporter, TriesAgainWhereItIsAskedTo) {
  const Collector collector({503, 429});
  SpanQueue queue;
  MetricRegistry metrics;
  OtlpExporter exporter(queue, collector.Options(), metrics);
  std::thread thread([&] { exporter.Run(); });
  queue.Put(Named("a"));
  while (collector.taken().empty()) std::this_thread::yield();
  queue.Close();
  thread.join();
  EXPECT_EQ(collector.attempts(), 3);
  EXPECT_THAT(collector.taken(), ElementsAre(ElementsAre("a")));
  EXPECT_THAT(metrics.Render(), HasSubstr("otlp_spans_exported_total 1\n"));
}

TEST(OtlpExporter, ARefusalIsFinal) {
  const Collector collector({400});
  SpanQueue queue;
  queue.Put(Named("a"));
  const std::string metrics = Send(queue, collector.Options());
  EXPECT_EQ(collector.attempts(), 1);
  EXPECT_THAT(collector.taken(), IsEmpty());
  EXPECT_THAT(metrics, HasSubstr("otlp_spans_unexported_total{reason=\"refused\"} 1\n"));
}

TEST(OtlpExporter, CountsWhatACollectorTakesInPart) {
  otlp::ExportTraceServiceResponse answer;
  answer.mutable_partial_success()->set_rejected_spans(1);
  const Collector collector({}, answer.SerializeAsString());
  SpanQueue queue;
  for (const char* name : {"a", "b"}) queue.Put(Named(name));
  EXPECT_THAT(Send(queue, collector.Options()),
              testing::AllOf(HasSubstr("otlp_spans_exported_total 1\n"),
                             HasSubstr("otlp_spans_unexported_total{reason=\"refused\"} 1\n")));
}

TEST(OtlpExporter, GivesUpWhereNobodyListens) {
  OtlpOptions options;
  {
    const Collector gone({});
    options = gone.Options();
  }
  SpanQueue queue(16, 1);
  for (const char* name : {"a", "b", "c"}) queue.Put(Named(name));
  EXPECT_THAT(Send(queue, options), HasSubstr("otlp_spans_unexported_total{reason=\"unreachable\"} 3\n"));
}

// A collector that speaks TLS.
class SecureCollector : public testing::Test {
 protected:
  SecureCollector() {
    char path[] = "/tmp/hone-otlp-XXXXXX";
    folder_ = mkdtemp(path);
  }
  ~SecureCollector() override { std::filesystem::remove_all(folder_); }

  std::string Certificate(const std::string& name, const char* hosts) {
    files_ = testing_wire::MakeCertificate(folder_, name, nullptr, hosts);
    return files_.certificate;
  }
  // Begins one with the newest certificate, `statuses` first; the options to reach it as `host`, believing
  // `authorities`.
  OtlpOptions Begin(const std::string& host, const std::string& authorities, std::vector<int> statuses = {}) {
    collector_.emplace(std::move(statuses), "", TlsContext::Load({files_.certificate, files_.key}).value());
    OtlpOptions options = collector_->Options();
    options.endpoint.host = host;
    options.endpoint.secure = true;
    options.trust = TlsTrust::Load(authorities).value();
    return options;
  }
  void ExpectUnbelieved(OtlpOptions options) {
    options.attempts = 1;
    SpanQueue queue;
    queue.Put(Named("a"));
    EXPECT_THAT(Send(queue, options), HasSubstr("otlp_spans_unexported_total{reason=\"unreachable\"} 1\n"));
    EXPECT_EQ(collector_->attempts(), 0) << "nothing is sent to whom it does not believe";
  }

  std::filesystem::path folder_;
  testing_wire::CertificateFiles files_;
  std::optional<Collector> collector_;
};

TEST_F(SecureCollector, TakesSpansOverTls) {
  const std::string own = Certificate("collector", "IP:127.0.0.1");
  const OtlpOptions options = Begin("127.0.0.1", own, {503});
  SpanQueue queue(16, 1);
  MetricRegistry metrics;
  OtlpExporter exporter(queue, options, metrics);
  std::thread thread([&] { exporter.Run(); });
  for (const char* name : {"a", "b"}) queue.Put(Named(name));
  while (collector_->taken().size() < 2) std::this_thread::yield();
  queue.Close();
  thread.join();
  EXPECT_THAT(collector_->taken(), ElementsAre(ElementsAre("a"), ElementsAre("b")));
  EXPECT_EQ(collector_->attempts(), 3);
}

TEST_F(SecureCollector, IsBelievedOnlyWhereItsCertificateIs) {
  const std::string other = Certificate("other", "IP:127.0.0.1");
  Certificate("collector", "IP:127.0.0.1");
  ExpectUnbelieved(Begin("127.0.0.1", other));
  ExpectUnbelieved(Begin("127.0.0.1", ""));  // the system's store
}

TEST_F(SecureCollector, MustHaveACertificateOfItsName) {
  const std::string own = Certificate("collector", "DNS:localhost");
  ExpectUnbelieved(Begin("127.0.0.1", own));
  const OtlpOptions by_name = Begin("localhost", own);
  SpanQueue queue;
  queue.Put(Named("a"));
  EXPECT_THAT(Send(queue, by_name), HasSubstr("otlp_spans_exported_total 1\n"));
}

TEST(TlsTrust, AFileThatHoldsNoCertificateIsNamed) {
  const auto missing = TlsTrust::Load("/nowhere/ca.pem");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(missing.error().ToString(), HasSubstr("/nowhere/ca.pem"));
  EXPECT_TRUE(TlsTrust::Load("").ok());
}

TEST(OtlpMessage, TellsEverythingOfASpan) {
  auto span = std::make_unique<Span>(*Named("POST /predict/single \xff"));
  span->parent = 1;
  span->state = "a=1";
  span->kind = SpanKind::kServer;
  span->begin = 5;
  span->end = 7;
  span->failed = true;
  span->Set("http.response.status_code", 503);
  span->Set("hone.model", "vol");
  SpanQueue::Batch batch;
  batch.push_back(std::move(span));
  otlp::ExportTraceServiceRequest message;
  ASSERT_TRUE(message.ParseFromString(EncodeSpans(batch, {"desk", "1.2.3"})));
  const otlp::ResourceSpans& all = message.resource_spans(0);
  EXPECT_EQ(all.resource().attributes(0).key(), "service.name");
  EXPECT_EQ(all.resource().attributes(0).value().string_value(), "desk");
  const otlp::Span& told = all.scope_spans(0).spans(0);
  EXPECT_EQ(told.trace_id(), "\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6\xa3\xce\x92\x9d\x0e\x0e\x47\x36");
  EXPECT_EQ(told.span_id(), std::string("\x00\xf0\x67\xaa\x0b\xa9\x02\xb7", 8));
  EXPECT_EQ(told.parent_span_id(), std::string("\0\0\0\0\0\0\0\1", 8));
  EXPECT_EQ(told.trace_state(), "a=1");
  EXPECT_EQ(told.name(), "POST /predict/single ?");
  EXPECT_EQ(told.kind(), otlp::Span::SPAN_KIND_SERVER);
  EXPECT_EQ(told.start_time_unix_nano(), 5U);
  EXPECT_EQ(told.end_time_unix_nano(), 7U);
  EXPECT_EQ(told.attributes(0).value().int_value(), 503);
  EXPECT_EQ(told.attributes(1).value().string_value(), "vol");
  EXPECT_EQ(told.status().code(), otlp::Status::STATUS_CODE_ERROR);
  EXPECT_EQ(told.flags(), 1U);
}

}  // namespace
}  // namespace hone
