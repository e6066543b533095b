#include "models/projected.h"

#include <array>
#include <cstdlib>
#include <utility>

namespace hone {
namespace {

constexpr std::size_t kMaxColumns = 256;

class ProjectedModel final : public Model {
 public:
  ProjectedModel(ModelPointer inner, std::vector<std::uint32_t> columns, int offset_column, std::size_t width)
      : inner_(std::move(inner)), columns_(std::move(columns)), offset_column_(offset_column), width_(width) {}

  std::size_t width() const override { return width_; }

  double Predict(std::span<const double> row) const noexcept override {
    std::array<double, kMaxColumns> narrow;
    for (std::size_t i = 0; i < columns_.size(); ++i) narrow[i] = row[columns_[i]];
    const double answer = inner_->Predict({narrow.data(), columns_.size()});
    return offset_column_ < 0 ? answer : answer + row[static_cast<std::size_t>(offset_column_)];
  }

 private:
  const ModelPointer inner_;
  const std::vector<std::uint32_t> columns_;
  const int offset_column_;
  const std::size_t width_;
};

}  // namespace

ModelPointer MakeProjectedModel(ModelPointer inner, std::vector<std::uint32_t> columns, int offset_column,
                                std::size_t width) {
  bool sound = columns.size() <= kMaxColumns && inner->width() == columns.size() &&
               (offset_column < 0 || static_cast<std::size_t>(offset_column) < width);
  for (const std::uint32_t column : columns) sound = sound && column < width;
  if (!sound) std::abort();
  return std::make_shared<ProjectedModel>(std::move(inner), std::move(columns), offset_column, width);
}

}  // namespace hone
