#include "api/model_name.h"

namespace hone {

void ReadModelName(JsonFields& fields, const char* key, std::string& name) {
  constexpr const char* kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  fields.Require(key);
  fields.Read(key, name);
  if (!fields.Has(key)) return;
  if (name.empty() || name.size() > 64 || name.find_first_not_of(kLetters) != std::string::npos) {
    fields.Fail(key, "must be 1 to 64 of a-z, 0-9, _ and -");
  }
}

}  // namespace hone
