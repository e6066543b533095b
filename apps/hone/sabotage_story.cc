#include "hone/sabotage_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "hone/decision_words.h"

namespace hone {
namespace {

// Served from the first to the time something else was: rows of the result.
struct Served {
  std::size_t begin = 0, end = 0;
};

// What one loop did with the sabotaged job.
struct Story {
  const Decision* trained = nullptr;
  const Decision* answer = nullptr;    // refused, or put in shadow or active
  const Decision* promoted = nullptr;  // made active
  const Decision* ended = nullptr;     // rolled back, or replaced
};

bool IsAnswer(DecisionKind kind) {
  return kind == DecisionKind::kReject || kind == DecisionKind::kShadow || kind == DecisionKind::kPromote;
}

Story Follow(const std::vector<Decision>& decisions, Time from) {
  Story story;
  for (const Decision& decision : decisions) {
    if (story.trained == nullptr) {
      if (decision.kind == DecisionKind::kRetrain && decision.time >= from) story.trained = &decision;
    } else if (story.answer == nullptr) {
      if (decision.kind == DecisionKind::kRetrain) break;
      if (IsAnswer(decision.kind)) story.answer = &decision;
    }
    if (story.answer == nullptr || story.answer->kind == DecisionKind::kReject) continue;
    const bool same = decision.version == story.answer->version;
    if (story.promoted == nullptr && same && decision.kind == DecisionKind::kPromote) {
      story.promoted = &decision;
    } else if (same && decision.kind == DecisionKind::kRollBack) {
      story.ended = &decision;
      break;
    } else if (story.promoted != nullptr && decision.kind == DecisionKind::kPromote) {
      story.ended = &decision;
      break;
    }
  }
  return story;
}

Served RowsServed(const ReplayResult& result, const Story& story) {
  const auto row_at = [&](Time time) {
    const auto row = std::upper_bound(result.rows.begin(), result.rows.end(), time,
                                      [](Time at, const ReplayRow& served) { return at < served.time; });
    return static_cast<std::size_t>(row - result.rows.begin());
  };
  return {row_at(story.promoted->time), story.ended ? row_at(story.ended->time) : result.rows.size()};
}

const PolicyResult* Find(const ReplayResult& result, const std::string& name) {
  const auto found = std::find_if(result.policies.begin(), result.policies.end(),
                                  [&](const PolicyResult& policy) { return policy.name == name; });
  return found == result.policies.end() ? nullptr : &*found;
}

double LossOn(const PolicyResult& policy, const Served& rows) {
  double sum = 0;
  for (std::size_t row = rows.begin; row < rows.end; ++row) sum += policy.squared_errors[row];
  return std::sqrt(sum / static_cast<double>(rows.end - rows.begin));
}

std::string CostOfServing(const ReplayResult& result, const Story& story, const std::string& policy,
                          const std::string& other) {
  const Served rows = RowsServed(result, story);
  const PolicyResult *own = Find(result, policy), *beside = Find(result, other);
  if (rows.begin >= rows.end || own == nullptr || beside == nullptr) return "";
  const double loss = LossOn(*own, rows), other_loss = LossOn(*beside, rows);
  return fmt::format("             served for {} rows: loss {:.4f}, {}'s on the same rows {:.4f} ({:+.1f} %)\n",
                     rows.end - rows.begin, loss, other, other_loss, 100 * (loss / other_loss - 1));
}

std::string Told(const Decision& decision) {
  return fmt::format("{} {}", DecisionWord(decision.kind), FormatDate(decision.time));
}

std::string StoryOf(const ReplayResult& result, const std::vector<Decision>& decisions, const std::string& policy,
                    const std::string& other) {
  const Story story = Follow(decisions, *result.sabotage);
  std::string text = fmt::format("  {:<9}  ", policy);
  if (story.trained == nullptr) return text + "trained nothing after that date\n";
  text += fmt::format("trained {}", FormatDate(story.trained->time));
  if (story.answer == nullptr) return text + "; never a candidate: nothing of it was put forward\n";
  if (story.answer != story.promoted) text += fmt::format("; {} {}", story.answer->version, Told(*story.answer));
  if (story.answer->kind == DecisionKind::kReject) return text + ": " + story.answer->reason + "\n";
  if (story.promoted != nullptr) text += fmt::format("; {} {}", story.promoted->version, Told(*story.promoted));
  if (story.ended != nullptr && story.ended->kind == DecisionKind::kRollBack) {
    text += fmt::format("; {}: {}", Told(*story.ended), story.ended->reason);
  } else if (story.ended != nullptr) {
    text += fmt::format("; replaced {}", FormatDate(story.ended->time));
  }
  return text + "\n" + (story.promoted != nullptr ? CostOfServing(result, story, policy, other) : "");
}

}  // namespace

std::string SabotageStory(const ReplayResult& result) {
  return fmt::format("The first retraining from {} on learned from shuffled labels:\n", FormatDate(*result.sabotage)) +
         StoryOf(result, result.decisions, "hone", "quarterly") +
         StoryOf(result, result.unchecked_decisions, "unchecked", "hone");
}

}  // namespace hone
