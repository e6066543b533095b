// The attributes of one ONNX operator, read by name and type. An error is kCorrupt and names the operator and the
// attribute, "model.onnx: TreeEnsembleRegressor \"t\".nodes_modes: must …".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "models/onnx/onnx_model.h"

namespace hone {

class OnnxAttributes {
 public:
  // `node` and the bytes it points into outlive this.
  OnnxAttributes(const OnnxNode& node, std::string_view source) : node_(node), source_(source) {}

  // Every attribute is one of `known`, and none is there twice.
  Status Check(const std::vector<std::string_view>& known) const;
  bool Has(std::string_view name) const { return Find(name) != nullptr; }

  // Absent ones are empty, or `otherwise`.
  Result<std::int64_t> Integer(std::string_view name, std::int64_t otherwise) const;
  Result<std::string> Text(std::string_view name, std::string_view otherwise) const;
  Result<std::vector<std::int64_t>> Integers(std::string_view name) const;
  Result<std::vector<float>> Floats(std::string_view name) const;
  Result<std::vector<std::string_view>> Texts(std::string_view name) const;
  // A tensor of `type`: kFloat, kDouble or kUint8.
  Result<std::vector<double>> Tensor(std::string_view name, OnnxType type) const;

  Error At(std::string_view name, std::string message) const;

 private:
  const OnnxAttribute* Find(std::string_view name) const;

  const OnnxNode& node_;
  const std::string source_;
};

}  // namespace hone
