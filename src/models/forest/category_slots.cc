#include "models/forest/category_slots.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace hone {
namespace {

constexpr double kCategoriesEnd = 2147483648.0;  // they are ints
constexpr std::uint32_t kBeyond = std::numeric_limits<std::uint32_t>::max();

std::uint32_t CodeOf(double category) noexcept { return static_cast<std::uint32_t>(category) + 1; }

std::uint32_t LightGbmCode(double value) noexcept {
  return value > -1.0 && value < kCategoriesEnd ? CodeOf(value) : kBeyond;
}

std::uint32_t XgboostCode(double number) noexcept {
  const auto value = static_cast<double>(static_cast<float>(number));
  return value >= 0 && value < kCategoriesEnd ? CodeOf(value) : kBeyond;
}

std::uint32_t OnnxCode(double value, bool truncated) noexcept {
  const double whole = std::trunc(value);
  const bool is_category = whole >= 0 && whole < kCategoriesEnd && (truncated || whole == value);
  return is_category ? CodeOf(whole) : kBeyond;
}

std::uint32_t CodeOf(Dialect dialect, bool truncated, double value) noexcept {
  if (std::isnan(value)) return 0;
  switch (dialect) {
    case Dialect::kLightGbm: return LightGbmCode(value);
    case Dialect::kXgboost: return XgboostCode(value);
    case Dialect::kOnnxFloat: return OnnxCode(static_cast<double>(static_cast<float>(value)), truncated);
    case Dialect::kOnnxDouble: return OnnxCode(value, truncated);
  }
  return kBeyond;
}

bool IsOnnx(Dialect dialect) { return dialect == Dialect::kOnnxFloat || dialect == Dialect::kOnnxDouble; }

std::span<const double> MembersOf(const Tree& tree, const Split& split) {
  return std::span(tree.members).subspan(split.bits_begin, split.bits_end - split.bits_begin);
}

// The categories that a split tells from those beyond are less than this.
double CategoriesEnd(const Tree& tree, const Split& split, Dialect dialect) {
  if (!IsOnnx(dialect)) return 32.0 * (split.bits_end - split.bits_begin);
  const std::span<const double> members = MembersOf(tree, split);
  return members.empty() ? 0.0 : members.back() + 1;  // they ascend
}

bool IsCategory(double value) { return value >= 0 && value < kCategoriesEnd && value == std::trunc(value); }

// Small enough that the codes of its column are codes.
bool IsSound(const Tree& tree, const Split& split, Dialect dialect) {
  return CategoriesEnd(tree, split, dialect) <= static_cast<double>(CategorySlots::kMaxBits) &&
         (!IsOnnx(dialect) || std::ranges::all_of(MembersOf(tree, split), IsCategory));
}

}  // namespace

bool CategorySlots::CanHold(const Forest& forest) {
  for (const Tree& tree : forest.trees) {
    for (const Split& split : tree.splits) {
      if (split.categorical && !IsSound(tree, split, forest.dialect)) return false;
    }
  }
  return CategorySlots(forest).Bits() <= static_cast<double>(kMaxBits);
}

CategorySlots::CategorySlots(const Forest& forest) : dialect_(forest.dialect), slot_of_(2 * forest.width) {
  std::vector<Column> columns(slot_of_.size());
  for (const Tree& tree : forest.trees) {
    for (const Split& split : tree.splits) {
      if (!split.categorical) continue;
      Column& column = columns[Key(split)];
      const auto last_code = static_cast<std::uint32_t>(CategoriesEnd(tree, split, dialect_)) + 1;
      column = {split.feature, split.truncated, std::max(column.last_code, last_code), column.splits + 1};
    }
  }
  for (std::size_t key = 0; key < columns.size(); ++key) {
    if (columns[key].splits == 0) continue;
    slot_of_[key] = static_cast<std::uint32_t>(columns_.size());
    columns_.push_back(columns[key]);
  }
}

double CategorySlots::Bits() const {
  double bits = 0;
  for (const Column& column : columns_) {
    const std::uint32_t words = column.last_code / 32 + 1;
    bits += 32.0 * words * static_cast<double>(column.splits);
  }
  return bits;
}

std::uint32_t CategorySlots::AddBits(const Tree& tree, const Split& split, std::vector<std::uint32_t>& words) const {
  const std::uint32_t last_code = columns_[SlotOf(split)].last_code;
  const auto first = static_cast<std::uint32_t>(words.size());
  words.resize(first + last_code / 32 + 1);
  const auto set = [&](std::uint32_t code, double value) {
    if (GoesLeft(tree, split, dialect_, value)) words[first + code / 32] |= 1U << (code % 32);
  };
  set(0, std::nan(""));
  for (std::uint32_t code = 1; code < last_code; ++code) set(code, code - 1);
  set(last_code, -1);
  return first;
}

void CategorySlots::Fill(const double* row, Code* codes) const noexcept {
  constexpr std::uint32_t kSelect = std::numeric_limits<std::uint32_t>::max();
  for (const Column& column : columns_) {
    *codes++ = {kSelect, std::min(CodeOf(dialect_, column.truncated, row[column.column]), column.last_code)};
  }
}

}  // namespace hone
