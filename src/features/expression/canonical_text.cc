#include "features/expression/canonical_text.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace hone {
namespace {

constexpr int kSign = 7;
constexpr int kTightest = 9;  // what needs no parentheses anywhere

class Writer {
 public:
  explicit Writer(const ExpressionGraph& graph) : graph_(graph) {}

  // `least`: in parentheses if it binds less tightly.
  void Write(Slot slot, int least) {
    if (text_.size() > kMostCanonicalBytes) return;
    const GraphNode& node = graph_.NodeOf(slot);
    const bool parentheses = Binds(node) < least;
    if (parentheses) text_ += '(';
    WriteNode(node, slot - node.first);
    if (parentheses) text_ += ')';
  }

  std::string text_;

 private:
  static int Binds(const GraphNode& node) {
    if (node.kind == NodeKind::kConstant) return std::signbit(node.constant) ? kSign : kTightest;
    if (node.kind != NodeKind::kPointwise) return kTightest;
    const int binds = FunctionOf(node.function).binds;
    return binds == 0 ? kTightest : binds;
  }

  void WriteNode(const GraphNode& node, std::size_t output) {
    switch (node.kind) {
      case NodeKind::kColumn: text_ += kColumnNames[node.column]; break;
      case NodeKind::kConstant: fmt::format_to(std::back_inserter(text_), "{}", node.constant); break;
      case NodeKind::kFeature: text_ += node.feature->name; break;
      case NodeKind::kPointwise: WritePointwise(node, FunctionOf(node.function)); break;
      case NodeKind::kIndicator:
        WriteCall(node.indicator->name, node);
        if (node.outputs > 1) fmt::format_to(std::back_inserter(text_), ".{}", node.indicator->outputs[output]);
    }
  }

  void WritePointwise(const GraphNode& node, const PointwiseFunction& function) {
    if (function.binds == 0) return WriteCall(function.name, node);
    if (function.arity == 1) {
      text_ += function.function == Pointwise::kNegative ? "-" : "not ";
      return Write(node.inputs[0], function.binds);
    }
    const bool power = function.function == Pointwise::kPower, compares = function.binds == 4;
    Write(node.inputs[0], power ? kTightest : function.binds + (compares ? 1 : 0));
    fmt::format_to(std::back_inserter(text_), " {} ", function.name);
    Write(node.inputs[1], power ? kSign : function.binds + 1);
  }

  void WriteCall(std::string_view name, const GraphNode& node) {
    text_ += name;
    const char* before = "(";
    for (const Slot input : node.inputs) {
      text_ += std::exchange(before, ", ");
      Write(input, 0);
    }
    for (const double parameter : node.parameters) {
      fmt::format_to(std::back_inserter(text_), "{}{}", std::exchange(before, ", "), parameter);
    }
    text_ += ')';
  }

  const ExpressionGraph& graph_;
};

}  // namespace

Result<std::string> CanonicalText(const ExpressionGraph& graph, Slot slot) {
  Writer writer(graph);
  writer.Write(slot, 0);
  if (writer.text_.size() <= kMostCanonicalBytes) return std::move(writer.text_);
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("the expression written out has more than {} bytes", kMostCanonicalBytes), "", 0, ""};
}

}  // namespace hone
