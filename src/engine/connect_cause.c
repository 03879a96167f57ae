/* What an error of Spark stands on, for a log: the chain of causes as FetchErrorDetails tells it,
 * the root cause first because it is what people look for, each with its condition, the parameters
 * of its message, the piece of the text, and where it was thrown. */
#include <string.h>

#include "connect.h"

enum { MAX_CAUSES = 8, MAX_LINES = 60, MAX_FRAMES_ROOT = 8, MAX_FRAMES = 5, MAX_LINE = 400 };

struct causes {
    struct pb errors[MAX_CAUSES]; /* in the order of the answer */
    size_t n;
};

/* One line of text from others: cut, without control characters. */
static void add_line(struct fst_buf *out, const char *indent, const struct pb_field *f)
{
    size_t n = f->wire == 2 ? f->n : 0;
    const char *p = (const char *)f->p, *end = n ? memchr(p, '\n', n) : NULL;
    n = end ? (size_t)(end - p) : n;
    fst_buf_adds(out, indent);
    for (size_t i = 0; i < n && i < MAX_LINE; i++)
        fst_buf_addc(out, (unsigned char)p[i] < ' ' || p[i] == 0x7f ? ' ' : p[i]);
}

/* StackTraceElement { declaring_class = 1, method_name = 2, file_name = 3, line_number = 4 } */
static void add_frame(struct fst_buf *out, struct pb frame)
{
    struct pb_field f;
    const bool has_class = pb_find(frame, 1, &f);
    if (has_class)
        add_line(out, "    at ", &f);
    if (pb_find(frame, 2, &f))
        add_line(out, has_class ? "." : "    at ", &f);
    if (pb_find(frame, 3, &f))
        add_line(out, " (", &f);
    else
        fst_buf_adds(out, " (");
    if (pb_find(frame, 4, &f))
        fst_buf_printf(out, ":%lld", (long long)(int32_t)f.v);
    fst_buf_adds(out, ")\n");
}

/* "(n more)" stands for the frames left out. */
static void add_stack(struct fst_buf *out, struct pb error, int most, int *lines)
{
    struct pb_field f;
    int shown = 0, left = 0;
    while (pb_next(&error, &f)) {
        if (f.number != 3 || f.wire != 2)
            continue;
        if (shown < most && *lines < MAX_LINES - 1) {
            add_frame(out, pb_inside(&f));
            shown++;
            ++*lines;
        } else {
            left++;
        }
    }
    if (left > 0 && *lines < MAX_LINES) {
        fst_buf_printf(out, "    (%d more)\n", left);
        ++*lines;
    }
}

/* "    name: value" */
static void add_named(struct fst_buf *out, const char *name, const struct pb_field *value,
                      int *lines)
{
    if (*lines >= MAX_LINES)
        return;
    fst_buf_printf(out, "    %s: ", name);
    add_line(out, "", value);
    fst_buf_addc(out, '\n');
    ++*lines;
}

/* map<string, string>: a parameter of the message */
static void add_parameter(struct fst_buf *out, struct pb entry, int *lines)
{
    struct pb_field key, value;
    if (!pb_find(entry, 1, &key) || !pb_find(entry, 2, &value) || *lines >= MAX_LINES)
        return;
    add_line(out, "    ", &key);
    add_line(out, " = ", &value);
    fst_buf_addc(out, '\n');
    ++*lines;
}

/* QueryContext { fragment = 5, call_site = 6, summary = 7 } */
static void add_context(struct fst_buf *out, struct pb context, int *lines)
{
    struct pb_field f;
    if (pb_find(context, 5, &f) && f.n > 0)
        add_named(out, "at", &f, lines);
    if (pb_find(context, 6, &f) && f.n > 0)
        add_named(out, "called from", &f, lines);
}

/* SparkThrowable { error_class = 1, message_parameters = 2*, query_contexts = 3*, sql_state = 4 }
 */
static void add_throwable(struct fst_buf *out, struct pb throwable, int *lines)
{
    struct pb_field f;
    if (pb_find(throwable, 1, &f) && f.n > 0)
        add_named(out, "condition", &f, lines);
    if (pb_find(throwable, 4, &f) && f.n > 0)
        add_named(out, "SQL state", &f, lines);
    for (struct pb r = throwable; pb_next(&r, &f);)
        if (f.number == 2 && f.wire == 2)
            add_parameter(out, pb_inside(&f), lines);
    for (struct pb r = throwable; pb_next(&r, &f);)
        if (f.number == 3 && f.wire == 2)
            add_context(out, pb_inside(&f), lines);
}

/* Error { error_type_hierarchy = 1*, message = 2, stack_trace = 3*, cause_idx = 4,
 * spark_throwable = 5 } */
static void add_cause(struct fst_buf *out, struct pb error, bool root, int *lines)
{
    struct pb_field f;
    struct pb types = error;
    fst_buf_adds(out, root ? "root cause: " : "that made: ");
    while (pb_next(&types, &f))
        if (f.number == 1) {
            add_line(out, "", &f);
            break;
        }
    if (pb_find(error, 2, &f))
        add_line(out, ": ", &f);
    fst_buf_addc(out, '\n');
    ++*lines;
    if (pb_find(error, 5, &f) && f.wire == 2)
        add_throwable(out, pb_inside(&f), lines);
    add_stack(out, error, root ? MAX_FRAMES_ROOT : MAX_FRAMES, lines);
}

static size_t follow(const struct causes *all, size_t first, size_t *chain)
{
    size_t n = 0;
    struct pb_field f;
    for (size_t at = first; at < all->n && n < MAX_CAUSES; at = (size_t)f.v) {
        chain[n++] = at;
        if (!pb_find(all->errors[at], 4, &f))
            break;
    }
    return n;
}

void connect_causes_of_details(const void *p, size_t n, struct fst_buf *out)
{
    struct causes all = {.n = 0};
    struct pb reply = pb_reader(p, n);
    struct pb_field f;
    size_t chain[MAX_CAUSES];
    size_t first = pb_find(reply, 1, &f) ? (size_t)f.v : 0;
    while (pb_next(&reply, &f))
        if (f.number == 2 && all.n < MAX_CAUSES)
            all.errors[all.n++] = pb_inside(&f);
    size_t n_chain = follow(&all, first, chain);
    int lines = 0;
    for (size_t i = n_chain; i-- > 0 && lines < MAX_LINES;)
        add_cause(out, all.errors[chain[i]], i == n_chain - 1, &lines);
}
