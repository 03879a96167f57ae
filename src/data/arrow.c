/* arrow: an IPC stream held in memory: messages one after the other, first the schema, then record
 * batches. Lengths are little-endian and of any alignment. */
#include "arrow.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_SCHEMA = 1, HEADER_DICTIONARY = 2, HEADER_BATCH = 3, VERSION_4 = 3 };

/* What one answer may cost in memory. */
static const size_t BUDGET_BYTES = (size_t)512 << 20;

struct stream {
    const uint8_t *p;
    size_t n, at;
    struct fst_arena *arena; /* of the fields */
    struct fst_arrow_field *fields;
    size_t n_fields;
    bool has_schema;
    size_t budget;
    struct fst_frame **frames;
    size_t n_frames, cap;
};

struct message {
    struct fst_fb fb;
    struct fst_fb_table header;
    int64_t type;
    struct fst_str body;
};

static enum fst_status cut_off(const struct stream *s, struct fst_error *err)
{
    return fst_fail(err, FST_EFORMAT, "arrow: the stream is cut off in a message at byte %zu",
                    s->at);
}

static uint32_t load32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Length of the next message's metadata; 0 at the end of the stream. */
static enum fst_status next_length(struct stream *s, size_t *out, struct fst_error *err)
{
    *out = 0;
    if (s->at == s->n)
        return FST_OK;
    size_t marker = s->n - s->at >= 4 && load32(s->p + s->at) == UINT32_MAX ? 4 : 0;
    if (s->n - s->at < marker + 4)
        return cut_off(s, err);
    size_t length = load32(s->p + s->at + marker);
    if (length > s->n - s->at - marker - 4)
        return cut_off(s, err);
    s->at += marker + 4;
    *out = length;
    return FST_OK;
}

static enum fst_status next_message(struct stream *s, bool *more, struct message *m,
                                    struct fst_error *err)
{
    size_t length;
    FST_TRY(next_length(s, &length, err));
    *more = length > 0;
    if (!*more)
        return FST_OK;

    m->fb = (struct fst_fb){.p = s->p + s->at, .n = length};
    struct fst_fb_table t = fst_fb_root(&m->fb);
    int64_t version = fst_fb_int(&m->fb, t, 0, 2, 0);
    uint64_t body = (uint64_t)fst_fb_int(&m->fb, t, 3, 8, 0);
    m->type = fst_fb_int(&m->fb, t, 1, 1, 0);
    m->header = fst_fb_table_at(&m->fb, t, 2);
    if (m->fb.bad)
        return fst_fail(err, FST_EFORMAT, "arrow: a damaged message at byte %zu", s->at);
    if (version < VERSION_4)
        return fst_fail(err, FST_EUNSUPPORTED, "arrow: streams older than version 4 are not read");
    s->at += length;
    if (body > s->n - s->at)
        return cut_off(s, err);
    m->body = (struct fst_str){(const char *)s->p + s->at, (size_t)body};
    s->at += (size_t)body;
    return FST_OK;
}

static enum fst_status read_batch(struct stream *s, struct message *m, struct fst_error *err)
{
    if (!s->has_schema)
        return fst_fail(err, FST_EFORMAT, "arrow: a record batch before the schema");
    struct fst_frame *f;
    FST_TRY(
        fst_arrow_batch(&m->fb, m->header, m->body, s->fields, s->n_fields, &s->budget, &f, err));
    fst_grow(&s->frames, &s->cap, s->n_frames + 1, sizeof(struct fst_frame *));
    s->frames[s->n_frames++] = f;
    return FST_OK;
}

static enum fst_status read_message(struct stream *s, struct message *m, struct fst_error *err)
{
    switch (m->type) {
    case HEADER_SCHEMA:
        if (s->has_schema)
            return fst_fail(err, FST_EFORMAT, "arrow: a second schema in the stream");
        s->has_schema = true;
        return fst_arrow_schema(&m->fb, m->header, s->arena, &s->fields, &s->n_fields, err);
    case HEADER_BATCH:
        return read_batch(s, m, err);
    case HEADER_DICTIONARY:
        return fst_fail(err, FST_EUNSUPPORTED, "arrow: dictionaries are not read");
    default:
        return fst_fail(err, FST_EUNSUPPORTED, "arrow: messages of type %lld are not read",
                        (long long)m->type);
    }
}

static enum fst_status read_stream(struct stream *s, struct fst_error *err)
{
    for (;;) {
        bool more;
        struct message m;
        FST_TRY(next_message(s, &more, &m, err));
        if (!more)
            break;
        FST_TRY(read_message(s, &m, err));
    }
    return s->has_schema ? FST_OK : fst_fail(err, FST_EFORMAT, "arrow: there is no schema");
}

/* No batches: one frame without rows still tells the columns. */
static struct fst_frame *empty_frame(const struct stream *s)
{
    return fst_builder_finish(fst_builder_new(fst_arrow_spark_schema(s->fields, s->n_fields)), 0);
}

enum fst_status fst_arrow_decode(const void *p, size_t n, struct fst_frame ***frames,
                                 size_t *n_frames, struct fst_error *err)
{
    struct stream s = {.p = p, .n = n, .arena = fst_arena_new(), .budget = BUDGET_BYTES};
    enum fst_status status = read_stream(&s, err);
    if (status == FST_OK && !s.n_frames) {
        fst_grow(&s.frames, &s.cap, 1, sizeof(struct fst_frame *));
        s.frames[s.n_frames++] = empty_frame(&s);
    }
    fst_arena_free(s.arena);
    if (status != FST_OK) {
        for (size_t i = 0; i < s.n_frames; i++)
            fst_frame_unref(s.frames[i]);
        free(s.frames);
        return status;
    }
    *frames = s.frames;
    *n_frames = s.n_frames;
    return FST_OK;
}
