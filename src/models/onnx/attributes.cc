#include "models/onnx/attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/onnx/wire.h"

namespace hone {
namespace {

// Fields of AttributeProto.
enum AttributeField : std::uint32_t { kInteger = 3, kText = 4, kTensor = 5, kFloats = 7, kIntegers = 8, kTexts = 9 };

// The fields of one number; the others, such as the name, are skipped. False where `take` refuses one.
template <typename Take>
bool ForEach(std::string_view bytes, std::uint32_t number, Take take) {
  WireReader reader(bytes);
  for (WireField field; reader.Next(field);) {
    if (field.number == number && !take(field)) return false;
  }
  return !reader.broken();
}

const char* NameOf(OnnxType type) {
  switch (type) {
    case OnnxType::kFloat: return "float";
    case OnnxType::kDouble: return "double";
    case OnnxType::kUint8: return "uint8";
    default: return "other";
  }
}

// The parts of a TensorProto that hold the numbers of the types read here.
struct TensorParts {
  std::vector<std::int64_t> dims, integers;
  std::vector<float> floats;
  std::vector<double> doubles;
  std::string_view raw;
  bool has_raw = false, external = false;
  std::int64_t type = 0;
};

bool ReadPart(const WireField& field, TensorParts& parts) {
  switch (field.number) {
    case 1: return AppendIntegers(field, parts.dims);
    case 2: parts.type = static_cast<std::int64_t>(field.value); return true;
    case 4: return AppendFloats(field, parts.floats);
    case 5: return AppendIntegers(field, parts.integers);
    case 9: parts.raw = field.bytes, parts.has_raw = true; return field.type == WireType::kBytes;
    case 10: return AppendDoubles(field, parts.doubles);
    case 13: parts.external = true; return true;
    case 14: parts.external = parts.external || field.value != 0; return true;
    default: return true;
  }
}

bool ReadTensor(std::string_view bytes, TensorParts& parts) {
  WireReader reader(bytes);
  for (WireField field; reader.Next(field);) {
    if (!ReadPart(field, parts)) return false;
  }
  return !reader.broken();
}

// The numbers of a tensor of `type`; false where raw bytes are not whole.
bool NumbersOf(TensorParts& parts, OnnxType type, std::vector<double>& numbers) {
  if (type == OnnxType::kUint8) {
    for (const char byte : parts.raw) numbers.push_back(static_cast<unsigned char>(byte));
    numbers.insert(numbers.end(), parts.integers.begin(), parts.integers.end());
    return true;
  }
  if (type == OnnxType::kFloat) {
    if (parts.has_raw && !AppendRawFloats(parts.raw, parts.floats)) return false;
    numbers.assign(parts.floats.begin(), parts.floats.end());
    return true;
  }
  if (parts.has_raw && !AppendRawDoubles(parts.raw, parts.doubles)) return false;
  numbers = std::move(parts.doubles);
  return true;
}

}  // namespace

const OnnxAttribute* OnnxAttributes::Find(std::string_view name) const {
  const auto found = std::find_if(node_.attributes.begin(), node_.attributes.end(),
                                  [name](const OnnxAttribute& attribute) { return attribute.name == name; });
  return found == node_.attributes.end() ? nullptr : &*found;
}

Error OnnxAttributes::At(std::string_view name, std::string message) const {
  return {ErrorCode::kCorrupt, std::move(message), source_, 0, fmt::format("{}.{}", node_.ToString(), name)};
}

Status OnnxAttributes::Check(const std::vector<std::string_view>& known) const {
  for (const OnnxAttribute& attribute : node_.attributes) {
    const std::string_view name = attribute.name.substr(0, 60);
    if (std::find(known.begin(), known.end(), attribute.name) == known.end()) {
      return At(name, "is no attribute of this operator in this version of ai.onnx.ml");
    }
    if (&attribute != Find(attribute.name)) return At(name, "is there twice");
    const bool by_reference = !ForEach(attribute.bytes, 21, [](const WireField& field) { return field.bytes.empty(); });
    if (by_reference) return At(name, "refers to an attribute of a function");
  }
  return OkStatus();
}

Result<std::int64_t> OnnxAttributes::Integer(std::string_view name, std::int64_t otherwise) const {
  const OnnxAttribute* const attribute = Find(name);
  if (attribute == nullptr) return otherwise;
  std::vector<std::int64_t> numbers;
  const bool whole = ForEach(attribute->bytes, kInteger, [&](const WireField& field) {
    return field.type == WireType::kVarint && AppendIntegers(field, numbers);
  });
  // A number of 0 may be left out.
  if (!whole) return At(name, "must be an integer");
  return numbers.empty() ? 0 : numbers.back();
}

Result<std::string> OnnxAttributes::Text(std::string_view name, std::string_view otherwise) const {
  const OnnxAttribute* const attribute = Find(name);
  if (attribute == nullptr) return std::string(otherwise);
  std::string_view text;
  const bool whole = ForEach(attribute->bytes, kText, [&](const WireField& field) {
    text = field.bytes;
    return field.type == WireType::kBytes;
  });
  if (!whole) return At(name, "must be a text");
  return std::string(text.substr(0, 100));
}

Result<std::vector<std::int64_t>> OnnxAttributes::Integers(std::string_view name) const {
  std::vector<std::int64_t> numbers;
  const OnnxAttribute* const attribute = Find(name);
  if (attribute == nullptr) return numbers;
  if (!ForEach(attribute->bytes, kIntegers, [&](const WireField& field) { return AppendIntegers(field, numbers); })) {
    return At(name, "must be a list of integers");
  }
  return numbers;
}

Result<std::vector<float>> OnnxAttributes::Floats(std::string_view name) const {
  std::vector<float> numbers;
  const OnnxAttribute* const attribute = Find(name);
  if (attribute == nullptr) return numbers;
  if (!ForEach(attribute->bytes, kFloats, [&](const WireField& field) { return AppendFloats(field, numbers); })) {
    return At(name, "must be a list of floats");
  }
  return numbers;
}

Result<std::vector<std::string_view>> OnnxAttributes::Texts(std::string_view name) const {
  std::vector<std::string_view> texts;
  const OnnxAttribute* const attribute = Find(name);
  if (attribute == nullptr) return texts;
  const bool whole = ForEach(attribute->bytes, kTexts, [&](const WireField& field) {
    texts.push_back(field.bytes);
    return field.type == WireType::kBytes;
  });
  if (!whole) return At(name, "must be a list of texts");
  return texts;
}

Result<std::vector<double>> OnnxAttributes::Tensor(std::string_view name, OnnxType type) const {
  std::vector<double> numbers;
  const OnnxAttribute* const attribute = Find(name);
  if (attribute == nullptr) return numbers;
  TensorParts parts;
  const bool whole = ForEach(attribute->bytes, kTensor, [&](const WireField& field) {
    return field.type == WireType::kBytes && ReadTensor(field.bytes, parts);
  });
  if (!whole) return At(name, "must be a tensor");
  if (parts.external) return At(name, "lies in another file; save the model as one file");
  if (parts.type != static_cast<std::int64_t>(type)) {
    return At(name, fmt::format("must be a tensor of {}, is of type {}", NameOf(type), parts.type));
  }
  if (!NumbersOf(parts, type, numbers)) return At(name, "has bytes that are not whole numbers");
  std::int64_t size = 1;
  for (const std::int64_t dim : parts.dims) {
    if (dim < 0 || __builtin_mul_overflow(size, dim, &size)) return At(name, "has a size out of range");
  }
  if (numbers.size() == static_cast<std::size_t>(size)) return numbers;
  return At(name, fmt::format("must have {} numbers, has {}", size, numbers.size()));
}

}  // namespace hone
