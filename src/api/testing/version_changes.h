// Version changes over HTTP, and clients that check every answer against them; for a test and a benchmark.
//
//   VersionChanges changes("swap", 500);
//   changes.Next(client);                                     // the first version is active
//   threads: VersionWitness witness(port, changes); while (...) witness.Ask();
//   while (!changes.done()) changes.Next(client);
//   witness.wrong() == ""
//
// Version 1.k.0 answers 0.5 + k, so that an answer tells which version really made it. Every tenth change registers a
// new version and activates it; the others promote one of the newest eight, or roll back to it, in turn.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "wire/http_client.h"
#include "wire/json.h"
#include "wire/json_writer.h"

namespace hone::testing_api {

class VersionChanges {
 public:
  VersionChanges(std::string model, int most)
      : model_(std::move(model)), active_(static_cast<std::size_t>(most)), most_(most) {}

  bool done() const { return next_ == most_; }
  const std::string& model() const { return model_; }
  int registered() const { return registered_; }

  // Makes the next change and waits until it is acknowledged. The error names the change that was refused.
  Status Next(HttpClient& client) {
    const bool add = next_ % kRegisterEvery == 0 || registered_ == 1;
    const int version = add ? registered_++ : Other();
    active_[static_cast<std::size_t>(next_)].store(version, std::memory_order_relaxed);
    begun_.store(next_, std::memory_order_release);
    HONE_ASSIGN_OR_RETURN(const HttpAnswer answer, add ? Register(client, version) : Activate(client, version));
    if (answer.status != 200) {
      return Error{ErrorCode::kInternal,
                   fmt::format("change {} to version {}: {} {}", next_, NameOf(version), answer.status, answer.body)};
    }
    confirmed_.store(next_, std::memory_order_release);
    ++next_;
    return OkStatus();
  }

  // --- any thread ---

  static std::string NameOf(int version) { return fmt::format("1.{}.0", version); }
  static double AnswerOf(int version) { return 0.5 + version; }
  int begun() const { return begun_.load(std::memory_order_acquire); }
  int confirmed() const { return confirmed_.load(std::memory_order_acquire); }
  // Whether that version was made active by one of the changes `first` ... `last`.
  bool WasActive(const std::string& name, int first, int last) const {
    for (int i = std::max(first, 0); i <= last; ++i) {
      if (NameOf(active_[static_cast<std::size_t>(i)].load(std::memory_order_relaxed)) == name) return true;
    }
    return false;
  }

 private:
  static constexpr int kRegisterEvery = 10, kNewest = 8;

  // One of the newest versions that is not active now.
  int Other() {
    const int newest = std::min(registered_, kNewest);
    const int now = active_[static_cast<std::size_t>(next_ - 1)].load(std::memory_order_relaxed);
    const int picked = registered_ - 1 - next_ % newest;
    return picked != now ? picked : registered_ - 1 - (next_ + 1) % newest;
  }

  // An XGBoost stump over features a and b, both leaves of which are the version's number.
  static std::string File(int version) {
    return fmt::format(
        R"({{"learner":{{"attributes":{{}},"feature_names":["a","b"],"gradient_booster":{{"name":"gbtree","model":)"
        R"({{"tree_info":[0],"trees":[{{"left_children":[1,-1,-1],"right_children":[2,-1,-1],"default_left":[0,0,0],)"
        R"("split_indices":[1,0,0],"split_conditions":[0.5,{0},{0}],"tree_param":{{"size_leaf_vector":"0"}}}}]}}}},)"
        R"("learner_model_param":{{"base_score":"5E-1","num_feature":"2","num_class":"0"}},)"
        R"("objective":{{"name":"reg:squarederror"}}}},"version":[2,1,0]}})",
        version);
  }

  Result<HttpAnswer> Register(HttpClient& client, int version) const {
    JsonWriter json;
    json.BeginMap().Member("name", model_).Member("version", NameOf(version)).Member("activate", true);
    json.Member("content", File(version)).EndMap();
    return client.Post("/models/register", json.text());
  }

  Result<HttpAnswer> Activate(HttpClient& client, int version) const {
    const bool retired = next_ % 2 == 0;
    JsonWriter json;
    json.BeginMap();
    if (!retired) json.Member("model", model_);
    json.Member("version", NameOf(version)).EndMap();
    return client.Post(retired ? fmt::format("/models/{}/rollback", model_) : "/models/promote-winner", json.text());
  }

  std::string model_;
  std::vector<std::atomic<int>> active_;  // the version that each change made active
  int most_ = 0, next_ = 0, registered_ = 0;
  std::atomic<int> begun_{-1}, confirmed_{-1};
};

// One client that asks again and again: most often for one row, now and then for a batch or over the inference
// protocol. An answer is right where its value is that of the version it names, and that version was active at some
// time between question and answer. Belongs to one thread.
class VersionWitness {
 public:
  VersionWitness(int port, const VersionChanges& changes) : client_("127.0.0.1", port), changes_(&changes) {}

  // What was wrong first; "" when nothing was.
  const std::string& wrong() const { return wrong_; }
  std::int64_t answers() const { return answers_; }

  void Ask() {
    const Kind kind = answers_ % 16 == 5 ? kBatch : answers_ % 16 == 11 ? kInfer : kSingle;
    const int confirmed = changes_->confirmed();
    const Result<HttpAnswer> answer = client_.Post(Target(kind), Body(kind));
    const int begun = changes_->begun();
    ++answers_;
    if (!answer.ok()) return Note(answer.error().ToString());
    if (answer->status != 200) return Note(fmt::format("{} {}", answer->status, answer->body));
    Check(kind, answer->body, confirmed, begun);
  }

 private:
  enum Kind { kSingle, kBatch, kInfer };

  std::string Target(Kind kind) const {
    if (kind == kInfer) return fmt::format("/v2/models/{}/infer", changes_->model());
    return kind == kBatch ? "/predict/batch" : "/predict/single";
  }

  std::string Body(Kind kind) const {
    if (kind == kInfer) {
      return R"({"inputs":[{"name":"input","datatype":"FP64","shape":[2,2],"data":[0.25,1,0.5,0]}]})";
    }
    if (kind == kBatch) return fmt::format(R"({{"model":"{}","rows":[[0.25,1],[0.5,0]]}})", changes_->model());
    return fmt::format(R"({{"model":"{}","features":[0.25,1]}})", changes_->model());
  }

  void Check(Kind kind, const std::string& body, int confirmed, int begun) {
    const Result<JsonValue> json = ParseJson(body);
    if (!json.ok()) return Note(body);
    const JsonValue* version = json->Find(kind == kInfer ? "model_version" : "version");
    if (version == nullptr || !version->is_text()) return Note("no version: " + body);
    if (!changes_->WasActive(version->text, confirmed, begun)) {
      return Note(fmt::format("not active in changes {} to {}: {}", confirmed, begun, body));
    }
    for (const double value : Values(kind, *json)) {
      const int number = static_cast<int>(value - VersionChanges::AnswerOf(0));
      const bool right = version->text == VersionChanges::NameOf(number) && value == VersionChanges::AnswerOf(number);
      if (!right) return Note("another version's value: " + body);
    }
  }

  // What was answered; NaN where there is none.
  static std::vector<double> Values(Kind kind, const JsonValue& json) {
    const JsonValue* values = json.Find(kind == kSingle ? "value" : kind == kBatch ? "values" : "outputs");
    if (kind == kInfer && values != nullptr && !values->items.empty()) values = values->items[0].Find("data");
    if (values == nullptr) return {kNone};
    if (values->is_number()) return {values->number};
    std::vector<double> all;
    for (const JsonValue& value : values->items) all.push_back(value.is_number() ? value.number : kNone);
    return all.size() == 2 ? all : std::vector<double>{kNone};
  }

  void Note(std::string what) {
    if (wrong_.empty()) wrong_ = std::move(what);
  }

  static constexpr double kNone = -1;  // no version answers it

  HttpClient client_;
  const VersionChanges* changes_;
  std::int64_t answers_ = 0;
  std::string wrong_;
};

}  // namespace hone::testing_api
