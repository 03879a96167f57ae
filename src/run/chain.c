/* Chains: the file of a chain is JSON lines, as a run's events are. The first says what is to run;
 * then one for each run that was started or is left out, one for a wish that it ends, and one for
 * the end. Whoever holds the lock is its process. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

enum { MAX_CHAIN_BYTES = 8 << 20, KEEP_SECONDS = 7 * 86400 /* of ended ones */ };

static char *chain_path(const struct fst_run_place *place, const char *id, const char *end)
{
    return fst_asprintf("%s/chains/%s%s", place->runs_dir, id, end);
}

static enum fst_status spawn_chain(const struct fst_run_place *place, const char *id,
                                   struct fst_error *err)
{
    char *log = chain_path(place, id, ".log");
    enum fst_status status = fst__spawn_self(place, "chain", id, log, err);
    free(log);
    return status;
}

/* ---- Writing --------------------------------------------------------------------------------- */

/* A line that a torn one before it cannot spoil: it begins with a line end of its own. */
static enum fst_status append(const struct fst_run_place *place, const char *id,
                              const struct fst_buf *json, struct fst_error *err)
{
    char *path = chain_path(place, id, "");
    char *line = fst_asprintf("\n%s\n", fst_buf_text(json));
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    ssize_t done = fd >= 0 ? write(fd, line, strlen(line)) : -1;
    bool whole = done == (ssize_t)strlen(line);
    if (done >= 0 && !whole)
        errno = ENOSPC;
    enum fst_status status = whole ? FST_OK : fst_fail_errno(err, "%s", path);
    if (fd >= 0)
        close(fd);
    free(line);
    free(path);
    return status;
}

static void write_head(struct fst_buf *out, const struct fst_chain *chain)
{
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    struct fst_json_writer w = fst_json_writer(out);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "target", chain->target);
    fst_jw_string(&w, "provider", chain->provider);
    fst_jw_string(&w, "host", host);
    fst_jw_int(&w, "began", fst_now_us());
    fst_jw_int(&w, "for", chain->made_for);
    fst_jw_list(&w, "resources");
    for (size_t i = 0; i < chain->n; i++)
        fst_jw_int(&w, NULL, chain->resources[i]);
    fst_jw_end(&w, ']');
    fst_jw_end(&w, '}');
}

enum fst_status fst_chain_start(const struct fst_run_place *place, const struct fst_chain *chain,
                                char **id, struct fst_error *err)
{
    struct fst_buf json = FST_BUF(MAX_CHAIN_BYTES);
    char name[32];
    char *folder = fst_path_join(place->runs_dir, "chains");
    fst__new_id(name);
    write_head(&json, chain);
    enum fst_status status = fst_mkdirs(folder, 0700, err);
    if (status == FST_OK)
        status = append(place, name, &json, err);
    if (status == FST_OK)
        status = spawn_chain(place, name, err);
    *id = status == FST_OK ? fst_strdup(name) : NULL;
    fst_buf_done(&json);
    free(folder);
    return status;
}

static enum fst_status note_step(const struct fst_run_place *place, const char *id,
                                 int64_t resource, const char *key, const char *text,
                                 struct fst_error *err)
{
    struct fst_buf json = FST_BUF(4096);
    struct fst_json_writer w = fst_json_writer(&json);
    fst_jw_object(&w, NULL);
    fst_jw_int(&w, "resource", resource);
    fst_jw_string(&w, key, text);
    fst_jw_end(&w, '}');
    enum fst_status status = append(place, id, &json, err);
    fst_buf_done(&json);
    return status;
}

enum fst_status fst_chain_note_run(const struct fst_run_place *place, const char *id,
                                   int64_t resource, const char *run_id, struct fst_error *err)
{
    return note_step(place, id, resource, "run", run_id, err);
}

enum fst_status fst_chain_note_left_out(const struct fst_run_place *place, const char *id,
                                        int64_t resource, const char *because,
                                        struct fst_error *err)
{
    return note_step(place, id, resource, "left_out", because, err);
}

enum fst_status fst_chain_note_end(const struct fst_run_place *place, const char *id,
                                   const struct fst_error *end, struct fst_error *err)
{
    struct fst_buf json = FST_BUF(16384);
    struct fst_json_writer w = fst_json_writer(&json);
    fst_jw_object(&w, NULL);
    fst_jw_int(&w, "end", end->status);
    fst_jw_string(&w, "error", end->text);
    fst_jw_int(&w, "at", fst_now_us());
    fst_jw_end(&w, '}');
    enum fst_status status = append(place, id, &json, err);
    fst_buf_done(&json);
    return status;
}

static enum fst_status note_wish(const struct fst_run_place *place, const char *id,
                                 struct fst_error *err)
{
    struct fst_buf json = FST_BUF(64);
    fst_buf_adds(&json, "{\"cancel\":true}");
    enum fst_status status = append(place, id, &json, err);
    fst_buf_done(&json);
    return status;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static int64_t int_of(const struct fst_doc *doc, const char *key)
{
    int64_t v = 0;
    const struct fst_doc *node = key ? fst_doc_get(doc, key) : doc;
    return node && fst_doc_int(node, &v) ? v : 0;
}

static void take_head(struct fst_chain *c, const struct fst_doc *doc, bool *is_here)
{
    char host[256] = "";
    const struct fst_doc *list = fst_doc_get(doc, "resources");
    gethostname(host, sizeof host - 1);
    *is_here = strcmp(fst_doc_string(doc, "host", ""), host) == 0;
    c->target = fst_doc_string(doc, "target", "");
    c->provider = fst_doc_string(doc, "provider", NULL);
    c->began_us = int_of(doc, "began");
    c->made_for = int_of(doc, "for");
    c->n = list && list->kind == FST_DOC_LIST ? list->n : 0;
    c->resources = fst_arena_alloc(c->arena, (c->n + 1) * sizeof *c->resources);
    c->runs = fst_arena_alloc(c->arena, (c->n + 1) * sizeof *c->runs);
    c->left_out = fst_arena_alloc(c->arena, (c->n + 1) * sizeof *c->left_out);
    for (size_t i = 0; i < c->n; i++)
        c->resources[i] = int_of(&list->items[i], NULL);
}

static void take_step(struct fst_chain *c, const struct fst_doc *doc)
{
    const char *run = fst_doc_string(doc, "run", NULL);
    const char *left_out = fst_doc_string(doc, "left_out", NULL);
    int64_t resource = int_of(doc, "resource");
    for (size_t i = 0; i < c->n; i++) {
        if (c->resources[i] != resource)
            continue;
        c->runs[i] = run ? run : c->runs[i];
        c->left_out[i] = left_out ? left_out : c->left_out[i];
    }
}

static void take_line(struct fst_chain *c, const struct fst_doc *doc, bool *is_here)
{
    if (fst_doc_get(doc, "resources")) {
        take_head(c, doc, is_here);
    } else if (fst_doc_get(doc, "end")) {
        c->ended = true;
        c->ended_us = int_of(doc, "at");
        c->end = (struct fst_error){.status = (enum fst_status)int_of(doc, "end")};
        snprintf(c->end.text, sizeof c->end.text, "%s", fst_doc_string(doc, "error", ""));
    } else if (fst_doc_get(doc, "cancel")) {
        c->cancelled = true;
    } else {
        take_step(c, doc);
    }
}

static enum fst_status read_chain(const struct fst_run_place *place, const char *id,
                                  struct fst_chain *out, bool *is_here, struct fst_error *err)
{
    char *path = chain_path(place, id, ""), *text;
    size_t n;
    *out = (struct fst_chain){.arena = fst_arena_new()};
    enum fst_status status = strchr(id, '/') ? fst_fail(err, FST_EINVAL, "no chain %s", id)
                                             : fst_file_read(path, MAX_CHAIN_BYTES, &text, &n, err);
    free(path);
    if (status != FST_OK) {
        fst_chain_done(out);
        return status;
    }
    for (const char *p = text, *end; (end = strchr(p, '\n')); p = end + 1) {
        struct fst_doc *doc;
        if (fst_json_parse(out->arena, id, p, (size_t)(end - p), NULL, &doc, NULL) == FST_OK)
            take_line(out, doc, is_here);
    }
    free(text);
    return FST_OK;
}

enum fst_status fst_chain_read(const struct fst_run_place *place, const char *id,
                               struct fst_chain *out, struct fst_error *err)
{
    bool is_here;
    return read_chain(place, id, out, &is_here, err);
}

void fst_chain_done(struct fst_chain *c)
{
    fst_arena_free(c->arena);
    *c = (struct fst_chain){0};
}

size_t fst_chain_started(const struct fst_chain *c)
{
    size_t n = c->n;
    while (n && !c->runs[n - 1])
        n--;
    return n;
}

size_t fst_chain_ready(const struct fst_chain *chain, struct fst_catalog *c)
{
    struct fst_run_record *run;
    size_t n = 0;
    for (size_t i = 0; i < chain->n; i++) {
        if (!chain->runs[i] || fst_catalog_get_run(c, chain->runs[i], &run, NULL) != FST_OK)
            continue;
        n += run->state == FST_STATE_READY;
        fst_run_record_free(run);
    }
    return n;
}

enum fst_state fst_chain_state(const struct fst_chain *c)
{
    return !c->ended                         ? FST_STATE_RUNNING
           : c->end.status == FST_OK         ? FST_STATE_READY
           : c->end.status == FST_ECANCELLED ? FST_STATE_CANCELLED
                                             : FST_STATE_FAILED;
}

/* ---- All of them ----------------------------------------------------------------------------- */

/* Ids sort by time. */
static int newest_first(const void *a, const void *b)
{
    return strcmp(*(const char *const *)b, *(const char *const *)a);
}

const char **fst_chain_ids(const struct fst_run_place *place, struct fst_arena *a, size_t *n)
{
    char *folder = fst_path_join(place->runs_dir, "chains");
    DIR *dir = opendir(folder);
    const char **ids = NULL;
    size_t cap = 0;
    *n = 0;
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (strchr(e->d_name, '.'))
            continue; /* its lock, its log */
        fst_grow(&ids, &cap, *n + 1, sizeof *ids);
        ids[(*n)++] = fst_arena_strdup(a, e->d_name);
    }
    if (dir)
        closedir(dir);
    free(folder);
    const char **kept = fst_arena_alloc(a, (*n + 1) * sizeof *kept);
    for (size_t i = 0; i < *n; i++)
        kept[i] = ids[i];
    free(ids);
    qsort(kept, *n, sizeof *kept, newest_first);
    return kept;
}

static bool is_part(const char *id, const char *part)
{
    size_t n = strlen(id), m = strlen(part);
    return m && m <= n && (memcmp(id, part, m) == 0 || strcmp(id + n - m, part) == 0);
}

enum fst_status fst_chain_find(const struct fst_run_place *place, const char *part, char **id,
                               struct fst_error *err)
{
    struct fst_arena *a = fst_arena_new();
    size_t n, found = 0;
    const char **ids = fst_chain_ids(place, a, &n);
    for (size_t i = 0; i < n; i++)
        if (is_part(ids[i], part))
            ids[found++] = ids[i];
    *id = found == 1 ? fst_strdup(ids[0]) : NULL;
    enum fst_status status = FST_OK;
    if (!found)
        status = fst_fail(err, FST_ENOTFOUND, "there is no run and no chain %s", part);
    else if (found > 1)
        status = fst_fail(err, FST_EINVAL, "several chains begin or end with %s: %s, %s%s", part,
                          ids[0], ids[1], found > 2 ? ", ..." : "");
    fst_arena_free(a);
    return status;
}

/* ---- Its process ----------------------------------------------------------------------------- */

int fst_chain_take(const struct fst_run_place *place, const char *id)
{
    char *path = chain_path(place, id, ".lock");
    int fd = fst_lock_take(path);
    free(path);
    return fd;
}

static void remove_chain(const struct fst_run_place *place, const char *id)
{
    static const char *const ends[] = {"", ".lock", ".log"};
    for (size_t i = 0; i < FST_COUNT(ends); i++) {
        char *path = chain_path(place, id, ends[i]);
        unlink(path);
        free(path);
    }
}

static bool is_old(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && fst_now_us() / 1000000 - (int64_t)st.st_mtime > KEEP_SECONDS;
}

/* True when it was started again. */
static bool revive_one(const struct fst_run_place *place, const char *id)
{
    struct fst_chain c;
    bool is_here = false, started = false;
    char *lock = chain_path(place, id, ".lock"), *path = chain_path(place, id, "");
    if (read_chain(place, id, &c, &is_here, NULL) == FST_OK) {
        if (!c.ended && is_here && c.n && !fst_lock_is_held(lock))
            started = spawn_chain(place, id, NULL) == FST_OK;
        else if (c.ended && is_old(path))
            remove_chain(place, id);
        fst_chain_done(&c);
    }
    free(lock);
    free(path);
    return started;
}

size_t fst__chains_revive(const struct fst_run_place *place)
{
    struct fst_arena *a = fst_arena_new();
    size_t n, started = 0;
    const char **ids = fst_chain_ids(place, a, &n);
    for (size_t i = 0; i < n; i++)
        started += revive_one(place, ids[i]);
    fst_arena_free(a);
    return started;
}

/* ---- Its end --------------------------------------------------------------------------------- */

static enum fst_status cancel_started(const struct fst_run_place *place, struct fst_catalog *c,
                                      const struct fst_chain *chain, struct fst_error *err)
{
    struct fst_run_record *run;
    size_t n = fst_chain_started(chain);
    if (!n)
        return FST_OK;
    FST_TRY(fst_catalog_get_run(c, chain->runs[n - 1], &run, err));
    enum fst_status status =
        fst_states[run->state].final ? FST_OK : fst_run_cancel(place, c, run->id, err);
    fst_run_record_free(run);
    return status;
}

/* The wish is written before one looks which run is under way, and the chain's process looks for
 * wishes after it wrote down a run: so no run is missed by both. */
enum fst_status fst_chain_cancel(const struct fst_run_place *place, struct fst_catalog *c,
                                 const char *id, struct fst_error *err)
{
    struct fst_chain chain;
    FST_TRY(fst_chain_read(place, id, &chain, err));
    enum fst_status status = chain.ended
                                 ? fst_fail(err, FST_EINVAL, "chain %s has ended already: %s", id,
                                            fst_states[fst_chain_state(&chain)].name)
                                 : note_wish(place, id, err);
    fst_chain_done(&chain);
    FST_TRY(status);
    FST_TRY(fst_chain_read(place, id, &chain, err));
    status = cancel_started(place, c, &chain, err);
    fst_chain_done(&chain);
    revive_one(place, id); /* if nobody is there to hear it */
    return status;
}

/* ---- Of a run -------------------------------------------------------------------------------- */

static bool has_run(const struct fst_run_place *place, const char *id, const char *run_id)
{
    struct fst_chain c;
    bool is_here, has = false;
    if (read_chain(place, id, &c, &is_here, NULL) != FST_OK)
        return false;
    for (size_t i = 0; i < c.n; i++)
        has |= c.runs[i] && strcmp(c.runs[i], run_id) == 0;
    fst_chain_done(&c);
    return has;
}

enum fst_status fst_chain_of_run(const struct fst_run_place *place, const char *run_id, char **id,
                                 struct fst_error *err)
{
    struct fst_arena *a = fst_arena_new();
    size_t n, i = 0;
    const char **ids = fst_chain_ids(place, a, &n);
    while (i < n && !has_run(place, ids[i], run_id))
        i++;
    *id = i < n ? fst_strdup(ids[i]) : NULL;
    fst_arena_free(a);
    return *id ? FST_OK
               : fst_fail(err, FST_ENOTFOUND,
                          "run %s is in no chain of the last week: R on a resource starts one",
                          run_id);
}
