#include "models/ensemble/mean.h"

#include <cstdlib>
#include <utility>

namespace hone {
namespace {

class MeanEnsemble final : public Model {
 public:
  explicit MeanEnsemble(std::vector<ModelPointer> members)
      : members_(std::move(members)), count_(static_cast<double>(members_.size())) {}

  std::size_t width() const override { return members_.front()->width(); }
  // Class indices have no mean.
  AnswerKind kind() const override {
    for (const ModelPointer& member : members_) {
      if (member->kind() != AnswerKind::kProbability) return AnswerKind::kNumber;
    }
    return AnswerKind::kProbability;
  }

  double Predict(std::span<const double> row) const noexcept override {
    double sum = members_.front()->Predict(row);
    for (std::size_t i = 1; i < members_.size(); ++i) sum += members_[i]->Predict(row);
    return sum / count_;
  }

 private:
  const std::vector<ModelPointer> members_;
  const double count_;
};

}  // namespace

ModelPointer MakeMeanEnsemble(std::vector<ModelPointer> members) {
  if (members.empty()) std::abort();
  for (const ModelPointer& member : members) {
    if (member->width() != members.front()->width()) std::abort();
  }
  if (members.size() == 1) return members.front();
  for (const ModelPointer& member : members) {
    if (member->outputs() != 1) std::abort();
  }
  return std::make_shared<MeanEnsemble>(std::move(members));
}

}  // namespace hone
