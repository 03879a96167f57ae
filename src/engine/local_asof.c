/* The point-in-time join of a training set as one merge, without SQL.
 *
 * Labels are read once and stay, each with the number of its entity. A feature is read once: of
 * its rows those stay whose entity has a label, bucket by bucket in the order of time and value, so
 * that of several at one instant the greatest is the last. A label's value is then the last one of
 * its bucket at or before its time, found by halving. Features come one after the other, so that
 * only one is in memory besides labels and answers.
 *
 * Everything that is not simple is left to the SQL of the same training set, which has the same
 * answer: this file knows few kinds and refuses the rest before any row came. */
#include "local_asof.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 16384, FRAMES_MAX = 1 << 16, FREE_SLOT = 0 };

/* A part, and its columns among those that are read. */
struct part {
    const struct fst_ts_part *is;
    struct local_input *in;
    const char *names[3];
    size_t n_names;
    size_t entity, value, time; /* places among the names */
};

struct frames {
    struct fst_frame **items;
    size_t n, cap;
};

/* A row of a feature: where it lies, and when it begins to count. */
struct row {
    uint32_t bucket, frame_row;
    int64_t time;
};

struct local_asof {
    struct local_job *job;
    struct part label;
    struct part *features;
    size_t n_features;
    size_t memory_left;

    struct frames labels;
    struct fst_builder **answers; /* one for each frame of labels */
    size_t next;                  /* frame to be given */
    bool is_loaded;

    uint32_t *bucket_of; /* of each label; its entity's number + 1, or 0 for NULL */
    size_t n_labels, labels_cap;
    uint32_t *slots; /* hash table of entities: number + 1, or FREE_SLOT */
    size_t n_slots, n_entities, entities_cap;
    uint64_t *first_label; /* of each entity: frame << 16 | row */

    struct frames rows; /* of the feature at hand */
    struct row *sorted;
    size_t n_sorted, sorted_cap;
    size_t *begins; /* of the buckets, and their end */
};

static enum fst_status not_simple(struct fst_error *err)
{
    return fst_fail(err, FST_EUNSUPPORTED, "not for a merge");
}

/* ---- Is it simple? --------------------------------------------------------------------------- */

static bool is_whole(enum fst_kind kind)
{
    return kind >= FST_BYTE && kind <= FST_LONG;
}

static bool is_key_pair(enum fst_kind a, enum fst_kind b)
{
    return (is_whole(a) && is_whole(b)) || (a == b && (a == FST_STRING || a == FST_DATE));
}

static bool is_value(enum fst_kind kind)
{
    return (kind >= FST_BOOLEAN && kind <= FST_DOUBLE) || kind == FST_DECIMAL ||
           kind == FST_STRING || kind == FST_BINARY || kind == FST_DATE || kind == FST_TIMESTAMP ||
           kind == FST_TIMESTAMP_NTZ;
}

static bool is_time_pair(enum fst_kind a, enum fst_kind b, bool is_shifted)
{
    bool is_instant = a == FST_TIMESTAMP || a == FST_TIMESTAMP_NTZ;
    return is_instant ? a == b
                      : !is_shifted && ((a == b && a == FST_DATE) || (is_whole(a) && is_whole(b)));
}

static size_t add_name(struct part *p, const char *name)
{
    for (size_t i = 0; i < p->n_names; i++)
        if (strcmp(p->names[i], name) == 0)
            return i;
    p->names[p->n_names] = name;
    return p->n_names++;
}

static struct local_input *find_input(struct local_job *job, const char *name)
{
    for (size_t i = 0; i < job->n_inputs; i++)
        if (strcmp(job->inputs[i].name, name) == 0)
            return job->inputs[i].query ? NULL : &job->inputs[i];
    return NULL;
}

static bool open_part(struct local_job *job, const struct fst_ts_part *is, struct part *out)
{
    const struct fst_schema *schema;
    *out = (struct part){.is = is, .in = find_input(job, is->table)};
    if (!out->in || local_input_schema(out->in, &schema, NULL) != FST_OK)
        return false;
    const char *names[] = {is->entity, is->value, is->timestamp};
    size_t *places[] = {&out->entity, &out->value, &out->time};
    for (size_t i = 0; i < FST_COUNT(names); i++) {
        if (!names[i])
            continue;
        if (fst_schema_find(schema, names[i]) < 0)
            return false;
        *places[i] = add_name(out, names[i]);
    }
    return true;
}

static const struct fst_type *type_of(const struct part *p, const char *name)
{
    return &p->in->schema->fields[fst_schema_find(p->in->schema, name)].type;
}

/* A feature, against the label and the column that SQL would make of it. */
static bool is_simple(const struct part *label, const struct part *f, const struct fst_type *out)
{
    const struct fst_type *value = type_of(f, f->is->value);
    bool is_shifted = f->is->lag_us || f->is->max_age_us;
    if (!is_value(value->kind) || !fst_type_eq(value, out) ||
        !is_key_pair(type_of(label, label->is->entity)->kind, type_of(f, f->is->entity)->kind))
        return false;
    if (!f->is->timestamp)
        return true;
    enum fst_kind kind = type_of(f, f->is->timestamp)->kind;
    const char *other = label->is->timestamp;
    return is_time_pair(other ? type_of(label, other)->kind : kind, kind, is_shifted);
}

/* Entity, the label's time, features, the label: are these the columns of the plan? */
static bool are_simple(const struct local_asof *a)
{
    const struct fst_schema *out = a->job->schema;
    size_t at = a->label.is->timestamp ? 2 : 1;
    if (out->n != at + a->n_features + 1 ||
        !is_value(type_of(&a->label, a->label.is->value)->kind) ||
        !fst_type_eq(type_of(&a->label, a->label.is->value), &out->fields[out->n - 1].type))
        return false;
    if (a->label.is->timestamp &&
        !fst_type_eq(type_of(&a->label, a->label.is->timestamp), &out->fields[1].type))
        return false;
    for (size_t i = 0; i < a->n_features; i++)
        if (!is_simple(&a->label, &a->features[i], &out->fields[at + i].type))
            return false;
    return true;
}

struct local_asof *local_asof_new(struct local_job *job, const struct fst_ts_plan *plan)
{
    struct local_asof *a = fst_alloc(sizeof *a);
    a->job = job;
    a->n_features = plan->n_features;
    a->features = fst_alloc(plan->n_features * sizeof *a->features);
    a->memory_left = (size_t)job->memory.cap;
    bool ok = open_part(job, &plan->label, &a->label);
    for (size_t i = 0; ok && i < plan->n_features; i++)
        ok = open_part(job, &plan->features[i], &a->features[i]);
    if (ok && are_simple(a))
        return a;
    local_asof_free(a);
    return NULL;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static void forget_frames(struct local_asof *a, struct frames *f)
{
    for (size_t i = 0; i < f->n; i++) {
        a->memory_left += fst_frame_size(f->items[i]);
        fst_frame_unref(f->items[i]);
    }
    f->n = 0;
}

/* Do the columns hold what this knows, and is there room? */
static bool is_fine(struct local_asof *a, const struct fst_frame *f)
{
    size_t size = fst_frame_size(f) + f->n_rows * (sizeof(struct row) + 16);
    bool ok = size <= a->memory_left;
    for (size_t i = 0; i < f->n_columns; i++)
        ok &= !f->columns[i].nanos && !f->columns[i].unreadable;
    return ok;
}

static enum fst_status read_frames(struct local_asof *a, const struct part *p, size_t max_rows,
                                   struct frames *out, struct fst_error *err)
{
    struct fst_read_options options = {.columns = p->names,
                                       .n_columns = p->n_names,
                                       .cancelled = a->job->env.cancelled,
                                       .cancel_arg = a->job->env.cancel_arg};
    struct fst_reader *reader;
    FST_TRY(local_input_open(p->in, &options, &reader, err));
    enum fst_status status;
    struct fst_frame *f = NULL;
    while ((status = fst_reader_next(reader, max_rows, &f, err)) == FST_OK && f) {
        fst_grow(&out->items, &out->cap, out->n + 1, sizeof(struct fst_frame *));
        out->items[out->n++] = f;
        if (!is_fine(a, f) || out->n == FRAMES_MAX)
            status = not_simple(err);
        else
            a->memory_left -= fst_frame_size(f);
        if (status != FST_OK)
            break;
    }
    fst_reader_close(reader);
    return status;
}

/* ---- Entities -------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t h)
{
    h = (h ^ h >> 32) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 29;
}

static uint64_t hash_of(const struct fst_column *c, size_t row)
{
    if (c->type.kind != FST_STRING)
        return mix((uint64_t)fst_column_int(c, row));
    struct fst_str s = fst_column_bytes(c, row);
    uint64_t h = s.n;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001B3u;
    return mix(h);
}

static bool are_equal(const struct fst_column *a, size_t i, const struct fst_column *b, size_t j)
{
    if (a->type.kind != FST_STRING)
        return fst_column_int(a, i) == fst_column_int(b, j);
    return fst_str_eq(fst_column_bytes(a, i), fst_column_bytes(b, j));
}

static const struct fst_column *entities_of(const struct local_asof *a, uint64_t label)
{
    return &a->labels.items[label >> 16]->columns[a->label.entity];
}

/* The slot of an entity: its own, or the free one where it would be. */
static size_t slot_of(const struct local_asof *a, const struct fst_column *c, size_t row)
{
    size_t i = hash_of(c, row) & (a->n_slots - 1);
    for (; a->slots[i] != FREE_SLOT; i = (i + 1) & (a->n_slots - 1)) {
        uint64_t label = a->first_label[a->slots[i] - 1];
        if (are_equal(entities_of(a, label), label & 0xffff, c, row))
            break;
    }
    return i;
}

static void make_slots(struct local_asof *a, size_t n)
{
    free(a->slots);
    a->n_slots = n;
    a->slots = fst_alloc(n * sizeof *a->slots);
    for (size_t i = 0; i < a->n_entities; i++) {
        uint64_t label = a->first_label[i];
        a->slots[slot_of(a, entities_of(a, label), label & 0xffff)] = (uint32_t)i + 1;
    }
}

static uint32_t number_of(struct local_asof *a, const struct fst_column *c, size_t frame,
                          size_t row)
{
    if (a->n_entities * 2 >= a->n_slots)
        make_slots(a, a->n_slots ? a->n_slots * 2 : 1024);
    size_t i = slot_of(a, c, row);
    if (a->slots[i] == FREE_SLOT) {
        fst_grow(&a->first_label, &a->entities_cap, a->n_entities + 1, sizeof *a->first_label);
        a->first_label[a->n_entities++] = (uint64_t)frame << 16 | row;
        a->slots[i] = (uint32_t)a->n_entities;
    }
    return a->slots[i];
}

static void number_labels(struct local_asof *a)
{
    for (size_t k = 0; k < a->labels.n; k++) {
        const struct fst_frame *f = a->labels.items[k];
        const struct fst_column *c = &f->columns[a->label.entity];
        fst_grow(&a->bucket_of, &a->labels_cap, a->n_labels + f->n_rows, sizeof *a->bucket_of);
        for (size_t row = 0; row < f->n_rows; row++)
            a->bucket_of[a->n_labels++] = fst_column_is_null(c, row) ? 0 : number_of(a, c, k, row);
    }
}

/* ---- Answers --------------------------------------------------------------------------------- */

static void put_column(struct fst_builder *b, size_t col, const struct fst_frame *f, size_t from)
{
    for (size_t row = 0; row < f->n_rows; row++)
        fst_builder_copy(b, col, &f->columns[from], row);
}

/* What the labels give themselves. */
static void begin_answers(struct local_asof *a)
{
    a->answers = fst_alloc((a->labels.n + 1) * sizeof(struct fst_builder *));
    for (size_t k = 0; k < a->labels.n; k++) {
        const struct fst_frame *f = a->labels.items[k];
        a->answers[k] = fst_builder_new(fst_schema_copy(a->job->schema));
        put_column(a->answers[k], 0, f, a->label.entity);
        if (a->label.is->timestamp)
            put_column(a->answers[k], 1, f, a->label.time);
        put_column(a->answers[k], a->job->schema->n - 1, f, a->label.value);
    }
}

/* ---- A feature ------------------------------------------------------------------------------- */

static const struct fst_column *values_of(const struct local_asof *a, const struct part *p,
                                          const struct row *r)
{
    return &a->rows.items[r->frame_row >> 16]->columns[p->value];
}

struct ordering {
    const struct local_asof *a;
    const struct part *p;
};

static int by_time(const void *x, const void *y, void *arg)
{
    const struct ordering *o = arg;
    const struct row *a = x, *b = y;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return fst_column_compare(values_of(o->a, o->p, a), a->frame_row & 0xffff,
                              values_of(o->a, o->p, b), b->frame_row & 0xffff);
}

/* The rows of a frame whose entity has a label. */
static enum fst_status take_rows(struct local_asof *a, const struct part *p, size_t frame,
                                 struct fst_error *err)
{
    const struct fst_frame *f = a->rows.items[frame];
    const struct fst_column *entity = &f->columns[p->entity];
    const struct fst_column *time = p->is->timestamp ? &f->columns[p->time] : NULL;
    fst_grow(&a->sorted, &a->sorted_cap, a->n_sorted + f->n_rows, sizeof *a->sorted);
    for (size_t row = 0; row < f->n_rows; row++) {
        int64_t at = 0;
        if (fst_column_is_null(entity, row) || (time && fst_column_is_null(time, row)))
            continue;
        uint32_t bucket = a->n_slots ? a->slots[slot_of(a, entity, row)] : FREE_SLOT;
        if (bucket == FREE_SLOT)
            continue;
        if (time && __builtin_add_overflow(fst_column_int(time, row), p->is->lag_us, &at))
            return not_simple(err);
        a->sorted[a->n_sorted++] = (struct row){
            .bucket = bucket - 1, .frame_row = (uint32_t)(frame << 16 | row), .time = at};
    }
    return FST_OK;
}

/* Bucket by bucket, by counting; then each by time. */
static void sort_rows(struct local_asof *a, const struct part *p)
{
    struct row *out = fst_alloc((a->n_sorted + 1) * sizeof *out);
    struct ordering ordering = {a, p};
    free(a->begins);
    a->begins = fst_alloc((a->n_entities + 2) * sizeof *a->begins);
    for (size_t i = 0; i < a->n_sorted; i++)
        a->begins[a->sorted[i].bucket + 2]++;
    for (size_t i = 2; i < a->n_entities + 2; i++)
        a->begins[i] += a->begins[i - 1];
    for (size_t i = 0; i < a->n_sorted; i++)
        out[a->begins[a->sorted[i].bucket + 1]++] = a->sorted[i];
    for (size_t i = 0; i < a->n_entities; i++)
        qsort_r(out + a->begins[i], a->begins[i + 1] - a->begins[i], sizeof *out, by_time,
                &ordering);
    free(a->sorted);
    a->sorted = out;
    a->sorted_cap = a->n_sorted + 1;
}

/* The last row of a bucket at or before `time`; NULL when there is none. */
static const struct row *last_before(const struct local_asof *a, size_t bucket, int64_t time)
{
    size_t low = a->begins[bucket], high = a->begins[bucket + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (a->sorted[middle].time <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low > a->begins[bucket] ? &a->sorted[low - 1] : NULL;
}

static enum fst_status find_row(const struct local_asof *a, const struct part *p, uint32_t bucket,
                                const struct fst_column *times, size_t row, const struct row **out,
                                struct fst_error *err)
{
    *out = NULL;
    if (bucket == 0)
        return FST_OK;
    if (!times) { /* one value an entity: the newest */
        size_t end = a->begins[bucket];
        *out = end > a->begins[bucket - 1] ? &a->sorted[end - 1] : NULL;
        return FST_OK;
    }
    if (fst_column_is_null(times, row))
        return FST_OK;
    int64_t time = fst_column_int(times, row), oldest;
    *out = last_before(a, bucket - 1, time);
    if (__builtin_sub_overflow(time, p->is->max_age_us, &oldest))
        return not_simple(err);
    if (*out && p->is->max_age_us && (*out)->time < oldest)
        *out = NULL;
    return FST_OK;
}

static enum fst_status answer_frame(struct local_asof *a, const struct part *p, size_t frame,
                                    size_t first, size_t col, struct fst_error *err)
{
    const struct fst_frame *f = a->labels.items[frame];
    bool is_timed = p->is->timestamp && a->label.is->timestamp;
    const struct fst_column *times = is_timed ? &f->columns[a->label.time] : NULL;
    for (size_t row = 0; row < f->n_rows; row++) {
        const struct row *found;
        FST_TRY(find_row(a, p, a->bucket_of[first + row], times, row, &found, err));
        if (found)
            fst_builder_copy(a->answers[frame], col, values_of(a, p, found),
                             found->frame_row & 0xffff);
        else
            fst_builder_null(a->answers[frame], col);
    }
    return FST_OK;
}

static enum fst_status answer(struct local_asof *a, const struct part *p, size_t col,
                              struct fst_error *err)
{
    a->n_sorted = 0;
    FST_TRY(read_frames(a, p, ROWS_MAX, &a->rows, err));
    for (size_t k = 0; k < a->rows.n; k++)
        FST_TRY(take_rows(a, p, k, err));
    sort_rows(a, p);
    size_t first = 0;
    for (size_t k = 0; k < a->labels.n; k++) {
        if (a->job->env.cancelled(a->job->env.cancel_arg))
            return fst_fail(err, FST_ECANCELLED, "cancelled");
        FST_TRY(answer_frame(a, p, k, first, col, err));
        first += a->labels.items[k]->n_rows;
    }
    forget_frames(a, &a->rows);
    return FST_OK;
}

/* ---- The whole ------------------------------------------------------------------------------- */

static enum fst_status load(struct local_asof *a, size_t max_rows, struct fst_error *err)
{
    size_t at = a->label.is->timestamp ? 2 : 1;
    FST_TRY(read_frames(a, &a->label, max_rows, &a->labels, err));
    number_labels(a);
    begin_answers(a);
    for (size_t i = 0; i < a->n_features; i++)
        FST_TRY(answer(a, &a->features[i], at + i, err));
    a->is_loaded = true;
    return FST_OK;
}

enum fst_status local_asof_rows(struct local_asof *a, size_t max_rows, struct fst_frame **out,
                                struct fst_error *err)
{
    *out = NULL;
    if (!a->is_loaded)
        FST_TRY(load(a, max_rows < ROWS_MAX ? max_rows : ROWS_MAX, err));
    if (a->next == a->labels.n)
        return FST_OK;
    struct fst_builder *b = a->answers[a->next];
    a->answers[a->next] = NULL;
    *out = fst_builder_finish(b, a->labels.items[a->next]->n_rows);
    a->next++;
    return FST_OK;
}

void local_asof_free(struct local_asof *a)
{
    if (!a)
        return;
    for (size_t k = 0; a->answers && k < a->labels.n; k++)
        fst_builder_free(a->answers[k]);
    forget_frames(a, &a->labels);
    forget_frames(a, &a->rows);
    free(a->labels.items);
    free(a->rows.items);
    free(a->answers);
    free(a->features);
    free(a->bucket_of);
    free(a->slots);
    free(a->first_label);
    free(a->sorted);
    free(a->begins);
    free(a);
}
