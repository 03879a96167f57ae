/* csvparse: values between separators, as univocity (the parser inside Spark) finds them.
 *
 * The odd cases are its own, measured and kept: a quote only opens a value at its very start; text
 * behind a closing quote makes the whole value literal, quotes included, up to the separator;
 * `\` escapes only inside quotes, and only a quote or itself. Quoted values may hold line ends
 * only where multiLine is set: as in Spark, or one file would be two tables. */
#include "csvparse.h"

#include <stdlib.h>
#include <string.h>

/* What ended a value. */
enum stop { STOP_SEP, STOP_LINE, STOP_END };

static bool is_sep(struct fst_csv *csv, int c)
{
    const struct fst_csv_options *o = &csv->options;
    return c == (uint8_t)o->sep[0] &&
           (o->n_sep == 1 || fst_textin_take(&csv->in, o->sep + 1, o->n_sep - 1));
}

/* Does `c` end a value? */
static bool stops(struct fst_csv *csv, int c, enum stop *out)
{
    *out = c == FST_TEXTIN_END ? STOP_END : c == '\n' ? STOP_LINE : STOP_SEP;
    return c == FST_TEXTIN_END || c == '\n' || is_sep(csv, c);
}

/* What lies in the buffer up to a byte that may mean something. */
static void add_run(struct fst_csv *csv)
{
    struct fst_textin *in = &csv->in;
    const uint8_t *from = in->buf + in->at, *end = in->buf + in->n, *p = from;
    uint8_t sep = (uint8_t)csv->options.sep[0];
    while (p < end && *p != sep && *p != '\n' && *p != '\r')
        p++;
    fst_buf_add(&csv->text, from, (size_t)(p - from));
    in->at += (size_t)(p - from);
}

static enum stop bare_value(struct fst_csv *csv, int c)
{
    enum stop stop;
    for (; !stops(csv, c, &stop) && !csv->text.over; c = fst_textin_next(&csv->in)) {
        fst_buf_addc(&csv->text, (char)c);
        add_run(csv);
    }
    return stop;
}

/* Text goes on behind the closing quote: the value was no quoted one, both quotes belong to it. */
static enum stop literal_value(struct fst_csv *csv, struct fst_csv_value *v, struct fst_buf *space,
                               int c)
{
    char quote = (char)csv->options.quote;
    fst_buf_addc(&csv->text, quote);
    if (!csv->text.over) {
        memmove(csv->text.p + v->at + 1, csv->text.p + v->at, csv->text.n - v->at - 1);
        csv->text.p[v->at] = quote;
    }
    fst_buf_addc(&csv->text, quote);
    fst_buf_add(&csv->text, space->p, space->n);
    return bare_value(csv, c);
}

/* Behind a closing quote `c` follows, which is no second quote. */
static enum stop after_quote(struct fst_csv *csv, struct fst_csv_value *v, int c)
{
    struct fst_buf space = FST_BUF(FST_CSV_RECORD_BYTES);
    enum stop stop;
    bool ended;
    while (!(ended = stops(csv, c, &stop)) && c <= ' ' && !space.over) {
        fst_buf_addc(&space, (char)c);
        c = fst_textin_next(&csv->in);
    }
    if (!ended)
        stop = literal_value(csv, v, &space, c);
    csv->text.over |= space.over;
    fst_buf_done(&space);
    return stop;
}

/* A quote or an escape inside quotes; returns what the next character has before it. */
static int quote_or_escape(struct fst_csv *csv, int before, int c)
{
    const struct fst_csv_options *o = &csv->options;
    bool escaped = before == o->escape && (c == o->quote || c == o->escape);
    if (escaped || (c == o->quote && before == o->quote))
        fst_buf_addc(&csv->text, (char)c);
    return escaped ? 0 : c;
}

static enum stop quoted_value(struct fst_csv *csv, struct fst_csv_value *v)
{
    const struct fst_csv_options *o = &csv->options;
    int before = 0;
    for (;;) {
        int c = fst_textin_next(&csv->in);
        bool is_special = c == o->quote || c == o->escape;
        if (before == o->quote && c != o->quote)
            return after_quote(csv, v, c);
        if (c == FST_TEXTIN_END || csv->text.over)
            return STOP_END;
        if (c == '\n' && !o->multi_line)
            return STOP_LINE;
        if (!is_special && before == o->escape)
            fst_buf_addc(&csv->text, (char)before);
        if (!is_special)
            fst_buf_addc(&csv->text, (char)c);
        before = is_special ? quote_or_escape(csv, before, c) : c;
    }
}

static enum fst_status check_record(struct fst_csv *csv, struct fst_error *err)
{
    char line[64];
    const char *name = csv->in.bytes->name;
    fst_textin_line(&csv->in, csv->line, line);
    FST_TRY(fst_textin_status(&csv->in, err));
    if (csv->text.over)
        return fst_fail(err, FST_EFORMAT,
                        "%s:%s: a record is longer than %d MB; is a quote left open, or the "
                        "line end missing?",
                        name, line, FST_CSV_RECORD_BYTES >> 20);
    if (csv->n > FST_CSV_COLUMNS)
        return fst_fail(err, FST_EFORMAT, "%s:%s: more than %d columns; is the separator right?",
                        name, line, FST_CSV_COLUMNS);
    return FST_OK;
}

/* Not past the value: a separator or a line end stays. */
static int without_space(struct fst_csv *csv, int c)
{
    while (c >= 0 && c <= ' ' && c != '\n' && c != (uint8_t)csv->options.sep[0])
        c = fst_textin_next(&csv->in);
    return c;
}

static void trim_right(struct fst_csv *csv, const struct fst_csv_value *v)
{
    while (csv->text.n > v->at && (uint8_t)csv->text.p[csv->text.n - 1] <= ' ')
        csv->text.n--;
}

static void skip_line(struct fst_csv *csv)
{
    int c;
    do
        c = fst_textin_next(&csv->in);
    while (c != '\n' && c != FST_TEXTIN_END);
}

/* Values up to the line end; false at the end of the file. */
static bool scan_record(struct fst_csv *csv)
{
    csv->n = 0;
    fst_buf_clear(&csv->text);
    csv->line = csv->in.line;
    enum stop stop = STOP_SEP;
    while (stop == STOP_SEP && csv->n <= FST_CSV_COLUMNS && !csv->text.over) {
        int c = fst_textin_next(&csv->in);
        while (c == csv->options.comment && !csv->n) {
            skip_line(csv);
            csv->line = csv->in.line;
            c = fst_textin_next(&csv->in);
        }
        if (c == FST_TEXTIN_END && !csv->n)
            return false;
        fst_grow(&csv->values, &csv->cap, csv->n + 1, sizeof(*csv->values));
        struct fst_csv_value *v = &csv->values[csv->n++];
        if (csv->options.trim_left)
            c = without_space(csv, c);
        *v = (struct fst_csv_value){.at = csv->text.n, .quoted = c == csv->options.quote};
        stop = v->quoted ? quoted_value(csv, v) : bare_value(csv, c);
        if (csv->options.trim_right && !v->quoted)
            trim_right(csv, v);
        v->n = csv->text.n - v->at;
    }
    return true;
}

/* A line of white space is no record, also when the separator is white space. */
static bool is_blank(const struct fst_csv *csv)
{
    if (csv->n > 1 && (uint8_t)csv->options.sep[0] > ' ')
        return false;
    for (size_t i = 0; i < csv->n; i++)
        if (csv->values[i].quoted)
            return false;
    for (size_t i = 0; i < csv->text.n; i++)
        if ((uint8_t)csv->text.p[i] > ' ')
            return false;
    return true;
}

enum fst_status fst_csv_record(struct fst_csv *csv, bool *more, struct fst_error *err)
{
    do {
        *more = scan_record(csv);
        FST_TRY(check_record(csv, err));
    } while (*more && is_blank(csv));
    return FST_OK;
}

bool fst_csv_value(const struct fst_csv *csv, size_t i, struct fst_str *out)
{
    if (i >= csv->n)
        return false;
    const struct fst_csv_value *v = &csv->values[i];
    *out = (struct fst_str){fst_buf_text(&csv->text) + v->at, v->n};
    if (v->quoted && !v->n)
        *out = fst_str(csv->options.empty_value);
    return (v->n || v->quoted) && !fst_str_is(*out, csv->options.null_value);
}

enum fst_status fst_csv_open(struct fst_csv *csv, struct fst_bytes *bytes, struct fst_error *err)
{
    csv->text = FST_BUF(FST_CSV_RECORD_BYTES);
    FST_TRY(fst_textin_open(&csv->in, bytes, err));
    csv->in.latin1 = csv->options.latin1;
    return csv->in.latin1 ? fst_textin_rewind(&csv->in, err) : FST_OK;
}

void fst_csv_close(struct fst_csv *csv)
{
    fst_textin_close(&csv->in);
    fst_buf_done(&csv->text);
    free(csv->values);
}
