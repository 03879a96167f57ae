/* sql: what does the SQL say? Spark SQL text to tokens, statements and {{references}}; the syntax
 * tree with names and types is in firesteel/sql/tree.h.
 *
 * Pure functions on text: no I/O, no catalog. Offsets are bytes; lines count from 1; columns count
 * code points from 1. Spark's grammar: SqlBaseLexer.g4 and SqlBaseParser.g4 of Spark 4.x. */
#ifndef FIRESTEEL_SQL_H
#define FIRESTEEL_SQL_H

#include "firesteel/base.h"

/* What is wrong with a text, and where. line 0 = no place is known. Engines answer with it too. */
struct fst_problem {
    uint32_t line, col, len; /* 1-based; len in code points, at least 1 when there is a place */
    bool unsupported;        /* right for Spark, but not something this engine does */
    char condition[96];      /* Spark's error condition: UNRESOLVED_COLUMN.WITH_SUGGESTION; or "" */
    char sqlstate[8];
    char message[1024];
};

/* "line 2, column 3: [CONDITION] message"; `otherwise` where it has no message of its own. */
void fst_problem_text(struct fst_buf *out, const struct fst_problem *p, const char *otherwise);

enum fst_token_kind {
    FST_TOK_END,
    FST_TOK_SPACE,
    FST_TOK_COMMENT,   /* -- to the end of line, or nested bracketed comments */
    FST_TOK_HINT,      /* a bracketed comment that opens with a plus sign */
    FST_TOK_WORD,      /* identifier or keyword */
    FST_TOK_QUOTED,    /* `identifier` */
    FST_TOK_STRING,    /* '…', "…", r'…', X'…' */
    FST_TOK_NUMBER,    /* 1 1L 1S 1Y 1.5 1e3 1.5BD 1F 1D */
    FST_TOK_OPERATOR,  /* one operator or punctuation each: <=> || -> :: ( ) , . ; … */
    FST_TOK_PARAMETER, /* :name or ? */
    FST_TOK_REFERENCE, /* {{name}} or {{name.variant}} */
    FST_TOK_BAD,       /* an unclosed quote or comment, a byte that opens nothing */
};
struct fst_token {
    enum fst_token_kind kind;
    size_t offset, len;
    uint32_t line, col;
    bool keyword;  /* WORD: one of Spark's keywords (for highlighting) */
    bool unclosed; /* BAD: reaches the end of the text */
};
/* A lexer is a plain value: set text and n, zero the rest. */
struct fst_lexer {
    const char *text;
    size_t n, offset;
    uint32_t line, col;
};
/* The next token, spaces and comments included; every byte of the text is in exactly one token. */
struct fst_token fst_sql_next(struct fst_lexer *lx);
/* Append the text with `***` for what is given to secrets' names (`password 'x'`), for users of
 * addresses and for keys of ciphers: to be kept. True = something was hidden. */
bool fst_sql_mask(const char *text, size_t n, struct fst_buf *out);
bool fst_sql_is_keyword(const char *word, size_t n);
const char *const *fst_sql_keywords(void); /* upper case, sorted, NULL-ended */

/* A {{name}} or {{name.variant}} outside of comments and strings. */
struct fst_reference {
    char *name;         /* owned by the arena */
    char *variant;      /* NULL when not written */
    size_t offset, len; /* of the whole {{…}} */
    uint32_t line, col;
};
/* All references in order of appearance, duplicates included. Errors (an unclosed or empty {{ }})
 * are FST_EFORMAT with the place in `problem` (which may be NULL). */
enum fst_status fst_sql_references(struct fst_arena *a, const char *text, size_t n,
                                   struct fst_reference **out, size_t *count,
                                   struct fst_problem *problem, struct fst_error *err);

/* The text as sent: each {{name.variant}} becomes the identifier `{name.variant}`, which is exactly
 * as long, so that every position in the answer is a position in the text. Owned. */
char *fst_sql_bound_text(const char *text, size_t n);
/* The name of that identifier, without backticks: {name.variant}. `reference` is text[offset,
 * +len). */
char *fst_sql_bound_name(const char *reference, size_t len);

/* Statements separated by `;` (not in quotes, comments, references). Empty ones are left out. */
struct fst_statement {
    size_t offset, len; /* without surrounding space and the semicolon */
    uint32_t line, col;
};
size_t fst_sql_split(struct fst_arena *a, const char *text, size_t n, struct fst_statement **out);

/* A name as SQL writes any name: in backticks, those within doubled. */
void fst_sql_quote(struct fst_buf *sql, const char *name);

/* Two texts say the same: equal once white space outside of quotes is collapsed. */
bool fst_sql_same(const char *a, const char *b);

/* The text laid out, appended to `out`: clauses on lines, keywords in upper case, comments kept.
 * False where that would change what it says, or something in it is not closed: `out` is of no use.
 */
bool fst_sql_format(const char *text, size_t n, struct fst_buf *out);

/* Line and column of a byte offset, and back (clamped). */
void fst_sql_place(const char *text, size_t n, size_t offset, uint32_t *line, uint32_t *col);
size_t fst_sql_offset(const char *text, size_t n, uint32_t line, uint32_t col);

#endif
