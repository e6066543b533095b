#include "models/onnx_runtime/onnx_graph.h"

#include "models/onnx_runtime/onnx_runtime_status.h"

#ifdef HONE_HAVE_ONNXRUNTIME

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "base/log.h"
#include "models/onnx_runtime/external_data.h"
#include "models/onnx_runtime/graph_session.h"
#include "models/onnx_runtime/integer_division.h"
#include "models/onnx_runtime/providers.h"
#include "models/onnx_runtime/run_limit.h"

namespace hone {
namespace {

constexpr std::size_t kBlockRows = 256;
constexpr Duration kTensorRtLimit = 600 * kSecond;  // its first runs build engines
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// How a graph's answers lie in a row of numbers.
struct Layout {
  std::vector<std::size_t> numbers;  // of each output
  std::size_t total = 0;
  bool batched = false;
};

Status Answer(const GraphSession& session, const Layout& layout, std::span<const double> rows, std::size_t count,
              std::span<double> out, const OrtRunOptions* options = nullptr) {
  std::vector<char> unfit(count);
  HONE_ASSIGN_OR_RETURN(const GraphSession::Answers answers, session.Run(rows, count, unfit, options));
  std::size_t first = 0;
  for (std::size_t i = 0; i < layout.numbers.size(); ++i) {
    HONE_ASSIGN_OR_RETURN(const std::size_t numbers, session.Numbers(answers, i));
    if (numbers != count * layout.numbers[i]) {
      return Error{ErrorCode::kInvalidData,
                   fmt::format("answers {} numbers to {} rows, {} expected", numbers, count, count * layout.numbers[i]),
                   session.source(), 0, session.signature().outputs[i].name};
    }
    HONE_RETURN_IF_ERROR(session.Copy(answers, i, layout.numbers[i], out, first, layout.total));
    first += layout.numbers[i];
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (unfit[i] != 0) std::ranges::fill(out.subspan(i * layout.total, layout.total), kMissing);
  }
  return OkStatus();
}

class OnnxGraphModel final : public Model {
 public:
  OnnxGraphModel(std::unique_ptr<const GraphSession> session, Layout layout)
      : session_(std::move(session)), width_(session_->signature().width()), layout_(std::move(layout)) {}

  std::size_t width() const override { return width_; }
  std::size_t outputs() const override { return layout_.total; }

  double Predict(std::span<const double> row) const noexcept override {
    if (layout_.total == 1) {
      double answer = kMissing;
      PredictAll(row, {&answer, 1});
      return answer;
    }
    std::vector<double> answer(layout_.total);
    PredictAll(row, answer);
    return answer.front();
  }

  void PredictAll(std::span<const double> row, std::span<double> out) const noexcept override {
    const Status status = Answer(*session_, layout_, row, 1, out);
    if (status.ok()) return;
    std::ranges::fill(out, kMissing);
    if (!told_.exchange(true)) LogWarning("a graph did not answer a row", {{"error", status.error().ToString()}});
  }

  void PredictBatch(std::span<const double> rows, std::span<double> out) const noexcept override {
    if (!layout_.batched) return Model::PredictBatch(rows, out);
    const std::size_t count = out.size() / layout_.total;
    for (std::size_t begin = 0; begin < count; begin += kBlockRows) {
      const std::size_t size = std::min(kBlockRows, count - begin);
      const auto block = rows.subspan(begin * width_, size * width_);
      const auto answers = out.subspan(begin * layout_.total, size * layout_.total);
      // Which row it failed on is not said.
      if (!Answer(*session_, layout_, block, size, answers).ok()) Model::PredictBatch(block, answers);
    }
  }

 private:
  std::unique_ptr<const GraphSession> session_;
  std::size_t width_;
  Layout layout_;
  mutable std::atomic<bool> told_ = false;
};

Status MeasureOutputs(const GraphSession& session, const OrtRunOptions* options, Layout& layout) {
  std::vector<char> unfit(1);
  const std::vector<double> zeros(session.signature().width());
  const Result<GraphSession::Answers> answers = session.Run(zeros, 1, unfit, options);
  for (std::size_t i = 0; i < session.signature().outputs.size(); ++i) {
    std::size_t numbers = session.signature().outputs[i].numbers;
    if (numbers == 0) {
      if (!answers.ok()) return answers.error();
      HONE_ASSIGN_OR_RETURN(numbers, session.Numbers(*answers, i));
    }
    layout.numbers.push_back(numbers);
    layout.total += numbers;
  }
  if (layout.total > 0) return OkStatus();
  return Error{ErrorCode::kInvalidData, "the graph answers no number to a row of zeros", session.source()};
}

bool AboutEqual(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) == std::isnan(b);
  return a == b || std::abs(a - b) <= 1e-4 * (1 + std::abs(a));
}

// A graph may take a batch and yet mix its rows (a softmax over the first dimension), or take only one.
bool KeepsRowsApart(const GraphSession& session, const OrtRunOptions* options, const Layout& layout) {
  if (!session.signature().batched()) return false;
  const std::size_t width = session.signature().width();
  std::vector<double> rows(2 * width), together(2 * layout.total), alone(2 * layout.total);
  std::fill(rows.begin() + static_cast<std::ptrdiff_t>(width), rows.end(), 1.0);
  const std::span<const double> two = rows;
  const std::span<double> out = alone;
  return Answer(session, layout, two, 2, together, options).ok() &&
         Answer(session, layout, two.first(width), 1, out.first(layout.total), options).ok() &&
         Answer(session, layout, two.last(width), 1, out.last(layout.total), options).ok() &&
         std::ranges::equal(together, alone, AboutEqual);
}

// Answers the first rows, zeros and ones.
Result<Layout> TryOut(const OnnxRuntime& runtime, const GraphSession& session, Duration limit) {
  HONE_ASSIGN_OR_RETURN(const std::unique_ptr<RunLimit> bounded, RunLimit::Start(runtime, limit));
  Layout layout;
  const Status measured = MeasureOutputs(session, bounded->options(), layout);
  if (measured.ok()) layout.batched = KeepsRowsApart(session, bounded->options(), layout);
  if (bounded->passed()) {
    return Error{ErrorCode::kInvalidData,
                 fmt::format("the graph has not answered its first rows, zeros and ones, within {:g} s: it is too slow "
                             "to be served, or loops without end",
                             static_cast<double>(limit) / static_cast<double>(kSecond)),
                 session.source()};
  }
  if (!measured.ok()) return measured.error();
  return layout;
}

Result<OnnxGraph> ReadWith(const OnnxRuntime& runtime, OnnxProvider provider, std::string_view bytes,
                           std::string_view source, Duration limit) {
  HONE_ASSIGN_OR_RETURN(std::unique_ptr<const GraphSession> session,
                        GraphSession::Open(runtime, provider, bytes, source));
  HONE_ASSIGN_OR_RETURN(const Layout layout, TryOut(runtime, *session, limit));
  std::vector<std::string> features = session->signature().FeatureNames();
  return OnnxGraph{std::make_shared<OnnxGraphModel>(std::move(session), layout), std::move(features)};
}

}  // namespace

Result<OnnxGraph> ReadOnnxGraph(std::string_view bytes, std::string_view source, Duration limit) {
  HONE_RETURN_IF_ERROR(CheckHoldsItsWeights(bytes, source));
  const Result<OnnxRuntime>& runtime = OpenOnnxRuntime();
  if (!runtime.ok()) {
    return Error{ErrorCode::kUnavailable,
                 "an ONNX graph needs ONNX Runtime; tools/setup installs it, HONE_ONNXRUNTIME_LIBRARY names another: " +
                     runtime.error().message,
                 std::string(source)};
  }
  HONE_RETURN_IF_ERROR(CheckDivisions(*runtime, bytes, source));
  for (const OnnxProvider provider : {OnnxProvider::kTensorRt, OnnxProvider::kCuda}) {
    if (!MakeSessionOptions(*runtime, provider).ok()) continue;  // which remembers why
    const Duration allowed = provider == OnnxProvider::kTensorRt ? std::max(limit, kTensorRtLimit) : limit;
    Result<OnnxGraph> graph = ReadWith(*runtime, provider, bytes, source, allowed);
    if (graph.ok()) return graph;
    PassOver(provider, graph.error().ToString());
  }
  return ReadWith(*runtime, OnnxProvider::kCpu, bytes, source, limit);
}

}  // namespace hone

#else

namespace hone {

Result<OnnxGraph> ReadOnnxGraph(std::string_view, std::string_view source, Duration) {
  return Error{ErrorCode::kUnavailable, "an ONNX graph needs ONNX Runtime, which is " + CurrentOnnxRuntime().reason,
               std::string(source)};
}

}  // namespace hone

#endif
