// Several models that vote on the same row.
//
// Each member's answer is a vote:
//   several probabilities   the class of the greatest, the first of equals
//   one probability         1 where it is at least the threshold (0.5 unless stated), else 0
//   an index of a class     that class
//   a number                its sign: -1, 0 or 1; with a threshold 1 where it is at least that, else 0. Of several
//                           numbers (targets) the first
// and the rule says what comes of the votes:
//   weighted    w_0 p_0 + w_1 p_1 + ..., added in this order, the weights divided by their sum beforehand
//   majority    the mean of the members whose vote most members share; of equals, the vote that is listed first wins
//   unanimous   the mean of all members where they share one vote; else the ensemble abstains: its answer is NaN
// So an answer stays in the unit of the target whatever the rule, and versions can take each other's place.
//
// A member may be an ensemble, whose answer is a vote like any other's. One that abstains does not vote: the rule is
// that of the others, weights divided by the sum of theirs; where none votes, and by unanimous, the ensemble abstains
// too. How many levels there may be is the loader's to bound (registry/model_artifacts.h).
//
// Confidence is the agreement: the share of the members (by weight, where they are weighted) whose vote is that of the
// ensemble's answer, or, where it abstains, the share of the vote most have. In (0, 1]; 0 where a weighted answer has
// the vote of no member, and where none votes. (Kuncheva, Combining Pattern Classifiers, 2nd ed., 2014, chapters 4
// and 5.)
//
// A member without a finite answer leaves the ensemble without one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "models/model.h"

namespace hone {

// The NaN that an ensemble answers where it abstains, told from others by its bits.
double Abstention() noexcept;
bool IsAbstention(double answer) noexcept;

enum class EnsembleRule : std::uint8_t { kWeighted, kMajority, kUnanimous };
// "weighted", "majority", "unanimous"
const char* EnsembleRuleName(EnsembleRule rule);

struct EnsembleMember {
  std::string model, version;  // which version this is
  double weight = 1;           // of kWeighted: above 0
  ModelPointer answers;        // takes the ensemble's row
};

// What the votes of one row come to.
struct Ballot {
  std::optional<int> vote;  // none where it abstains or a member has no finite answer
  double confidence = 0;    // 0 where a member has no finite answer
  bool abstained = false;   // every member answered, and no vote was found
};

// Immutable, thread-safe; nothing but Make allocates.
class VotingEnsemble final : public Model {
 public:
  static constexpr std::size_t kMostMembers = 16;
  static constexpr std::size_t kMostNumbers = 64;  // of all members' answers to one row

  // kInvalidData names what does not fit: fewer than two members or more than kMostMembers, more than kMostNumbers, a
  // weight that is not above 0 and finite, members of different widths, kinds or numbers of outputs, the weighted mean
  // of class indices, a threshold where votes need none.
  static Result<std::shared_ptr<const VotingEnsemble>> Make(EnsembleRule rule, std::optional<double> threshold,
                                                            std::vector<EnsembleMember> members);

  EnsembleRule rule() const { return rule_; }
  // Weights are normalised: their sum is 1; all the same but for kWeighted.
  const std::vector<EnsembleMember>& members() const { return members_; }
  // Numbers of all members' answers to one row: members x outputs.
  std::size_t numbers() const { return members_.size() * outputs(); }

  // Every member's answer to a row; `answers.size()` == numbers(), member by member.
  void Ask(std::span<const double> row, std::span<double> answers) const noexcept;
  // `rows`: n x width(); `answers`: n x numbers(), row-major.
  void AskBatch(std::span<const double> rows, std::span<double> answers) const noexcept;
  // What members' answers to one row come to; the ensemble's answer goes to `out` (outputs()), NaN where it has none:
  // where it abstains, Abstention().
  Ballot Combine(std::span<const double> answers, std::span<double> out) const noexcept;
  // A member's part of them.
  std::span<const double> AnswerOf(std::size_t member, std::span<const double> answers) const noexcept {
    return answers.subspan(member * outputs(), outputs());
  }
  // The vote of a finite answer.
  int VoteOf(std::span<const double> answer) const noexcept;

  std::size_t width() const override { return members_.front().answers->width(); }
  std::size_t outputs() const override { return members_.front().answers->outputs(); }
  AnswerKind kind() const override { return members_.front().answers->kind(); }
  const VotingEnsemble* ensemble() const override { return this; }
  double Predict(std::span<const double> row) const noexcept override;
  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override;
  void PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept override;

 private:
  using Vote = std::optional<int>;  // none of a member that abstains
  using Votes = std::array<Vote, kMostMembers>;

  VotingEnsemble(EnsembleRule rule, std::optional<double> threshold, std::vector<EnsembleMember> members);
  Ballot Count(std::span<const double> answers, std::span<double> out) const noexcept;
  double ShareOf(int vote, const Votes& votes) const noexcept;
  int MostShared(const Votes& votes) const noexcept;
  std::span<const Vote> Cast(const Votes& votes) const noexcept { return {votes.data(), members_.size()}; }
  void AddWeighted(const Votes& votes, std::span<const double> answers, std::span<double> out) const noexcept;
  void AverageOf(int vote, const Votes& votes, std::span<const double> answers, std::span<double> out) const noexcept;

  const EnsembleRule rule_;
  const std::optional<double> threshold_;
  const std::vector<EnsembleMember> members_;
};

}  // namespace hone
