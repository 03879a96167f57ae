/* explain: what a look at rows read, and what it could leave out. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const struct {
    const char *name, *key;
} means[FST_N_SKIPS] = {
    [FST_SKIP_PARTITION] = {"values in paths", "partition"},
    [FST_SKIP_STATISTICS] = {"statistics of row groups", "statistics"},
    [FST_SKIP_BLOOM] = {"Bloom filters", "bloom"},
    [FST_SKIP_DICTIONARY] = {"dictionaries", "dictionary"},
    [FST_SKIP_PAGES] = {"indexes of pages", "pages"},
    [FST_SKIP_VALUE] = {"the values themselves", "value"},
};

/* ---- For people ------------------------------------------------------------------------------ */

static void add_count(struct fst_buf *b, uint64_t n, const char *what)
{
    if (!n)
        return;
    fst_buf_adds(b, b->n ? ", " : "");
    fst_count_text(b, (int64_t)n);
    fst_buf_printf(b, " %s%s", what, n == 1 ? "" : "s");
}

static void add_counts(struct fst_buf *b, const struct fst_skip_count *c)
{
    add_count(b, c->files, "file");
    add_count(b, c->groups, "row group");
    add_count(b, c->pages, "page");
    add_count(b, c->rows, "row");
    if (!c->bytes)
        return;
    fst_buf_adds(b, b->n ? ", " : "");
    fst_size_text(b, c->bytes);
}

static void tell_means(const struct fst_skipped *s)
{
    for (size_t i = 0; i < FST_N_SKIPS; i++) {
        struct fst_buf b = FST_BUF(256);
        add_counts(&b, &s->by[i]);
        if (b.n)
            cli_note("  left out by %s: %s", means[i].name, fst_buf_text(&b));
        fst_buf_done(&b);
    }
}

static void tell_conditions(const struct fst_skipped *s)
{
    for (size_t i = 0; i < s->n_uses; i++) {
        struct fst_buf b = FST_BUF(512);
        for (size_t k = 0; k < FST_N_SKIPS; k++)
            if (s->uses[i].can_use >> k & 1)
                fst_buf_printf(&b, "%s%s", b.n ? ", " : "", means[k].name);
        cli_note("  %s: by %s", s->uses[i].text, b.n ? fst_buf_text(&b) : "nothing but a check");
        fst_buf_done(&b);
    }
}

static void tell_text(const struct fst_skipped *s, bool has_where)
{
    struct fst_buf all = FST_BUF(256), read = FST_BUF(64);
    add_counts(&all, &s->all);
    fst_size_text(&read, s->bytes_read);
    cli_note("looked at: %s; read: %s", fst_buf_text(&all), fst_buf_text(&read));
    fst_buf_done(&all);
    fst_buf_done(&read);
    tell_means(s);
    if (!has_where)
        return;
    cli_note(s->n_uses ? "conditions that files were asked:"
                       : "no condition that files can be asked");
    tell_conditions(s);
    cli_note("every row shown was checked against all of the condition");
}

/* ---- For programs ---------------------------------------------------------------------------- */

static void add_json(struct fst_buf *b, const char *key, const struct fst_skip_count *c)
{
    fst_buf_printf(b,
                   "\"%s\":{\"files\":%llu,\"row_groups\":%llu,\"pages\":%llu,\"rows\":%llu,"
                   "\"bytes\":%llu}",
                   key, (unsigned long long)c->files, (unsigned long long)c->groups,
                   (unsigned long long)c->pages, (unsigned long long)c->rows,
                   (unsigned long long)c->bytes);
}

static void add_use(struct fst_buf *b, const struct fst_condition_use *use)
{
    bool first = true;
    fst_buf_adds(b, "{\"condition\":");
    fst_json_quote(b, use->text, strlen(use->text));
    fst_buf_adds(b, ",\"by\":[");
    for (size_t k = 0; k < FST_N_SKIPS; k++)
        if (use->can_use >> k & 1) {
            fst_buf_printf(b, "%s\"%s\"", first ? "" : ",", means[k].key);
            first = false;
        }
    fst_buf_adds(b, "]}");
}

static void tell_json(const struct fst_skipped *s)
{
    struct fst_buf b = FST_BUF_TEXT;
    fst_buf_addc(&b, '{');
    add_json(&b, "seen", &s->all);
    fst_buf_printf(&b, ",\"bytes_read\":%llu,\"left_out\":{", (unsigned long long)s->bytes_read);
    for (size_t i = 0; i < FST_N_SKIPS; i++) {
        fst_buf_adds(&b, i ? "," : "");
        add_json(&b, means[i].key, &s->by[i]);
    }
    fst_buf_adds(&b, "},\"conditions\":[");
    for (size_t i = 0; i < s->n_uses; i++) {
        fst_buf_adds(&b, i ? "," : "");
        add_use(&b, &s->uses[i]);
    }
    fst_buf_adds(&b, "]}");
    cli_note("%s", fst_buf_text(&b));
    fst_buf_done(&b);
}

void cli_tell_skipped(const struct fst_cli *c, const struct fst_skipped *s, bool has_where)
{
    if (cli_is_json(c))
        tell_json(s);
    else
        tell_text(s, has_where);
}
