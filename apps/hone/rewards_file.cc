#include "hone/rewards_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "hone/inputs.h"
#include "market/timed_rows.h"

namespace hone {
namespace {

constexpr double kSmallestPropensity = 1e-12, kLargestReward = 1e100;
constexpr double kLargestContext = 1e6;  // linear bandits lose their digits beyond 1e7
constexpr std::size_t kMostArms = 1000;

Result<double> Bounded(const TimedRows& rows, std::size_t column, double low, double high) {
  HONE_ASSIGN_OR_RETURN(const double value, rows.Number(column));
  if (value >= low && value <= high) return value;
  return rows.Refuse(column, fmt::format("must be within [{}, {}], is {}", low, high, value));
}

Result<std::vector<std::size_t>> ColumnsOf(const TimedRows& rows, const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    HONE_ASSIGN_OR_RETURN(columns.emplace_back(), rows.Column(name));
  }
  return columns;
}

class RewardsReader {
 public:
  RewardsReader(TimedRows& rows, RewardsFile& file, const std::string& path) : rows_(rows), file_(file), path_(path) {}

  Status FindColumns(const std::vector<std::string>& arms, const std::vector<std::string>& context) {
    HONE_ASSIGN_OR_RETURN(context_, ColumnsOf(rows_, context));
    file_.arms = arms;
    file_.full = !rows_.Has("propensity");
    HONE_RETURN_IF_ERROR(CheckNames(arms, context));
    if (file_.full) return FindArms(context);
    HONE_ASSIGN_OR_RETURN(choice_, rows_.Column(rows_.Has("action") ? "action" : "version"));
    HONE_ASSIGN_OR_RETURN(propensity_, rows_.Column("propensity"));
    HONE_ASSIGN_OR_RETURN(reward_, rows_.Column("reward"));
    return OkStatus();
  }

  Status ReadRow() {
    if (!file_.full && rows_.Missing(reward_)) {
      ++file_.pending;
      return OkStatus();
    }
    file_.times.push_back(rows_.time());
    file_.lines.push_back(rows_.line());
    file_.contexts.push_back(1);
    for (const std::size_t column : context_) {
      HONE_ASSIGN_OR_RETURN(file_.contexts.emplace_back(), Bounded(rows_, column, -kLargestContext, kLargestContext));
    }
    if (!file_.full) return ReadChoice();
    for (const std::size_t column : arms_) {
      HONE_ASSIGN_OR_RETURN(file_.rewards.emplace_back(), Bounded(rows_, column, -kLargestReward, kLargestReward));
    }
    return OkStatus();
  }

  // Choices become arms, by name where none were given.
  void Finish(bool given) {
    if (file_.full) return;
    if (!given) {
      const std::set<std::string> names(chosen_.begin(), chosen_.end());
      file_.arms.assign(names.begin(), names.end());
    }
    for (std::size_t row = 0; row < chosen_.size(); ++row) {
      const auto found = std::find(file_.arms.begin(), file_.arms.end(), chosen_[row]);
      file_.log[row].arm = static_cast<int>(found - file_.arms.begin());
    }
  }

 private:
  // No name twice, none that tells what a choice earned, and choices with their propensities.
  Status CheckNames(const std::vector<std::string>& arms, const std::vector<std::string>& context) const {
    std::set<std::string> seen;
    for (const std::string& arm : arms) {
      if (!seen.insert(arm).second) return Refused("--arms", fmt::format("'{}' is given twice", arm));
    }
    if (!file_.full) seen.insert({"action", "version", "propensity", "reward"});
    for (const std::string& name : context) {
      if (!seen.insert(name).second) {
        return Refused("--context", fmt::format("'{}' is not known before the choice, or given twice", name));
      }
    }
    if (file_.full && arms.empty() && rows_.Has("reward") && (rows_.Has("action") || rows_.Has("version"))) {
      return Error{ErrorCode::kInvalidData,
                   "a log of choices needs this column; --arms names the columns of a full log", path_, 1,
                   "propensity"};
    }
    return OkStatus();
  }
  static Error Refused(const char* key, std::string message) {
    return Error{ErrorCode::kInvalidArgument, std::move(message), "", 0, key};
  }

  Status FindArms(const std::vector<std::string>& context) {
    if (!given_arms()) AddAllArms(context);
    HONE_ASSIGN_OR_RETURN(arms_, ColumnsOf(rows_, file_.arms));
    return OkStatus();
  }
  void AddAllArms(const std::vector<std::string>& context) {
    for (const std::string& name : rows_.names()) {
      const bool known = std::find(context.begin(), context.end(), name) != context.end();
      if (name != rows_.time_name() && !known) file_.arms.push_back(name);
    }
  }
  bool given_arms() const { return !file_.arms.empty(); }

  Status ReadChoice() {
    const std::string choice(rows_.Field(choice_));
    if (choice.empty()) return rows_.Refuse(choice_, "names no arm");
    if (given_arms() && std::find(file_.arms.begin(), file_.arms.end(), choice) == file_.arms.end()) {
      return rows_.Refuse(choice_, fmt::format("'{}' is none of the arms {}", choice, fmt::join(file_.arms, ", ")));
    }
    LoggedArm row;
    HONE_ASSIGN_OR_RETURN(row.propensity, Bounded(rows_, propensity_, kSmallestPropensity, 1));
    HONE_ASSIGN_OR_RETURN(row.reward, Bounded(rows_, reward_, -kLargestReward, kLargestReward));
    file_.log.push_back(row);
    chosen_.push_back(choice);
    return OkStatus();
  }

  TimedRows& rows_;
  RewardsFile& file_;
  const std::string& path_;
  std::vector<std::size_t> context_, arms_;
  std::size_t choice_ = 0, propensity_ = 0, reward_ = 0;
  std::vector<std::string> chosen_;
};

Status CheckArms(const RewardsFile& file, const std::string& path) {
  if (file.times.empty()) {
    return Error{ErrorCode::kInvalidData, file.full ? "the file holds no rows" : "the file holds no row with a reward",
                 path};
  }
  if (file.arms.size() >= 2 && file.arms.size() <= kMostArms) return OkStatus();
  return Error{ErrorCode::kInvalidData,
               fmt::format("a bandit needs 2 to {} arms, here {}", kMostArms,
                           file.arms.empty() ? "are none" : fmt::format("are {}", file.arms.size())),
               path};
}

}  // namespace

Result<RewardsFile> ReadRewardsFile(const std::string& path, const std::vector<std::string>& arms,
                                    const std::vector<std::string>& context) {
  HONE_ASSIGN_OR_RETURN(const std::string text, ReadTable(path));
  HONE_ASSIGN_OR_RETURN(TimedRows rows, TimedRows::Open(text, path));
  RewardsFile file;
  RewardsReader reader(rows, file, path);
  HONE_RETURN_IF_ERROR(reader.FindColumns(arms, context));
  while (true) {
    HONE_ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) break;
    HONE_RETURN_IF_ERROR(reader.ReadRow());
  }
  reader.Finish(!arms.empty());
  HONE_RETURN_IF_ERROR(CheckArms(file, path));
  NoteMissingLineEnd(rows, path);
  return file;
}

}  // namespace hone
