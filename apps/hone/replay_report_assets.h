// The style and the script of the report, embedded from apps/hone/report/ when the program is built.
#pragma once

namespace hone {

extern const char kReportStyle[];
extern const char kReportScript[];

}  // namespace hone
