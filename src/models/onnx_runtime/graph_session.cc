#include "models/onnx_runtime/graph_session.h"

#ifdef HONE_HAVE_ONNXRUNTIME

#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "models/onnx_runtime/element_type.h"

namespace hone {
namespace {

// Whether an integer type has the number. Its limits as doubles are powers of two, so exact; the upper one is excluded.
template <typename Integer>
bool Holds(double number) {
  const double above = std::ldexp(1.0, std::numeric_limits<Integer>::digits);
  const double lowest = std::is_signed_v<Integer> ? -above : 0.0;
  return number >= lowest && number < above && number == std::trunc(number);
}

// One input's part of each row, as the tensor has it.
template <typename Element>
void Fill(std::span<const double> rows, std::size_t count, std::size_t first, std::size_t each, Element* out,
          std::vector<char>& unfit) {
  const std::size_t width = rows.size() / count;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < each; ++k) {
      const double number = rows[i * width + first + k];
      Element& element = out[i * each + k];
      if constexpr (std::is_floating_point_v<Element>) {
        element = static_cast<Element>(number);
      } else {
        const bool fits = Holds<Element>(number);
        element = fits ? static_cast<Element>(number) : Element{};
        if (!fits) unfit[i] = 1;
      }
    }
  }
}

}  // namespace

Result<std::unique_ptr<GraphSession>> GraphSession::Open(const OnnxRuntime& runtime, OnnxProvider provider,
                                                         std::string_view bytes, std::string_view source) {
  HONE_ASSIGN_OR_RETURN(const OnnxHandle<OrtSessionOptions> options, MakeSessionOptions(runtime, provider));
  std::unique_ptr<GraphSession> graph(new GraphSession(runtime, provider, source));
  const OrtApi& api = *runtime.api;
  OrtSession* session = nullptr;
  HONE_RETURN_IF_ERROR(graph->Check(
      api.CreateSessionFromArray(runtime.environment, bytes.data(), bytes.size(), options.get(), &session)));
  graph->session_ = {session, api.ReleaseSession};
  OrtMemoryInfo* memory = nullptr;
  HONE_RETURN_IF_ERROR(graph->Check(api.CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, &memory)));
  graph->memory_ = {memory, api.ReleaseMemoryInfo};
  HONE_ASSIGN_OR_RETURN(graph->signature_, ReadSignature(runtime, *session, source));
  for (const GraphInput& input : graph->signature_.inputs) graph->input_names_.push_back(input.name.c_str());
  for (const GraphOutput& output : graph->signature_.outputs) graph->output_names_.push_back(output.name.c_str());
  return graph;
}

Result<OnnxHandle<OrtValue>> GraphSession::MakeTensor(const GraphInput& input, std::size_t count,
                                                      std::vector<char>& bytes) const {
  std::vector<std::int64_t> shape = input.shape;
  if (input.batched()) shape.front() = static_cast<std::int64_t>(count);
  OrtValue* value = nullptr;
  HONE_RETURN_IF_ERROR(Check(api_.CreateTensorWithDataAsOrtValue(memory_.get(), bytes.data(), bytes.size(),
                                                                 shape.data(), shape.size(), input.type, &value)));
  return OnnxHandle<OrtValue>(value, api_.ReleaseValue);
}

Result<GraphSession::Answers> GraphSession::Run(std::span<const double> rows, std::size_t count,
                                                std::vector<char>& unfit, const OrtRunOptions* options) const {
  std::vector<std::vector<char>> bytes;  // new char[] is aligned for every number
  std::vector<OnnxHandle<OrtValue>> tensors;
  std::vector<const OrtValue*> given;
  std::size_t first = 0;
  for (const GraphInput& input : signature_.inputs) {
    VisitElementType(input.type, [&]<typename Element>(Element) {
      bytes.emplace_back(count * input.numbers * sizeof(Element));
      Fill(rows, count, first, input.numbers, reinterpret_cast<Element*>(bytes.back().data()), unfit);
    });
    HONE_ASSIGN_OR_RETURN(OnnxHandle<OrtValue> tensor, MakeTensor(input, count, bytes.back()));
    tensors.push_back(std::move(tensor));
    given.push_back(tensors.back().get());
    first += input.numbers;
  }
  std::vector<OrtValue*> values(output_names_.size(), nullptr);
  HONE_RETURN_IF_ERROR(Check(api_.Run(session_.get(), options, input_names_.data(), given.data(), given.size(),
                                      output_names_.data(), values.size(), values.data())));
  Answers answers;
  for (OrtValue* const value : values) answers.emplace_back(value, api_.ReleaseValue);
  return answers;
}

Result<std::size_t> GraphSession::Elements(const OrtValue* tensor) const {
  OrtTensorTypeAndShapeInfo* info = nullptr;
  std::size_t count = 0;
  HONE_RETURN_IF_ERROR(Check(api_.GetTensorTypeAndShape(tensor, &info)));
  const OnnxHandle<OrtTensorTypeAndShapeInfo> owner(info, api_.ReleaseTensorTypeAndShapeInfo);
  HONE_RETURN_IF_ERROR(Check(api_.GetTensorShapeElementCount(info, &count)));
  return count;
}

// Its second part, a tensor in the order of the classes.
Result<OnnxHandle<OrtValue>> GraphSession::NumbersOfMap(const OrtValue* maps, std::size_t row) const {
  OrtAllocator* allocator = nullptr;
  HONE_RETURN_IF_ERROR(Check(api_.GetAllocatorWithDefaultOptions(&allocator)));
  OrtValue* map = nullptr;
  HONE_RETURN_IF_ERROR(Check(api_.GetValue(maps, static_cast<int>(row), allocator, &map)));
  const OnnxHandle<OrtValue> owner(map, api_.ReleaseValue);
  OrtValue* numbers = nullptr;
  HONE_RETURN_IF_ERROR(Check(api_.GetValue(map, 1, allocator, &numbers)));
  return OnnxHandle<OrtValue>(numbers, api_.ReleaseValue);
}

Result<std::size_t> GraphSession::NumbersOfMaps(const OrtValue* maps) const {
  std::size_t count = 0, each = 0;
  HONE_RETURN_IF_ERROR(Check(api_.GetValueCount(maps, &count)));
  for (std::size_t i = 0; i < count; ++i) {
    HONE_ASSIGN_OR_RETURN(const OnnxHandle<OrtValue> numbers, NumbersOfMap(maps, i));
    HONE_ASSIGN_OR_RETURN(const std::size_t size, Elements(numbers.get()));
    if (i > 0 && size != each) return Error{ErrorCode::kInvalidData, "answers maps of several sizes", source_};
    each = size;
  }
  return count * each;
}

Result<std::size_t> GraphSession::Numbers(const Answers& answers, std::size_t i) const {
  return signature_.outputs[i].maps ? NumbersOfMaps(answers[i].get()) : Elements(answers[i].get());
}

Status GraphSession::Copy(const Answers& answers, std::size_t i, std::size_t each, std::span<double> out,
                          std::size_t first, std::size_t stride) const {
  const GraphOutput& output = signature_.outputs[i];
  const auto copy = [&](OrtValue* tensor, std::size_t begin, std::size_t rows) -> Status {
    void* data = nullptr;
    HONE_RETURN_IF_ERROR(Check(api_.GetTensorMutableData(tensor, &data)));
    VisitElementType(output.type, [&]<typename Element>(Element) {
      const auto* const numbers = static_cast<const Element*>(data);
      for (std::size_t k = 0; k < rows * each; ++k) {
        out[(begin + k / each) * stride + first + k % each] = static_cast<double>(numbers[k]);
      }
    });
    return OkStatus();
  };
  const std::size_t rows = out.size() / stride;
  if (!output.maps) return copy(answers[i].get(), 0, rows);
  for (std::size_t row = 0; row < rows; ++row) {
    HONE_ASSIGN_OR_RETURN(const OnnxHandle<OrtValue> numbers, NumbersOfMap(answers[i].get(), row));
    HONE_RETURN_IF_ERROR(copy(numbers.get(), row, 1));
  }
  return OkStatus();
}

}  // namespace hone

#endif
