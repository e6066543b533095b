#include "api/bars_request.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

std::string Body(const std::string& bar) { return R"({"instrument":"SPX","bars":[)" + bar + "]}"; }

std::string BarAt(const std::string& key, const std::string& time) {
  return Body("{\"" + key + "\":" + time + R"(,"open":1,"high":2,"low":1,"close":1.5,"volume":7})");
}

std::string ErrorFor(const std::string& body) {
  const Result<BarsRequest> request = ReadBarsRequest(body);
  return request.ok() ? "accepted" : request.error().ToString();
}

TEST(BarsRequest, TimesAsTextOrEpoch) {
  const Time expected = *ParseTime("2020-03-16T00:00:00Z");
  for (const char* time :
       {"\"2020-03-16\"", "\"2020-03-16T00:00:00Z\"", "1584316800", "1584316800000", "1584316800000000000"}) {
    for (const char* key : {"time", "open_time"}) {
      const Result<BarsRequest> request = ReadBarsRequest(BarAt(key, time));
      ASSERT_TRUE(request.ok()) << time << ": " << request.error().ToString();
      EXPECT_EQ(request->bars[0].open_time, expected) << time;
      EXPECT_EQ(request->bars[0].volume, 7);
    }
  }
}

TEST(BarsRequest, ErrorsNameTheBarAndTheKey) {
  EXPECT_NE(ErrorFor(BarAt("time", "\"yesterday\"")).find("bars[0].time"), std::string::npos);
  EXPECT_NE(ErrorFor(BarAt("tme", "1584316800")).find("did you mean time"), std::string::npos);
  const std::string no_close = R"({"time":"2020-01-01","open":1,"high":1,"low":1})";
  EXPECT_NE(ErrorFor(Body(no_close)).find("bars[0].close"), std::string::npos);
  EXPECT_NE(ErrorFor(Body("")).find("bars"), std::string::npos);
  EXPECT_NE(ErrorFor("[1]").find("/market/bars"), std::string::npos);
  EXPECT_NE(ErrorFor(R"({"bars":[{}]})").find("instrument"), std::string::npos);
}

TEST(BarsRequest, AtMostTenThousandBars) {
  std::string bars = "{}";
  for (std::size_t i = 0; i < kMaxBarsPerRequest; ++i) bars += ",{}";
  EXPECT_NE(ErrorFor(Body(bars)).find("holds 10001"), std::string::npos);
}

}  // namespace
}  // namespace hone
