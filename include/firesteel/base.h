/* base: what every room needs - status and errors, text, memory, time, Spark's types, documents,
 * SQLite.
 *
 * Nothing here waits for a network and nothing here knows of feature stores. Functions are safe to
 * call from any thread as long as two threads do not share one object. */
#ifndef FIRESTEEL_BASE_H
#define FIRESTEEL_BASE_H

#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define FST_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define FST_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Status and errors ------------------------------------------------------------------- */

/* The status steers the program, the text is for people. */
enum fst_status {
    FST_OK,
    FST_EINVAL,       /* the caller's words are wrong: usage, a bad name, a bad option */
    FST_ENOMEM,       /* a size that data asked for is over its cap, or memory ended */
    FST_EIO,          /* the operating system said no: see code (errno) */
    FST_ENET,         /* a server could not be reached or the line broke */
    FST_EAUTH,        /* credentials are missing or wrong */
    FST_EDENIED,      /* known to the server, and not allowed */
    FST_ENOTFOUND,    /* no such file, resource, run */
    FST_EFORMAT,      /* bytes that are not what they claim to be */
    FST_EUNSUPPORTED, /* right, but not something we do: named in the text */
    FST_EREMOTE,      /* the engine ran it and it failed */
    FST_ETIMEOUT,
    FST_ECANCELLED,
    FST_ECONFLICT, /* would change what must not change: an existing variant, a taken port */
};

/* What went wrong, in the caller's own memory. `text` says what, on what, and what to do. */
struct fst_error {
    enum fst_status status;
    long code;  /* errno, HTTP or gRPC status, SQLite result; 0 when there is none */
    bool retry; /* worth trying again as it is */
    char text[1024];
};

/* Set `err` (which may be NULL) and return `status`. */
enum fst_status fst_fail(struct fst_error *err, enum fst_status status, const char *fmt, ...)
    FST_PRINTF(3, 4);
/* As fst_fail with FST_EIO (FST_ENOTFOUND for ENOENT and ENOTDIR, FST_EDENIED for EACCES, EPERM and
 * EROFS), `code` = errno and ": strerror" appended. */
enum fst_status fst_fail_errno(struct fst_error *err, const char *fmt, ...) FST_PRINTF(2, 3);
/* Prepend context to the text: "reading X" makes it "reading X: text". */
void fst_while(struct fst_error *err, const char *fmt, ...) FST_PRINTF(2, 3);
/* "not found", "denied", ... : one stable word or two for each status. */
const char *fst_status_name(enum fst_status status);

#define FST_TRY(expr)                                                                              \
    do {                                                                                           \
        enum fst_status fst_try_status_ = (expr);                                                  \
        if (fst_try_status_ != FST_OK)                                                             \
            return fst_try_status_;                                                                \
    } while (0)

/* ---- Memory ------------------------------------------------------------------------------ */

/* Small allocations: abort the program when memory has ended. A zero size is a bug. */
void *fst_alloc(size_t size_bytes); /* zeroed */
void *fst_realloc(void *p, size_t size_bytes);
char *fst_strdup(const char *text); /* NULL gives NULL */
char *fst_strndup(const char *text, size_t n);
char *fst_asprintf(const char *fmt, ...) FST_PRINTF(1, 2);
/* Make room for `need` elements of `elem_bytes` in `*items` (doubling); the new part is zeroed. */
void fst_grow(void *items, size_t *cap, size_t need, size_t elem_bytes);
/* Allocations whose size comes from data: NULL when over `cap_bytes` or memory has ended. */
void *fst_alloc_data(size_t size_bytes, size_t cap_bytes);
/* Overwrite with zeros in a way the compiler keeps. */
void fst_wipe(void *p, size_t n);
/* From now on blocks of some size go back to the system as soon as they are freed: for a process of
 * which there are many. */
void fst_memory_thrift(void);
/* The contrary, for a process that passes much through and then ends: what is freed is kept for
 * what comes next instead of being given back, cleared and taken again. */
void fst_memory_flow(void);
/* Give memory that was freed back to the system: for what lives long and needed much for a moment.
 */
void fst_memory_trim(void);

/* Borrowed text: valid while its owner lives, not necessarily ended by a NUL. */
struct fst_str {
    const char *p;
    size_t n;
};
struct fst_str fst_str(const char *text);
bool fst_str_eq(struct fst_str a, struct fst_str b);
int fst_str_compare(struct fst_str a,
                    struct fst_str b); /* by bytes; less than, equal to, greater than 0 */
bool fst_str_is(struct fst_str a, const char *text);
bool fst_str_is_nocase(struct fst_str a, const char *text); /* ASCII */
bool fst_text_same(const char *a, const char *b);           /* NULL is the same as NULL alone */

/* A buffer that grows up to a maximum it was born with. When an addition would go over `max`, it is
 * dropped and `over` is set; check once at the end. `p` is always ended by a NUL once anything was
 * added; fst_buf_text never returns NULL. */
struct fst_buf {
    char *p;
    size_t n, cap, max;
    bool over;
};
#define FST_BUF(max_bytes) ((struct fst_buf){.max = (max_bytes)})
#define FST_BUF_TEXT FST_BUF((size_t)64 << 20)
void fst_buf_add(struct fst_buf *b, const void *bytes, size_t n);
void fst_buf_adds(struct fst_buf *b, const char *text);
void fst_buf_addc(struct fst_buf *b, char c);
void fst_buf_repeat(struct fst_buf *b, char c, size_t n);
/* A place for n more bytes, or NULL when that is over the maximum; fst_buf_took tells where what
 * was put there ends. */
char *fst_buf_room(struct fst_buf *b, size_t n);
void fst_buf_took(struct fst_buf *b, char *end);
/* An integer in decimal, with zeros in front up to `width` digits; much quicker than printf. */
void fst_buf_int(struct fst_buf *b, int64_t v, int width);
void fst_buf_printf(struct fst_buf *b, const char *fmt, ...) FST_PRINTF(2, 3);
void fst_buf_vprintf(struct fst_buf *b, const char *fmt, va_list args);
const char *fst_buf_text(const struct fst_buf *b); /* borrowed; "" when empty */
void fst_buf_clear(struct fst_buf *b);             /* keeps the memory */
char *fst_buf_take(struct fst_buf *b);             /* owned text; the buffer is empty afterwards */
void fst_buf_done(struct fst_buf *b);

/* Everything born for one answer, one parse, one draw: one free for all of it. Zeroed memory. */
struct fst_arena;
struct fst_arena *fst_arena_new(void);
void fst_arena_free(struct fst_arena *a);
void *fst_arena_alloc(struct fst_arena *a, size_t size_bytes);
/* The same, not zeroed, for much that is written at once. */
void *fst_arena_room(struct fst_arena *a, size_t size_bytes);
char *fst_arena_strdup(struct fst_arena *a, const char *text); /* NULL gives NULL */
char *fst_arena_strndup(struct fst_arena *a, const char *text, size_t n);
char *fst_arena_printf(struct fst_arena *a, const char *fmt, ...) FST_PRINTF(2, 3);
size_t fst_arena_size(const struct fst_arena *a); /* bytes handed out so far */

/* String keys to borrowed pointers; keys are copied. Iteration is in order of insertion. */
struct fst_map;
struct fst_map *fst_map_new(void);
void fst_map_free(struct fst_map *m, void (*free_value)(void *)); /* free_value may be NULL */
void *fst_map_get(const struct fst_map *m, const char *key);
void *fst_map_getn(const struct fst_map *m, const char *key, size_t n);
void *fst_map_set(struct fst_map *m, const char *key, void *value); /* returns the old value */
size_t fst_map_size(const struct fst_map *m);
const char *fst_map_key_at(const struct fst_map *m, size_t i);
void *fst_map_value_at(const struct fst_map *m, size_t i);

/* ---- Text -------------------------------------------------------------------------------- */

/* Decode one code point; returns bytes used (1 with *cp = 0xFFFD when malformed), 0 at the end. */
size_t fst_utf8_decode(const char *p, size_t n, uint32_t *cp);
size_t fst_utf8_encode(uint32_t cp, char out[4]);
bool fst_utf8_valid(const char *p, size_t n);
size_t fst_utf8_length(const char *p, size_t n); /* code points */
/* Columns on a terminal: glibc's wcwidth of every character, whatever the locale; a cluster of
 * several takes two at most; what fst_text_escape changes counts as its escaped form. */
size_t fst_text_width(const char *p, size_t n);
/* Bytes of the longest prefix that fits `cols` columns and ends at a grapheme cluster; its width in
 * `*used_cols`. */
size_t fst_text_fit(const char *p, size_t n, size_t cols, size_t *used_cols);
/* Bytes of the next grapheme cluster (user-perceived character) at p; 0 at the end. */
size_t fst_text_cluster(const char *p, size_t n);
/* Append with control characters (C0, DEL, C1), bidirectional overrides and malformed bytes made
 * visible as \n, \t, \e, \xHH, \u{HHHH}: data that goes to a terminal goes through here. Of what
 * does not fit the beginning is kept. */
void fst_text_escape(struct fst_buf *out, const char *p, size_t n);
/* Append as a JSON string with quotes; malformed bytes become U+FFFD. */
void fst_json_quote(struct fst_buf *out, const char *p, size_t n);
/* What people type to leave rows out: `text`, `!text` for all others, an expression (PCRE; what has
 * a sign that only expressions use, and is one), `~letters` in this order. Case does not matter.
 * The work of one match is limited: what would take longer is not found. One thread at a time. */
struct fst_filter;
struct fst_filter *fst_filter_new(const char *text);
void fst_filter_free(struct fst_filter *f);
bool fst_filter_is_plain(const struct fst_filter *f);      /* nothing but a text */
bool fst_filter_is_expression(const struct fst_filter *f); /* NULL is none */
/* Does one of the texts (NULL = none) have it; of `!text`, none of them. Nothing fits all. */
bool fst_filter_fits(const struct fst_filter *f, const char *const *texts, size_t n);
/* The first place of what is looked for, whether it is wanted or not. */
bool fst_filter_find(const struct fst_filter *f, const char *p, size_t n, size_t *at, size_t *len);
/* For looking in one text, where `!` and `~` are signs as any: an expression when it is one and
 * may be. */
struct fst_filter *fst_filter_look(const char *text, bool may_be_expression);
/* The first place at `from` or behind it. */
bool fst_filter_find_from(const struct fst_filter *f, const char *p, size_t n, size_t from,
                          size_t *at, size_t *len);
/* What stands for what was found last: $0 to $9 are the groups of an expression, $$ is $. */
void fst_filter_expand(const struct fst_filter *f, const char *p, const char *with,
                       struct fst_buf *out);
/* Levenshtein distance with a cut-off, for "did you mean". */
size_t fst_text_distance(const char *a, const char *b, size_t cut_off);
/* The candidate nearest to `word`, or NULL when none is near enough. `count` names. */
const char *fst_text_nearest(const char *word, const char *const *names, size_t count);
/* Decimal digits to a 64-bit integer; false when it is not wholly that or overflows. */
bool fst_parse_int64(const char *text, size_t n, int64_t *out);
/* "0x…" free, lower case hex of bytes. */
void fst_hex(struct fst_buf *out, const void *bytes, size_t n);
void fst_base64(struct fst_buf *out, const void *bytes, size_t n);
/* Digests, by libcrypto. Returns how many bytes it has; 0 when this host's refuses the kind. */
enum fst_digest { FST_MD5, FST_SHA1, FST_SHA224, FST_SHA256, FST_SHA384, FST_SHA512 };
enum { FST_DIGEST_MAX = 64 };
size_t fst_digest(enum fst_digest kind, const void *p, size_t n, uint8_t out[FST_DIGEST_MAX]);
void fst_hmac_sha256(const void *key, size_t n_key, const void *p, size_t n, uint8_t out[32]);
/* SHA-256 as 64 hex characters and NUL. */
void fst_sha256_hex(const void *bytes, size_t n, char out[65]);
/* A random version 4 UUID as text (36 characters and NUL). */
void fst_uuid4(char out[37]);

/* Doubles and floats as Java (and so Spark) prints them: shortest digits that read back, 1.0E7. */
void fst_double_java(struct fst_buf *out, double v);
void fst_float_java(struct fst_buf *out, float v);
/* The same, and other short texts, put at `p`, where there are FST_PUT_MAX bytes; the end is
 * returned, and there is no NUL. For those who write millions. */
enum { FST_PUT_MAX = 64 };
char *fst_put_int(char *p, int64_t v);
char *fst_put_double(char *p, double v);
char *fst_put_float(char *p, float v);
char *fst_put_date(char *p, int64_t days);
char *fst_put_timestamp(char *p, int64_t us);
/* Decimal with `scale` digits after the point, exact. */
void fst_decimal_text(struct fst_buf *out, __int128 unscaled, int scale);
/* Text to unscaled at `scale`; false when not a number, digits are lost, or over 38 digits. */
bool fst_decimal_parse(const char *p, size_t n, int scale, __int128 *out);

/* ---- Time -------------------------------------------------------------------------------- */

int64_t fst_now_us(
    void); /* microseconds since 1970, wall clock; $FIRESTEEL_NOW pins it for tests */
/* What a child is to begin with: no signal blocked, none ignored, whatever we do with ours. */
void fst_spawn_signals(posix_spawnattr_t *attr);
/* A thread that no signal is delivered to: they are the program's. `stack_bytes` 0 = the usual.
 * False when there is none to be had. */
bool fst_thread_start(pthread_t *out, size_t stack_bytes, void *(*run)(void *), void *arg);
/* So far from now, for timed waits on conditions that go by CLOCK_MONOTONIC. */
struct timespec fst_monotonic_in(int64_t ms);
int64_t fst_monotonic_us(void); /* for durations; one clock for all processes of a host */
void fst_pause_ms(long ms);
/* Proleptic Gregorian calendar; days since 1970-01-01. */
int64_t fst_days_from_civil(int64_t year, int month, int day);
void fst_civil_from_days(int64_t days, int64_t *year, int *month, int *day);
/* 12:30:00.5 of microseconds since midnight */
void fst_clock_text(struct fst_buf *out, int64_t us_of_day);
void fst_date_text(struct fst_buf *out, int64_t days); /* 2024-03-01 */
/* 2024-03-01 12:00:00.5 as Spark shows it (no trailing zeros); microseconds. */
void fst_timestamp_text(struct fst_buf *out, int64_t us);
/* 2024-03-01T12:00:00Z */
void fst_timestamp_iso(struct fst_buf *out, int64_t us);
/* A date, or with T or a blank hh:mm[:ss[.digits]] and Z, +hh:mm or nothing (UTC). */
bool fst_timestamp_parse_iso(const char *p, size_t n, int64_t *us);
void fst_duration_text(struct fst_buf *out, int64_t us); /* 350ms 4.2s 3m12s 2h05m 3d4h */
void fst_size_text(struct fst_buf *out, uint64_t bytes); /* 812 B, 1.4 MB */
void fst_count_text(struct fst_buf *out, int64_t n);     /* 1,234,567 */

/* ---- Spark's types ----------------------------------------------------------------------- */

enum fst_kind {
    FST_VOID,
    FST_BOOLEAN,
    FST_BYTE,
    FST_SHORT,
    FST_INT,
    FST_LONG,
    FST_FLOAT,
    FST_DOUBLE,
    FST_DECIMAL,
    FST_STRING,
    FST_BINARY,
    FST_DATE,          /* days since 1970, 32 bits */
    FST_TIMESTAMP,     /* microseconds since 1970 UTC, an instant */
    FST_TIMESTAMP_NTZ, /* microseconds since 1970, no zone */
    FST_TIME,          /* microseconds of the day */
    FST_INTERVAL_YM,   /* months, 32 bits */
    FST_INTERVAL_DT,   /* microseconds, 64 bits */
    FST_ARRAY,         /* fields[0] = element */
    FST_MAP,           /* fields[0] = key, fields[1] = value */
    FST_STRUCT,        /* fields[0..n_fields) */
    FST_VARIANT,
    FST_UNKNOWN, /* there is one, and we do not know it */
};

struct fst_field;
struct fst_type {
    enum fst_kind kind;
    uint8_t precision, scale;       /* decimals: 1..38, 0..precision; intervals: see below */
    uint16_t n_fields;              /* nested types */
    const struct fst_field *fields; /* owned by whoever owns the schema, immutable */
};
struct fst_field {
    const char *name;
    struct fst_type type;
    bool nullable;
};
/* An ordered list of columns. Names may repeat and may be empty. */
struct fst_schema {
    struct fst_arena *arena; /* owns names and nested fields; NULL for a schema that owns nothing */
    struct fst_field *fields;
    size_t n;
};

struct fst_type fst_type(enum fst_kind kind);
struct fst_type fst_type_decimal(int precision, int scale);
/* An interval of the fields `from` to `to`: year 0, month 1, or day 0, hour 1, minute 2, second 3.
 * fst_type(kind) has all of them. */
struct fst_type fst_type_interval(enum fst_kind kind, int from, int to);
int fst_interval_from(const struct fst_type *t);
int fst_interval_to(const struct fst_type *t);
const char *fst_interval_word(enum fst_kind kind, int field); /* "YEAR" */
/* INTERVAL '1 02:03:04.5' DAY TO SECOND, as Spark's CAST(x AS STRING). */
void fst_interval_text(struct fst_buf *out, const struct fst_type *t, int64_t v);
bool fst_type_eq(const struct fst_type *a,
                 const struct fst_type *b); /* names matter, nullability not */
bool fst_type_is_nested(const struct fst_type *t);
/* Spark's DDL spelling: bigint, decimal(10,2), array<int>, struct<a:int,b:string>. */
void fst_type_text(struct fst_buf *out, const struct fst_type *t);
/* The reverse, for everything fst_type_text writes, and Spark's synonyms: long, varchar(9),
 * interval day, struct<a int not null>. */
enum fst_status fst_type_parse(struct fst_arena *arena, const char *text, struct fst_type *out,
                               struct fst_error *err);
/* Spark's JSON of types, fields and schemas, as StructType.fromJson reads it. */
void fst_type_json(struct fst_buf *out, const struct fst_type *t);
void fst_field_json(struct fst_buf *out, const struct fst_field *f);
void fst_schema_json(struct fst_buf *out, const struct fst_schema *s);
/* Deep copies into an arena. */
struct fst_type fst_type_copy(struct fst_arena *arena, const struct fst_type *t);
struct fst_schema *fst_schema_new(void);
void fst_schema_add(struct fst_schema *s, const char *name, const struct fst_type *t,
                    bool nullable);
struct fst_schema *fst_schema_copy(const struct fst_schema *s);
/* A copy of these columns only, in this order. */
struct fst_schema *fst_schema_part(const struct fst_schema *s, const size_t *columns, size_t n);
void fst_schema_free(struct fst_schema *s);
/* Index of the column called so (exactly, else ignoring ASCII case when that is unique), or -1. */
int fst_schema_find(const struct fst_schema *s, const char *name);

/* ---- Documents: one read-only tree for JSON and YAML -------------------------------------- */

enum fst_doc_kind {
    FST_DOC_NULL,
    FST_DOC_BOOL,
    FST_DOC_NUMBER,
    FST_DOC_STRING,
    FST_DOC_LIST,
    FST_DOC_MAP
};

/* A node. Scalars keep their text as it was written, so that numbers stay exact. Maps keep the
 * order of their keys; duplicate keys are a parse error. Everything is owned by the tree's arena.
 */
struct fst_doc {
    enum fst_doc_kind kind;
    bool quoted;                /* YAML: the scalar was quoted or a block, so it is text */
    struct fst_str text;        /* scalars, NUL-terminated at text.p[text.n] */
    const char *key;            /* name in the parent map, NUL-terminated; NULL elsewhere */
    uint32_t line, col;         /* of the value, 1-based */
    uint32_t key_line, key_col; /* of the key */
    size_t n;                   /* children */
    struct fst_doc *items;
};
struct fst_doc_limits {
    size_t bytes, nodes, depth; /* 0 = the default: 16 MB, 1 M nodes, 64 levels */
};
/* Parse one JSON text. `name` is for error texts ("<name>:L:C: ..."). The tree lives in `arena`. */
enum fst_status fst_json_parse(struct fst_arena *arena, const char *name, const char *p, size_t n,
                               const struct fst_doc_limits *limits, struct fst_doc **out,
                               struct fst_error *err);
/* Parse a YAML stream: a LIST node with one item a document. Aliases count as the nodes and levels
 * they expand to; tags other than YAML's own are refused. */
enum fst_status fst_yaml_parse(struct fst_arena *arena, const char *name, const char *p, size_t n,
                               const struct fst_doc_limits *limits, struct fst_doc **out,
                               struct fst_error *err);
/* The keys of all maps in order, in place. NULL is nothing. */
void fst_doc_sort(struct fst_doc *doc);
const struct fst_doc *fst_doc_get(const struct fst_doc *map,
                                  const char *key); /* NULL when absent */
/* Text of a scalar child; `fallback` when absent, null or not a scalar. */
const char *fst_doc_string(const struct fst_doc *map, const char *key, const char *fallback);
bool fst_doc_int(const struct fst_doc *node, int64_t *out); /* exact; false when not an integer */
bool fst_doc_bool(const struct fst_doc *node, bool *out);
double fst_doc_double(const struct fst_doc *node, double fallback);
/* Append as compact JSON. Equal trees give equal text. */
void fst_doc_to_json(struct fst_buf *out, const struct fst_doc *node);

/* Building JSON text: commas and nesting are kept for you. */
struct fst_json_writer {
    struct fst_buf *out;
    uint64_t first; /* bit d = nothing written yet at depth d */
    int depth;
};
struct fst_json_writer fst_json_writer(struct fst_buf *out);
void fst_jw_object(struct fst_json_writer *w,
                   const char *key); /* key NULL inside lists and at the top */
void fst_jw_list(struct fst_json_writer *w, const char *key);
void fst_jw_end(struct fst_json_writer *w, char close); /* '}' or ']' */
void fst_jw_string(struct fst_json_writer *w, const char *key,
                   const char *text); /* NULL writes null */
void fst_jw_int(struct fst_json_writer *w, const char *key, int64_t v);
void fst_jw_bool(struct fst_json_writer *w, const char *key, bool v);
void fst_jw_raw(struct fst_json_writer *w, const char *key, const char *json);

/* An option of a provider (or of a store): a row that parser, help, docs and validation read. */
struct fst_option {
    const char *name;
    const char *type;     /* "string", "int", "bool", "map", "secret" (a reference like env:NAME) */
    const char *fallback; /* as text; NULL = none */
    bool required;
    const char *help;
};

/* ---- Files ------------------------------------------------------------------------------- */

/* Whole file into an owned, NUL-terminated text of at most `cap_bytes`. */
enum fst_status fst_file_read(const char *path, size_t cap_bytes, char **out, size_t *n,
                              struct fst_error *err);
/* Append the last `n` bytes of a file to `out`: fewer when it is shorter or not there. */
void fst_file_tail(const char *path, size_t n, struct fst_buf *out);
/* Write `path` whole or not at all: temporary file beside it, fsync, rename. Mode 0600 or 0644. */
enum fst_status fst_file_write(const char *path, const void *bytes, size_t n, int mode,
                               struct fst_error *err);
/* A lock on a file, which is made (0600): a descriptor to close, or to die with; -1 with errno,
 * EAGAIN when somebody else has it. */
int fst_lock_take(const char *path);
bool fst_lock_is_held(const char *path); /* asking does not take it */
enum fst_status fst_mkdirs(const char *path, int mode, struct fst_error *err); /* like mkdir -p */
bool fst_path_exists(const char *path);
bool fst_path_is_dir(const char *path);
char *fst_path_join(const char *dir, const char *name); /* owned; an absolute name stays as it is */
char *fst_path_absolute(
    const char *path); /* owned; against the current folder, no symlink resolution */
char *fst_path_expand(const char *path);     /* owned; "~/x" below the user's folder */
const char *fst_path_base(const char *path); /* borrowed: after the last slash */
enum fst_status fst_remove_tree(const char *path,
                                struct fst_error *err); /* does not follow links */

/* ---- SQLite ------------------------------------------------------------------------------ */

struct sqlite3;
struct sqlite3_stmt;
enum fst_db_flags { FST_DB_READ_ONLY = 1, FST_DB_CREATE = 2 };
/* Open with this project's settings: WAL (rollback journal on network file systems), busy timeout 5
 * s, foreign keys, trusted_schema off, defensive. A file that is not a database is FST_EFORMAT. */
enum fst_status fst_db_open(const char *path, unsigned flags, struct sqlite3 **out,
                            struct fst_error *err);
void fst_db_close(struct sqlite3 *db);
enum fst_status fst_db_exec(struct sqlite3 *db, const char *sql, struct fst_error *err);
/* Prepare and bind by a format of one letter a parameter: s text (NULL is NULL), i int64_t, d
 * double, n NULL (takes no argument). The statement is the caller's: fst_db_finish. */
enum fst_status fst_db_query(struct sqlite3 *db, struct sqlite3_stmt **out, struct fst_error *err,
                             const char *sql, const char *binds, ...);
/* One step: *row tells whether there is a row. */
enum fst_status fst_db_step(struct sqlite3_stmt *st, bool *row, struct fst_error *err);
/* Text of a column, "" for NULL; borrowed until the next step. */
const char *fst_db_text(struct sqlite3_stmt *st, int col);
int64_t fst_db_int(struct sqlite3_stmt *st, int col);
void fst_db_finish(struct sqlite3_stmt *st);
/* Query without rows. */
enum fst_status fst_db_run(struct sqlite3 *db, struct fst_error *err, const char *sql,
                           const char *binds, ...);
enum fst_status fst_db_fail(struct sqlite3 *db, struct fst_error *err, const char *what);

#endif
