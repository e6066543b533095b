#include "models/ensemble/voting_ensemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace hone {
namespace {

constexpr std::size_t kBlockRows = 64;
constexpr std::size_t kMostOutputs = VotingEnsemble::kMostNumbers / 2;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t kAbstention = 0x7ff8'0000'0ab5'7a19;  // a quiet NaN

Error Unfit(std::string message, std::string key) { return {ErrorCode::kInvalidData, std::move(message), "", 0, key}; }

const char* KindName(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::kNumber: return "numbers";
    case AnswerKind::kProbability: return "probabilities";
    case AnswerKind::kClass: return "indices of classes";
  }
  return "numbers";
}

std::string NameOf(const EnsembleMember& member) { return fmt::format("{} {}", member.model, member.version); }

Status CheckAlike(const EnsembleMember& first, const EnsembleMember& member) {
  const Model &a = *first.answers, &b = *member.answers;
  if (a.width() != b.width()) {
    return Unfit(fmt::format("{} takes {} features, {} {}", NameOf(member), b.width(), NameOf(first), a.width()),
                 "members");
  }
  if (a.outputs() != b.outputs()) {
    return Unfit(fmt::format("{} answers {} numbers, {} {}", NameOf(member), b.outputs(), NameOf(first), a.outputs()),
                 "members");
  }
  if (a.kind() == b.kind()) return OkStatus();
  return Unfit(fmt::format("{} answers {}, {} {}: they cannot be put together", NameOf(member), KindName(b.kind()),
                           NameOf(first), KindName(a.kind())),
               "members");
}

Status CheckMembers(const std::vector<EnsembleMember>& members) {
  if (members.size() < 2 || members.size() > VotingEnsemble::kMostMembers) {
    return Unfit(fmt::format("must be 2 to {} members, are {}", VotingEnsemble::kMostMembers, members.size()),
                 "members");
  }
  for (const EnsembleMember& member : members) {
    if (!(member.weight > 0) || !std::isfinite(member.weight)) {
      return Unfit(fmt::format("must be above 0, is {}", member.weight), "weight");
    }
    HONE_RETURN_IF_ERROR(CheckAlike(members.front(), member));
  }
  const std::size_t numbers = members.size() * members.front().answers->outputs();
  if (numbers <= VotingEnsemble::kMostNumbers) return OkStatus();
  return Unfit(fmt::format("may answer {} numbers together, answer {}", VotingEnsemble::kMostNumbers, numbers),
               "members");
}

Status CheckRule(EnsembleRule rule, const std::optional<double>& threshold, const Model& member) {
  if (rule == EnsembleRule::kWeighted && member.kind() == AnswerKind::kClass) {
    return Unfit("indices of classes have no mean; take majority or unanimous", "ensemble");
  }
  const bool by_class =
      member.kind() == AnswerKind::kClass || (member.kind() == AnswerKind::kProbability && member.outputs() > 1);
  if (threshold && by_class) return Unfit("these members vote for one of several classes: leave it out", "threshold");
  if (!threshold || std::isfinite(*threshold)) return OkStatus();
  return Unfit(fmt::format("must be a finite number, is {}", *threshold), "threshold");
}

std::vector<EnsembleMember> Normalised(EnsembleRule rule, std::vector<EnsembleMember> members) {
  double sum = 0;
  for (EnsembleMember& member : members) {
    if (rule != EnsembleRule::kWeighted) member.weight = 1;
    sum += member.weight;
  }
  for (EnsembleMember& member : members) member.weight /= sum;
  return members;
}

bool AllFinite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

bool AllAnswered(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value) || IsAbstention(value); });
}

int Sign(double value) { return (value > 0 ? 1 : 0) - (value < 0 ? 1 : 0); }

}  // namespace

double Abstention() noexcept { return std::bit_cast<double>(kAbstention); }

bool IsAbstention(double answer) noexcept { return std::bit_cast<std::uint64_t>(answer) == kAbstention; }

const char* EnsembleRuleName(EnsembleRule rule) {
  switch (rule) {
    case EnsembleRule::kWeighted: return "weighted";
    case EnsembleRule::kMajority: return "majority";
    case EnsembleRule::kUnanimous: return "unanimous";
  }
  return "weighted";
}

Result<std::shared_ptr<const VotingEnsemble>> VotingEnsemble::Make(EnsembleRule rule, std::optional<double> threshold,
                                                                   std::vector<EnsembleMember> members) {
  HONE_RETURN_IF_ERROR(CheckMembers(members));
  const Model& member = *members.front().answers;
  HONE_RETURN_IF_ERROR(CheckRule(rule, threshold, member));
  if (!threshold && member.kind() == AnswerKind::kProbability) threshold = 0.5;
  return std::shared_ptr<const VotingEnsemble>(
      new VotingEnsemble(rule, threshold, Normalised(rule, std::move(members))));
}

VotingEnsemble::VotingEnsemble(EnsembleRule rule, std::optional<double> threshold, std::vector<EnsembleMember> members)
    : rule_(rule), threshold_(threshold), members_(std::move(members)) {}

void VotingEnsemble::Ask(std::span<const double> row, std::span<double> answers) const noexcept {
  const std::size_t outputs = this->outputs();
  for (std::size_t m = 0; m < members_.size(); ++m) {
    members_[m].answers->PredictAll(row, answers.subspan(m * outputs, outputs));
  }
}

// Members answer many rows at once, a block at a time, so that the numbers to be put in order fit the stack.
void VotingEnsemble::AskBatch(std::span<const double> rows, std::span<double> answers) const noexcept {
  std::array<double, kBlockRows * kMostOutputs> block;
  const std::size_t width = this->width(), outputs = this->outputs(), numbers = this->numbers();
  const std::size_t count = answers.size() / numbers;
  for (std::size_t begin = 0; begin < count; begin += kBlockRows) {
    const std::size_t size = std::min(kBlockRows, count - begin);
    for (std::size_t m = 0; m < members_.size(); ++m) {
      members_[m].answers->PredictBatch(rows.subspan(begin * width, size * width), {block.data(), size * outputs});
      for (std::size_t i = 0; i < size; ++i) {
        std::copy_n(&block[i * outputs], outputs, &answers[(begin + i) * numbers + m * outputs]);
      }
    }
  }
}

int VotingEnsemble::VoteOf(std::span<const double> answer) const noexcept {
  const AnswerKind answers = kind();
  if (answers == AnswerKind::kClass) return static_cast<int>(std::lround(answer.front()));
  if (answers == AnswerKind::kProbability && answer.size() > 1) {
    return static_cast<int>(std::ranges::max_element(answer) - answer.begin());
  }
  return threshold_ ? (answer.front() >= *threshold_ ? 1 : 0) : Sign(answer.front());
}

double VotingEnsemble::ShareOf(int vote, const Votes& votes) const noexcept {
  if (rule_ != EnsembleRule::kWeighted) {
    const auto agree = std::ranges::count(Cast(votes), Vote(vote));
    return static_cast<double>(agree) / static_cast<double>(members_.size());
  }
  // What is left by those that disagree, so that agreement of all is 1 to the bit.
  double against = 0;
  bool any = false;
  for (std::size_t m = 0; m < members_.size(); ++m) {
    if (votes[m] == vote) {
      any = true;
    } else {
      against += members_[m].weight;
    }
  }
  return any ? std::max(1 - against, 0.0) : 0;
}

int VotingEnsemble::MostShared(const Votes& votes) const noexcept {
  const auto count = [&](const Vote& vote) { return vote ? std::ranges::count(Cast(votes), vote) : 0; };
  return **std::ranges::max_element(Cast(votes), {}, count);
}

void VotingEnsemble::AddWeighted(const Votes& votes, std::span<const double> answers,
                                 std::span<double> out) const noexcept {
  double weights = 0;
  for (std::size_t m = 0; m < members_.size(); ++m) weights += votes[m] ? members_[m].weight : 0;
  if (std::ranges::find(Cast(votes), Vote()) == Cast(votes).end()) weights = 1;  // not its rounding
  for (std::size_t k = 0; k < out.size(); ++k) {
    double sum = -0.0;  // so that the first term keeps its sign
    for (std::size_t m = 0; m < members_.size(); ++m) {
      if (votes[m]) sum += members_[m].weight * answers[m * out.size() + k];
    }
    out[k] = sum / weights;
  }
}

void VotingEnsemble::AverageOf(int vote, const Votes& votes, std::span<const double> answers,
                               std::span<double> out) const noexcept {
  for (std::size_t k = 0; k < out.size(); ++k) {
    double sum = 0, count = 0;
    for (std::size_t m = 0; m < members_.size(); ++m) {
      if (votes[m] != vote) continue;
      sum += answers[m * out.size() + k];
      ++count;
    }
    out[k] = sum / count;
  }
}

Ballot VotingEnsemble::Combine(std::span<const double> answers, std::span<double> out) const noexcept {
  Ballot ballot;
  if (AllAnswered(answers)) ballot = Count(answers, out);
  if (!ballot.vote || !AllFinite(out)) std::ranges::fill(out, ballot.abstained ? Abstention() : kNone);
  if (ballot.vote && std::isnan(out.front())) return {};  // a sum beyond what a number holds
  return ballot;
}

Ballot VotingEnsemble::Count(std::span<const double> answers, std::span<double> out) const noexcept {
  Votes votes;
  bool any = false;
  for (std::size_t m = 0; m < members_.size(); ++m) {
    const std::span<const double> answer = AnswerOf(m, answers);
    votes[m] = IsAbstention(answer.front()) ? std::nullopt : Vote(VoteOf(answer));
    any = any || votes[m];
  }
  if (!any) return {std::nullopt, 0, true};
  if (rule_ == EnsembleRule::kWeighted) {
    AddWeighted(votes, answers, out);
    const int vote = VoteOf(out);
    return {vote, ShareOf(vote, votes), false};
  }
  const int vote = MostShared(votes);
  const double share = ShareOf(vote, votes);
  if (rule_ == EnsembleRule::kUnanimous && share < 1) return {std::nullopt, share, true};
  AverageOf(vote, votes, answers, out);
  return {vote, share, false};
}

double VotingEnsemble::Predict(std::span<const double> row) const noexcept {
  std::array<double, kMostOutputs> out;
  PredictAll(row, {out.data(), outputs()});
  return out.front();
}

void VotingEnsemble::PredictAll(std::span<const double> row, std::span<double> out) const noexcept {
  std::array<double, kMostNumbers> answers;
  const std::span<double> used(answers.data(), numbers());
  Ask(row, used);
  Combine(used, out);
}

void VotingEnsemble::PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept {
  std::array<double, kBlockRows * kMostNumbers> answers;
  const std::size_t width = this->width(), outputs = this->outputs(), numbers = this->numbers();
  const std::size_t count = out.size() / outputs;
  for (std::size_t begin = 0; begin < count; begin += kBlockRows) {
    const std::size_t size = std::min(kBlockRows, count - begin);
    AskBatch(rows.subspan(begin * width, size * width), {answers.data(), size * numbers});
    for (std::size_t i = 0; i < size; ++i) {
      Combine({&answers[i * numbers], numbers}, out.subspan((begin + i) * outputs, outputs));
    }
  }
}

}  // namespace hone
