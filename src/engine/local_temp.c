/* local_temp: see the header. A VFS of its own for each job, which is the system's but for its
 * files: they count what is written. */
#include "local_temp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#define DEFAULT_CAP (UINT64_C(4) << 30)
#define CHECK_BYTES (UINT64_C(32) << 20)  /* between two looks at the room that is left */
#define LEAVE_BYTES (UINT64_C(256) << 20) /* on the disk, for others */

struct local_temp {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    char name[48];
    uint64_t cap, used, checked;
    bool is_over, is_full;
};

struct file {
    sqlite3_file base;
    struct local_temp *temp;
    uint64_t size;
    /* the real one lies behind */
};

static sqlite3_file *real_of(sqlite3_file *f)
{
    return (sqlite3_file *)((struct file *)f + 1);
}

/* Where SQLite puts its files, in its own order. */
static const char *temp_folder(void)
{
    const char *places[] = {getenv("SQLITE_TMPDIR"), getenv("TMPDIR"), "/var/tmp", "/usr/tmp",
                            "/tmp"};
    for (size_t i = 0; i < FST_COUNT(places); i++)
        if (places[i] && fst_path_is_dir(places[i]))
            return places[i];
    return ".";
}

static bool has_room(struct local_temp *t)
{
    struct statvfs st;
    if (t->used < t->checked + CHECK_BYTES)
        return true;
    t->checked = t->used;
    return statvfs(temp_folder(), &st) != 0 || (uint64_t)st.f_bavail * st.f_frsize > LEAVE_BYTES;
}

static int file_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    struct file *file = (struct file *)f;
    struct local_temp *t = file->temp;
    uint64_t end = (uint64_t)at + (uint64_t)n;
    if (end > file->size) {
        t->used += end - file->size;
        file->size = end;
    }
    t->is_over |= t->used > t->cap;
    t->is_full |= !has_room(t);
    if (t->is_over || t->is_full)
        return SQLITE_FULL;
    int code = real_of(f)->pMethods->xWrite(real_of(f), p, n, at);
    t->is_full |= code == SQLITE_FULL;
    return code;
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct file *file = (struct file *)f;
    if ((uint64_t)size < file->size) {
        file->temp->used -= file->size - (uint64_t)size;
        file->size = (uint64_t)size;
    }
    return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int file_close(sqlite3_file *f)
{
    struct file *file = (struct file *)f;
    file->temp->used -= file->size;
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int file_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return real_of(f)->pMethods->xRead(real_of(f), p, n, at);
}

static int file_sync(sqlite3_file *f, int flags)
{
    return real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int file_lock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int file_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int file_reserved(sqlite3_file *f, int *out)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int file_control(sqlite3_file *f, int op, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), op, arg);
}

static int file_sector(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int file_traits(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

/* Version 1: nothing is mapped, all that is written is seen. */
static const sqlite3_io_methods methods = {.iVersion = 1,
                                           .xClose = file_close,
                                           .xRead = file_read,
                                           .xWrite = file_write,
                                           .xTruncate = file_truncate,
                                           .xSync = file_sync,
                                           .xFileSize = file_size,
                                           .xLock = file_lock,
                                           .xUnlock = file_unlock,
                                           .xCheckReservedLock = file_reserved,
                                           .xFileControl = file_control,
                                           .xSectorSize = file_sector,
                                           .xDeviceCharacteristics = file_traits};

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *out_flags)
{
    struct local_temp *t = vfs->pAppData;
    struct file *file = (struct file *)f;
    int code = t->real->xOpen(t->real, path, real_of(f), flags, out_flags);
    *file = (struct file){.temp = t};
    if (code == SQLITE_OK)
        file->base.pMethods = &methods;
    return code;
}

struct local_temp *local_temp_new(uint64_t cap_bytes)
{
    struct local_temp *t = fst_alloc(sizeof *t);
    t->real = sqlite3_vfs_find(NULL);
    t->cap = cap_bytes ? cap_bytes : DEFAULT_CAP;
    t->vfs = *t->real;
    snprintf(t->name, sizeof t->name, "firesteel-%p", (void *)t);
    t->vfs.zName = t->name;
    t->vfs.pAppData = t;
    t->vfs.pNext = NULL;
    t->vfs.szOsFile += (int)sizeof(struct file);
    t->vfs.xOpen = open_file;
    sqlite3_vfs_register(&t->vfs, 0);
    return t;
}

void local_temp_free(struct local_temp *t)
{
    if (t)
        sqlite3_vfs_unregister(&t->vfs);
    free(t);
}

const char *local_temp_vfs(const struct local_temp *t)
{
    return t->name;
}

bool local_temp_is_over(const struct local_temp *t, struct fst_error *err)
{
    if (t->is_over)
        fst_fail(err, FST_ENOMEM,
                 "sorting takes more than %llu MB of temporary files, which is the setting "
                 "sort.space; ask for fewer rows or columns, or run it on Spark",
                 (unsigned long long)(t->cap >> 20));
    else if (t->is_full)
        fst_fail(err, FST_ENOMEM,
                 "%s has no room for the temporary files of sorting; set TMPDIR to a place that "
                 "has, or run it on Spark",
                 temp_folder());
    return t->is_over || t->is_full;
}
