// A map of bounded size by name: what was asked for least recently goes first.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace hone {

// Not thread-safe; O(1).
template <typename Value>
class RecentMap {
 public:
  // `most` >= 1 values.
  explicit RecentMap(std::size_t most) : most_(most) {}

  // Null where there is none; else it is the most recent from now on.
  Value* Find(const std::string& name) {
    const auto found = places_.find(name);
    if (found == places_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->second;
  }
  // Gives the name of what had to go.
  std::optional<std::string> Put(const std::string& name, Value value) {
    Erase(name);
    order_.emplace_front(name, std::move(value));
    places_.emplace(name, order_.begin());
    if (order_.size() <= most_) return std::nullopt;
    std::string gone = order_.back().first;
    Erase(gone);
    return gone;
  }
  void Erase(const std::string& name) {
    const auto found = places_.find(name);
    if (found == places_.end()) return;
    order_.erase(found->second);
    places_.erase(found);
  }
  // The most recent first.
  template <typename Visitor>
  void Visit(const Visitor& visitor) const {
    for (const auto& [name, value] : order_) visitor(name, value);
  }
  std::size_t size() const { return order_.size(); }
  std::size_t most() const { return most_; }

 private:
  using Order = std::list<std::pair<std::string, Value>>;  // the most recent first
  std::size_t most_;
  Order order_;
  std::unordered_map<std::string, typename Order::iterator> places_;
};

}  // namespace hone
