#include "models/projected.h"

#include <array>
#include <cstdlib>
#include <utility>

namespace hone {
namespace {

class ProjectedModel final : public Model {
 public:
  ProjectedModel(ModelPointer inner, std::vector<std::uint32_t> columns, int offset_column, std::size_t width)
      : inner_(std::move(inner)), columns_(std::move(columns)), offset_column_(offset_column), width_(width) {}

  std::size_t width() const override { return width_; }

  std::size_t outputs() const override { return inner_->outputs(); }
  std::size_t margins() const override { return inner_->margins(); }
  AnswerKind kind() const override { return offset_column_ < 0 ? inner_->kind() : AnswerKind::kNumber; }

  double Predict(std::span<const double> row) const noexcept override {
    Row narrow;
    const double answer = inner_->Predict(Narrow(row, narrow));
    return offset_column_ < 0 ? answer : answer + row[static_cast<std::size_t>(offset_column_)];
  }
  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override {
    Row narrow;
    inner_->PredictAll(Narrow(row, narrow), out);
    AddOffset(row, out);
  }
  void PredictMargins(std::span<const double> row, std::span<double> out) const noexcept override {
    Row narrow;
    inner_->PredictMargins(Narrow(row, narrow), out);
    AddOffset(row, out);
  }

 private:
  using Row = std::array<double, kMaxProjectedColumns>;

  std::span<const double> Narrow(std::span<const double> row, Row& narrow) const noexcept {
    for (std::size_t i = 0; i < columns_.size(); ++i) narrow[i] = row[columns_[i]];
    return {narrow.data(), columns_.size()};
  }
  void AddOffset(std::span<const double> row, std::span<double> out) const noexcept {
    if (offset_column_ < 0) return;
    for (double& value : out) value += row[static_cast<std::size_t>(offset_column_)];
  }

  const ModelPointer inner_;
  const std::vector<std::uint32_t> columns_;
  const int offset_column_;
  const std::size_t width_;
};

}  // namespace

ModelPointer MakeProjectedModel(ModelPointer inner, std::vector<std::uint32_t> columns, int offset_column,
                                std::size_t width) {
  bool sound = columns.size() <= kMaxProjectedColumns && inner->width() == columns.size() &&
               (offset_column < 0 || static_cast<std::size_t>(offset_column) < width);
  for (const std::uint32_t column : columns) sound = sound && column < width;
  if (!sound) std::abort();
  return std::make_shared<ProjectedModel>(std::move(inner), std::move(columns), offset_column, width);
}

}  // namespace hone
