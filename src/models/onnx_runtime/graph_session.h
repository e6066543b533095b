// One graph in ONNX Runtime: rows in, the tensors it answers out.
#pragma once

#ifdef HONE_HAVE_ONNXRUNTIME

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/onnx_runtime/graph_signature.h"
#include "models/onnx_runtime/library.h"
#include "models/onnx_runtime/providers.h"

namespace hone {

// Immutable; any number of threads may call at once.
class GraphSession {
 public:
  using Answers = std::vector<OnnxHandle<OrtValue>>;  // one for each output

  // `source` names the file in errors: what ONNX Runtime says, or ReadSignature.
  static Result<std::unique_ptr<GraphSession>> Open(const OnnxRuntime& runtime, OnnxProvider provider,
                                                    std::string_view bytes, std::string_view source);

  const GraphSignature& signature() const { return signature_; }
  const std::string& source() const { return source_; }

  // `rows`: count x width(), row-major; more than one only where the signature is batched. A row with a number that an
  // integer input cannot hold (missing, a fraction, out of range) is marked in `unfit`, of `count` zeros, and runs with
  // 0 in its place. `options`: ONNX Runtime's, null for its defaults.
  Result<Answers> Run(std::span<const double> rows, std::size_t count, std::vector<char>& unfit,
                      const OrtRunOptions* options = nullptr) const;

  // How many numbers output `i` answered, of all rows. kInvalidData when maps differ in size.
  Result<std::size_t> Numbers(const Answers& answers, std::size_t i) const;
  // Writes output `i`, `each` numbers a row, to `out` at `first`, `first + stride`, ... `answers` has count x each
  // numbers (Numbers).
  Status Copy(const Answers& answers, std::size_t i, std::size_t each, std::span<double> out, std::size_t first,
              std::size_t stride) const;

 private:
  GraphSession(const OnnxRuntime& runtime, OnnxProvider provider, std::string_view source)
      : runtime_(runtime), api_(*runtime.api), use_(provider), source_(source) {}
  Status Check(OrtStatus* status) const { return CheckOnnx(runtime_, status, source_); }
  Result<OnnxHandle<OrtValue>> MakeTensor(const GraphInput& input, std::size_t count, std::vector<char>& bytes) const;
  Result<std::size_t> Elements(const OrtValue* tensor) const;
  Result<OnnxHandle<OrtValue>> NumbersOfMap(const OrtValue* maps, std::size_t row) const;
  Result<std::size_t> NumbersOfMaps(const OrtValue* maps) const;

  const OnnxRuntime& runtime_;
  const OrtApi& api_;
  OnnxProviderUse use_;
  std::string source_;
  OnnxHandle<OrtSession> session_{nullptr, nullptr};
  OnnxHandle<OrtMemoryInfo> memory_{nullptr, nullptr};
  GraphSignature signature_;
  std::vector<const char*> input_names_, output_names_;
};

}  // namespace hone

#endif
