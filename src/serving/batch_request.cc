#include "serving/batch_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/edit_distance.h"
#include "serving/request_json.h"

namespace hone {
namespace {

namespace dom = simdjson::dom;

constexpr int kBatchDepth = 8;
constexpr std::size_t kKeptBytes = 1 << 20;
constexpr std::string_view kBatchSource = "/predict/batch";

Error MalformedBatch(std::string message, std::string key = "") {
  return {ErrorCode::kInvalidArgument, std::move(message), std::string(kBatchSource), 0, std::move(key)};
}

Error Misfit(std::string message, std::string key) {
  return {ErrorCode::kInvalidData, std::move(message), std::string(kBatchSource), 0, std::move(key)};
}

std::string RowKey(std::size_t row) { return fmt::format("rows[{}]", row); }
std::string Shown(std::string_view name) { return std::string(name.substr(0, 64)); }

Error Unknown(const ModelSnapshot& snapshot, std::string_view name, const std::string& place) {
  return Misfit("unknown feature" + DidYouMean(Shown(name), snapshot.features()),
                fmt::format("{}.{}", place, Shown(name)));
}

Error Missing(const ModelSnapshot& snapshot, const std::vector<std::uint32_t>& seen, std::uint32_t mark,
              const std::string& place) {
  const auto missing = std::ranges::find_if(seen, [mark](std::uint32_t at) { return at != mark; });
  const std::string& name = snapshot.features()[static_cast<std::size_t>(missing - seen.begin())];
  return Misfit("is missing; null stands for a value that is not known", fmt::format("{}.{}", place, name));
}

Status FillByPosition(const dom::array& values, std::size_t row, std::span<double> target) {
  std::size_t column = 0;
  for (const dom::element element : values) {
    if (column == target.size()) break;
    if (!ReadNumberOrNull(element, target[column])) {
      return MalformedBatch("must be a number or null", fmt::format("rows[{}][{}]", row, column));
    }
    ++column;
  }
  if (column == target.size() && values.size() == column) return OkStatus();
  return Misfit(
      fmt::format("must be {} values in the order of the model's features, are {}", target.size(), values.size()),
      RowKey(row));
}

// Which members of the body were met.
struct MetBatchMembers {
  bool model = false, rows = false, columns = false, key = false;
};

}  // namespace

struct BatchRequestReader::Parser {
  RequestJson json{{.source = kBatchSource, .bytes = kMaxBytes, .depth = kBatchDepth}};
  dom::array rows;
  dom::object columns;
  bool by_column = false;
  std::vector<std::uint32_t> seen;  // by column of the model: the row (counted from 1) that gave it last

  Status ReadMember(const std::string& key, const dom::element& value, BatchRequest& request, MetBatchMembers& given);
  Status FillNamedRow(const ModelSnapshot& snapshot, const dom::object& values, std::size_t row,
                      std::span<double> target);
  Status FillRows(const ModelSnapshot& snapshot, std::span<double> target);
  Status FillColumn(const ModelSnapshot& snapshot, std::string_view name, const dom::array& values, std::size_t column,
                    std::span<double> target) const;
  Status FillColumns(const ModelSnapshot& snapshot, std::span<double> target);
};

namespace {

Result<std::size_t> CheckRows(std::size_t rows, const char* key) {
  if (rows >= 1 && rows <= BatchRequestReader::kMaxRows) return rows;
  return MalformedBatch(fmt::format("must hold 1 to {} rows, holds {}", BatchRequestReader::kMaxRows, rows), key);
}

// Length of every column.
Result<std::size_t> CountColumns(const dom::object& columns) {
  std::size_t rows = 0;
  bool first = true;
  for (const auto column : columns) {
    dom::array values;
    if (column.value.get_array().get(values))
      return MalformedBatch("must be a list of numbers", "columns." + Shown(column.key));
    if (std::exchange(first, false)) rows = values.size();
    if (values.size() == rows) continue;
    return Misfit(fmt::format("holds {} values, the first column {}", values.size(), rows),
                  "columns." + Shown(column.key));
  }
  return CheckRows(rows, "columns");
}

}  // namespace

Status BatchRequestReader::Parser::ReadMember(const std::string& key, const dom::element& value, BatchRequest& request,
                                              MetBatchMembers& given) {
  if (key == "model" && !std::exchange(given.model, true)) {
    const bool named = value.get_string().get(request.model) == simdjson::SUCCESS && !request.model.empty();
    return named ? OkStatus() : Status(MalformedBatch("must be the name of a model", key));
  }
  if (key == "rows" && !std::exchange(given.rows, true)) {
    return value.get_array().get(rows) ? Status(MalformedBatch("must be a list of rows", key)) : OkStatus();
  }
  if (key == "columns" && !std::exchange(given.columns, true)) {
    return value.get_object().get(columns) ? Status(MalformedBatch("must be a map of names to lists", key))
                                           : OkStatus();
  }
  if (key == "key" && !std::exchange(given.key, true)) return json.ReadKey(value, request.key);
  const bool known = key == "model" || key == "rows" || key == "columns" || key == "key";
  return MalformedBatch(known ? "stands twice" : "unknown key; there are model, rows, columns and key", key);
}

Status BatchRequestReader::Parser::FillNamedRow(const ModelSnapshot& snapshot, const dom::object& values,
                                                std::size_t row, std::span<double> target) {
  const auto mark = static_cast<std::uint32_t>(row + 1);
  std::size_t given = 0;
  for (const auto field : values) {
    const int column = snapshot.ColumnOf(field.key, given++);
    if (column < 0) return Unknown(snapshot, field.key, RowKey(row));
    const auto at = static_cast<std::size_t>(column);
    if (std::exchange(seen[at], mark) == mark)
      return MalformedBatch("is given twice", RowKey(row) + "." + Shown(field.key));
    if (!ReadNumberOrNull(field.value, target[at])) {
      return MalformedBatch("must be a number or null", RowKey(row) + "." + Shown(field.key));
    }
  }
  return given == target.size() ? OkStatus() : Status(Missing(snapshot, seen, mark, RowKey(row)));
}

Status BatchRequestReader::Parser::FillRows(const ModelSnapshot& snapshot, std::span<double> target) {
  const std::size_t width = snapshot.width();
  std::size_t row = 0;
  for (const dom::element element : rows) {
    const std::span<double> place = target.subspan(row * width, width);
    if (element.is_array()) {
      HONE_RETURN_IF_ERROR(FillByPosition(dom::array(element), row, place));
    } else if (element.is_object()) {
      HONE_RETURN_IF_ERROR(FillNamedRow(snapshot, dom::object(element), row, place));
    } else {
      return MalformedBatch("must be a list of numbers or a map of names to numbers", RowKey(row));
    }
    ++row;
  }
  return OkStatus();
}

Status BatchRequestReader::Parser::FillColumn(const ModelSnapshot& snapshot, std::string_view name,
                                              const dom::array& values, std::size_t column,
                                              std::span<double> target) const {
  const std::size_t width = snapshot.width();
  std::size_t row = 0;
  for (const dom::element element : values) {
    if (!ReadNumberOrNull(element, target[row * width + column])) {
      return MalformedBatch("must be a number or null", fmt::format("columns.{}[{}]", Shown(name), row));
    }
    ++row;
  }
  return OkStatus();
}

Status BatchRequestReader::Parser::FillColumns(const ModelSnapshot& snapshot, std::span<double> target) {
  std::size_t given = 0;
  for (const auto field : columns) {
    const int column = snapshot.ColumnOf(field.key, given++);
    if (column < 0) return Unknown(snapshot, field.key, "columns");
    const auto at = static_cast<std::size_t>(column);
    if (std::exchange(seen[at], 1U) == 1U) return MalformedBatch("is given twice", "columns." + Shown(field.key));
    HONE_RETURN_IF_ERROR(FillColumn(snapshot, field.key, dom::array(field.value), at, target));
  }
  return given == snapshot.width() ? OkStatus() : Status(Missing(snapshot, seen, 1, "columns"));
}

BatchRequestReader::BatchRequestReader() : parser_(std::make_unique<Parser>()) {}
BatchRequestReader::~BatchRequestReader() = default;

Result<BatchRequest> BatchRequestReader::Read(std::string_view body) {
  HONE_ASSIGN_OR_RETURN(const dom::element parsed, parser_->json.Parse(body));
  dom::object root;
  if (parsed.get_object().get(root)) return MalformedBatch("the body must be a map with model and rows or columns");
  BatchRequest request;
  MetBatchMembers given;
  for (const auto field : root) {
    HONE_RETURN_IF_ERROR(parser_->ReadMember(Shown(field.key), field.value, request, given));
  }
  if (given.rows == given.columns) return MalformedBatch("one of rows and columns is required", "rows");
  parser_->by_column = given.columns;
  HONE_ASSIGN_OR_RETURN(request.rows,
                        given.columns ? CountColumns(parser_->columns) : CheckRows(parser_->rows.size(), "rows"));
  return request;
}

Status BatchRequestReader::Fill(const ModelSnapshot& snapshot, std::span<double> rows) {
  parser_->seen.assign(snapshot.width(), 0);
  return parser_->by_column ? parser_->FillColumns(snapshot, rows) : parser_->FillRows(snapshot, rows);
}

void BatchRequestReader::Shrink() {
  if (parser_->json.capacity() > kKeptBytes) parser_ = std::make_unique<Parser>();
}

}  // namespace hone
