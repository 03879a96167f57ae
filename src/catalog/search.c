/* Search while typing: four tiers, each of which streams and stops at the limit.
 *
 * 1. names that begin with the text (their default variants, in order), 2. variants with every word
 * in name or variant, 3. what has a column whose name begins with the text, 4. variants with every
 * word anywhere; newest first, words as prefixes. No
 * tier sorts by a score: that would read every match of a one-letter word. */
#include "catalog.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 16, COUNTED = 1000 };

/* ---- The index ------------------------------------------------------------------------------- */

#define INDEXED "name, variant, owner, description, tags, properties, body"

/* Give the words of `id` to the statement `sql`. One row by VALUES: a SELECT may write several, for
 * which SQLite takes a savepoint, at which FTS5 writes out what it gathered. */
static enum fst_status give_words(struct fst_catalog *c, int64_t id, const char *sql,
                                  struct fst_error *err)
{
    struct sqlite3_stmt *st;
    bool row;

    FST_TRY(fst__query(c, &st, err, "SELECT " INDEXED " FROM searched WHERE id = ?", "i", id));
    enum fst_status status = fst_db_step(st, &row, err);
    if (status == FST_OK && row)
        status = fst__run(c, err, sql, "isssssss", id, fst__column(st, 0), fst__column(st, 1),
                          fst__column(st, 2), fst__column(st, 3), fst__column(st, 4),
                          fst__column(st, 5), fst__column(st, 6));
    fst__done(c, st);
    return status;
}

enum fst_status fst__unindex(struct fst_catalog *c, int64_t id, struct fst_error *err)
{
    return give_words(c, id,
                      "INSERT INTO search(search, rowid, " INDEXED
                      ") VALUES('delete', ?, ?, ?, ?, ?, ?, ?, ?)",
                      err);
}

enum fst_status fst__index(struct fst_catalog *c, int64_t id, struct fst_error *err)
{
    return give_words(c, id,
                      "INSERT INTO search(rowid, " INDEXED ") VALUES(?, ?, ?, ?, ?, ?, ?, ?)", err);
}

/* ---- Queries --------------------------------------------------------------------------------- */

static bool is_word_byte(char b)
{
    return isalnum((unsigned char)b) || (unsigned char)b >= 0x80;
}

/* `"word"* "word"*`, all of which must match; false when there is no word. */
static bool write_match(struct fst_buf *out, const char *columns, const char *text)
{
    int words = 0;

    fst_buf_adds(out, columns);
    while (*text && words < MAX_WORDS) {
        size_t n = 0;
        while (is_word_byte(text[n]))
            n++;
        if (n) {
            fst_buf_adds(out, words++ ? " AND \"" : "(\"");
            fst_buf_add(out, text, n);
            fst_buf_adds(out, "\"*");
        }
        text += n ? n : 1;
    }
    fst_buf_addc(out, ')');
    return words > 0;
}

/* The least text that is greater than every text beginning with `prefix`: NULL for none. */
static char *after_prefix(const char *prefix)
{
    char *next = fst_strdup(prefix);
    size_t n = strlen(next);

    while (n && (unsigned char)next[n - 1] == 0xFF)
        n--;
    next[n] = 0;
    if (n)
        next[n - 1]++;
    return next;
}

static enum fst_status add_names(struct fst_catalog *c, const char *text, int64_t limit,
                                 struct fst_items *out, size_t *cap, struct fst_error *err)
{
    char *after = after_prefix(text);
    struct sqlite3_stmt *st;
    enum fst_status status = fst__query(
        c, &st, err,
        "SELECT " FST__ITEM_COLUMNS "FROM name n JOIN resource r ON r.id = n.default_id"
        " WHERE n.kind IN (0, 1, 2, 3, 4, 5, 6, 7) AND n.name >= ?1 AND n.name < ?2 LIMIT ?3",
        "ssi", text, after, limit);

    free(after);
    FST_TRY(status);
    status = fst__read_items(st, out, cap, err);
    fst__done(c, st);
    return status;
}

static bool have(const struct fst_items *items, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (items->items[i].id == id)
            return true;
    return false;
}

/* Matches that no earlier tier had, to at most `limit` in all. */
static enum fst_status add_matches(struct fst_catalog *c, const char *match, int64_t limit,
                                   struct fst_items *out, size_t *cap, struct fst_error *err)
{
    struct sqlite3_stmt *st;
    size_t before = out->n, kept = out->n;

    FST_TRY(fst__query(c, &st, err,
                       "SELECT " FST__ITEM_COLUMNS "FROM search s JOIN resource r ON r.id = s.rowid"
                       " JOIN name n ON n.id = r.name_id"
                       " WHERE search MATCH ?1 AND NOT r.archived"
                       " ORDER BY s.rowid DESC LIMIT ?2",
                       "si", match, limit));
    enum fst_status status = fst__read_items(st, out, cap, err);
    fst__done(c, st);
    for (size_t i = before; i < out->n; i++)
        if (!have(out, before, out->items[i].id) && (int64_t)kept < limit)
            out->items[kept++] = out->items[i];
    out->n = kept;
    return status;
}

/* Resources with a column whose name begins with the text; each says which. */
static enum fst_status add_columns(struct fst_catalog *c, const char *text, int64_t limit,
                                   struct fst_items *out, size_t *cap, struct fst_error *err)
{
    char *after = after_prefix(text);
    struct sqlite3_stmt *st;
    size_t before = out->n, kept = out->n;
    enum fst_status status =
        fst__query(c, &st, err,
                   "SELECT " FST__ITEM_COLUMNS ", 'column ' || s.name || '  ' || s.type"
                   " FROM seen_column s JOIN resource r ON r.id = s.resource"
                   " JOIN name n ON n.id = r.name_id"
                   " WHERE s.name >= ?1 AND s.name < ?2 AND NOT r.archived LIMIT ?3",
                   "ssi", text, after, limit);

    free(after);
    FST_TRY(status);
    status = fst__read_items(st, out, cap, err);
    fst__done(c, st);
    for (size_t i = before; i < out->n; i++)
        if (!have(out, kept, out->items[i].id) && (int64_t)kept < limit)
            out->items[kept++] = out->items[i];
    out->n = kept;
    return status;
}

/* Exact up to COUNTED: counting further would take longer than a keystroke. */
static enum fst_status count_matches(struct fst_catalog *c, const char *match, int64_t *total,
                                     struct fst_error *err)
{
    int64_t n;

    FST_TRY(fst__query_int(c, &n, 0, err,
                           "SELECT count(*) FROM (SELECT 1 FROM search s JOIN resource r"
                           " ON r.id = s.rowid WHERE search MATCH ?1 AND NOT r.archived LIMIT ?2)",
                           "si", match, (int64_t)COUNTED));
    if (n > *total)
        *total = n;
    return FST_OK;
}

static enum fst_status search(struct fst_catalog *c, const char *text, int64_t limit,
                              struct fst_items *out, struct fst_error *err)
{
    struct fst_buf in_names = FST_BUF(4096), anywhere = FST_BUF(4096);
    enum fst_status status = FST_OK;
    size_t cap = 0;

    if (*text)
        status = add_names(c, text, limit, out, &cap, err);
    if (write_match(&in_names, "{name variant} : ", text) && write_match(&anywhere, "", text)) {
        if (status == FST_OK && (int64_t)out->n < limit)
            status = add_matches(c, fst_buf_text(&in_names), limit, out, &cap, err);
        if (status == FST_OK && (int64_t)out->n < limit)
            status = add_columns(c, text, limit, out, &cap, err);
        if (status == FST_OK && (int64_t)out->n < limit)
            status = add_matches(c, fst_buf_text(&anywhere), limit, out, &cap, err);
        out->total = (int64_t)out->n;
        if (status == FST_OK)
            status = count_matches(c, fst_buf_text(&anywhere), &out->total, err);
    }
    out->total = out->total > (int64_t)out->n ? out->total : (int64_t)out->n;
    fst_buf_done(&in_names);
    fst_buf_done(&anywhere);
    return status;
}

enum fst_status fst_catalog_search(struct fst_catalog *c, const char *text, int64_t limit,
                                   struct fst_items *out, struct fst_error *err)
{
    bool own;

    *out = (struct fst_items){.arena = fst_arena_new()};
    text += strspn(text, " \t\r\n");
    if (strlen(text) > 1024 || !fst_utf8_valid(text, strlen(text)))
        return FST_OK;
    enum fst_status status = fst__begin(c, false, &own, err);
    if (status == FST_OK) {
        status = search(c, text, limit > 0 ? limit : COUNTED, out, err);
        if (own)
            fst_catalog_rollback(c);
    }
    if (status != FST_OK)
        fst_items_done(out);
    return status;
}
