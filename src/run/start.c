/* Starting a run: its folder, job.json and the catalog's row first, then the agent. So whatever
 * happens to us in between, the run is there and somebody will take it up. */
#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firesteel/io.h"
#include "firesteel/store.h"
#include "run.h"

enum { NAME_TRIES = 100 };

char *fst__run_path(const struct fst_run_place *place, const char *id, const char *name)
{
    char *folder = fst_path_join(place->runs_dir, id);
    if (!name)
        return folder;
    char *path = fst_path_join(folder, name);
    free(folder);
    return path;
}

enum fst_status fst__spawn_self(const struct fst_run_place *place, const char *verb, const char *id,
                                const char *log, struct fst_error *err)
{
    char *argv[] = {(char *)place->program, "--catalog", (char *)place->catalog_path,
                    (char *)verb,           (char *)id,  NULL};
    struct fst_spawn spawn = {.argv = argv, .output = log, .detached = true};
    pid_t pid;
    return fst_spawn(&spawn, &pid, err);
}

enum fst_status fst__agent_spawn(const struct fst_run_place *place, const char *id,
                                 struct fst_error *err)
{
    char *log = fst__run_path(place, id, "log");
    enum fst_status status = fst__spawn_self(place, "agent", id, log, err);
    free(log);
    return status;
}

/* Four of 36 signs: 1.7 million names a second. */
static void random_end(char out[5])
{
    char uuid[37];
    fst_uuid4(uuid);
    uuid[8] = '\0';
    unsigned long n = strtoul(uuid, NULL, 16);
    for (int i = 0; i < 4; i++, n /= 36)
        out[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36];
    out[4] = '\0';
}

void fst__new_id(char out[32])
{
    int64_t us = fst_now_us(), year;
    int64_t days = us / 86400000000, seconds = us / 1000000 % 86400;
    int month, day;
    char end[5];
    fst_civil_from_days(days, &year, &month, &day);
    random_end(end);
    snprintf(out, 32, "%04d%02d%02d-%02d%02d%02d-%s", (int)year % 10000, month % 100, day % 100,
             (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60), end);
}

static const char *user_name(struct fst_arena *a)
{
    struct passwd *pw = getpwuid(getuid());
    return pw ? fst_arena_strdup(a, pw->pw_name) : fst_arena_printf(a, "%d", (int)getuid());
}

static const char *host_name(struct fst_arena *a)
{
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    return fst_arena_strdup(a, host);
}

static const char *output_uri(struct fst_arena *a, const char *base, const struct fst_resource *r,
                              const char *id)
{
    return fst_arena_printf(a, "%s/%s/%s/%s/%s", base, fst_kinds[r->kind].plural, r->name,
                            r->variant, id);
}

static struct fst_run_record *new_record(const struct fst_resource *r, const char *provider,
                                         int attempt)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_run_record *run = fst_arena_alloc(a, sizeof *run);
    *run = (struct fst_run_record){
        .arena = a,
        .resource_id = r->id,
        .kind = r->kind,
        .name = fst_arena_strdup(a, r->name),
        .variant = fst_arena_strdup(a, r->variant),
        .state = FST_STATE_CREATED,
        .attempt = attempt,
        .provider = fst_arena_strdup(a, provider ? provider : ""),
        .engine = "",
        .host = host_name(a),
        .user = user_name(a),
        .created_us = fst_now_us(),
        .rows = -1,
    };
    return run;
}

/* Another catalog may write to the same place, and have a run of this name. */
static bool is_taken(const char *output)
{
    char *local = *output ? fst_store_local_path(output) : NULL;
    bool taken = local && fst_path_exists(local);
    free(local);
    return taken;
}

/* A name that nobody has: the folder is made by us, and there is no output of that name below
 * `output_base` (NULL = the run has no output). */
static enum fst_status take_name(const struct fst_run_place *place, struct fst_run_record *run,
                                 const struct fst_resource *r, const char *output_base,
                                 struct fst_error *err)
{
    FST_TRY(fst_mkdirs(place->runs_dir, 0700, err));
    for (int tries = 0; tries < NAME_TRIES; tries++) {
        char id[32];
        fst__new_id(id);
        run->id = fst_arena_strdup(run->arena, id);
        run->output = output_base ? output_uri(run->arena, output_base, r, id) : "";
        if (is_taken(run->output))
            continue;
        char *folder = fst__run_path(place, id, NULL);
        bool ours = mkdir(folder, 0700) == 0;
        enum fst_status status = FST_OK;
        if (!ours && errno != EEXIST)
            status = fst_fail_errno(err, "making the folder %s", folder);
        free(folder);
        if (ours || status != FST_OK)
            return status;
    }
    return fst_fail(err, FST_ECONFLICT, "%s: no free name for a run was found", place->runs_dir);
}

static enum fst_status write_job(const struct fst_run_place *place,
                                 const struct fst_run_record *run, struct fst_bound *bound,
                                 const char *label, struct fst_error *err)
{
    char *job = fst__run_path(place, run->id, "job.json");
    char operation_id[37];
    fst_uuid4(operation_id);
    bound->work.output_uri = run->output;
    bound->work.operation_id = operation_id;
    enum fst_status status = fst__job_write(job, bound, label, run->attempt, err);
    free(job);
    return status;
}

/* Nothing stays of a run that the catalog does not know. */
static void drop_folder(const struct fst_run_place *place, const char *id)
{
    char *folder = fst__run_path(place, id, NULL);
    fst_remove_tree(folder, NULL);
    free(folder);
}

/* The agent could not even be started: the run says so. */
static enum fst_status give_up(struct fst_catalog *c, struct fst_run_record *run,
                               enum fst_status status, struct fst_error *err)
{
    run->state = FST_STATE_FAILED;
    run->finished_us = fst_now_us();
    run->error = err ? err->text : "the agent could not be started";
    fst_catalog_update_run(c, run, NULL);
    return status;
}

enum fst_status fst_run_start(const struct fst_run_place *place, struct fst_catalog *c,
                              const struct fst_resource *r, const struct fst_bound *bound,
                              int attempt, char **id, struct fst_error *err)
{
    struct fst_run_record *run = new_record(r, bound->provider, attempt);
    struct fst_bound copy = *bound; /* the output and the operation are this run's own */
    *id = NULL;
    run->engine = bound->engine->name;
    run->inputs = bound->reads;
    run->n_inputs = bound->n_reads;
    enum fst_status status =
        take_name(place, run, r, bound->work.program ? NULL : bound->output_base, err);
    if (status == FST_OK) {
        status = write_job(place, run, &copy, fst_resource_label(r), err);
        if (status == FST_OK)
            status = fst_catalog_add_run(c, run, err);
        if (status != FST_OK)
            drop_folder(place, run->id);
    }
    if (status == FST_OK) {
        *id = fst_strdup(run->id);
        status = fst__agent_spawn(place, run->id, err);
        if (status != FST_OK)
            status = give_up(c, run, status, err);
    }
    fst_run_record_free(run);
    return status;
}

static void write_end(const struct fst_run_place *place, const struct fst_run_record *run)
{
    char *events = fst__run_path(place, run->id, "events");
    char *log = fst__run_path(place, run->id, "log");
    char *line = fst_asprintf("FAILED before it began: %s\n", run->error);
    struct fst_events e;
    if (fst__events_open(&e, events, NULL) == FST_OK) {
        fst__event_failed(&e, FST_STATE_FAILED, run->error, NULL);
        fst__events_close(&e);
    }
    fst_file_write(log, line, strlen(line), 0600, NULL);
    free(line);
    free(log);
    free(events);
}

enum fst_status fst_run_refused(const struct fst_run_place *place, struct fst_catalog *c,
                                const struct fst_resource *r, const char *provider, const char *why,
                                char **id, struct fst_error *err)
{
    struct fst_run_record *run = new_record(r, provider, 1);
    *id = NULL;
    run->state = FST_STATE_FAILED;
    run->finished_us = run->created_us;
    run->error = (char *)why;
    enum fst_status status = take_name(place, run, r, NULL, err);
    if (status == FST_OK) {
        write_end(place, run);
        status = fst_catalog_add_run(c, run, err);
        if (status != FST_OK)
            drop_folder(place, run->id);
    }
    if (status == FST_OK)
        *id = fst_strdup(run->id);
    fst_run_record_free(run);
    return status;
}

bool fst_run_is_held(const struct fst_run_place *place, const char *id)
{
    char *lock = fst__run_path(place, id, "lock");
    bool held = fst_lock_is_held(lock);
    free(lock);
    return held;
}

static bool is_ours(const struct fst_run_record *run)
{
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    return strcmp(run->host, host) == 0;
}

size_t fst_run_revive(const struct fst_run_place *place, struct fst_catalog *c)
{
    struct fst_run_query q = {.unfinished = true};
    struct fst_runs runs;
    size_t n = 0;
    if (fst_catalog_runs(c, &q, &runs, NULL) != FST_OK)
        return 0;
    for (size_t i = 0; i < runs.n; i++) {
        const struct fst_run_record *run = runs.runs[i];
        if (is_ours(run) && !fst_run_is_held(place, run->id))
            n += fst__agent_spawn(place, run->id, NULL) == FST_OK;
    }
    fst_runs_done(&runs);
    return n + fst__chains_revive(place);
}

enum fst_status fst_run_look_again(const struct fst_run_place *place, struct fst_catalog *c,
                                   const char *id, struct fst_error *err)
{
    struct fst_run_record *run;
    FST_TRY(fst_catalog_get_run(c, id, &run, err));
    enum fst_status status = FST_OK;
    if (run->state != FST_STATE_LOST)
        status = fst_fail(err, FST_EINVAL, "run %s is not lost: it is %s", run->id,
                          fst_states[run->state].name);
    else if (!is_ours(run))
        status = fst_fail(err, FST_EINVAL, "run %s is of the host %s: look for it there", run->id,
                          run->host);
    else
        status = fst__agent_spawn(place, run->id, err);
    fst_run_record_free(run);
    return status;
}

enum fst_status fst_run_cancel(const struct fst_run_place *place, struct fst_catalog *c,
                               const char *id, struct fst_error *err)
{
    struct fst_run_record *run;
    FST_TRY(fst_catalog_get_run(c, id, &run, err));
    enum fst_status status;
    if (fst_states[run->state].final)
        status = fst_fail(err, FST_EINVAL, "run %s has ended already: %s", run->id,
                          fst_states[run->state].name);
    else
        status = fst_catalog_want_cancel(c, run->id, err);
    /* nobody is there to hear it: an agent that finds the wish */
    if (status == FST_OK && is_ours(run) && !fst_run_is_held(place, run->id))
        status = fst__agent_spawn(place, run->id, err);
    fst_run_record_free(run);
    return status;
}
