#include "engine/bandit_shares.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "stats/bandits/bandit_catalogue.h"

namespace hone {
namespace {

constexpr std::size_t kMostObserved = 5'000;  // bounds what a look costs
constexpr double kLeastFloor = 0.001, kLeastChange = 0.01;
constexpr std::int64_t kMostMinutes = 525'600;
constexpr Time kAfterAllAnswers = std::numeric_limits<Time>::max() - kSecond;

Error Misfit(const char* key, std::string message) {
  return {ErrorCode::kInvalidData, std::move(message), "", 0, std::string("bandit.") + key};
}

Result<Bandit> BanditOf(const AbBandit& bandit, std::size_t arms) {
  BanditTerms terms;
  terms.arms = static_cast<int>(arms);
  terms.floor = bandit.floor;
  terms.low = bandit.low;
  terms.high = bandit.high;
  return MakeBandit(bandit.algorithm, terms);
}

struct Observed {
  int arm = 0;
  double propensity = 1;
  std::optional<double> reward;
};

class Observer {
 public:
  explicit Observer(const AbTest& test) : test_(&test) {}

  bool Take(const JoinedPrediction& row) {
    const auto arm = std::ranges::find(test_->arms, row.prediction.version, &AbArm::version);
    if (arm != test_->arms.end()) {
      newest_.push_back({static_cast<int>(arm - test_->arms.begin()), row.prediction.propensity, RewardOf(row)});
    }
    return ++taken_ < kMostObserved;
  }
  Status Teach(Bandit& bandit) const {
    for (auto row = newest_.rbegin(); row != newest_.rend(); ++row) {
      HONE_RETURN_IF_ERROR(bandit.Observe(row->arm, row->propensity, row->reward));
    }
    return OkStatus();
  }

 private:
  std::optional<double> RewardOf(const JoinedPrediction& row) const {
    if (!row.outcome) return std::nullopt;
    const double error = row.prediction.value - row.outcome->value;
    return std::clamp(-error * error, test_->bandit->low, test_->bandit->high);
  }

  const AbTest* test_;
  std::size_t taken_ = 0;
  std::vector<Observed> newest_;  // newest first
};

bool Changed(const std::vector<AbArm>& before, const std::vector<AbArm>& now) {
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (std::abs(before[i].share - now[i].share) > kLeastChange) return true;
  }
  return false;
}

}  // namespace

Status CheckBandit(const AbBandit& bandit, std::size_t arms) {
  if (!(bandit.floor >= kLeastFloor && bandit.floor * static_cast<double>(arms) <= 1)) {
    return Misfit("floor", fmt::format("must be within [{}, 1 / {} versions], is {}", kLeastFloor, arms, bandit.floor));
  }
  if (bandit.minutes < 1 || bandit.minutes > kMostMinutes) {
    return Misfit("minutes", fmt::format("must be within [1, {}], is {}", kMostMinutes, bandit.minutes));
  }
  const Result<Bandit> made = BanditOf(bandit, arms);
  if (!made.ok()) return Misfit(made.error().key == "rewards" ? "rewards" : "algorithm", made.error().message);
  return OkStatus();
}

Result<std::vector<AbArm>> BanditShares(LiveStore& store, const AbTest& test) {
  HONE_ASSIGN_OR_RETURN(Bandit bandit, BanditOf(*test.bandit, test.arms.size()));
  Observer observer(test);
  const auto take = [&observer](const JoinedPrediction& row) { return observer.Take(row); };
  HONE_RETURN_IF_ERROR(store.joined.VisitNewest(test.model, test.started, kAfterAllAnswers, take, false));
  HONE_RETURN_IF_ERROR(observer.Teach(bandit));
  const std::vector<double> shares = bandit.Probabilities({});
  std::vector<AbArm> arms = test.arms;
  for (std::size_t i = 0; i < arms.size(); ++i) arms[i].share = shares[i];
  return arms;
}

Result<AbTest> LookAtShares(LiveStore& store, AbTest test, Time now) {
  HONE_ASSIGN_OR_RETURN(std::vector<AbArm> arms, BanditShares(store, test));
  test.looked = now;
  if (Changed(test.arms, arms)) {
    test.arms = std::move(arms);
    ++test.round;
  }
  HONE_RETURN_IF_ERROR(store.ab_tests.Share(test));
  return test;
}

}  // namespace hone
