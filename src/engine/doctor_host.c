/* What this host says of itself: who listens on a port, how much memory is left, and
 * which Spark lies in a folder. */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

enum { MAX_PROC = 1 << 20 };

/* ---- Memory ---------------------------------------------------------------------------------- */

/* "MemAvailable:   17 kB" of a text like /proc/meminfo. */
static uint64_t meminfo(const char *text, const char *key)
{
    const char *p = strstr(text, key);
    int64_t kb;
    if (!p)
        return 0;
    p += strlen(key);
    p += strspn(p, ": \t");
    return fst_parse_int64(p, strspn(p, "0123456789"), &kb) && kb > 0 ? (uint64_t)kb << 10 : 0;
}

/* A number in a file of its own; 0 when there is none ("max"). */
static uint64_t number_in(const char *path)
{
    char *text;
    size_t n;
    int64_t v = 0;
    if (fst_file_read(path, 4096, &text, &n, NULL) != FST_OK)
        return 0;
    fst_parse_int64(text, strspn(text, "0123456789"), &v);
    free(text);
    return v > 0 ? (uint64_t)v : 0;
}

/* A container has less than its host: the lesser of both counts. */
uint64_t doctor_memory_free(void)
{
    char *text;
    size_t n;
    if (fst_file_read("/proc/meminfo", MAX_PROC, &text, &n, NULL) != FST_OK)
        return 0;
    uint64_t left = meminfo(text, "MemAvailable");
    uint64_t limit = number_in("/sys/fs/cgroup/memory.max");
    uint64_t used = number_in("/sys/fs/cgroup/memory.current");
    free(text);
    if (limit && limit > used && limit - used < left)
        return limit - used;
    return left;
}

/* ---- Spark ----------------------------------------------------------------------------------- */

/* spark-core_2.13-4.3.0.jar: what is between `prefix` and ".jar", or NULL. */
static char *between(struct fst_arena *a, const char *name, const char *prefix)
{
    size_t n = strlen(prefix), len = strlen(name);
    if (strncmp(name, prefix, n) != 0 || len < n + 5 || strcmp(name + len - 4, ".jar") != 0)
        return NULL;
    return fst_arena_strndup(a, name + n, len - 4 - n);
}

struct doctor_spark doctor_read_spark(struct fst_arena *a, const char *home)
{
    struct doctor_spark s = {.version = NULL};
    char *path = fst_path_join(home, "jars");
    DIR *dir = opendir(path);
    free(path);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char *core = between(a, e->d_name, "spark-core_");
        char *dash = core ? strchr(core, '-') : NULL;
        if (!s.hadoop)
            s.hadoop = between(a, e->d_name, "hadoop-client-api-");
        if (!dash)
            continue;
        *dash = 0;
        s.scala = core;
        s.version = dash + 1;
    }
    if (dir)
        closedir(dir);
    return s;
}

/* ---- Ports ----------------------------------------------------------------------------------- */

/* The socket's inode in a line of /proc/net/tcp, when it listens on the port:
 * "0: 0100007F:3A9A 00000000:0000 0A ... uid timeout inode". */
static unsigned long listener(const char *line, int port)
{
    unsigned int at, state;
    unsigned long inode;
    if (sscanf(line, " %*u: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f:] %x %*s %*s %*s %*u %*u %lu", &at,
               &state, &inode) == 3 &&
        at == (unsigned int)port && state == 0x0a)
        return inode;
    return 0;
}

/* A busy host has megabytes of lines. */
static unsigned long inode_of(const char *table, int port)
{
    char line[512];
    unsigned long inode = 0;
    FILE *f = fopen(table, "re");
    while (f && !inode && fgets(line, sizeof(line), f))
        inode = listener(line, port);
    if (f)
        fclose(f);
    return inode;
}

static bool has_socket(const char *pid, unsigned long inode)
{
    char path[300], link[64], wanted[64];
    snprintf(path, sizeof(path), "/proc/%.10s/fd", pid);
    snprintf(wanted, sizeof(wanted), "socket:[%lu]", inode);
    DIR *dir = opendir(path);
    bool found = false;
    for (struct dirent *e; dir && !found && (e = readdir(dir));) {
        snprintf(path, sizeof(path), "/proc/%.10s/fd/%.20s", pid, e->d_name);
        ssize_t n = readlink(path, link, sizeof(link) - 1);
        link[n > 0 ? n : 0] = 0;
        found = strcmp(link, wanted) == 0;
    }
    if (dir)
        closedir(dir);
    return found;
}

static void describe(const char *pid, struct fst_buf *who, bool *is_spark_connect)
{
    char path[64];
    char *text;
    size_t n;
    snprintf(path, sizeof(path), "/proc/%.10s/cmdline", pid);
    fst_buf_printf(who, "pid %.10s", pid);
    *is_spark_connect = false;
    if (fst_file_read(path, MAX_PROC, &text, &n, NULL) != FST_OK)
        return;
    *is_spark_connect = memmem(text, n, "SparkConnectServer", 18) != NULL;
    fst_buf_adds(who, " (");
    fst_text_escape(who, fst_path_base(text), strnlen(fst_path_base(text), 40));
    fst_buf_addc(who, ')');
    free(text);
}

bool doctor_port_owner(int port, struct fst_buf *who, bool *is_spark_connect)
{
    unsigned long inode = inode_of("/proc/net/tcp", port);
    if (!inode)
        inode = inode_of("/proc/net/tcp6", port);
    DIR *dir = inode ? opendir("/proc") : NULL;
    bool found = false;
    for (struct dirent *e; dir && !found && (e = readdir(dir));) {
        found = isdigit((unsigned char)e->d_name[0]) && has_socket(e->d_name, inode);
        if (found)
            describe(e->d_name, who, is_spark_connect);
    }
    if (dir)
        closedir(dir);
    return found;
}
