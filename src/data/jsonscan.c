/* jsonscan: only finds where records end; what they say is the JSON parser's matter. */
#include "jsonscan.h"

#include <string.h>

static bool is_space(int c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static int next_visible(struct fst_jsonscan *s)
{
    int c;
    do
        c = fst_textin_next(&s->in);
    while (is_space(c));
    return c;
}

static unsigned long long line_of(const struct fst_jsonscan *s)
{
    return (unsigned long long)s->line;
}

static enum fst_status finish_record(struct fst_jsonscan *s, struct fst_error *err)
{
    FST_TRY(fst_textin_status(&s->in, err));
    if (s->text.over)
        return fst_fail(err, FST_EFORMAT, "%s:%llu: a record is longer than %d MB",
                        s->in.bytes->name, line_of(s), FST_JSON_RECORD_BYTES >> 20);
    return FST_OK;
}

/* The rest of a line. */
static enum fst_status scan_line(struct fst_jsonscan *s, int c, struct fst_error *err)
{
    for (; c != FST_TEXTIN_END && c != '\n' && !s->text.over; c = fst_textin_next(&s->in))
        fst_buf_addc(&s->text, (char)c);
    return finish_record(s, err);
}

static enum fst_status cut_off(struct fst_jsonscan *s, struct fst_error *err)
{
    return fst_fail(err, FST_EFORMAT, "%s:%llu: the array does not end; is the file cut off?",
                    s->in.bytes->name, line_of(s));
}

/* A value over several lines: up to where its brackets close, or to the line's end when it has
 * none. */
static enum fst_status scan_value(struct fst_jsonscan *s, int c, struct fst_error *err)
{
    int depth = 0;
    bool in_string = false, escaped = false;
    for (; c != FST_TEXTIN_END && !s->text.over; c = fst_textin_next(&s->in)) {
        fst_buf_addc(&s->text, (char)c);
        if (in_string) {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        in_string = c == '"';
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (depth <= 0 && (c == '}' || c == '\n'))
            break;
    }
    return finish_record(s, err);
}

/* Up to the comma or bracket that ends an item: outside strings, at depth 0. */
static enum fst_status scan_item(struct fst_jsonscan *s, int c, struct fst_error *err)
{
    int depth = 0;
    bool in_string = false, escaped = false;
    for (; c != FST_TEXTIN_END && !s->text.over; c = fst_textin_next(&s->in)) {
        if (in_string) {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (!depth && (c == ',' || c == ']')) {
            s->in_array = c == ',';
            return finish_record(s, err);
        } else {
            in_string = c == '"';
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        }
        fst_buf_addc(&s->text, (char)c);
    }
    FST_TRY(finish_record(s, err));
    return cut_off(s, err);
}

enum fst_status fst_jsonscan_next(struct fst_jsonscan *s, bool *more, struct fst_error *err)
{
    fst_buf_clear(&s->text);
    *more = false;
    if (s->ended)
        return FST_OK;

    int c = next_visible(s);
    while ((s->in_array && c == ']') || (!s->in_array && s->is_array && c == '[')) {
        s->in_array = c == '[';
        c = next_visible(s);
    }
    s->line = s->in.line;
    s->ended = c == FST_TEXTIN_END;
    FST_TRY(fst_textin_status(&s->in, err));
    if (s->ended)
        return s->in_array ? cut_off(s, err) : FST_OK;
    *more = true;
    if (s->in_array)
        return scan_item(s, c, err);
    return s->multi_line ? scan_value(s, c, err) : scan_line(s, c, err);
}

enum fst_status fst_jsonscan_rewind(struct fst_jsonscan *s, struct fst_error *err)
{
    s->ended = s->in_array = false;
    return fst_textin_rewind(&s->in, err);
}

enum fst_status fst_jsonscan_open(struct fst_jsonscan *s, struct fst_bytes *bytes, bool multi_line,
                                  struct fst_error *err)
{
    memset(s, 0, sizeof(*s));
    s->text = FST_BUF(FST_JSON_RECORD_BYTES);
    s->multi_line = multi_line;
    FST_TRY(fst_textin_open(&s->in, bytes, err));
    s->is_array = next_visible(s) == '[';
    enum fst_status status = fst_jsonscan_rewind(s, err);
    if (status != FST_OK)
        fst_jsonscan_close(s);
    return status;
}

void fst_jsonscan_close(struct fst_jsonscan *s)
{
    if (s->in.buf)
        fst_textin_close(&s->in);
    fst_buf_done(&s->text);
}
