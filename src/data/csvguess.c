/* csvguess: how a file of values between separators seems to be written, for a look at a file that
 * nobody has described. The separator that gives most lines the same number of values wins; a first
 * line of names above values of other types, or of names that do not come again, is a header. */
#include <stdlib.h>
#include <string.h>

#include "csvparse.h"
#include "formats.h"
#include "unpack.h"

enum { HEAD_BYTES = 256 << 10, RECORDS = 200, COLUMNS = 1000 };

struct look {
    const char *sep;
    bool multi_line, doubled, latin1;
    size_t records, columns, equal; /* how many have as many values as most have */
};

/* ---- The head -------------------------------------------------------------------------------- */

/* Up to its last whole line, unpacked. */
static size_t take_head(const void *head, size_t n, char *text)
{
    size_t got = fst_unpack_head(head, n, text, HEAD_BYTES);
    if (!got) {
        got = n < HEAD_BYTES ? n : HEAD_BYTES;
        memcpy(text, head, got);
    }
    bool is_cut = got == HEAD_BYTES || n == HEAD_BYTES;
    size_t end = got;
    while (is_cut && end && text[end - 1] != '\n')
        end--;
    return end ? end : got;
}

static bool has_escaped_quote(const char *p, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        if (p[i] == '\\' && p[i + 1] == '"')
            return true;
    return false;
}

static bool is_edge(char c)
{
    return strchr(",;\t|\r\n", c) != NULL; /* a NUL, too: outside the text */
}

/* Two quotes that mean one inside a value; "" alone is an empty value. */
static bool has_doubled_quote(const char *p, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        if (p[i] == '"' && p[i + 1] == '"' &&
            !(is_edge(i ? p[i - 1] : '\0') && is_edge(i + 2 < n ? p[i + 2] : '\0')))
            return true;
    return false;
}

/* ---- Records --------------------------------------------------------------------------------- */

static bool open_as(struct fst_csv *csv, const struct look *l, const char *p, size_t n)
{
    *csv = (struct fst_csv){0};
    if (fst_csv_options_read(&csv->options, l->sep, NULL, NULL) != FST_OK)
        return false;
    csv->options.multi_line = l->multi_line;
    csv->options.latin1 = l->latin1;
    csv->options.escape = l->doubled ? '"' : '\\';
    return fst_csv_open(csv, fst_bytes_of_memory("head", p, n), NULL) == FST_OK;
}

static bool next(struct fst_csv *csv)
{
    bool more = false;
    return fst_csv_record(csv, &more, NULL) == FST_OK && more;
}

/* How well a separator fits. */
static void measure(struct look *l, const char *p, size_t n)
{
    struct fst_csv csv;
    size_t seen[COLUMNS] = {0};
    l->records = l->columns = l->equal = 0;
    if (open_as(&csv, l, p, n))
        for (; l->records < RECORDS && next(&csv); l->records++)
            seen[csv.n < COLUMNS ? csv.n : COLUMNS - 1]++;
    fst_csv_close(&csv);
    for (size_t i = 0; i < COLUMNS; i++)
        if (seen[i] >= l->equal && seen[i]) {
            l->equal = seen[i];
            l->columns = i;
        }
}

/* More lines that agree, then more columns. */
static bool is_better(const struct look *a, const struct look *b)
{
    if (a->columns < 2 || b->columns < 2)
        return a->columns > b->columns;
    size_t x = a->equal * b->records, y = b->equal * a->records;
    return x != y ? x > y : a->columns > b->columns;
}

static struct look best_look(const char *only, bool doubled, bool latin1, const char *p, size_t n)
{
    static const char *const separators[] = {",", ";", "\t", "|"};
    struct look best = {.sep = only ? only : ",", .doubled = doubled, .latin1 = latin1};
    measure(&best, p, n);
    for (size_t i = 0; i < FST_COUNT(separators) * 2; i++) {
        struct look l = best;
        l.sep = separators[i / 2];
        l.multi_line = i % 2;
        if (only && strcmp(only, l.sep) != 0)
            continue;
        measure(&l, p, n);
        if (is_better(&l, &best))
            best = l;
    }
    return best;
}

/* ---- The header ------------------------------------------------------------------------------ */

struct column {
    char *name;
    struct fst_type type; /* of the values below */
    bool comes_again;
};

static bool is_name(const char *p)
{
    struct fst_type type = fst_type(FST_VOID);
    fst_textvalue_infer(&type, fst_str(p));
    return *p && strlen(p) < 100 && type.kind == FST_STRING && !strchr(p, '\n');
}

static bool are_names(const struct column *columns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!columns[i].name || !is_name(columns[i].name))
            return false;
        for (size_t k = 0; k < i && n < 200; k++)
            if (strcmp(columns[i].name, columns[k].name) == 0)
                return false;
    }
    return n > 0;
}

static void look_below(struct fst_csv *csv, struct column *columns, size_t n)
{
    struct fst_str text;
    for (size_t r = 0; r < RECORDS && next(csv); r++)
        for (size_t i = 0; i < n; i++)
            if (fst_csv_value(csv, i, &text) && text.n) {
                fst_textvalue_infer(&columns[i].type, text);
                columns[i].comes_again |= fst_str_is(text, columns[i].name);
            }
}

static bool has_header(const struct look *l, const char *p, size_t n)
{
    struct fst_csv csv;
    struct fst_str text;
    struct column columns[COLUMNS] = {0};
    size_t n_columns = 0;
    if (open_as(&csv, l, p, n) && next(&csv))
        n_columns = csv.n < COLUMNS ? csv.n : COLUMNS;
    for (size_t i = 0; i < n_columns; i++) {
        columns[i].type = fst_type(FST_VOID);
        if (fst_csv_value(&csv, i, &text))
            columns[i].name = fst_strndup(text.p, text.n);
    }
    bool yes = are_names(columns, n_columns), typed = false, again = false;
    if (yes)
        look_below(&csv, columns, n_columns);
    for (size_t i = 0; i < n_columns; i++) {
        typed |= columns[i].type.kind != FST_STRING && columns[i].type.kind != FST_VOID;
        again |= columns[i].comes_again;
        free(columns[i].name);
    }
    fst_csv_close(&csv);
    return yes && (typed || (!again && n_columns > 1));
}

/* ---- The guess ------------------------------------------------------------------------------- */

const struct fst_doc *fst_csv_guess(struct fst_arena *arena, const struct fst_format *format,
                                    const void *head, size_t n)
{
    char *text = fst_alloc(HEAD_BYTES);
    struct fst_buf json = FST_BUF(1024);
    struct fst_doc *doc = NULL;
    size_t length = take_head(head, n, text);
    bool doubled = has_doubled_quote(text, length) && !has_escaped_quote(text, length);
    size_t whole = length; /* a character may be cut in two */
    while (whole && length - whole < 4 && (uint8_t)text[whole - 1] >= 0x80)
        whole--;
    bool latin1 = !fst_utf8_valid(text, whole) && !memchr(text, '\0', length);
    const char *only = format == &fst_format_tsv ? "\t" : NULL;
    struct look l = best_look(only, doubled, latin1, text, length);
    struct fst_json_writer w = fst_json_writer(&json);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "sep", l.sep);
    fst_jw_bool(&w, "header", has_header(&l, text, length));
    fst_jw_bool(&w, "inferSchema", true);
    if (l.multi_line)
        fst_jw_bool(&w, "multiLine", true);
    if (l.doubled)
        fst_jw_string(&w, "escape", "\"");
    if (l.latin1)
        fst_jw_string(&w, "encoding", "ISO-8859-1");
    fst_jw_end(&w, '}');
    fst_json_parse(arena, "guess", fst_buf_text(&json), json.n, NULL, &doc, NULL);
    fst_buf_done(&json);
    free(text);
    return doc;
}
