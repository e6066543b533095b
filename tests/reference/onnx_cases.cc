#include "reference/onnx_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "models/model_file.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using Outcome = OnnxCase::Outcome;

// TensorProto.DataType
constexpr int kFloat = 1, kUint8 = 2, kInt8 = 3, kUint16 = 4, kInt16 = 5, kInt32 = 6, kInt64 = 7, kBool = 9,
              kDouble = 11, kUint32 = 12, kUint64 = 13;

std::uint64_t TakeVarint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (int shift = 0; !bytes.empty() && shift < 64; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) break;
  }
  return number;
}

template <typename Number>
std::vector<double> NumbersIn(std::string_view bytes) {
  std::vector<double> numbers;
  for (; bytes.size() >= sizeof(Number); bytes.remove_prefix(sizeof(Number))) {
    Number number;
    std::memcpy(&number, bytes.data(), sizeof number);
    numbers.push_back(static_cast<double>(number));
  }
  return numbers;
}

std::optional<std::vector<double>> RawNumbers(int type, std::string_view raw) {
  switch (type) {
    case kFloat: return NumbersIn<float>(raw);
    case kDouble: return NumbersIn<double>(raw);
    case kUint8: return NumbersIn<std::uint8_t>(raw);
    case kInt8: return NumbersIn<std::int8_t>(raw);
    case kUint16: return NumbersIn<std::uint16_t>(raw);
    case kInt16: return NumbersIn<std::int16_t>(raw);
    case kInt32: return NumbersIn<std::int32_t>(raw);
    case kInt64: return NumbersIn<std::int64_t>(raw);
    case kBool: return NumbersIn<bool>(raw);
    case kUint32: return NumbersIn<std::uint32_t>(raw);
    case kUint64: return NumbersIn<std::uint64_t>(raw);
    default: return std::nullopt;
  }
}

struct Tensor {
  int type = 0;
  std::string_view raw, floats, doubles, integers;
};

Tensor ReadTensor(std::string_view bytes) {
  Tensor tensor;
  while (!bytes.empty()) {
    const std::uint64_t tag = TakeVarint(bytes);
    const std::uint64_t number = TakeVarint(bytes);  // every field that is met is a number or has a length
    if (tag >> 3 == 2) tensor.type = static_cast<int>(number);
    if ((tag & 7) != 2) continue;
    const std::string_view text = bytes.substr(0, number);
    bytes.remove_prefix(text.size());
    switch (tag >> 3) {
      case 4: tensor.floats = text; break;
      case 5:
      case 7: tensor.integers = text; break;
      case 9: tensor.raw = text; break;
      case 10: tensor.doubles = text; break;
      default: break;
    }
  }
  return tensor;
}

// Nothing where it holds no plain numbers.
std::optional<std::vector<double>> ReadNumbers(const fs::path& path) {
  const std::string bytes = ReadFile(path.string(), std::size_t{16} << 20).value();
  const Tensor tensor = ReadTensor(bytes);
  if (!tensor.floats.empty()) return NumbersIn<float>(tensor.floats);
  if (!tensor.doubles.empty()) return NumbersIn<double>(tensor.doubles);
  if (tensor.integers.empty()) return RawNumbers(tensor.type, tensor.raw);
  std::vector<double> numbers;
  for (std::string_view rest = tensor.integers; !rest.empty();) {
    numbers.push_back(static_cast<double>(std::bit_cast<std::int64_t>(TakeVarint(rest))));
  }
  return numbers;
}

// The numbers of input_0.pb, input_1.pb, ... one after the other.
std::optional<std::vector<double>> ReadRow(const fs::path& folder, const char* stem) {
  std::vector<double> row;
  for (int i = 0; fs::exists(folder / fmt::format("{}_{}.pb", stem, i)); ++i) {
    const auto numbers = ReadNumbers(folder / fmt::format("{}_{}.pb", stem, i));
    if (!numbers) return std::nullopt;
    row.insert(row.end(), numbers->begin(), numbers->end());
  }
  return row;
}

bool Equal(double answer, double expected) {
  if (std::isnan(expected)) return std::isnan(answer);
  return answer == expected || std::abs(answer - expected) <= 1e-7 + 1e-3 * std::abs(expected);
}

OnnxCase RunDataSet(OnnxCase result, const Model& model, const fs::path& folder) {
  const auto row = ReadRow(folder, "input"), expected = ReadRow(folder, "output");
  if (!row || !expected) {
    result.detail = "its tensors are no plain numbers";
  } else if (row->size() != model.width() || expected->size() != model.outputs()) {
    result.outcome = Outcome::kDifferent;
    result.detail = fmt::format("takes {} and answers {} numbers, {} and {} are stored", model.width(), model.outputs(),
                                row->size(), expected->size());
  } else {
    std::vector<double> answer(model.outputs());
    model.PredictAll(*row, answer);
    const auto [there, here] = std::ranges::mismatch(answer, *expected, Equal);
    result.outcome = there == answer.end() ? Outcome::kEqual : Outcome::kDifferent;
    if (there != answer.end()) result.detail = fmt::format("answers {}, {} is stored", *there, *here);
  }
  return result;
}

OnnxCase RunCase(const fs::path& folder) {
  OnnxCase result{folder.filename().string()};
  const std::string path = (folder / "model.onnx").string();
  const auto file = ReadModelFile(ReadFile(path, std::size_t{16} << 20).value(), result.name);
  if (!file.ok()) {
    result.detail = file.error().ToString();
    return result;
  }
  for (int i = 0; fs::exists(folder / fmt::format("test_data_set_{}", i)); ++i) {
    result = RunDataSet(std::move(result), *file->model, folder / fmt::format("test_data_set_{}", i));
    if (result.outcome != Outcome::kEqual) break;
  }
  return result;
}

}  // namespace

std::vector<OnnxCase> RunOnnxCases(const std::string& folder) {
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) folders.push_back(entry.path());
  std::ranges::sort(folders);
  std::vector<OnnxCase> cases;
  for (const fs::path& path : folders) cases.push_back(RunCase(path));
  return cases;
}

}  // namespace hone
