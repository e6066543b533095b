#include "api/websocket/topic_hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Keeps what it is sent.
class Recorder final : public WebSocket {
 public:
  void Send(WebSocketText text) override { texts.push_back(std::move(text)); }
  void Close(WebSocketClose, std::string_view) override {}
  bool open() const override { return true; }

  std::vector<WebSocketText> texts;
};

class TopicHubTest : public testing::Test {
 protected:
  TopicHubTest() {
    server_ = HttpServer::Listen({.port = 0, .io_threads = kThreads}, [](const HttpRequest&, Responder) {}).value();
    hub_.Connect(*server_);
    for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this, i] { server_->Run(i); });
  }
  ~TopicHubTest() override {
    server_->Stop(0);
    for (std::thread& thread : threads_) thread.join();
  }

  // Runs on an I/O thread, after what was posted there before.
  template <typename Task>
  void On(int io_thread, const Task& task) {
    std::promise<void> done;
    server_->Post(io_thread, [&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }
  // Everything published before is handed out.
  void Settle() {
    for (int turn = 0; turn < 100; ++turn) {
      for (int i = 0; i < kThreads; ++i) On(i, [] {});
    }
  }
  std::shared_ptr<Recorder> Follow(int io_thread, Topic topic, const std::vector<std::string>& models = {}) {
    auto client = std::make_shared<Recorder>();
    On(io_thread, [&] { hub_.Follow(io_thread, topic, client, models); });
    return client;
  }

  static constexpr int kThreads = 2;
  TopicHub hub_{kThreads};
  std::unique_ptr<HttpServer> server_;
  std::vector<std::thread> threads_;
};

TEST_F(TopicHubTest, AnEventIsMadeOnceAndSharedByAllItsFollowers) {
  const auto here = Follow(0, Topic::kAlert), there = Follow(1, Topic::kAlert), other = Follow(1, Topic::kMetrics);
  EXPECT_TRUE(hub_.Publish(Topic::kAlert, "vol", R"({"a":1})", 0));
  Settle();
  ASSERT_THAT(here->texts, SizeIs(1));
  ASSERT_THAT(there->texts, SizeIs(1));
  EXPECT_EQ(here->texts[0].get(), there->texts[0].get());
  EXPECT_EQ(*here->texts[0],
            R"({"type":"event","topic":"alert","time":"1970-01-01T00:00:00Z","model":"vol","data":{"a":1}})");
  EXPECT_THAT(other->texts, IsEmpty());
  EXPECT_EQ(hub_.delivered(), 2u);
}

TEST_F(TopicHubTest, FollowersOfModelsGetTheirsAndWhatIsAboutNone) {
  const auto both = Follow(0, Topic::kPrediction, {"a", "b"}), one = Follow(0, Topic::kPrediction, {"a"});
  const auto all = Follow(0, Topic::kPrediction);
  for (const char* model : {"a", "b", "c", ""}) hub_.Publish(Topic::kPrediction, model, "{}", 0);
  Settle();
  EXPECT_THAT(all->texts, SizeIs(4));
  EXPECT_THAT(both->texts, SizeIs(3));
  EXPECT_THAT(one->texts, SizeIs(2));
}

TEST_F(TopicHubTest, ALaterSubscriptionTakesThePlaceOfTheOneBefore) {
  const auto client = Follow(0, Topic::kPrediction, {"a"});
  On(0, [&] { hub_.Follow(0, Topic::kPrediction, client, {"b"}); });
  hub_.Publish(Topic::kPrediction, "a", "{}", 0);
  hub_.Publish(Topic::kPrediction, "b", "{}", 0);
  Settle();
  ASSERT_THAT(client->texts, SizeIs(1));
  EXPECT_THAT(*client->texts[0], HasSubstr(R"("model":"b")"));
  EXPECT_TRUE(hub_.wanted(Topic::kPrediction));
  On(0, [&] { hub_.UnfollowAll(0, client); });
  EXPECT_FALSE(hub_.wanted(Topic::kPrediction));
  hub_.Publish(Topic::kPrediction, "b", "{}", 0);
  Settle();
  EXPECT_THAT(client->texts, SizeIs(1));
}

TEST_F(TopicHubTest, EventsOfManyPublishersReachEachClientInTheirOrder) {
  constexpr int kEvents = 400;
  std::vector<std::shared_ptr<Recorder>> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(Follow(i % kThreads, Topic::kExecution));
  std::vector<std::thread> publishers;
  for (int p = 0; p < 2; ++p) {
    publishers.emplace_back([this, p] {
      for (int i = 0; i < kEvents; ++i) {
        hub_.Publish(Topic::kExecution, p == 0 ? "a" : "b", std::to_string(i), 0);
        if (i % 50 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    });
  }
  for (std::thread& publisher : publishers) publisher.join();
  while (hub_.delivered() + hub_.lost() * 100 < 2u * kEvents * clients.size()) std::this_thread::yield();
  Settle();
  ASSERT_EQ(hub_.lost(), 0u);
  for (const auto& client : clients) {
    int next[2] = {0, 0};
    for (const WebSocketText& text : client->texts) {
      const bool second = text->find(R"("model":"b")") != text->npos;
      ASSERT_THAT(*text, HasSubstr("\"data\":" + std::to_string(next[second]) + "}"));
      ++next[second];
    }
    EXPECT_THAT(next, ElementsAre(kEvents, kEvents));
  }
}

TEST_F(TopicHubTest, WhatDoesNotFitIsCountedAndTold) {
  const auto client = Follow(0, Topic::kExecution);
  std::promise<void> blocked, go;
  server_->Post(0, [&] {  // the thread is busy
    blocked.set_value();
    go.get_future().wait();
  });
  blocked.get_future().wait();
  std::size_t taken = 0;
  while (hub_.Publish(Topic::kExecution, "", std::to_string(taken), 0)) ++taken;
  EXPECT_EQ(taken, TopicHub::kMostWaiting);
  EXPECT_FALSE(hub_.Publish(Topic::kExecution, "", "1", 0));
  hub_.Lose(Topic::kExecution, 5);
  go.set_value();
  Settle();
  EXPECT_TRUE(hub_.Publish(Topic::kExecution, "", "\"after\"", 0));
  Settle();
  ASSERT_THAT(client->texts, SizeIs(taken + 2));
  EXPECT_EQ(*client->texts[taken], R"({"type":"dropped","topic":"execution","count":7})");
  EXPECT_THAT(*client->texts[taken + 1], HasSubstr("after"));
  EXPECT_EQ(hub_.lost(), 7u);
}

}  // namespace
}  // namespace hone
