#include "api/websocket/topic_hub.h"

#include <algorithm>
#include <utility>

#include "wire/json_writer.h"

namespace hone {
namespace {

// Clients served before the thread looks at its other work: one takes a few microseconds.
constexpr std::size_t kSlice = 64;

WebSocketText EventText(Topic topic, std::string_view model, std::string_view data, Time now) {
  JsonWriter json;
  json.BeginMap().Member("type", "event").Member("topic", TopicName(topic)).Member("time", FormatTime(now));
  if (!model.empty()) json.Member("model", model);
  json.RawMember("data", data).EndMap();
  return std::make_shared<const std::string>(json.Take());
}

WebSocketText DroppedText(Topic topic, std::uint64_t count) {
  JsonWriter json;
  json.BeginMap().Member("type", "dropped").Member("topic", TopicName(topic)).Member("count", count).EndMap();
  return std::make_shared<const std::string>(json.Take());
}

}  // namespace

TopicHub::TopicHub(int io_threads) {
  for (int i = 0; i < io_threads; ++i) lanes_.push_back(std::make_unique<Lane>());
}

bool TopicHub::Publish(Topic topic, std::string_view model, std::string_view data, Time now) {
  if (!wanted(topic)) return true;
  const Event event{topic, std::string(model), EventText(topic, model, data, now)};
  bool everywhere = true;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i]->followers[Index(topic)].load(std::memory_order_relaxed) == 0) continue;
    everywhere = Put(static_cast<int>(i), event) && everywhere;
  }
  return everywhere;
}

void TopicHub::Lose(Topic topic, std::uint64_t count) {
  lost_.fetch_add(count, std::memory_order_relaxed);
  for (const auto& lane : lanes_) {
    if (lane->followers[Index(topic)].load(std::memory_order_relaxed) == 0) continue;
    const std::lock_guard lock(lane->mutex);
    lane->lost[Index(topic)] += count;
  }
}

bool TopicHub::HasRoom(const Lane& lane, const Event& event) {
  return lane.inbox.size() < kMostWaiting && lane.inbox_bytes + event.text->size() <= kMostWaitingBytes;
}

void TopicHub::Append(Lane& lane, Event event) {
  lane.inbox_bytes += event.text->size();
  lane.inbox.push_back(std::move(event));
}

bool TopicHub::Put(int io_thread, const Event& event) {
  Lane& lane = *lanes_[static_cast<std::size_t>(io_thread)];
  const std::lock_guard lock(lane.mutex);
  std::uint64_t& lost = lane.lost[Index(event.topic)];
  if (!HasRoom(lane, event)) {
    ++lost;
    lost_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  if (lost > 0) Append(lane, {event.topic, "", DroppedText(event.topic, std::exchange(lost, 0))});
  Append(lane, event);
  if (!std::exchange(lane.scheduled, true)) server_->Post(io_thread, [this, io_thread] { Deliver(io_thread); });
  return true;
}

void TopicHub::Deliver(int io_thread) {
  Lane& lane = *lanes_[static_cast<std::size_t>(io_thread)];
  for (std::size_t left = kSlice; left > 0;) {
    if (lane.next == lane.targets.size() && !TakeEvent(lane)) return;
    const std::size_t count = std::min(lane.targets.size() - lane.next, left);
    for (std::size_t i = 0; i < count; ++i) lane.targets[lane.next++]->Send(lane.text);
    delivered_.fetch_add(count, std::memory_order_relaxed);
    left -= std::min(left, count + 1);  // an event for nobody is work too
  }
  server_->Post(io_thread, [this, io_thread] { Deliver(io_thread); });
}

// The next event and who gets it; false when there is none.
bool TopicHub::TakeEvent(Lane& lane) {
  lane.targets.clear();
  lane.next = 0;
  lane.text.reset();
  Event event;
  {
    const std::lock_guard lock(lane.mutex);
    lane.scheduled = !lane.inbox.empty();
    if (!lane.scheduled) return false;
    event = std::move(lane.inbox.front());
    lane.inbox.pop_front();
    lane.inbox_bytes -= event.text->size();
  }
  ChooseTargets(lane.tables[Index(event.topic)], event.model, lane.targets);
  lane.text = std::move(event.text);
  return true;
}

void TopicHub::ChooseTargets(const Followers& followers, const std::string& model, std::vector<Client>& targets) {
  const auto add = [&targets](const Clients& clients) {
    for (const auto& [key, client] : clients) targets.push_back(client);
  };
  add(followers.all);
  if (!model.empty()) {
    if (const auto found = followers.by_model.find(model); found != followers.by_model.end()) add(found->second);
    return;
  }
  const std::size_t before = targets.size();
  for (const auto& [name, clients] : followers.by_model) add(clients);
  std::sort(targets.begin() + static_cast<std::ptrdiff_t>(before), targets.end());
  targets.erase(std::unique(targets.begin() + static_cast<std::ptrdiff_t>(before), targets.end()), targets.end());
}

void TopicHub::Follow(int io_thread, Topic topic, const Client& client, std::vector<std::string> models) {
  Unfollow(io_thread, topic, client);
  Lane& lane = *lanes_[static_cast<std::size_t>(io_thread)];
  Followers& followers = lane.tables[Index(topic)];
  if (models.empty()) followers.all.emplace(client.get(), client);
  for (const std::string& model : models) followers.by_model[model].emplace(client.get(), client);
  followers.models.emplace(client.get(), std::move(models));
  lane.followers[Index(topic)].fetch_add(1, std::memory_order_relaxed);
  followers_[Index(topic)].fetch_add(1, std::memory_order_relaxed);
}

void TopicHub::Unfollow(int io_thread, Topic topic, const Client& client) {
  Lane& lane = *lanes_[static_cast<std::size_t>(io_thread)];
  Followers& followers = lane.tables[Index(topic)];
  const auto found = followers.models.find(client.get());
  if (found == followers.models.end()) return;
  followers.all.erase(client.get());
  for (const std::string& model : found->second) {
    const auto clients = followers.by_model.find(model);
    clients->second.erase(client.get());
    if (clients->second.empty()) followers.by_model.erase(clients);
  }
  followers.models.erase(found);
  lane.followers[Index(topic)].fetch_sub(1, std::memory_order_relaxed);
  followers_[Index(topic)].fetch_sub(1, std::memory_order_relaxed);
}

void TopicHub::UnfollowAll(int io_thread, const Client& client) {
  for (const Topic topic : kAllTopics) Unfollow(io_thread, topic, client);
}

}  // namespace hone
