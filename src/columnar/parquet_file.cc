#include "columnar/parquet_file.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "base/shared_library.h"
#include "columnar/parquet_plugin.h"

namespace hone {
namespace {

constexpr std::size_t kTextSize = 512;
constexpr std::string_view kMagic = "PAR1", kEncryptedMagic = "PARE";
constexpr const char* kLibrary = "libhone_parquet.so";

struct OpenPlugin {
  const ParquetPlugin* functions;
  std::string path;
};

// Never closed: what Arrow keeps for its process has no end of its own.
Result<OpenPlugin> Open() {
  Result<SharedLibrary> library =
      SharedLibrary::Open("Parquet's library, built where Apache Arrow is found (tools/setup build fetches it),",
                          "HONE_PARQUET_LIBRARY", {BesideProgram(kLibrary)});
  if (!library.ok()) return std::move(library).error();
  ParquetPluginFunction function = nullptr;
  const ParquetPlugin* const functions =
      library->Find(kParquetPluginSymbol, function) ? function(kParquetPluginLayout) : nullptr;
  if (functions != nullptr) return OpenPlugin{functions, library->path()};
  return Error{ErrorCode::kUnavailable, "the Parquet library is not of this build of hone", library->path()};
}

const Result<OpenPlugin>& Plugin() {
  static const Result<OpenPlugin> plugin = Open();
  return plugin;
}

const ParquetPlugin& Functions() { return *Plugin()->functions; }

CellText TextOf(std::string_view text) { return {text.data(), text.size()}; }

Error Invalid(std::string message, const std::string& source) {
  return {ErrorCode::kInvalidData, std::move(message), source};
}

Status CheckEnds(std::string_view bytes, const std::string& source) {
  if (bytes.starts_with(kEncryptedMagic)) return Invalid("an encrypted Parquet file, which is not read", source);
  if (!IsParquet(bytes)) return Invalid("not a Parquet file: it does not begin with PAR1", source);
  constexpr std::size_t kTail = 8;  // length of the footer, magic
  if (bytes.size() < kMagic.size() + kTail || !bytes.ends_with(kMagic)) {
    return Invalid("the Parquet file is cut off: it does not end with PAR1", source);
  }
  const auto* const tail = reinterpret_cast<const unsigned char*>(bytes.data() + bytes.size() - kTail);
  const std::size_t footer =
      tail[0] | std::size_t{tail[1]} << 8 | std::size_t{tail[2]} << 16 | std::size_t{tail[3]} << 24;
  if (footer <= kLargestParquetFooter) return OkStatus();
  return Invalid(fmt::format("the Parquet footer has {} bytes, more than {}", footer, kLargestParquetFooter), source);
}

bool WriteTo(void* context, CellText bytes) {
  return (*static_cast<ParquetWriter::Sink*>(context))({bytes.data, bytes.size});
}

Error NotWritten(const char* why) { return {ErrorCode::kInternal, fmt::format("Parquet is not written: {}", why)}; }

}  // namespace

bool IsParquet(std::string_view bytes) { return bytes.starts_with(kMagic) || bytes.starts_with(kEncryptedMagic); }

Result<ParquetReader> ParquetReader::Open(std::string_view bytes, std::string source, const ParquetLimits& limits) {
  HONE_RETURN_IF_ERROR(CheckEnds(bytes, source));
  if (!Plugin().ok()) return Plugin().error();
  const PluginLimits plain{limits.rows, limits.columns, limits.memory};
  char why[kTextSize] = "";
  void* const opened = Functions().open(TextOf(bytes), &plain, why, kTextSize);
  if (opened == nullptr) return Invalid(why, source);
  ParquetReader reader(std::shared_ptr<void>(opened, Functions().close), std::move(source));
  for (std::size_t i = 0; i < Functions().columns(opened); ++i) {
    const PluginColumn column = Functions().column(opened, i);
    reader.columns_.push_back({{column.name.data, column.name.size}, column.kind, column.type});
  }
  return reader;
}

std::int64_t ParquetReader::rows() const { return Functions().rows(reader_.get()); }

Status ParquetReader::Choose(const std::vector<std::size_t>& columns) {
  for (const std::size_t i : columns) {
    if (columns_[i].kind != ColumnKind::kOther) continue;
    Error error = Invalid(fmt::format("{} is not read: expected a number, a time or text", columns_[i].type), source_);
    error.key = columns_[i].name;
    return error;
  }
  char why[kTextSize] = "";
  if (Functions().choose(reader_.get(), columns.data(), columns.size(), why, kTextSize)) return OkStatus();
  return Invalid(why, source_);
}

Result<std::size_t> ParquetReader::Next(std::span<ColumnBlock> blocks) {
  char why[kTextSize] = "";
  const std::int64_t rows = Functions().next(reader_.get(), blocks.data(), why, kTextSize);
  if (rows < 0) return Invalid(why, source_);
  return static_cast<std::size_t>(rows);
}

Result<ParquetWriter> ParquetWriter::Open(const std::vector<ParquetColumn>& columns, Sink sink) {
  if (!Plugin().ok()) return Plugin().error();
  std::vector<PluginColumn> plain;
  for (const ParquetColumn& column : columns) plain.push_back({TextOf(column.name), column.kind, ""});
  auto kept = std::make_unique<Sink>(std::move(sink));
  char why[kTextSize] = "";
  void* const writer = Functions().create(plain.data(), plain.size(), WriteTo, kept.get(), why, kTextSize);
  if (writer == nullptr) return NotWritten(why);
  return ParquetWriter(std::move(kept), std::shared_ptr<void>(writer, Functions().discard));
}

Status ParquetWriter::Append(std::span<const ColumnBlock> blocks, std::size_t rows) {
  char why[kTextSize] = "";
  if (Functions().append(writer_.get(), blocks.data(), rows, why, kTextSize)) return OkStatus();
  return NotWritten(why);
}

Status ParquetWriter::Finish() {
  char why[kTextSize] = "";
  if (Functions().finish(writer_.get(), why, kTextSize)) return OkStatus();
  return NotWritten(why);
}

Result<std::string> ProbeParquet() {
  if (!Plugin().ok()) return Plugin().error();
  return fmt::format("Arrow {}: {}", Functions().version, Plugin()->path);
}

}  // namespace hone
