#include "gpu/forest_device.h"

#include <utility>

#include "base/log.h"
#include "base/shared_library.h"

namespace hone {
namespace {

constexpr std::size_t kTextSize = 512;

Error Unavailable(std::string message, const std::string& library) {
  return {ErrorCode::kUnavailable, std::move(message), library};
}

class PluginForest final : public ForestOnDevice {
 public:
  PluginForest(const ForestPlugin& plugin, void* forest) : plugin_(plugin), forest_(forest) {}
  ~PluginForest() override { plugin_.unload(forest_); }
  PluginForest(const PluginForest&) = delete;
  PluginForest& operator=(const PluginForest&) = delete;

  PluginAnswer Margins(BatchUse use, const double* rows, std::size_t count, double* margins) const noexcept override {
    char why[kTextSize] = "";
    const PluginAnswer answer = plugin_.margins(forest_, use, rows, count, margins, why, kTextSize);
    if (answer == PluginAnswer::kFailed) LogError("the GPU failed", {{"why", why}, {"rows", count}});
    return answer;
  }

 private:
  const ForestPlugin& plugin_;
  void* forest_;
};

class PluginDevice final : public ForestDevice {
 public:
  PluginDevice(const ForestPlugin& plugin, std::string name) : plugin_(plugin), name_(std::move(name)) {}

  const std::string& name() const override { return name_; }
  Result<std::unique_ptr<const ForestOnDevice>> Load(const FlatForestView<float>& forest) const override {
    return LoadBy(plugin_.load_float, forest);
  }
  Result<std::unique_ptr<const ForestOnDevice>> Load(const FlatForestView<double>& forest) const override {
    return LoadBy(plugin_.load_double, forest);
  }

 private:
  template <typename Function, typename View>
  Result<std::unique_ptr<const ForestOnDevice>> LoadBy(Function load, const View& forest) const {
    char why[kTextSize] = "";
    void* const loaded = load(&forest, why, kTextSize);
    if (loaded == nullptr) return Unavailable(why, name_);
    return std::unique_ptr<const ForestOnDevice>(std::make_unique<PluginForest>(plugin_, loaded));
  }

  const ForestPlugin& plugin_;
  std::string name_;
};

// Never closed: threads of the driver may run on.
Result<const ForestPlugin*> OpenPlugin(const std::string& library) {
  const Result<SharedLibrary> opened =
      SharedLibrary::Open("the library, built where nvcc is found,", nullptr, {library});
  if (!opened.ok()) return Unavailable("no GPU library: " + opened.error().message, library);
  ForestPluginFunction function = nullptr;
  const ForestPlugin* const plugin =
      opened->Find(kForestPluginSymbol, function) ? function(kFlatForestLayout) : nullptr;
  if (plugin == nullptr) return Unavailable("the GPU library is not of this build of hone", library);
  return plugin;
}

}  // namespace

Result<std::shared_ptr<const ForestDevice>> OpenForestDevice(const std::string& library, int number) {
  HONE_ASSIGN_OR_RETURN(const ForestPlugin* plugin, OpenPlugin(library));
  char text[kTextSize] = "";
  if (!plugin->open(number, text, kTextSize)) return Unavailable(text, library);
  return std::shared_ptr<const ForestDevice>(std::make_shared<PluginDevice>(*plugin, text));
}

}  // namespace hone
