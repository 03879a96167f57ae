/* The rules, one row each. A rule speaks only when a ratio, a floor and a share of the time are all
 * passed; it shows the number, and advises nothing that is in force already. */
#include <stdlib.h>
#include <string.h>

#include "findings.h"

#define MIB ((double)(1 << 20))
#define SECOND 1e6
#define PARTITION_BYTES (128 << 20) /* a good size of what one task reads */

static int64_t bytes_in(const struct fst_stage *s)
{
    return s->input_bytes + s->shuffle_read_bytes;
}

static double percent_of(int64_t part, int64_t whole)
{
    return whole > 0 ? 100.0 * (double)part / (double)whole : 0;
}

static bool named(const struct fst_stage *s, const char *part)
{
    return s->nodes && strstr(s->nodes, part);
}

static const char *say(struct look *l, const char *fmt, ...) FST_PRINTF(2, 3);
static const char *say(struct look *l, const char *fmt, ...)
{
    struct fst_buf b = FST_BUF(8192);
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&b, fmt, args);
    va_end(args);
    const char *text = fst_arena_strdup(l->arena, fst_buf_text(&b));
    fst_buf_done(&b);
    return text;
}

/* More partitions of a shuffle: as many as make each a good size, twice as many at least. */
static void advise_more_partitions(struct look *l, struct fst_finding *f, const struct fst_stage *s)
{
    const char *key = "spark.sql.shuffle.partitions", *now = conf_get(l->p, key);
    int64_t n = 0, fit = s->shuffle_read_bytes / PARTITION_BYTES + 1;
    if (now && fst_parse_int64(now, strlen(now), &n) && n > 0 && n < 1000000 && fit < 2 * n)
        fit = 2 * n;
    advise_value(l, f, key, say(l, "%lld", (long long)fit), "smaller pieces fit into memory");
}

/* Memory is static: a value is not proposed, only the direction, and where. */
static void advise_memory(struct look *l, struct fst_finding *f)
{
    find_setting(l, f, memory_key(l));
    f->advice =
        say(l, "give tasks more memory: raise %s (now %s) on the provider, for the next start",
            f->setting, f->setting_value);
}

/* ---- Skew --------------------------------------------------------------------------------------
 */

static void advise_skew(struct look *l, struct fst_finding *f, const struct fst_stage *s)
{
    static const char *const keys[] = {"spark.sql.adaptive.enabled",
                                       "spark.sql.adaptive.skewJoin.enabled"};
    bool join = named(s, "Join");
    find_setting(l, f, join ? keys[1] : "spark.sql.shuffle.partitions");
    for (size_t i = 0; i < FST_COUNT(keys) && join; i++) {
        const char *now = conf_get(l->p, keys[i]);
        if (now && strcmp(now, "true") == 0)
            continue;
        advise_value(l, f, keys[i], "true", "Spark then splits large partitions of a join");
        return;
    }
    f->advice =
        join ? "look for the hot key: handle it apart, or add a salt to the join's keys"
             : "look for the hot key: aggregate before it, or spread the work by another column";
}

static void skew(struct look *l, const struct fst_stage *s)
{
    int64_t max = s->duration_us.at[5], median = s->duration_us.at[2];
    double ratio = (double)max / (double)(median > 1000 ? median : 1000);
    if (s->duration_us.at[0] < 0 || s->tasks_done < 3 || ratio <= look_at(l, "skew.ratio") ||
        (double)max < look_at(l, "skew.seconds") * SECOND || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text =
        say(l, "%s: the slowest of %s tasks took %s, half of them at most %s", stage_label(l, s),
            say_count(l, s->tasks_done), say_time(l, max), say_time(l, median));
    f->measured =
        say(l, "max %s against median %s, %.1f x", say_time(l, max), say_time(l, median), ratio);
    f->threshold = say(l, "%g x and %g s", look_at(l, "skew.ratio"), look_at(l, "skew.seconds"));
    advise_skew(l, f, s);
}

static void data_skew(struct look *l, const struct fst_stage *s)
{
    bool shuffled = s->shuffle_read_bytes > s->input_bytes;
    const struct fst_spread *read = shuffled ? &s->shuffle_read_spread : &s->input_spread;
    int64_t max = read->at[5], median = read->at[2];
    double ratio = (double)max / (double)(median > 1024 ? median : 1024);
    if (read->at[0] < 0 || s->tasks_done < 3 || ratio <= look_at(l, "skew.ratio") ||
        (double)max < look_at(l, "skew.mb") * MIB || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "%s: one of %s tasks read %s%s, half of them at most %s", stage_label(l, s),
                  say_count(l, s->tasks_done), say_size(l, max),
                  shuffled ? " of shuffled data" : "", say_size(l, median));
    f->measured =
        say(l, "max %s against median %s, %.1f x", say_size(l, max), say_size(l, median), ratio);
    f->threshold = say(l, "%g x and %g MiB", look_at(l, "skew.ratio"), look_at(l, "skew.mb"));
    advise_skew(l, f, s);
}

static void hotspot(struct look *l, const struct fst_stage *s)
{
    int64_t total = s->shuffle_read_bytes > s->input_bytes ? s->shuffle_read_bytes : s->input_bytes;
    int64_t n = l->p->executors;
    double share = percent_of(s->hot_bytes, total);
    if (n < 2 || s->hot_bytes < 0 || s->tasks_done < n || share <= look_at(l, "hotspot.percent") ||
        share < 150.0 / (double)n || (double)total < look_at(l, "hotspot.mb") * MIB ||
        !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "%s: one of %s executors read %.0f %% of the data", stage_label(l, s),
                  say_count(l, n), share);
    f->measured = say(l, "%s of %s", say_size(l, s->hot_bytes), say_size(l, total));
    f->threshold =
        say(l, "%g %% and %g MiB", look_at(l, "hotspot.percent"), look_at(l, "hotspot.mb"));
    f->advice = "spread the input: more splits, or files on more hosts";
}

/* ---- Memory ------------------------------------------------------------------------------------
 */

static void spill_disk(struct look *l, const struct fst_stage *s)
{
    if ((double)s->spill_disk_bytes <= look_at(l, "spill.disk.mb") * MIB || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "%s: %s did not fit into memory and went to disk as %s", stage_label(l, s),
                  say_size(l, s->spill_memory_bytes), say_size(l, s->spill_disk_bytes));
    f->measured = say(l, "%s on disk", say_size(l, s->spill_disk_bytes));
    f->threshold = say(l, "%g MiB", look_at(l, "spill.disk.mb"));
    if (s->shuffle_read_bytes > s->input_bytes)
        advise_more_partitions(l, f, s);
    else
        advise_memory(l, f);
}

static void spill_memory(struct look *l, const struct fst_stage *s)
{
    if ((double)s->spill_memory_bytes <= look_at(l, "spill.memory.mb") * MIB ||
        s->spill_disk_bytes > 0 || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "%s: memory was short, %s had to be put away", stage_label(l, s),
                  say_size(l, s->spill_memory_bytes));
    f->measured = say(l, "%s", say_size(l, s->spill_memory_bytes));
    f->threshold = say(l, "%g MiB", look_at(l, "spill.memory.mb"));
    advise_memory(l, f);
}

static void gc(struct look *l, const struct fst_stage *s)
{
    double share = percent_of(s->gc_us, s->run_us);
    if (share <= look_at(l, "gc.percent") ||
        (double)s->run_us < look_at(l, "gc.seconds") * SECOND || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "%s: %.0f %% of the tasks' time went into garbage collection",
                  stage_label(l, s), share);
    f->measured = say(l, "%s of %s, %.0f %%", say_time(l, s->gc_us), say_time(l, s->run_us), share);
    f->threshold =
        say(l, "%g %% of %g s or more", look_at(l, "gc.percent"), look_at(l, "gc.seconds"));
    advise_memory(l, f);
}

static void fetch_wait(struct look *l, const struct fst_stage *s)
{
    double share = percent_of(s->fetch_wait_us, s->run_us);
    if (share <= look_at(l, "fetch.percent") ||
        (double)s->run_us < look_at(l, "fetch.seconds") * SECOND || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "%s: tasks waited %.0f %% of their time for shuffled data", stage_label(l, s),
                  share);
    f->measured =
        say(l, "%s of %s, %.0f %%", say_time(l, s->fetch_wait_us), say_time(l, s->run_us), share);
    f->threshold =
        say(l, "%g %% of %g s or more", look_at(l, "fetch.percent"), look_at(l, "fetch.seconds"));
    f->advice =
        "shuffle less: filter and aggregate earlier, read fewer columns, broadcast a small side";
}

/* ---- Files and tasks ---------------------------------------------------------------------------
 */

static void small_files(struct look *l, const struct fst_stage *s)
{
    bool counted = s->files > 0;
    int64_t n = counted ? s->files : s->tasks;
    int64_t bytes = counted && s->file_bytes >= 0 ? s->file_bytes : s->input_bytes;
    double average = n > 0 ? (double)bytes / (double)n : 0;
    if (bytes <= 0 || (double)n <= look_at(l, "small.files") ||
        average >= look_at(l, "small.mb") * MIB || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "stage %lld reads %s %s of %s on average", (long long)s->id, say_count(l, n),
                  counted ? "files" : "pieces", say_size(l, (int64_t)average));
    f->measured = say(l, "%s, %s on average", say_count(l, n), say_size(l, (int64_t)average));
    f->threshold = say(l, "more than %g of less than %g MiB", look_at(l, "small.files"),
                       look_at(l, "small.mb"));
    f->advice = "write the input as fewer, larger files";
    if (!s->node || !strstr(s->node, "Scan")) { /* it is about what the stage reads */
        const char *scan = s->nodes ? strstr(s->nodes, "Scan") : NULL;
        f->node = scan ? say(l, "%.*s", (int)strcspn(scan, ","), scan) : NULL;
        f->line = 0;
    }
}

static void single_task(struct look *l, const struct fst_stage *s)
{
    int64_t took = stage_took(l, s);
    if (s->tasks != 1 || l->p->cores == 1 ||
        (double)took <= look_at(l, "single.seconds") * SECOND || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "%s: one task alone works for %s", stage_label(l, s), say_time(l, took));
    f->measured = say(l, "1 task, %s", say_time(l, took));
    f->threshold = say(l, "1 task, %g s", look_at(l, "single.seconds"));
    f->advice =
        named(s, "Window")
            ? "give the window a PARTITION BY: without it all rows go through one task"
            : "split the work: no single partition, a file that can be split, no global order";
}

static void tiny_tasks(struct look *l, const struct fst_stage *s)
{
    int64_t median = s->duration_us.at[2];
    if ((double)s->tasks <= look_at(l, "tiny.tasks") || s->duration_us.at[0] < 0 ||
        (double)median >= look_at(l, "tiny.seconds") * SECOND || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text =
        say(l, "%s: %s tasks, half of them of at most %s: starting them costs more than they do",
            stage_label(l, s), say_count(l, s->tasks), say_time(l, median));
    f->measured = say(l, "%s tasks, median %s", say_count(l, s->tasks), say_time(l, median));
    f->threshold = say(l, "%g tasks, %g s", look_at(l, "tiny.tasks"), look_at(l, "tiny.seconds"));
    if (s->shuffle_read_bytes > 0)
        advise_value(l, f, "spark.sql.shuffle.partitions",
                     say(l, "%lld", (long long)(s->tasks / 10)), "fewer and larger tasks");
    else
        f->advice = "read fewer, larger files, or coalesce the partitions";
}

static void few_tasks(struct look *l, const struct fst_stage *s)
{
    double each = s->tasks > 0 ? (double)bytes_in(s) / (double)s->tasks : 0;
    if (l->p->cores < 2 || s->tasks < 1 || s->tasks * 2 > l->p->cores ||
        each <= look_at(l, "few.mb") * MIB || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "%s: %s on %s cores, with %s each", stage_label(l, s),
                  s->tasks == 1 ? "1 task" : say(l, "%s tasks", say_count(l, s->tasks)),
                  say_count(l, l->p->cores), say_size(l, (int64_t)each));
    f->measured = say(l, "%s tasks of %s, %s cores", say_count(l, s->tasks),
                      say_size(l, (int64_t)each), say_count(l, l->p->cores));
    f->threshold = say(l, "half of the cores, %g MiB each", look_at(l, "few.mb"));
    if (s->shuffle_read_bytes > s->input_bytes)
        advise_more_partitions(l, f, s);
    else
        f->advice = "use files that can be split, or repartition what is read";
}

/* ---- Rows --------------------------------------------------------------------------------------
 */

static void explosion(struct look *l, const struct fst_stage *s)
{
    int64_t in = s->input_rows + s->shuffle_read_rows, out = s->output_rows + s->shuffle_write_rows;
    double ratio = in > 0 ? (double)out / (double)in : 0;
    if (ratio <= look_at(l, "rows.ratio") || (double)out <= look_at(l, "rows.rows") ||
        !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text =
        say(l, "%s: made %s rows of %s", stage_label(l, s), say_count(l, out), say_count(l, in));
    f->measured = say(l, "%.1f x", ratio);
    f->threshold = say(l, "%g x and %g rows", look_at(l, "rows.ratio"), look_at(l, "rows.rows"));
    f->advice = named(s, "Join")
                    ? "check the join's condition: keys that repeat on both sides multiply"
                    : "filter before the rows are multiplied";
}

static void cross_join(struct look *l, const struct fst_stage *s)
{
    int64_t rows = s->input_rows + s->shuffle_read_rows;
    bool cross = named(s, "CartesianProduct") || named(s, "NestedLoopJoin");
    if (!cross || (double)rows < look_at(l, "cross.rows") || !stage_matters(l, s))
        return;
    struct fst_finding *f = find(l, s);
    f->text = say(l, "%s: compares every row with every other; it read %s rows", stage_label(l, s),
                  say_count(l, rows));
    f->measured = say(l, "%s rows read", say_count(l, rows));
    f->threshold = say(l, "%g rows", look_at(l, "cross.rows"));
    f->advice = "join on equal columns; a range alone leaves Spark no other way";
}

/* ---- Failures ----------------------------------------------------------------------------------
 */

static void failures(struct look *l, const struct fst_stage *s)
{
    bool failed = strcmp(s->state, "FAILED") == 0;
    if ((double)s->tasks_failed < look_at(l, "failures.tasks"))
        return;
    struct fst_finding *f = find(l, s);
    int why = s->failure ? (int)strcspn(s->failure, "\r\n") : 0;
    f->severity = failed ? 3 : f->severity > 2 ? f->severity : 2;
    f->text = say(l, "%s: %s of its tasks failed%s%s%.*s", stage_label(l, s),
                  say_count(l, s->tasks_failed), failed ? ", and with them the stage" : "",
                  why ? ": " : "", why < 300 ? why : 300, why ? s->failure : "");
    f->measured = say(l, "%s failed of %s", say_count(l, s->tasks_failed),
                      say_count(l, s->tasks_failed + s->tasks_done));
    f->threshold = say(l, "%g", look_at(l, "failures.tasks"));
    f->advice = failed ? "read the log for the first error"
                       : "Spark tried again and went on; the log tells why they failed";
}

static void executors_lost(struct look *l)
{
    if ((double)l->p->executors_lost < look_at(l, "lost.executors"))
        return;
    struct fst_finding *f = find(l, NULL);
    f->text = say(l, "%s of %s executors went away while the work ran",
                  say_count(l, l->p->executors_lost), say_count(l, l->p->executors));
    f->measured = say(l, "%s lost", say_count(l, l->p->executors_lost));
    f->threshold = say(l, "%g", look_at(l, "lost.executors"));
    advise_memory(l, f);
}

/* ---- The whole ---------------------------------------------------------------------------------
 */

static void idle_cores(struct look *l)
{
    double had =
        l->p->core_us >= 0 ? (double)l->p->core_us : (double)l->p->cores * (double)l->wall_us;
    double used = 0;
    for (size_t i = 0; i < l->p->n_stages; i++)
        used += (double)l->p->stages[i].run_us;
    double idle = had > 0 && used < had ? 100 * (1 - used / had) : 0;
    if (l->p->cores < 2 || idle <= look_at(l, "idle.percent") ||
        (double)l->wall_us < look_at(l, "idle.seconds") * SECOND)
        return;
    struct fst_finding *f = find(l, NULL);
    f->share = idle / 100;
    f->severity = idle > 80 ? 2 : 1;
    f->text = say(l, "the %s cores had nothing to do for %.0f %% of the time",
                  say_count(l, l->p->cores), idle);
    f->measured = say(l, "%.0f %% of %s", idle, say_time(l, had < 9e18 ? (int64_t)had : 0));
    f->threshold =
        say(l, "%g %% of %g s or more", look_at(l, "idle.percent"), look_at(l, "idle.seconds"));
    f->advice =
        "split the longest stage into more tasks, or ask for fewer cores on the provider, for "
        "the next start";
}

static void slower(struct look *l)
{
    const struct fst_profile *b = l->o->before;
    int64_t then =
        b && b->started_us > 0 && b->ended_us > b->started_us ? b->ended_us - b->started_us : 0;
    double ratio = then > 0 ? (double)l->wall_us / (double)then : 0;
    if (ratio <= look_at(l, "slower.ratio") ||
        (double)(l->wall_us - then) < look_at(l, "slower.seconds") * SECOND)
        return;
    struct fst_finding *f = find(l, NULL);
    f->severity = ratio > 3 ? 3 : 2;
    f->share = (double)(l->wall_us - then) / (double)l->wall_us;
    f->text =
        say(l, "it took %s, the good run before %s", say_time(l, l->wall_us), say_time(l, then));
    f->measured = say(l, "%.1f x", ratio);
    f->threshold =
        say(l, "%g x and %g s", look_at(l, "slower.ratio"), look_at(l, "slower.seconds"));
    f->advice = "compare the stages below with that run";
}

/* ---- The table ---------------------------------------------------------------------------------
 */

const struct fst_rule fst_rules[] = {
    {"skew", "a task takes much longer than most tasks of its stage"},
    {"data-skew", "a task reads much more than most tasks of its stage"},
    {"hotspot", "one executor of several reads most of a stage's data"},
    {"spill-disk", "data that did not fit into memory was written to disk"},
    {"spill-memory", "memory was short, though nothing reached the disk"},
    {"gc", "tasks spend their time in garbage collection"},
    {"fetch-wait", "tasks wait for shuffled data"},
    {"small-files", "many small files are read"},
    {"single-task", "a stage of one task takes long"},
    {"tiny-tasks", "very many tasks do very little each"},
    {"few-tasks", "few tasks read very much each, and cores are free"},
    {"explosion", "many more rows come out than went in"},
    {"cross-join", "every row is compared with every other"},
    {"task-failures", "tasks failed"},
    {"executors-lost", "executors went away by themselves"},
    {"idle-cores", "cores had nothing to do"},
    {"slower", "it took longer than the good run before"},
};
const size_t fst_n_rules = FST_COUNT(fst_rules);

const struct rule rule_functions[] = {
    {skew, NULL},         {data_skew, NULL},  {hotspot, NULL},        {spill_disk, NULL},
    {spill_memory, NULL}, {gc, NULL},         {fetch_wait, NULL},     {small_files, NULL},
    {single_task, NULL},  {tiny_tasks, NULL}, {few_tasks, NULL},      {explosion, NULL},
    {cross_join, NULL},   {failures, NULL},   {NULL, executors_lost}, {NULL, idle_cores},
    {NULL, slower},
};
_Static_assert(FST_COUNT(fst_rules) == FST_COUNT(rule_functions), "each rule has its function");
