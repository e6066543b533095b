#include "api/inference/inference_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "api/testing/served_models_test.h"
#include "wire/json.h"

namespace hone {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_api::kHigh;
using testing_api::kLow;
using testing_api::ServedModels;

JsonValue Json(const std::string& text) {
  auto json = ParseJson(text);
  EXPECT_TRUE(json.ok()) << text;
  return json.ok() ? std::move(*json) : JsonValue();
}

std::vector<double> Numbers(const JsonValue* list) {
  std::vector<double> numbers;
  for (const JsonValue& item : list->items) numbers.push_back(item.is_null() ? std::nan("") : item.number);
  return numbers;
}

// {"inputs":[...]} of one FP64 tensor.
std::string Body(const std::string& shape, const std::string& data, const std::string& more = "") {
  return R"({"inputs":[{"name":"input","datatype":"FP64","shape":)" + shape + R"(,"data":)" + data + "}]" + more + "}";
}

template <typename T>
std::string Bytes(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

class InferenceRoutesTest : public testing::Test {
 protected:
  HttpAnswer Infer(const std::string& body, const std::string& model = "one") {
    return served_.Post("/v2/models/" + model + "/infer", body);
  }
  // `json` with `bytes` behind it.
  HttpAnswer InferBinary(const std::string& json, const std::string& bytes) {
    return served_.Post("/v2/models/one/infer", json + bytes,
                        {{"Inference-Header-Content-Length", std::to_string(json.size())}});
  }
  void ExpectError(const HttpAnswer& answer, int status, const std::string& names) {
    EXPECT_EQ(answer.status, status) << answer.body;
    const JsonValue json = Json(answer.body);
    ASSERT_NE(json.Find("error"), nullptr) << answer.body;
    EXPECT_THAT(json.Find("error")->text, HasSubstr(names));
    EXPECT_EQ(json.keys.size(), 1U);
  }

  ServedModels served_;
};

TEST_F(InferenceRoutesTest, TellsOfTheServerAndItsModels) {
  EXPECT_EQ(served_.Get("/v2").body,
            R"({"name":"hone","version":"1.2.3","extensions":["binary_tensor_data","statistics"]})");
  EXPECT_EQ(served_.Get("/v2/health/live").status, 200);
  EXPECT_EQ(served_.Get("/v2/health/ready").status, 200);
  EXPECT_EQ(served_.Get("/v2/models/one").body, R"({"name":"one","versions":["1.0.0"],"platform":"hone",)"
                                                R"("inputs":[{"name":"input","datatype":"FP64","shape":[-1,2]}],)"
                                                R"("outputs":[{"name":"output","datatype":"FP64","shape":[-1]}]})");
  EXPECT_THAT(served_.Get("/v2/models/three").body,
              HasSubstr(R"("outputs":[{"name":"output","datatype":"FP64","shape":[-1,3]}])"));
  EXPECT_EQ(served_.Get("/v2/models/one/ready").status, 200);
  EXPECT_EQ(served_.Get("/v2/models/one/versions/1.0.0/ready").status, 200);
  EXPECT_EQ(served_.Post("/v2/repository/index", "").body,
            R"([{"name":"one","version":"1.0.0","state":"READY","reason":""},)"
            R"({"name":"three","version":"1.0.0","state":"READY","reason":""}])");
  EXPECT_EQ(served_.Post("/v2/repository/index", R"({"ready":true})").status, 200);
}

TEST_F(InferenceRoutesTest, ErrorsAreTheProtocolsOwn) {
  ExpectError(served_.Get("/v2/models/two"), 404, "there is no model two; served: one, three");
  ExpectError(served_.Get("/v2/models/one/versions/9.0.0"), 404, "live: 1.0.0");
  ExpectError(served_.Get("/v2/models/on/ready"), 404, "did you mean one");
  ExpectError(served_.Get("/v2/nothing"), 404, "/v2/nothing");
  ExpectError(served_.Post("/v2/repository/index", "[]"), 400, "index");
  const HttpAnswer method = served_.Get("/v2/models/one/infer");
  ExpectError(method, 405, "POST");
  EXPECT_EQ(method.Header("Allow"), "POST");
  ExpectError(served_.Post("/v2/models/one/versions/9.0.0/infer", Body("[1,2]", "[1,2]")), 404, "live: 1.0.0");
  ExpectError(served_.Post("/v2/models/one/infer", "", {{"Content-Encoding", "gzip"}}), 415, "compressed");
}

TEST_F(InferenceRoutesTest, InfersFromJsonFlatAndNested) {
  for (const char* data : {"[[0,0.25],[0,0.5]]", "[0,0.25,0,0.5]", "[[[0],[0.25]],[[0],[0.5]]]"}) {
    const HttpAnswer answer = Infer(Body("[2,2]", data, R"(,"id":"seven")"));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body, R"({"model_name":"one","model_version":"1.0.0","id":"seven","outputs":[)"
                           R"({"name":"output","datatype":"FP64","shape":[2],"data":[0.6000000238418579,2.5]}]})");
  }
  EXPECT_THAT(Infer(Body("[1,2]", "[0,null]")).body, HasSubstr("[2.5]")) << "missing goes right";
  EXPECT_THAT(Infer(Body("[0,2]", "[]")).body, HasSubstr(R"("shape":[0],"data":[])"));
}

TEST_F(InferenceRoutesTest, EveryDatatype) {
  const auto body = [](const std::string& type, const std::string& data) {
    return R"({"inputs":[{"name":"input","datatype":")" + type + R"(","shape":[1,2],"data":)" + data + "}]}";
  };
  for (const char* type : {"BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP32"}) {
    EXPECT_THAT(Infer(body(type, "[0,1]")).body, HasSubstr("[2.5]")) << type;
    EXPECT_THAT(Infer(body(type, "[1,0]")).body, HasSubstr("[0.6000000238418579]")) << type;
  }
  EXPECT_THAT(Infer(body("BOOL", "[false,true]")).body, HasSubstr("[2.5]"));
  ExpectError(Infer(body("INT8", "[0,128]")), 409, "data[1] is 128, no INT8");
  ExpectError(Infer(body("UINT64", "[0,-1]")), 409, "no UINT64");
  ExpectError(Infer(body("INT32", "[0,0.5]")), 409, "no INT32");
  ExpectError(Infer(body("INT64", "[0,9223372036854775808]")), 409, "no INT64");
  ExpectError(Infer(body("FP32", "[0,1e39]")), 409, "no FP32");
  ExpectError(Infer(body("FP16", "[0,1]")), 409, "must be one of BOOL");
}

// 0.49999999 as a float is 0.5: what FP32 would have carried is what counts.
TEST_F(InferenceRoutesTest, TextIsRoundedToItsDatatype) {
  const std::string fp32 = R"({"inputs":[{"name":"input","datatype":"FP32","shape":[1,2],"data":[0,0.499999999]}]})";
  EXPECT_THAT(Infer(fp32).body, HasSubstr("[2.5]"));
}

TEST_F(InferenceRoutesTest, OneInputForEachFeature) {
  const auto input = [](const std::string& name, const std::string& shape, const std::string& data) {
    return R"({"name":")" + name + R"(","datatype":"FP64","shape":)" + shape + R"(,"data":)" + data + "}";
  };
  const std::string both =
      R"({"inputs":[)" + input("b", "[2]", "[0.25,0.5]") + "," + input("a", "[2,1]", "[1,2]") + "]}";
  EXPECT_THAT(Infer(both).body, HasSubstr("[0.6000000238418579,2.5]"));
  ExpectError(Infer(R"({"inputs":[)" + input("b", "[1]", "[1]") + "]}"), 409, "there is none for feature a");
  ExpectError(Infer(R"({"inputs":[)" + input("b", "[1]", "[1]") + "," + input("b", "[1]", "[1]") + "]}"), 409, "twice");
  ExpectError(Infer(R"({"inputs":[)" + input("b", "[1]", "[1]") + "," + input("a", "[2]", "[1,2]") + "]}"), 409,
              "rows");
  ExpectError(Infer(R"({"inputs":[)" + input("c", "[1]", "[1]") + "]}"), 409, "inputs.c: unknown input");
}

TEST_F(InferenceRoutesTest, RefusesWhatDoesNotFit) {
  ExpectError(Infer(Body("[2,2]", "[1,2,3]")), 409, "announces 4 elements, but data holds 3");
  ExpectError(Infer(Body("[1,3]", "[1,2,3]")), 409, "must be of shape [n, 2], is [1, 3]");
  ExpectError(Infer(Body("[2]", "[1,2]")), 409, "must be of shape [n, 2]");
  ExpectError(Infer(Body("[-1,2]", "[1,2]")), 409, "-1");
  ExpectError(Infer(Body("[100001,2]", "[]")), 409, "at most 100000 rows");
  ExpectError(Infer(Body("[1,2]", R"([1,"x"])")), 409, "inputs[0].data[1]");
  ExpectError(Infer(Body(R"("all")", "[1,2]")), 409, "inputs[0].shape: must be a list");
  ExpectError(Infer(Body("[1,0.5]", "[1,2]")), 409, "inputs[0].shape: must be a list");
  ExpectError(Infer("{"), 400, "infer:1");
  ExpectError(Infer("{}"), 409, "inputs");
  ExpectError(Infer(Body("[1,2]", "[1,2]", R"(,"ouputs":[])")), 409, "ouputs: unknown key");
  ExpectError(Infer(Body("[1,2]", "[1,2]", R"(,"outputs":[{"name":"value"}])")), 409, "outputs.value");
  ExpectError(Infer(Body("[1,2]", "[1,2]", R"(,"outputs":[{"name":"output"},{"name":"output"}])")), 409, "twice");
  ExpectError(Infer(Body("[1,2]", "[1,2]", R"(,"outputs":[{"name":"prediction_id"}])")), 409, "log");
  ExpectError(Infer(R"({"inputs":[{"name":"input","datatype":"FP64","shape":[1,2]}]})"), 409, "binary_data_size");
  ExpectError(Infer(R"({"inputs":[{"name":"input","datatype":"FP64","shape":[1,2],"parameters":)"
                    R"({"shared_memory_region":"r"}}]})"),
              409, "not offered");
}

TEST_F(InferenceRoutesTest, TensorsAsBytes) {
  const auto json = [](const std::string& type, std::size_t bytes) {
    return R"({"inputs":[{"name":"input","datatype":")" + type +
           R"(","shape":[2,2],"parameters":{"binary_data_size":)" + std::to_string(bytes) +
           R"(}}],"parameters":{"binary_data_output":true}})";
  };
  for (const HttpAnswer& answer : {InferBinary(json("FP64", 32), Bytes<double>({0, 0.25, 0, 0.5})),
                                   InferBinary(json("FP32", 16), Bytes<float>({0, 0.25F, 0, 0.5F}))}) {
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.Header("Content-Type"), "application/octet-stream");
    const std::size_t header = std::stoul(std::string(answer.Header("Inference-Header-Content-Length")));
    EXPECT_EQ(
        answer.body.substr(0, header),
        R"({"model_name":"one","model_version":"1.0.0","outputs":[{"name":"output","datatype":"FP64","shape":[2],)"
        R"("parameters":{"binary_data_size":16}}]})");
    EXPECT_EQ(answer.body.substr(header), Bytes<double>({kLow, kHigh}));
  }
  ExpectError(InferBinary(json("FP64", 24), Bytes<double>({0, 0.25, 0, 0.5})), 409, "8 bytes behind the JSON");
  ExpectError(InferBinary(json("FP64", 40), Bytes<double>({0, 0.25, 0, 0.5})), 409, "announces 40 bytes, but 32");
  ExpectError(InferBinary(json("FP32", 32), Bytes<double>({0, 0.25, 0, 0.5})), 409, "announces 4 elements, 16 bytes");
  ExpectError(served_.Post("/v2/models/one/infer", "{}", {{"Inference-Header-Content-Length", "7"}}), 409, "7 bytes");
  ExpectError(served_.Post("/v2/models/one/infer", "{}", {{"Inference-Header-Content-Length", "-1"}}), 409, "number");
}

TEST_F(InferenceRoutesTest, AModelOfSeveralOutputs) {
  const JsonValue answer = Json(Infer(Body("[2,2]", "[0,0,0,1]"), "three").body);
  const JsonValue& output = answer.Find("outputs")->items[0];
  EXPECT_EQ(Numbers(output.Find("shape")), (std::vector<double>{2, 3}));
  const std::vector<double> shares = Numbers(output.Find("data"));
  ASSERT_EQ(shares.size(), 6U);
  EXPECT_NEAR(shares[0], 1.0 / 3, 1e-6) << "three equal margins";
  EXPECT_NEAR(shares[5], std::exp(4) / (std::exp(2) + std::exp(3) + std::exp(4)), 1e-6);
  const JsonValue single = Json(served_.Post("/predict/single", R"({"model":"three","features":[0,1]})").body);
  EXPECT_EQ(Numbers(single.Find("values")), (std::vector<double>{shares[3], shares[4], shares[5]}));
  EXPECT_EQ(single.Find("value")->number, shares[3]);
}

TEST_F(InferenceRoutesTest, ALoggedAnswerTakesItsOutcome) {
  const HttpAnswer answer = Infer(Body("[2,2]", "[0,0.25,0,0.5]", R"(,"parameters":{"log":true})"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const JsonValue json = Json(answer.body);
  ASSERT_EQ(json.Find("outputs")->items.size(), 2U);
  const JsonValue& ids = json.Find("outputs")->items[1];
  EXPECT_EQ(ids.Find("name")->text, "prediction_id");
  EXPECT_EQ(ids.Find("datatype")->text, "BYTES");
  const std::string id = ids.Find("data")->items[1].text;
  EXPECT_EQ(served_.Post("/outcomes", R"({"prediction_id":")" + id + R"(","value":3})").status, 200);
  EXPECT_THAT(served_.Get("/predictions/" + id).body, AllOf(HasSubstr(R"("value":2.5)"), HasSubstr(R"("value":3)")));
  EXPECT_THAT(Infer(Body("[1,2]", "[0,1]")).body, Not(HasSubstr("prediction_id"))) << "only where it is asked for";
  ExpectError(
      served_.Post("/v2/models/one/versions/1.0.0/infer", Body("[1,2]", "[0,1]", R"(,"parameters":{"log":true})")), 409,
      "parameters.log");
}

TEST_F(InferenceRoutesTest, TheVersionOfEachRowWhereItIsAskedFor) {
  const std::string asked =
      R"(,"outputs":[{"name":"model_version","parameters":{"binary_data":true}},{"name":"output"}])";
  const HttpAnswer answer = Infer(Body("[1,2]", "[0,1]", asked));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("data":[2.5])"));
  EXPECT_EQ(answer.body.substr(answer.body.size() - 9), std::string("\5\0\0\0", 4) + "1.0.0");
}

TEST_F(InferenceRoutesTest, CountsByVersion) {
  ASSERT_EQ(Infer(Body("[2,2]", "[0,0.25,0,0.5]")).status, 200);
  ASSERT_EQ(Infer(Body("[1,2]", "[0,0.25]")).status, 200);
  ASSERT_EQ(Infer(Body("[1,2]", "[0]")).status, 409);
  const JsonValue all = Json(served_.Get("/v2/models/stats").body);
  ASSERT_EQ(all.Find("model_stats")->items.size(), 2U) << "also the model that was not asked yet";
  const JsonValue one = Json(served_.Get("/v2/models/one/versions/1.0.0/stats").body);
  const JsonValue& figures = one.Find("model_stats")->items[0];
  EXPECT_EQ(figures.Find("inference_count")->integer, 3);
  EXPECT_EQ(figures.Find("execution_count")->integer, 2);
  const JsonValue& stats = *figures.Find("inference_stats");
  EXPECT_EQ(stats.Find("success")->Find("count")->integer, 2);
  EXPECT_GT(stats.Find("success")->Find("ns")->integer, 0);
  EXPECT_EQ(stats.Find("fail")->Find("count")->integer, 1);
  EXPECT_GT(figures.Find("last_inference")->integer, 1'700'000'000'000) << "in milliseconds";
  const JsonValue three = Json(served_.Get("/v2/models/three/stats").body);
  EXPECT_EQ(three.Find("model_stats")->items[0].Find("inference_count")->integer, 0);
  EXPECT_THAT(served_.Get("/metrics").body,
              AllOf(HasSubstr("model_predictions_total{model=\"one\"} 3\n"),
                    HasSubstr("http_requests_total{route=\"/v2/models/{name}/infer\",status=\"200\"} 2\n")));
}

TEST_F(InferenceRoutesTest, AHundredThousandRows) {
  constexpr std::size_t kRows = 100'000;
  std::vector<double> rows(2 * kRows);
  for (std::size_t i = 0; i < kRows; ++i) rows[2 * i + 1] = static_cast<double>(i % 2);
  const HttpAnswer answer = InferBinary(
      R"({"inputs":[{"name":"input","datatype":"FP64","shape":[100000,2],"parameters":{"binary_data_size":1600000}}],)"
      R"("parameters":{"binary_data_output":true}})",
      Bytes(rows));
  ASSERT_EQ(answer.status, 200);
  std::vector<double> wanted(kRows);
  for (std::size_t i = 0; i < kRows; ++i) wanted[i] = i % 2 == 0 ? kLow : kHigh;
  EXPECT_TRUE(answer.body.ends_with(Bytes(wanted)));
}

// Nobody takes predictions out of the ring of four: three of seven rows have no room.
TEST(InferenceLog, AFullRingWaitsThenRefuses) {
  ServedModels served(4, false);
  const std::string body = Body("[7,2]", "[1,2,1,2,1,2,1,2,1,2,1,2,1,2]", R"(,"parameters":{"log":true})");
  const HttpAnswer refused = served.Post("/v2/models/one/infer", body);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.Header("Retry-After"), "1");
  EXPECT_THAT(refused.body, HasSubstr("faster than they can be stored"));
}

// More rows than the ring holds: they go in as the engine stores them.
TEST(InferenceLog, ABatchBeyondTheRingIsLoggedInPieces) {
  ServedModels served(8);
  std::string data = "[0,1";
  for (int i = 1; i < 100; ++i) data += ",0,1";
  const HttpAnswer answer =
      served.Post("/v2/models/one/infer", Body("[100,2]", data + "]", R"(,"parameters":{"log":true})"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const JsonValue json = Json(answer.body);
  const JsonValue& ids = *json.Find("outputs")->items[1].Find("data");
  ASSERT_EQ(ids.items.size(), 100U);
  EXPECT_EQ(served.Get("/predictions/" + ids.items[99].text).status, 200);
}

}  // namespace
}  // namespace hone
