/* The workspace: finding it, opening it, making one; catalog handles and jobs for those who work in
 * it.
 *
 * Catalog handles belong to one thread at a time, so there is a small stock of idle ones. A
 * workspace that belongs to another user is opened read-only, and its cmd: references are not run.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"

#define PLACES_US 5000000 /* somebody else may change a provider */

/* Most of them wait for a line; one more begins only when all others are busy. */
#define WORKERS 12

/* ---- Finding --------------------------------------------------------------------------------- */

static char *data_home(void)
{
    const char *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (xdg && *xdg)
        return fst_asprintf("%s/firesteel", xdg);
    return fst_asprintf("%s/.local/share/firesteel", home ? home : "");
}

static char *state_home(void)
{
    const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (xdg && *xdg)
        return fst_asprintf("%s/firesteel", xdg);
    return fst_asprintf("%s/.local/state/firesteel", home ? home : "");
}

/* .firesteel/catalog.db in this folder or the nearest parent that has one; NULL when none has. */
static char *in_parents(void)
{
    char *dir = fst_path_absolute(".");
    while (dir[0]) {
        char *path = fst_asprintf("%s/.firesteel/catalog.db", strcmp(dir, "/") == 0 ? "" : dir);
        if (fst_path_exists(path)) {
            free(dir);
            return path;
        }
        free(path);
        char *slash = strrchr(dir, '/');
        if (!slash)
            break;
        *slash = '\0';
    }
    free(dir);
    return NULL;
}

static char *find_catalog(const struct fst_app_options *o)
{
    const char *named = o->catalog ? o->catalog : getenv("FIRESTEEL_CATALOG");
    if (named && *named) {
        char *whole = fst_path_absolute(named); /* outputs and agents are told of it */
        if (!fst_path_is_dir(whole))
            return whole;
        char *inside = fst_path_join(whole, "catalog.db");
        free(whole);
        return inside;
    }
    char *near = in_parents();
    if (near)
        return near;
    char *home = data_home();
    char *path = fst_path_join(home, "catalog.db");
    free(home);
    return path;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash > path ? fst_strndup(path, (size_t)(slash - path)) : fst_strdup("/");
}

/* ---- Opening --------------------------------------------------------------------------------- */

static char *own_program(const char *argv0)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return fst_strdup(argv0 ? argv0 : "firesteel");
    path[n] = '\0';
    return fst_strdup(path);
}

static void set_paths(struct fst_app *a, const struct fst_app_options *o)
{
    struct stat st;
    bool others = stat(a->catalog_path, &st) == 0 && st.st_uid != getuid();
    bool denied = access(a->catalog_path, F_OK) == 0 && access(a->catalog_path, W_OK) != 0;
    a->read_only = a->must_read_only = o->read_only || others || denied;
    a->allow_cmd = !others;
    a->folder = folder_of(a->catalog_path);
    a->program = own_program(o->program);
    a->runs_dir = fst_path_join(a->folder, "runs");
    a->outputs_dir = fst_path_join(a->folder, "outputs");
    a->state_dir = state_home();
    a->place = (struct fst_run_place){.catalog_path = a->catalog_path,
                                      .runs_dir = a->runs_dir,
                                      .program = a->program,
                                      .allow_cmd = a->allow_cmd};
}

static enum fst_status open_handle(struct fst_app *a, bool create, struct fst_catalog **out,
                                   struct fst_error *err)
{
    bool empty = strcmp(a->catalog_path, ":memory:") == 0;
    unsigned flags = create || empty ? FST_CATALOG_CREATE
                     : a->read_only  ? FST_CATALOG_READ_ONLY
                                     : 0;
    return fst_catalog_open(a->catalog_path, flags, out, err);
}

static enum fst_status first_handle(struct fst_app *a, const struct fst_app_options *o, bool create,
                                    struct fst_error *err)
{
    bool there = fst_path_exists(a->catalog_path);
    if (!there && !create && o->anywhere && !o->catalog) {
        free(a->catalog_path);
        a->catalog_path = fst_strdup(":memory:");
        a->read_only = a->must_read_only = true;
    } else if (!there) {
        if (!create)
            return fst_fail(
                err, FST_ENOTFOUND,
                "there is no workspace here (looked for %s): make one with firesteel init, or "
                "firesteel init --demo",
                a->catalog_path);
        FST_TRY(fst_mkdirs(a->folder, 0700, err));
    }
    FST_TRY(open_handle(a, create, &a->idle[0], err));
    a->n_idle = 1;
    return FST_OK;
}

enum fst_status fst_app_open(const struct fst_app_options *o, bool create, struct fst_app **out,
                             struct fst_error *err)
{
    struct fst_app *a = fst_alloc(sizeof *a);
    *out = NULL;
    pthread_mutex_init(&a->lock, NULL);
    a->catalog_path = find_catalog(o);
    set_paths(a, o);
    enum fst_status status = fst__settings_load(a, o, err);
    if (status == FST_OK)
        fst_duration_parse(fst_app_setting(a, "run.patience"), &a->place.patience_us);
    if (status == FST_OK)
        status = first_handle(a, o, create, err);
    if (status != FST_OK) {
        fst_app_close(a);
        return status;
    }
    *out = a;
    return FST_OK;
}

void fst_app_close(struct fst_app *a)
{
    if (!a)
        return;
    if (a->pool)
        fst_pool_free(a->pool);
    fst__warm_free_all(a);
    for (size_t i = 0; i < a->n_idle; i++)
        fst_catalog_close(a->idle[i]);
    fst_arena_free(a->settings.arena);
    free(a->folder);
    free(a->catalog_path);
    free(a->program);
    free(a->runs_dir);
    free(a->outputs_dir);
    free(a->state_dir);
    free(a->config_path);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

bool fst_app_is_read_only(const struct fst_app *a)
{
    return a->read_only;
}
const char *fst_app_catalog_path(const struct fst_app *a)
{
    return a->catalog_path;
}
const char *fst_app_folder(const struct fst_app *a)
{
    return a->folder;
}
const char *fst_app_state_dir(const struct fst_app *a)
{
    return a->state_dir;
}
const char *fst_app_time_zone(const struct fst_app *a)
{
    return fst_app_setting(a, "time_zone");
}
const struct fst_run_place *fst_app_run_place(const struct fst_app *a)
{
    return &a->place;
}

enum fst_status fst__writable(struct fst_app *a, const char *what, struct fst_error *err)
{
    if (!a->read_only)
        return FST_OK;
    return fst_fail(err, FST_EDENIED, "%s: the workspace %s is open read-only", what, a->folder);
}

/* ---- Handles --------------------------------------------------------------------------------- */

enum fst_status fst_app_take(struct fst_app *a, struct fst_catalog **out, struct fst_error *err)
{
    *out = NULL;
    pthread_mutex_lock(&a->lock);
    if (a->n_idle)
        *out = a->idle[--a->n_idle];
    pthread_mutex_unlock(&a->lock);
    if (!*out)
        FST_TRY(open_handle(a, false, out, err));
    int64_t now = fst_monotonic_us();
    if (now >= atomic_load(&a->places_until_us)) {
        struct fst_bind_context cx = fst__bind_context(a, *out);
        atomic_store(&a->places_until_us, now + PLACES_US);
        fst_bind_set_places(&cx);
    }
    return FST_OK;
}

void fst_app_give(struct fst_app *a, struct fst_catalog *c)
{
    if (!c)
        return;
    fst_catalog_rollback(c);
    pthread_mutex_lock(&a->lock);
    bool keep = a->n_idle < MAX_IDLE_HANDLES;
    if (keep)
        a->idle[a->n_idle++] = c;
    pthread_mutex_unlock(&a->lock);
    if (!keep)
        fst_catalog_close(c);
}

uint64_t fst__local_memory(const struct fst_app *a)
{
    int64_t mb = fst_app_setting_int(a, "local.memory");
    return mb < INT64_C(1) << 40 ? (uint64_t)mb << 20 : 0;
}

struct fst_bind_context fst__bind_context(struct fst_app *a, struct fst_catalog *c)
{
    return (struct fst_bind_context){.catalog = c,
                                     .default_provider = fst_app_setting(a, "provider"),
                                     .output_base = a->outputs_dir,
                                     .time_zone = fst_app_time_zone(a),
                                     .local_memory = fst__local_memory(a),
                                     .allow_cmd = a->allow_cmd};
}

/* ---- Jobs ------------------------------------------------------------------------------------ */

static struct fst_pool *pool(struct fst_app *a)
{
    if (!a->pool)
        a->pool = fst_pool_new(WORKERS);
    return a->pool;
}

void fst_app_submit(struct fst_app *a, struct fst_job *job)
{
    a->busy++;
    fst_pool_submit(pool(a), job);
}

int fst_app_fd(const struct fst_app *a)
{
    return fst_pool_fd(pool((struct fst_app *)a));
}

size_t fst_app_deliver(struct fst_app *a)
{
    size_t n = fst_pool_deliver(pool(a));
    a->busy -= n;
    return n;
}

size_t fst_app_busy(const struct fst_app *a)
{
    return a->busy;
}

/* ---- Making one ------------------------------------------------------------------------------ */

enum fst_status fst_app_init(const char *dir, bool demo, const char *program,
                             void (*say)(void *arg, const char *line), void *arg,
                             struct fst_error *err)
{
    char *base = fst_path_absolute(dir ? dir : ".");
    char *folder = fst_path_join(base, ".firesteel");
    char *path = fst_path_join(folder, "catalog.db");
    struct fst_app *a = NULL;
    enum fst_status status = FST_OK;
    if (fst_path_exists(path))
        status = fst_fail(err, FST_ECONFLICT, "there is a workspace already: %s", folder);
    if (status == FST_OK)
        status = fst_mkdirs(folder, 0700, err);
    struct fst_app_options o = {.catalog = path, .program = program};
    if (status == FST_OK)
        status = fst_app_open(&o, true, &a, err);
    if (status == FST_OK && say)
        say(arg, folder);
    if (status == FST_OK && demo)
        status = fst__demo_fill(a, base, say, arg, err);
    fst_app_close(a);
    free(path);
    free(folder);
    free(base);
    return status;
}
