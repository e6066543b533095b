#include "api/inference/grpc_server.h"

#include <gmock/gmock.h>
#include <grpc/grpc_security_constants.h>
#include <grpc_predict_v2.grpc.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "api/testing/served_models_test.h"
#include "base/files.h"
#include "base/sha256.h"
#include "storage/testing/temporary_folder.h"
#include "wire/testing/certificate.h"

namespace hone {
namespace {

using inference::GRPCInferenceService;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_api::kHigh;
using testing_api::kLow;
using testing_api::ServedModels;

constexpr std::size_t kLargestPem = 1 << 20;

std::string Bytes(const std::vector<double>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

inference::ModelInferRequest Request(std::int64_t rows, const std::string& type = "FP64") {
  inference::ModelInferRequest request;
  request.set_model_name("one");
  auto& input = *request.add_inputs();
  input.set_name("input");
  input.set_datatype(type);
  input.add_shape(rows);
  input.add_shape(2);
  return request;
}

class GrpcServerTest : public testing::Test {
 protected:
  GrpcServerTest() {
    grpc_ = GrpcServer::Listen({.max_message_bytes = 1 << 20, .version = "1.2.3"}, served_.api().inference(),
                               served_.api().guard(), metrics_, served_.server())
                .value();
    stub_ = GRPCInferenceService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(grpc_->port()), grpc::InsecureChannelCredentials()));
  }

  grpc::Status Infer(const inference::ModelInferRequest& request) {
    answer_.Clear();
    grpc::ClientContext context;
    return stub_->ModelInfer(&context, request, &answer_);
  }
  void ExpectRefusal(const inference::ModelInferRequest& request, grpc::StatusCode code, const std::string& names) {
    const grpc::Status status = Infer(request);
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    EXPECT_THAT(status.error_message(), HasSubstr(names));
  }

  ServedModels served_;
  MetricRegistry metrics_;
  std::unique_ptr<GrpcServer> grpc_;
  std::unique_ptr<GRPCInferenceService::Stub> stub_;
  inference::ModelInferResponse answer_;
};

TEST_F(GrpcServerTest, TellsOfTheServerAndItsModels) {
  grpc::ClientContext live, ready, known, unknown, server, model, missing, index;
  inference::ServerLiveResponse is_live;
  ASSERT_TRUE(stub_->ServerLive(&live, {}, &is_live).ok());
  EXPECT_TRUE(is_live.live());
  inference::ServerReadyResponse is_ready;
  ASSERT_TRUE(stub_->ServerReady(&ready, {}, &is_ready).ok());
  EXPECT_TRUE(is_ready.ready());
  inference::ModelReadyRequest asked;
  inference::ModelReadyResponse model_ready;
  asked.set_name("one");
  ASSERT_TRUE(stub_->ModelReady(&known, asked, &model_ready).ok());
  EXPECT_TRUE(model_ready.ready());
  asked.set_version("9.0.0");
  ASSERT_TRUE(stub_->ModelReady(&unknown, asked, &model_ready).ok());
  EXPECT_FALSE(model_ready.ready());
  inference::ServerMetadataResponse about;
  ASSERT_TRUE(stub_->ServerMetadata(&server, {}, &about).ok());
  EXPECT_EQ(about.name() + " " + about.version(), "hone 1.2.3");
  inference::ModelMetadataRequest which;
  inference::ModelMetadataResponse metadata;
  which.set_name("three");
  ASSERT_TRUE(stub_->ModelMetadata(&model, which, &metadata).ok());
  EXPECT_EQ(metadata.inputs(0).name() + " " + metadata.inputs(0).datatype(), "input FP64");
  EXPECT_THAT(metadata.outputs(0).shape(), ElementsAre(-1, 3));
  EXPECT_THAT(metadata.versions(), ElementsAre("1.0.0"));
  which.set_name("two");
  EXPECT_EQ(stub_->ModelMetadata(&missing, which, &metadata).error_code(), grpc::StatusCode::NOT_FOUND);
  inference::RepositoryIndexResponse models;
  ASSERT_TRUE(stub_->RepositoryIndex(&index, {}, &models).ok());
  ASSERT_EQ(models.models_size(), 2);
  EXPECT_EQ(models.models(0).name() + " " + models.models(0).state(), "one READY");
}

TEST_F(GrpcServerTest, ATokenNeedsTheRoleOfTheMethod) {
  const AccessGuard guard(
      true, 1,
      {{"reads", AccessRole::kRead, Sha256Hex("looking")}, {"asks", AccessRole::kPredict, Sha256Hex("asking")}});
  MetricRegistry metrics;
  grpc_ = GrpcServer::Listen({}, served_.api().inference(), guard, metrics, served_.server()).value();
  stub_ = GRPCInferenceService::NewStub(
      grpc::CreateChannel("127.0.0.1:" + std::to_string(grpc_->port()), grpc::InsecureChannelCredentials()));
  inference::ModelInferRequest request = Request(1);
  request.add_raw_input_contents(Bytes({0, 0.25}));
  const auto code = [&](const char* authorization) {
    grpc::ClientContext context;
    if (*authorization != 0) context.AddMetadata("authorization", authorization);
    return stub_->ModelInfer(&context, request, &answer_).error_code();
  };
  EXPECT_EQ(code(""), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(code("Bearer guessed"), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(code("Bearer looking"), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(code("Bearer asking"), grpc::StatusCode::OK);
  grpc::ClientContext live;
  inference::ServerLiveResponse is_live;
  EXPECT_TRUE(stub_->ServerLive(&live, {}, &is_live).ok()) << "probes need no token";
  grpc_.reset();  // before the guard and the metrics it refers to
}

// Its certificate is signed by itself.
class GrpcTlsTest : public testing::Test {
 protected:
  GrpcTlsTest() : certificate_(Pem(testing_wire::MakeCertificate(folder_.path(), "server"))) {
    grpc_ = GrpcServer::Listen({.tls_certificate = certificate_.certificate, .tls_key = certificate_.key},
                               served_.api().inference(), served_.api().guard(), metrics_, served_.server())
                .value();
  }

  static testing_wire::CertificateFiles Pem(const testing_wire::CertificateFiles& files) {
    return {ReadFile(files.certificate, kLargestPem).value(), ReadFile(files.key, kLargestPem).value()};
  }
  // A caller that trusts `authority` alone.
  std::unique_ptr<GRPCInferenceService::Stub> Trusting(const std::string& authority) const {
    return Calling(grpc::SslCredentials({authority, "", ""}));
  }
  std::unique_ptr<GRPCInferenceService::Stub> Calling(
      const std::shared_ptr<grpc::ChannelCredentials>& credentials) const {
    return GRPCInferenceService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(grpc_->port()), credentials));
  }
  static grpc::Status AskWhetherLive(GRPCInferenceService::Stub& stub) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    inference::ServerLiveResponse live;
    return stub.ServerLive(&context, {}, &live);
  }

  TemporaryFolder folder_;
  testing_wire::CertificateFiles certificate_;  // the texts
  ServedModels served_;
  MetricRegistry metrics_;
  std::unique_ptr<GrpcServer> grpc_;
};

TEST_F(GrpcTlsTest, AnswersWhoTrustsItsCertificate) {
  const auto stub = Trusting(certificate_.certificate);
  const grpc::Status live = AskWhetherLive(*stub);
  ASSERT_TRUE(live.ok()) << live.error_message();
  inference::ModelInferRequest request = Request(2);
  request.add_raw_input_contents(Bytes({0, 0.25, 0, 0.5}));
  grpc::ClientContext context;
  inference::ModelInferResponse answer;
  const grpc::Status inferred = stub->ModelInfer(&context, request, &answer);
  ASSERT_TRUE(inferred.ok()) << inferred.error_message();
  EXPECT_THAT(answer.raw_output_contents(), ElementsAre(Bytes({kLow, kHigh})));
  EXPECT_EQ(context.auth_context()->FindPropertyValues(GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME).at(0), "ssl");
}

TEST_F(GrpcTlsTest, RefusesPlainTextAndIsRefusedByWhoTrustsAnother) {
  EXPECT_EQ(AskWhetherLive(*Calling(grpc::InsecureChannelCredentials())).error_code(), grpc::StatusCode::UNAVAILABLE);
  const auto other = Pem(testing_wire::MakeCertificate(folder_.path(), "other"));
  EXPECT_EQ(AskWhetherLive(*Trusting(other.certificate)).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(AskWhetherLive(*Trusting(certificate_.certificate)).ok()) << "the others are served";
}

TEST_F(GrpcServerTest, InfersFromRawContents) {
  inference::ModelInferRequest request = Request(2);
  request.set_id("seven");
  request.add_raw_input_contents(Bytes({0, 0.25, 0, 0.5}));
  ASSERT_TRUE(Infer(request).ok());
  EXPECT_EQ(answer_.id() + " " + answer_.model_name() + " " + answer_.model_version(), "seven one 1.0.0");
  ASSERT_EQ(answer_.outputs_size(), 1);
  EXPECT_EQ(answer_.outputs(0).name() + " " + answer_.outputs(0).datatype(), "output FP64");
  EXPECT_THAT(answer_.outputs(0).shape(), ElementsAre(2));
  EXPECT_FALSE(answer_.outputs(0).has_contents());
  EXPECT_THAT(answer_.raw_output_contents(), ElementsAre(Bytes({kLow, kHigh})));
}

TEST_F(GrpcServerTest, InfersFromTypedContentsOfEveryType) {
  const auto fill = [](const std::string& type, inference::InferTensorContents& contents) {
    for (const int value : {0, 1}) {
      if (type == "BOOL") contents.add_bool_contents(value != 0);
      if (type == "INT8" || type == "INT16" || type == "INT32") contents.add_int_contents(value);
      if (type == "INT64") contents.add_int64_contents(value);
      if (type == "UINT8" || type == "UINT16" || type == "UINT32") contents.add_uint_contents(value);
      if (type == "UINT64") contents.add_uint64_contents(value);
      if (type == "FP32") contents.add_fp32_contents(static_cast<float>(value));
      if (type == "FP64") contents.add_fp64_contents(value);
    }
  };
  for (const char* type :
       {"BOOL", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "FP32", "FP64"}) {
    inference::ModelInferRequest request = Request(1, type);
    fill(type, *request.mutable_inputs(0)->mutable_contents());
    ASSERT_TRUE(Infer(request).ok()) << type;
    EXPECT_THAT(answer_.outputs(0).contents().fp64_contents(), ElementsAre(kHigh)) << type;
    EXPECT_EQ(answer_.raw_output_contents_size(), 0) << "as the request came";
  }
}

TEST_F(GrpcServerTest, RefusesWhatDoesNotFit) {
  constexpr auto kInvalid = grpc::StatusCode::INVALID_ARGUMENT;
  ExpectRefusal({}, kInvalid, "inputs");
  ExpectRefusal(Request(1), kInvalid, "announces 2 elements, 16 bytes, but it has 0");
  ExpectRefusal(Request(1, "BYTES"), kInvalid, "inputs.input.datatype: must be one of BOOL");
  ExpectRefusal(Request(100'001), kInvalid, "at most 100000 rows");
  inference::ModelInferRequest raw = Request(1);
  raw.add_raw_input_contents(Bytes({0, 1, 2}));
  ExpectRefusal(raw, kInvalid, "but it has 24");
  raw.add_raw_input_contents("");
  ExpectRefusal(raw, kInvalid, "raw_input_contents: must be one for each of the 1 inputs, are 2");
  inference::ModelInferRequest both = Request(1);
  both.add_raw_input_contents(Bytes({0, 1}));
  both.mutable_inputs(0)->mutable_contents()->add_fp64_contents(1);
  ExpectRefusal(both, kInvalid, "beside raw_input_contents");
  inference::ModelInferRequest shared = Request(1);
  (*shared.mutable_inputs(0)->mutable_parameters())["shared_memory_region"].set_string_param("r");
  ExpectRefusal(shared, kInvalid, "shared_memory_region: is not offered");
  inference::ModelInferRequest version = Request(1);
  version.set_model_version("9.0.0");
  ExpectRefusal(version, grpc::StatusCode::NOT_FOUND, "live: 1.0.0");
  inference::ModelInferRequest large = Request(1);
  large.add_raw_input_contents(std::string(2 << 20, '\0'));
  ExpectRefusal(large, grpc::StatusCode::RESOURCE_EXHAUSTED, "larger");
}

TEST_F(GrpcServerTest, ALoggedAnswerTellsItsIds) {
  inference::ModelInferRequest request = Request(1);
  request.add_raw_input_contents(Bytes({0, 1}));
  (*request.mutable_parameters())["log"].set_bool_param(true);
  ASSERT_TRUE(Infer(request).ok());
  ASSERT_EQ(answer_.outputs_size(), 2);
  EXPECT_EQ(answer_.outputs(1).name(), "prediction_id");
  const std::string id = answer_.raw_output_contents(1).substr(4);
  EXPECT_EQ(served_.Get("/predictions/" + id).status, 200);
  (*request.mutable_parameters())["log"].set_string_param("true");
  ExpectRefusal(request, grpc::StatusCode::INVALID_ARGUMENT, "parameters.log: must be a boolean");
}

TEST_F(GrpcServerTest, CountsTogetherWithHttp) {
  inference::ModelInferRequest request = Request(3);
  request.add_raw_input_contents(Bytes({0, 1, 0, 1, 0, 1}));
  ASSERT_TRUE(Infer(request).ok());
  grpc::ClientContext context;
  inference::ModelStatisticsRequest asked;
  inference::ModelStatisticsResponse all;
  asked.set_name("one");
  ASSERT_TRUE(stub_->ModelStatistics(&context, asked, &all).ok());
  ASSERT_EQ(all.model_stats_size(), 1);
  EXPECT_EQ(all.model_stats(0).inference_count(), 3U);
  EXPECT_EQ(all.model_stats(0).inference_stats().success().count(), 1U);
  EXPECT_THAT(served_.Get("/v2/models/one/stats").body, HasSubstr(R"("inference_count":3)"));
  EXPECT_THAT(metrics_.Render(), HasSubstr("grpc_server_handled_total{method=\"ModelInfer\",code=\"0\"} 1\n"));
}

// Answers are right to the last; then callers are told, none is left waiting.
TEST_F(GrpcServerTest, ManyCallersAtOnceUntilItStops) {
  std::atomic<int> answered{0};
  const auto call_until_refused = [this, &answered] {
    inference::ModelInferRequest request = Request(1);
    request.add_raw_input_contents(Bytes({0, 0.25}));
    for (;;) {
      grpc::ClientContext context;
      inference::ModelInferResponse answer;
      const grpc::Status status = stub_->ModelInfer(&context, request, &answer);
      if (!status.ok()) return status.error_code();
      EXPECT_EQ(answer.raw_output_contents(0), Bytes({kLow}));
      ++answered;
    }
  };
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back(
        [&] { EXPECT_THAT(call_until_refused(), AnyOf(grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::CANCELLED)); });
  }
  while (answered < 100) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  grpc_->Stop(kSecond);
  for (std::thread& caller : callers) caller.join();
}

TEST_F(GrpcServerTest, ATakenPortIsToldByName) {
  MetricRegistry metrics;
  const auto second = GrpcServer::Listen({.port = grpc_->port()}, served_.api().inference(), served_.api().guard(),
                                         metrics, served_.server());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_EQ(second.error().source, "127.0.0.1:" + std::to_string(grpc_->port()));
}

}  // namespace
}  // namespace hone
