#include "gpu/cuda/device_forest.cuh"

namespace hone {
namespace {

std::uint32_t AttributeOf(int device, cudaDeviceAttr attribute) {
  int value = 0;
  CheckCuda(cudaDeviceGetAttribute(&value, attribute, device), "cudaDeviceGetAttribute");
  return static_cast<std::uint32_t>(value);
}

}  // namespace

DeviceLimits LimitsOf(int device) {
  return {AttributeOf(device, cudaDevAttrMaxSharedMemoryPerBlockOptin),
          AttributeOf(device, cudaDevAttrMaxSharedMemoryPerMultiprocessor),
          AttributeOf(device, cudaDevAttrMaxThreadsPerMultiProcessor)};
}

template <typename Real>
DeviceForest<Real>::DeviceForest(const FlatForestView<Real>& forest, const BlockShape& shape)
    : shape_(shape),
      slots_(CopyToDevice(forest.slots, forest.slot_count)),
      nodes_(CopyToDevice(forest.nodes, forest.tree_begin[forest.trees])),
      outputs_(CopyToDevice(forest.outputs, forest.output_count)),
      group_begin_(CopyToDevice(forest.group_begin, forest.groups() + 1)),
      tree_begin_(CopyToDevice(forest.tree_begin, forest.trees + 1)) {
  const std::vector<std::uint32_t> runs = TreeRuns(forest.tree_begin, forest.trees, shape.tile_nodes);
  runs_ = CopyToDevice(runs.data(), runs.size());
  launch_.forest = forest;
  launch_.forest.slots = slots_.get();
  launch_.forest.nodes = nodes_.get();
  launch_.forest.outputs = outputs_.get();
  launch_.forest.group_begin = group_begin_.get();
  launch_.forest.tree_begin = tree_begin_.get();
  launch_.runs = runs_.get();
  launch_.run_count = static_cast<std::uint32_t>(runs.size() - 1);
  launch_.block_rows = shape.rows;
  launch_.tile_nodes = shape.tile_nodes;
}

template <typename Real>
cudaError_t DeviceForest<Real>::Launch(const double* rows, std::size_t count, double* margins,
                                       cudaStream_t stream) const {
  ForestLaunch<Real> launch = launch_;
  launch.rows = rows;
  launch.margins = margins;
  launch.count = count;
  return LaunchForest(launch, shape_.shared_bytes, stream);
}

template class DeviceForest<float>;
template class DeviceForest<double>;

}  // namespace hone
