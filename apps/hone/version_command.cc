// hone version
#include <cstdio>

#include "hone/commands.h"

namespace hone {

void AddVersionCommand(Command app) {
  Command command = app.AddCommand("version", "Print the version of this program");
  command.OnChoice([] {
    std::printf("hone %s\n", HONE_VERSION);
    return 0;
  });
}

}  // namespace hone
