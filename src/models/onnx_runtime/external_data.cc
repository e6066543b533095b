#include "models/onnx_runtime/external_data.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

#include "models/onnx/wire.h"

namespace hone {
namespace {

enum class Message { kModel, kGraph, kNode, kAttribute, kTensor, kSparseTensor, kFunction, kEntry };

// The fields that lead to tensors.
struct Way {
  Message from;
  std::uint64_t field;
  Message to;
};
constexpr Way kWays[] = {
    {Message::kModel, 7, Message::kGraph},
    {Message::kModel, 25, Message::kFunction},
    {Message::kGraph, 1, Message::kNode},
    {Message::kGraph, 5, Message::kTensor},
    {Message::kGraph, 15, Message::kSparseTensor},
    {Message::kFunction, 7, Message::kNode},
    {Message::kFunction, 11, Message::kAttribute},
    {Message::kNode, 5, Message::kAttribute},
    {Message::kAttribute, 5, Message::kTensor},
    {Message::kAttribute, 6, Message::kGraph},
    {Message::kAttribute, 10, Message::kTensor},
    {Message::kAttribute, 11, Message::kGraph},
    {Message::kAttribute, 22, Message::kSparseTensor},
    {Message::kAttribute, 23, Message::kSparseTensor},
    {Message::kSparseTensor, 1, Message::kTensor},
    {Message::kSparseTensor, 2, Message::kTensor},
    {Message::kTensor, 13, Message::kEntry},
};
constexpr std::uint64_t kEntryValue = 2, kTensorLocation = 14, kExternal = 1;
constexpr int kMostLevels = 4 * 32;  // a graph in a graph is four messages further in

// One pass over the fields of a message and of those within it.
class Walk {
 public:
  explicit Walk(std::string_view source) : source_(source) {}

  Status Into(std::string_view bytes, Message message, int level) {
    if (level > kMostLevels) return Refused("graphs are nested too deep: more than 32 levels");
    WireReader reader(bytes);
    for (WireField field; reader.Next(field);) {
      if (message == Message::kTensor && field.number == kTensorLocation && field.value == kExternal) {
        return OtherFile("");
      }
      if (message == Message::kEntry && field.number == kEntryValue) return OtherFile(field.bytes);
      if (field.type != WireType::kBytes) continue;
      for (const Way& way : kWays) {
        if (way.from != message || way.field != field.number) continue;
        HONE_RETURN_IF_ERROR(Into(field.bytes, way.to, level + 1));
      }
    }
    return reader.broken() ? Status(Refused("not a sound ONNX file: a field is cut")) : OkStatus();
  }

 private:
  Error OtherFile(std::string_view path) const {
    return Refused(
        fmt::format("keeps weights in another file{}{}; save it in one: onnx.save_model(onnx.load('OLD'), "
                    "'NEW.onnx', save_as_external_data=False)",
                    path.empty() ? "" : ", ", path.substr(0, 200)));
  }
  Error Refused(std::string message) const {
    return {ErrorCode::kInvalidData, std::move(message), std::string(source_)};
  }

  std::string_view source_;
};

}  // namespace

Status CheckHoldsItsWeights(std::string_view bytes, std::string_view source) {
  return Walk(source).Into(bytes, Message::kModel, 0);
}

}  // namespace hone
