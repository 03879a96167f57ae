/* Answers: rows in the wanted format on stdout, talk on stderr, a status as an exit code. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli.h"

int cli_exit_code(enum fst_status status)
{
    switch (status) {
    case FST_OK:
        return 0;
    case FST_EINVAL:
        return 2;
    case FST_ENOTFOUND:
    case FST_ECONFLICT:
        return 3;
    case FST_ENET:
    case FST_EAUTH:
    case FST_EDENIED:
    case FST_ETIMEOUT:
        return 4;
    case FST_ECANCELLED:
        return 130;
    default:
        return 1;
    }
}

void cli_note(const char *fmt, ...)
{
    struct fst_buf text = FST_BUF(1 << 20), safe = FST_BUF(4 << 20);
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&text, fmt, args);
    va_end(args);
    const char *p = fst_buf_text(&text), *line;
    while ((line = strchr(p, '\n'))) {
        fst_text_escape(&safe, p, (size_t)(line - p));
        fst_buf_addc(&safe, '\n');
        p = line + 1;
    }
    fst_text_escape(&safe, p, strlen(p));
    fprintf(stderr, "%s\n", fst_buf_text(&safe));
    fst_buf_done(&text);
    fst_buf_done(&safe);
}

int cli_fail(const struct fst_error *err)
{
    cli_note("firesteel: %s", err->text);
    return cli_exit_code(err->status);
}

int cli_tell_bad(const struct fst_bad_footer *bad, size_t n)
{
    for (size_t i = 0; i < n && i < FST_BAD_FOOTERS; i++)
        cli_note("firesteel: left out: %s%s%s", strstr(bad[i].why, bad[i].name) ? "" : bad[i].name,
                 strstr(bad[i].why, bad[i].name) ? "" : ": ", bad[i].why);
    if (n > FST_BAD_FOOTERS)
        cli_note("firesteel: and %zu files more", n - FST_BAD_FOOTERS);
    return n ? cli_exit_code(FST_EFORMAT) : 0;
}

/* The line of the text, and a mark below the place. */
static void point(const struct fst_problem *p, const char *text)
{
    const char *line = text;
    for (uint32_t i = 1; i < p->line && line; i++) {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    if (!line)
        return;
    size_t n = strcspn(line, "\r\n"), before = 0;
    uint32_t cp;
    for (uint32_t i = 1; i < p->col && before < n; i++)
        before += fst_utf8_decode(line + before, n - before, &cp);
    cli_note("  %.*s", (int)n, line);
    uint32_t len = p->len ? p->len : 1;
    cli_note("  %*s%.*s", (int)fst_text_width(line, before), "", (int)(len < 80 ? len : 80),
             "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^");
}

int cli_fail_at(const struct fst_error *err, const struct fst_problem *problem, const char *text)
{
    struct fst_buf words = FST_BUF(8192);
    fst_problem_text(&words, problem, err->text);
    cli_note("firesteel: %s", fst_buf_text(&words));
    fst_buf_done(&words);
    if (problem->line && text)
        point(problem, text);
    bool of_text = problem->line || problem->message[0];
    return of_text && err->status != FST_ENOTFOUND ? 1 : cli_exit_code(err->status);
}

int cli_usage(const struct fst_cli *c, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    cli_note("firesteel: %s; see firesteel%s%s --help", text, c->verb ? " " : "",
             c->verb ? c->verb->name : "");
    return 2;
}

void cli_text(const char *text)
{
    if (!isatty(STDOUT_FILENO)) {
        fputs(text, stdout);
        return;
    }
    struct fst_buf safe = FST_BUF_TEXT;
    for (const char *line; (line = strchr(text, '\n')); text = line + 1) {
        fst_text_escape(&safe, text, (size_t)(line - text));
        fst_buf_addc(&safe, '\n');
    }
    fst_text_escape(&safe, text, strlen(text));
    fputs(fst_buf_text(&safe), stdout);
    fst_buf_done(&safe);
}

bool cli_is_json(const struct fst_cli *c)
{
    return strncmp(c->output, "json", 4) == 0;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static bool to_stdout(void *arg, const void *p, size_t n)
{
    (void)arg;
    return fwrite(p, 1, n, stdout) == n;
}

static size_t terminal_columns(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

static enum fst_status take_codec(const struct fst_cli *c, enum fst_codec *out,
                                  struct fst_error *err)
{
    static const struct {
        const char *name;
        enum fst_codec codec;
    } codecs[] = {{"zstd", FST_CODEC_ZSTD},
                  {"snappy", FST_CODEC_SNAPPY},
                  {"gzip", FST_CODEC_GZIP},
                  {"none", FST_CODEC_NONE}};
    const char *name = cli_option(c, "--codec");
    *out = FST_CODEC_ZSTD;
    if (name && strcmp(c->output, "parquet") != 0)
        return fst_fail(err, FST_EINVAL, "--codec goes with -o parquet");
    for (size_t i = 0; name && i < FST_COUNT(codecs); i++)
        if (strcmp(name, codecs[i].name) == 0) {
            *out = codecs[i].codec;
            return FST_OK;
        }
    return name
               ? fst_fail(err, FST_EINVAL, "--codec takes zstd, snappy, gzip or none, not %s", name)
               : FST_OK;
}

static enum fst_status open_writer(const struct fst_cli *c, const struct fst_schema *schema,
                                   struct fst_writer **out, struct fst_error *err)
{
    struct fst_sink sink = {.write = to_stdout};
    struct fst_write_options options = {0};
    FST_TRY(take_codec(c, &options.codec, err));
    if (strcmp(c->output, "parquet") == 0 && isatty(STDOUT_FILENO))
        return fst_fail(err, FST_EINVAL,
                        "Parquet is not for a terminal: send it to a file, as in > rows.parquet");
    if (strcmp(c->output, "table") == 0)
        return fst_table_writer(schema, sink, terminal_columns(), false, out, err);
    const struct fst_format *format = fst_format_named(c->output);
    return format->is_lines ? fst_team_create(format, schema, sink, &options, out, err)
                            : format->create(schema, sink, &options, out, err);
}

/* Why columns show no values: once each, and not for hundreds of them. */
struct unreadable {
    bool *told; /* by column */
    size_t n;
};

static bool tell_unreadable(void *arg, const struct fst_frame *f)
{
    enum { MOST = 8 };
    struct unreadable *u = arg;
    if (!u->told)
        u->told = fst_alloc(f->n_columns + 1);
    for (size_t i = 0; i < f->n_columns; i++) {
        if (!f->columns[i].unreadable || u->told[i])
            continue;
        u->told[i] = true;
        if (++u->n <= MOST)
            cli_note("column %s cannot be read: %s", f->schema->fields[i].name,
                     f->columns[i].unreadable);
        else if (u->n == MOST + 1)
            cli_note("more columns cannot be read");
    }
    return true;
}

/* "a,b" into names that lie in `copy`; returns how many. */
static size_t split(char *copy, const char **names, size_t max)
{
    size_t n = 0;
    for (char *name; copy && n < max && (name = strsep(&copy, ","));)
        names[n++] = name;
    return n;
}

static enum fst_status write_into(const struct fst_cli *c, const char *folder,
                                  struct fst_reader *reader, struct fst_copy *copy,
                                  struct fst_error *err)
{
    const char *names[64], *by = cli_option(c, "--partition-by");
    struct fst_into into = {.folder = folder, .format = c->output, .partition_by = names};
    if (strcmp(c->output, "table") == 0)
        return fst_fail(err, FST_EINVAL, "--into wants a format as well: -o parquet");
    FST_TRY(take_codec(c, &into.write.codec, err));
    char *list = by ? fst_strdup(by) : NULL;
    into.n_partition_by = split(list, names, FST_COUNT(names));
    enum fst_status status = fst_app_write_into(reader, &into, copy, err);
    free(list);
    return status;
}

static enum fst_status emit_into(const struct fst_cli *c, const char *into,
                                 struct fst_reader *reader, struct fst_copy *copy,
                                 struct fst_error *err)
{
    char *here = getcwd(NULL, 0);
    char *folder = here && !strstr(into, "://") ? fst_path_join(here, into) : fst_strdup(into);
    enum fst_status status = write_into(c, folder, reader, copy, err);
    free(folder);
    free(here);
    if (status == FST_OK)
        cli_note("%llu rows into %s", (unsigned long long)copy->rows, into);
    return status;
}

static enum fst_status emit(const struct fst_cli *c, struct fst_reader *reader,
                            struct fst_copy *copy, struct fst_error *err)
{
    struct fst_writer *w = NULL;
    enum fst_status status = open_writer(c, reader->schema, &w, err);
    if (status == FST_OK)
        status = fst_copy_rows(reader, w, copy, err);
    fst_writer_free(w);
    if (status == FST_OK && fflush(stdout) != 0)
        status = errno == EPIPE ? FST_OK : fst_fail_errno(err, "writing the rows");
    if (status != FST_OK && ferror(stdout) && errno == EPIPE)
        return FST_OK; /* whoever reads had enough */
    return status;
}

int cli_emit(struct fst_cli *c, struct fst_reader *reader, uint64_t *rows)
{
    struct unreadable unreadable = {0};
    struct fst_copy copy = {.tell = tell_unreadable, .arg = &unreadable};
    struct fst_error err = {0};
    const char *into = cli_option(c, "--into");
    bool is_alone = !into && cli_option(c, "--partition-by");
    enum fst_status status = is_alone ? FST_OK
                             : into   ? emit_into(c, into, reader, &copy, &err)
                                      : emit(c, reader, &copy, &err);
    *rows = copy.rows;
    fst_reader_close(reader);
    free(unreadable.told);
    if (is_alone)
        return cli_usage(c, "--partition-by goes with --into");
    return status == FST_OK ? 0 : cli_fail(&err);
}

struct cli_rows {
    struct fst_builder *builder;
    const struct cli_column *columns;
    size_t n, rows;
    bool for_people; /* what is not there is left blank, not called NULL */
};

struct cli_rows *cli_rows_new(const struct fst_cli *c, const struct cli_column *columns, size_t n)
{
    struct cli_rows *r = fst_alloc(sizeof *r);
    struct fst_schema *schema = fst_schema_new();
    for (size_t i = 0; i < n; i++) {
        struct fst_type type = fst_type(columns[i].kind);
        fst_schema_add(schema, columns[i].name, &type, true);
    }
    *r = (struct cli_rows){fst_builder_new(schema), columns, n, 0, strcmp(c->output, "table") == 0};
    return r;
}

void cli_row(struct cli_rows *r, const char *const *cells)
{
    for (size_t i = 0; i < r->n; i++) {
        int64_t v;
        if (!cells[i] && r->for_people && r->columns[i].kind == FST_STRING)
            fst_builder_bytes(r->builder, i, "", 0);
        else if (!cells[i])
            fst_builder_null(r->builder, i);
        else if (r->columns[i].kind == FST_STRING)
            fst_builder_bytes(r->builder, i, cells[i], strlen(cells[i]));
        else if (fst_parse_int64(cells[i], strlen(cells[i]), &v))
            fst_builder_int(r->builder, i, v);
        else
            fst_builder_null(r->builder, i);
    }
    r->rows++;
}

int cli_rows_finish(struct fst_cli *c, struct cli_rows *r)
{
    uint64_t rows;
    struct fst_frame *frame = fst_builder_finish(r->builder, r->rows);
    int code = cli_emit(c, fst_reader_of_frame(frame), &rows);
    fst_frame_unref(frame);
    free(r);
    return code;
}
