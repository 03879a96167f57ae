/* What Spark says when it says no, as a place in the text and words for people.
 *
 * There are three sources of the place, in this order: the parser's own "(line L, pos P)", which
 * stands just before the text it shows; the query contexts of FetchErrorDetails, the only ones that
 * give a range and that no user's text can imitate; and the sentences in the message. Spark counts
 * code points, lines from 1; columns from 0 in "pos" and from 1 in "position". */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "spark.h"

static void copy_text(char *out, size_t cap, const char *p, size_t n)
{
    size_t take = n < cap ? n : cap - 1;
    memcpy(out, p, take);
    out[take] = 0;
}

/* ---- The status of a call -------------------------------------------------------------------- */

static void take_metadata(struct pb entry, struct connect_failure *out)
{
    struct pb_field key, value;
    if (!pb_find(entry, 1, &key) || !pb_find(entry, 2, &value) || key.wire != 2 || value.wire != 2)
        return;
    const struct {
        const char *name;
        char *into;
        size_t cap;
    } wanted[] = {
        {"errorClass", out->condition, sizeof(out->condition)},
        {"sqlState", out->sqlstate, sizeof(out->sqlstate)},
        {"errorId", out->error_id, sizeof(out->error_id)},
    };
    struct fst_str name = {(const char *)key.p, key.n};
    for (size_t i = 0; i < FST_COUNT(wanted); i++)
        if (fst_str_is(name, wanted[i].name))
            copy_text(wanted[i].into, wanted[i].cap, (const char *)value.p, value.n);
}

/* google.rpc.Status { details = 3: Any { type_url = 1, value = 2: ErrorInfo { metadata = 3 } } } */
static void read_details(const struct fst_buf *details, struct connect_failure *out)
{
    struct pb status = pb_reader(details->p, details->n);
    struct pb_field any, url, value, entry;
    while (pb_next(&status, &any)) {
        if (any.number != 3 || !pb_find(pb_inside(&any), 1, &url) || url.wire != 2 ||
            !pb_find(pb_inside(&any), 2, &value))
            continue;
        static const char wanted[] = "google.rpc.ErrorInfo";
        size_t n = sizeof(wanted) - 1;
        if (url.n < n || memcmp(url.p + url.n - n, wanted, n) != 0)
            continue;
        struct pb info = pb_inside(&value);
        while (pb_next(&info, &entry))
            if (entry.number == 3)
                take_metadata(pb_inside(&entry), out);
    }
}

static bool is_condition_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/* "[CONDITION.SUB] " at the head of a message: its length, 0 when it is not there. */
static size_t condition_length(const char *message)
{
    size_t n = 1;
    if (message[0] != '[')
        return 0;
    while (is_condition_char(message[n]))
        n++;
    return n > 1 && message[n] == ']' ? n + 1 : 0;
}

static const char *skip_space(const char *p)
{
    while (isspace((unsigned char)*p))
        p++;
    return p;
}

/* Spark 3.5 puts the name of the Java class before some: "org.apache.spark.SparkSQLException: [".
 */
static const char *skip_class(const char *p)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$";
    p = skip_space(p);
    size_t n = strspn(p, letters);
    return n > 0 && strncmp(p + n, ": [", 3) == 0 && condition_length(p + n + 2) ? p + n + 2 : p;
}

void connect_failure_read(const struct fst_grpc_result *result, struct connect_failure *out)
{
    *out = (struct connect_failure){.grpc = result->status,
                                    .message = fst_strdup(result->message ? result->message : "")};
    read_details(&result->details, out);
    const char *head = skip_class(out->message);
    size_t n = condition_length(head);
    if (!out->condition[0] && n > 0)
        copy_text(out->condition, sizeof(out->condition), head + 1, n - 2);
}

void connect_failure_done(struct connect_failure *f)
{
    free(f->message);
    *f = (struct connect_failure){.grpc = 0};
}

bool connect_failure_is(const struct connect_failure *f, const char *condition_prefix)
{
    return strncmp(f->condition, condition_prefix, strlen(condition_prefix)) == 0;
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* Length in code points of the token that begins there. */
static uint32_t token_length(const char *sql, uint32_t line, uint32_t col)
{
    size_t n = sql ? strlen(sql) : 0;
    size_t offset = sql ? fst_sql_offset(sql, n, line, col) : 0;
    if (offset >= n)
        return 1;
    struct fst_lexer lx = {.text = sql + offset, .n = n - offset};
    struct fst_token t = fst_sql_next(&lx);
    if (t.kind == FST_TOK_SPACE || t.kind == FST_TOK_END || t.len == 0)
        return 1;
    return (uint32_t)fst_utf8_length(sql + offset, t.len);
}

/* "<before>L<between>P<after>" at p; the text after it, or NULL. */
static const char *match_pair(const char *p, const char *const words[3], uint32_t *first,
                              uint32_t *second)
{
    uint32_t *const out[2] = {first, second};
    for (int i = 0; i < 2; i++) {
        size_t n = strlen(words[i]);
        if (strncmp(p, words[i], n) != 0)
            return NULL;
        size_t digits = strspn(p + n, "0123456789");
        int64_t v;
        if (digits == 0 || !fst_parse_int64(p + n, digits, &v) || v > 100000000)
            return NULL;
        *out[i] = (uint32_t)v;
        p += n + digits;
    }
    size_t n = strlen(words[2]);
    return strncmp(p, words[2], n) == 0 ? p + n : NULL;
}

static const char *const parser_words[3] = {"(line ", ", pos ", ")"};
static const char *const analysis_words[3] = {"; line ", " pos ", ""};
static const char *const runtime_words[3] = {"== SQL (line ", ", position ", ") =="};

/* Only what stands before the text it shows, or ends the message: names of columns and messages of
 * users may hold the same words. */
bool connect_place_of_parser(const char *message, const char *sql, struct fst_problem *out)
{
    for (const char *p = strstr(message, parser_words[0]); p; p = strstr(p + 1, parser_words[0])) {
        uint32_t line, pos;
        const char *after = match_pair(p, parser_words, &line, &pos);
        if (!after)
            continue;
        after = skip_space(after);
        if (*after && strncmp(after, "== SQL", 6) != 0)
            continue;
        out->line = line ? line : 1;
        out->col = pos + 1;
        out->len = token_length(sql, out->line, out->col);
        return true;
    }
    return false;
}

/* Carets in the last line of what the runtime shows. */
static uint32_t count_carets(const char *p)
{
    const char *caret = strstr(p, "\n^");
    const char *spaced = strstr(p, " ^");
    if (!caret || (spaced && spaced < caret))
        caret = spaced;
    return caret ? (uint32_t)strspn(caret + 1, "^") : 1;
}

bool connect_place_of_message(const char *message, const char *sql, struct fst_problem *out)
{
    uint32_t line, pos;
    for (const char *p = strstr(message, analysis_words[0]); p;
         p = strstr(p + 1, analysis_words[0])) {
        if (!match_pair(p, analysis_words, &line, &pos) || line == 0)
            continue;
        out->line = line;
        out->col = pos + 1;
        out->len = token_length(sql, line, out->col);
        return true;
    }
    const char *p = strstr(message, runtime_words[0]);
    const char *after = p ? match_pair(p, runtime_words, &line, &pos) : NULL;
    if (!after || line == 0 || pos == 0)
        return false;
    out->line = line;
    out->col = pos;
    out->len = count_carets(after);
    return true;
}

/* Code point indexes, the last inclusive, to line, column and length. */
void connect_place_of_range(const char *sql, uint64_t start, uint64_t stop, struct fst_problem *out)
{
    size_t n = strlen(sql), offset = 0;
    out->line = out->col = 1;
    for (uint64_t i = 0; i < start && offset < n; i++) {
        uint32_t cp;
        offset += fst_utf8_decode(sql + offset, n - offset, &cp);
        out->col = cp == '\n' ? 1 : out->col + 1;
        out->line += cp == '\n';
    }
    uint64_t left = fst_utf8_length(sql + offset, n - offset);
    uint64_t len = stop >= start ? stop - start + 1 : 1;
    out->len = (uint32_t)(len <= left ? len : left > 0 ? left : 1);
}

/* A call in Python that made the expression: call_site = 6. */
static bool take_call(struct pb context, struct fst_problem *out)
{
    struct pb_field f;
    char *site = pb_find(context, 6, &f) ? pb_strdup(&f) : NULL;
    bool found = site && connect_python_place(site, out);
    free(site);
    return found;
}

static bool take_context(struct pb context, const char *sql, struct fst_problem *out)
{
    struct pb_field f;
    if (!sql)
        return take_call(context, out);
    uint64_t start = 0, stop = 0;
    bool has_stop = false;
    while (pb_next(&context, &f)) {
        if ((f.number == 1 && f.n > 0) || (f.number == 10 && f.v != 0))
            return false;
        if (f.number == 3)
            start = f.v;
        if (f.number == 4) {
            stop = f.v;
            has_stop = true;
        }
    }
    if (!has_stop || start > strlen(sql) || out->line)
        return false;
    connect_place_of_range(sql, start, stop, out);
    return true;
}

/* SparkThrowable { error_class = 1, query_contexts = 3*, sql_state = 4 } */
static bool take_throwable(struct pb throwable, const char *sql, struct fst_problem *out)
{
    struct pb_field f;
    bool found = false;
    while (pb_next(&throwable, &f)) {
        if (f.number == 1 && f.wire == 2)
            copy_text(out->condition, sizeof(out->condition), (const char *)f.p, f.n);
        else if (f.number == 4 && f.wire == 2)
            copy_text(out->sqlstate, sizeof(out->sqlstate), (const char *)f.p, f.n);
        else if (f.number == 3 && !found)
            found = take_context(pb_inside(&f), sql, out);
    }
    return found;
}

/* Error { message = 2 }: whole, where that of the status is cut. */
static bool take_traceback(struct pb error, struct fst_problem *out)
{
    struct pb_field f;
    char *message = pb_find(error, 2, &f) ? pb_strdup(&f) : NULL;
    bool found = message && connect_python_place(message, out);
    free(message);
    return found;
}

bool connect_place_of_details(const void *p, size_t n, const char *sql, struct fst_problem *out)
{
    struct pb reply = pb_reader(p, n);
    struct pb_field f, throwable;
    uint64_t root = pb_find(reply, 1, &f) ? f.v : 0;
    for (uint64_t i = 0; pb_next(&reply, &f);) {
        if (f.number != 2 || i++ != root)
            continue;
        if (pb_find(pb_inside(&f), 5, &throwable) &&
            take_throwable(pb_inside(&throwable), sql, out))
            return true;
        return !sql && take_traceback(pb_inside(&f), out);
    }
    return false;
}

/* ---- Words ----------------------------------------------------------------------------------- */

/* Where the words for people end: plan dumps, shown text and positions follow. */
static size_t words_length(const char *p)
{
    static const char *const ends[] = {";\n'", "\n== SQL", "\n\n== SQL", "\n== DataFrame"};
    size_t n = strlen(p);
    for (size_t i = 0; i < FST_COUNT(ends); i++) {
        const char *at = strstr(p, ends[i]);
        if (at && (size_t)(at - p) < n)
            n = (size_t)(at - p);
    }
    uint32_t line, pos;
    for (const char *at = strstr(p, analysis_words[0]); at && (size_t)(at - p) < n;
         at = strstr(at + 1, analysis_words[0]))
        if (match_pair(at, analysis_words, &line, &pos))
            n = (size_t)(at - p);
    return n;
}

/* Drop the last "(line L, pos P)" and "SQLSTATE: XXXXX" and the white space around. */
static size_t trim_end(const char *p, size_t n)
{
    static const char *const marks[] = {"(line ", "SQLSTATE: "};
    static const size_t most[] = {sizeof("(line 1000000, pos 1000000)"), sizeof("SQLSTATE: 00000")};
    for (size_t i = 0; i < FST_COUNT(marks); i++) {
        while (n > 0 && isspace((unsigned char)p[n - 1]))
            n--;
        size_t from = n > most[i] ? n - most[i] : 0;
        const char *at = memmem(p + from, n - from, marks[i], strlen(marks[i]));
        if (at)
            n = (size_t)(at - p);
    }
    while (n > 0 && isspace((unsigned char)p[n - 1]))
        n--;
    return n;
}

void connect_message_clean(const char *message, char *out, size_t cap)
{
    const char *p = skip_class(message);
    p = skip_space(p + condition_length(p));
    size_t n = trim_end(p, words_length(p));
    while (n >= cap || (n > 0 && n < strlen(p) && ((unsigned char)p[n] & 0xc0) == 0x80))
        n--;
    copy_text(out, cap, p, n);
}

static const struct {
    int grpc;
    enum fst_status status;
    bool retry;
    const char *text;
} grpc_rows[] = {
    {1, FST_ECANCELLED, false, "the server cancelled the call"},
    {4, FST_ETIMEOUT, true, "the server did not answer in time"},
    {8, FST_ENOMEM, false, "the server says it is too much"},
    {12, FST_EUNSUPPORTED, false,
     "this server does not know the call: it is older than what is asked of it"},
    {14, FST_ENET, true, "the server is not available"},
    {16, FST_EAUTH, false,
     "the server refuses the token; set the provider's `token` to the one it was started with"},
};

static enum fst_status status_of(const struct connect_failure *f, const struct fst_problem *problem,
                                 bool running)
{
    if (connect_failure_is(f, "OPERATION_CANCELED"))
        return FST_ECANCELLED;
    if (connect_failure_is(f, "INVALID_HANDLE."))
        return FST_ENOTFOUND;
    bool about_text = strncmp(problem->sqlstate, "42", 2) == 0 || problem->line > 0;
    return !running && (about_text || problem->condition[0]) ? FST_EINVAL
           : about_text && problem->sqlstate[0] == '4'       ? FST_EINVAL
                                                             : FST_EREMOTE;
}

enum fst_status connect_fail(const struct connect_failure *f, const struct fst_problem *problem,
                             bool running, struct fst_error *err)
{
    for (size_t i = 0; i < FST_COUNT(grpc_rows); i++) {
        if (grpc_rows[i].grpc != f->grpc)
            continue;
        enum fst_status status = fst_fail(err, grpc_rows[i].status, "Spark: %s%s%.400s",
                                          grpc_rows[i].text, *f->message ? ": " : "", f->message);
        if (err) {
            err->code = f->grpc;
            err->retry = grpc_rows[i].retry;
        }
        return status;
    }
    char place[48] = "";
    if (problem->line)
        snprintf(place, sizeof(place), "line %u:%u: ", problem->line, problem->col);
    enum fst_status status =
        fst_fail(err, status_of(f, problem, running), "%s%s%s%s", place, problem->condition,
                 problem->condition[0] ? ": " : "", problem->message);
    if (err)
        err->code = f->grpc;
    return status;
}
