// Who follows which topic, and how an event gets to all of them.
//
// Each I/O thread has a lane: the table of its own clients, touched by no other thread, and an inbox. A publisher makes
// the message once and puts it into the inbox of each lane where somebody follows the topic; the lane's thread hands it
// to its clients, a slice at a time, between which it does its other work. So there is no lock a client, and however
// many there are, requests are answered meanwhile. An inbox is bounded: what does not fit is lost for that lane's
// clients, and they are told how many with the next event of the topic.
//
//   {"type":"event","topic":"prediction","time":"...","model":"vol","data":{...}}
//   {"type":"dropped","topic":"prediction","count":17}
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/websocket/topic.h"
#include "base/time.h"
#include "wire/http_server.h"
#include "wire/websocket.h"

namespace hone {

class TopicHub {
 public:
  static constexpr std::size_t kMostWaiting = 1024;          // events in an inbox
  static constexpr std::size_t kMostWaitingBytes = 8 << 20;  // of their texts

  explicit TopicHub(int io_threads);
  // Whose threads the lanes are; before any event.
  void Connect(HttpServer& server) { server_ = &server; }

  // --- any thread ---

  // Somebody follows the topic: one relaxed load.
  bool wanted(Topic topic) const { return followers_[Index(topic)].load(std::memory_order_relaxed) > 0; }
  // `model`: what it is about, "" for no model; `data`: JSON. False where an inbox was full: those clients do not get
  // it.
  bool Publish(Topic topic, std::string_view model, std::string_view data, Time now);
  // So many events of the topic are left out; its clients are told with the next.
  void Lose(Topic topic, std::uint64_t count);
  std::uint64_t delivered() const { return delivered_.load(std::memory_order_relaxed); }  // events to clients
  std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }  // events that found an inbox full

  // --- the client's I/O thread ---

  // From now on it gets events of the topic about `models` (none: about all) and those about no model. In the place of
  // what it followed of the topic before.
  void Follow(int io_thread, Topic topic, const std::shared_ptr<WebSocket>& client, std::vector<std::string> models);
  // An event that is just being handed out may still come.
  void Unfollow(int io_thread, Topic topic, const std::shared_ptr<WebSocket>& client);
  void UnfollowAll(int io_thread, const std::shared_ptr<WebSocket>& client);

 private:
  using Client = std::shared_ptr<WebSocket>;
  using Clients = std::unordered_map<const WebSocket*, Client>;

  struct Followers {                                                        // of one topic, on one thread
    std::unordered_map<const WebSocket*, std::vector<std::string>> models;  // what each asked for
    Clients all;                                                            // those who asked for every model
    std::map<std::string, Clients, std::less<>> by_model;
  };
  struct Event {
    Topic topic = Topic::kHeartbeat;
    std::string model;
    WebSocketText text;
  };
  struct Lane {
    std::array<std::atomic<int>, kTopics> followers{};
    // Any thread, under the mutex.
    std::mutex mutex;
    std::deque<Event> inbox;
    std::size_t inbox_bytes = 0;
    std::array<std::uint64_t, kTopics> lost{};  // since the topic's clients were last told
    bool scheduled = false;                     // Deliver will run
    // The lane's thread.
    std::array<Followers, kTopics> tables;
    WebSocketText text;           // what is being handed out
    std::vector<Client> targets;  // to these
    std::size_t next = 0;         // of them
  };

  static std::size_t Index(Topic topic) { return static_cast<std::size_t>(topic); }
  bool Put(int io_thread, const Event& event);
  static bool HasRoom(const Lane& lane, const Event& event);
  static void Append(Lane& lane, Event event);
  void Deliver(int io_thread);
  static bool TakeEvent(Lane& lane);
  static void ChooseTargets(const Followers& followers, const std::string& model, std::vector<Client>& targets);

  HttpServer* server_ = nullptr;
  std::array<std::atomic<int>, kTopics> followers_{};
  std::atomic<std::uint64_t> delivered_{0}, lost_{0};
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace hone
