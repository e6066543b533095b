#include "storage/testing/full_disk_vfs.h"

#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <limits>

namespace hone {
namespace {

constexpr const char* kName = "hone_full_disk";
std::atomic<std::int64_t> budget{std::numeric_limits<std::int64_t>::max()};
std::atomic<std::int64_t> refusals{0};
std::atomic<std::int64_t> subjournals{0};

// Stands before the default VFS's own file, which SQLite allocates behind it.
struct File {
  sqlite3_file base;
  sqlite3_file* Real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->Real(); }

int Write(sqlite3_file* file, const void* data, int count, sqlite3_int64 offset) {
  if (budget.fetch_sub(count) < count) {
    budget = 0;
    ++refusals;
    return SQLITE_FULL;
  }
  return Real(file)->pMethods->xWrite(Real(file), data, count, offset);
}

int Close(sqlite3_file* f) { return Real(f)->pMethods->xClose(Real(f)); }
int Read(sqlite3_file* f, void* data, int n, sqlite3_int64 at) {
  return Real(f)->pMethods->xRead(Real(f), data, n, at);
}
int Truncate(sqlite3_file* f, sqlite3_int64 size) { return Real(f)->pMethods->xTruncate(Real(f), size); }
int Sync(sqlite3_file* f, int flags) { return Real(f)->pMethods->xSync(Real(f), flags); }
int Size(sqlite3_file* f, sqlite3_int64* size) { return Real(f)->pMethods->xFileSize(Real(f), size); }
int Lock(sqlite3_file* f, int level) { return Real(f)->pMethods->xLock(Real(f), level); }
int Unlock(sqlite3_file* f, int level) { return Real(f)->pMethods->xUnlock(Real(f), level); }
int Reserved(sqlite3_file* f, int* out) { return Real(f)->pMethods->xCheckReservedLock(Real(f), out); }
int Control(sqlite3_file* f, int op, void* arg) { return Real(f)->pMethods->xFileControl(Real(f), op, arg); }
int Sector(sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); }
int Traits(sqlite3_file* f) { return Real(f)->pMethods->xDeviceCharacteristics(Real(f)); }
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return Real(f)->pMethods->xShmMap(Real(f), page, size, extend, out);
}
int ShmLock(sqlite3_file* f, int at, int n, int flags) { return Real(f)->pMethods->xShmLock(Real(f), at, n, flags); }
void ShmBarrier(sqlite3_file* f) { Real(f)->pMethods->xShmBarrier(Real(f)); }
int ShmUnmap(sqlite3_file* f, int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); }

// Version 2: without memory-mapped files, which would write past us.
const sqlite3_io_methods kMethods = {2,       Close,      Read,     Write,   Truncate, Sync,   Size,
                                     Lock,    Unlock,     Reserved, Control, Sector,   Traits, ShmMap,
                                     ShmLock, ShmBarrier, ShmUnmap, nullptr, nullptr};

sqlite3_vfs* Default(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* shim = reinterpret_cast<File*>(file);
  shim->base.pMethods = nullptr;
  if ((flags & SQLITE_OPEN_SUBJOURNAL) != 0) ++subjournals;
  const int result = Default(vfs)->xOpen(Default(vfs), name, shim->Real(), flags, out_flags);
  if (shim->Real()->pMethods != nullptr) shim->base.pMethods = &kMethods;
  return result;
}

int Delete(sqlite3_vfs* v, const char* name, int sync) { return Default(v)->xDelete(Default(v), name, sync); }
int Access(sqlite3_vfs* v, const char* name, int flags, int* out) {
  return Default(v)->xAccess(Default(v), name, flags, out);
}
int FullPath(sqlite3_vfs* v, const char* name, int size, char* out) {
  return Default(v)->xFullPathname(Default(v), name, size, out);
}
int Randomness(sqlite3_vfs* v, int size, char* out) { return Default(v)->xRandomness(Default(v), size, out); }
int Sleep(sqlite3_vfs* v, int microseconds) { return Default(v)->xSleep(Default(v), microseconds); }
int CurrentTime(sqlite3_vfs* v, double* out) { return Default(v)->xCurrentTime(Default(v), out); }
int LastError(sqlite3_vfs* v, int size, char* out) { return Default(v)->xGetLastError(Default(v), size, out); }
int CurrentTime64(sqlite3_vfs* v, sqlite3_int64* out) { return Default(v)->xCurrentTimeInt64(Default(v), out); }

sqlite3_vfs& Shim() {
  static sqlite3_vfs shim;
  return shim;
}

}  // namespace

FullDiskVfs::FullDiskVfs() {
  sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  if (system == nullptr) std::abort();
  sqlite3_vfs& shim = Shim();
  shim = sqlite3_vfs{};
  shim.iVersion = 2;
  shim.szOsFile = static_cast<int>(sizeof(File)) + system->szOsFile;
  shim.mxPathname = system->mxPathname;
  shim.zName = kName;
  shim.pAppData = system;
  shim.xOpen = Open;
  shim.xDelete = Delete;
  shim.xAccess = Access;
  shim.xFullPathname = FullPath;
  shim.xRandomness = Randomness;
  shim.xSleep = Sleep;
  shim.xCurrentTime = CurrentTime;
  shim.xGetLastError = LastError;
  shim.xCurrentTimeInt64 = CurrentTime64;
  sqlite3_vfs_register(&shim, 0);
  Allow(-1);
  refusals = subjournals = 0;
}

FullDiskVfs::~FullDiskVfs() { sqlite3_vfs_unregister(&Shim()); }

std::string FullDiskVfs::name() const { return kName; }
void FullDiskVfs::Allow(std::int64_t bytes) { budget = bytes < 0 ? std::numeric_limits<std::int64_t>::max() : bytes; }
std::int64_t FullDiskVfs::refused() const { return refusals; }
std::int64_t FullDiskVfs::take_back_files() const { return subjournals; }

}  // namespace hone
