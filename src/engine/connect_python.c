/* PySpark functions over Spark Connect.
 *
 * What a Python function means can only be said by a Python. A child process of this host joins our
 * session as another client of it, calls the function over the inputs, and gives back the plan of
 * the DataFrame that it returns, functions of the user's within. From there on the plan is treated
 * as that of a SQL text: it is checked, previewed and run by us, so that runs outlive the child and
 * this program alike. The inputs are bound here, as those of a text, and reach the child as plans.
 * The child is left in no doubt about its limits, and nothing it prints is believed: what counts is
 * a file that is there, whole, or is not. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connect.h"
#include "embedded.h"

#define MAX_ANSWER ((size_t)1 << 20)
#define MAX_RELATION ((size_t)64 << 20)
#define MAX_OUTPUT ((size_t)16 << 20)
enum {
    ASK_SECONDS = 300, /* a function may ask Spark things while it builds the plan */
    RUN_SECONDS = 1800,
    PROBE_TIMEOUT_MS = 60000,
};

/* ---- Which Python ---------------------------------------------------------------------------- */

static const char *python_of(const char *named)
{
    const char *const found[] = {named, getenv("FIRESTEEL_PYTHON"), getenv("PYSPARK_PYTHON")};
    for (size_t i = 0; i < FST_COUNT(found); i++)
        if (found[i] && *found[i])
            return found[i];
    return "python3";
}

const char *connect_python_of_workers(const struct fst_doc *options)
{
    const char *named = fst_doc_string(options, "python", NULL);
    const char *ours = getenv("FIRESTEEL_PYTHON"), *theirs = getenv("PYSPARK_PYTHON");
    if (named)
        return named;
    return ours && *ours && !(theirs && *theirs) ? ours : NULL;
}

/* ---- The job --------------------------------------------------------------------------------- */

/* One plan being made. Paths are the arena's. */
struct making {
    struct fst_session *s;
    const struct fst_work *w;
    const char *session; /* of the server */
    const char *python, *folder;
    int seconds;
    struct fst_arena *a;
    struct fst_problem *problem;
};

static char *in_folder(const struct making *m, const char *name)
{
    return fst_arena_printf(m->a, "%s/%s", m->folder, name);
}

static enum fst_status write_file(const struct making *m, const char *name, const void *p, size_t n,
                                  struct fst_error *err)
{
    return fst_file_write(in_folder(m, name), p, n, 0600, err);
}

static enum fst_status write_input(const struct making *m, size_t i, struct fst_error *err)
{
    struct fst_buf plan = FST_BUF_TEXT;
    enum fst_status status = connect_plan_source(&plan, m->w, i, err);
    if (status == FST_OK)
        status = write_file(m, fst_arena_printf(m->a, "input-%zu.pb", i), fst_buf_text(&plan),
                            plan.n, err);
    fst_buf_done(&plan);
    return status;
}

/* All that the child must know and anybody may read. */
static void write_job(const struct making *m, struct fst_buf *json)
{
    const struct connect_target *t = &m->s->target;
    struct fst_json_writer w = fst_json_writer(json);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "host", t->host);
    fst_jw_int(&w, "port", t->port);
    fst_jw_bool(&w, "tls", t->tls);
    fst_jw_bool(&w, "loopback", t->is_loopback);
    fst_jw_string(&w, "user", t->user);
    fst_jw_string(&w, "session", m->session);
    fst_jw_int(&w, "seconds", m->seconds + 5);
    fst_jw_string(&w, "source", "source.py");
    fst_jw_string(&w, "relation", "relation.pb");
    fst_jw_list(&w, "inputs");
    for (size_t i = 0; i < m->w->n_inputs; i++) {
        fst_jw_object(&w, NULL);
        fst_jw_string(&w, "name", m->w->inputs[i].name);
        fst_jw_string(&w, "file", fst_arena_printf(m->a, "input-%zu.pb", i));
        fst_jw_end(&w, '}');
    }
    fst_jw_end(&w, ']');
    fst_jw_end(&w, '}');
}

/* What arguments and files must not show goes by the environment. */
static void write_secrets(const struct connect_target *t, struct fst_buf *json)
{
    struct fst_json_writer w = fst_json_writer(json);
    fst_jw_object(&w, NULL);
    if (t->token)
        fst_jw_string(&w, "token", t->token);
    fst_jw_list(&w, "headers");
    for (size_t i = 0; i < t->n_headers; i++) {
        fst_jw_object(&w, NULL);
        fst_jw_string(&w, "name", t->headers[i].name);
        fst_jw_string(&w, "value", t->headers[i].value);
        fst_jw_end(&w, '}');
    }
    fst_jw_end(&w, ']');
    fst_jw_end(&w, '}');
}

static enum fst_status write_files(const struct making *m, struct fst_error *err)
{
    struct fst_buf job = FST_BUF_TEXT;
    /* What an earlier try left must not be taken for the answer. */
    unlink(in_folder(m, "job.answer"));
    unlink(in_folder(m, "relation.pb"));
    write_job(m, &job);
    enum fst_status status = write_file(m, "job.json", fst_buf_text(&job), job.n, err);
    fst_buf_done(&job);
    for (size_t i = 0; status == FST_OK && i < m->w->n_inputs; i++)
        status = write_input(m, i, err);
    if (status == FST_OK)
        status = write_file(m, "source.py", m->w->python, strlen(m->w->python), err);
    if (status == FST_OK)
        status = write_file(m, "connect_function.py", fst_embedded_connect_function_py,
                            sizeof(fst_embedded_connect_function_py) - 1, err);
    return status;
}

/* ---- The child ------------------------------------------------------------------------------- */

static enum fst_status no_python(const struct making *m, struct fst_error *err)
{
    return fst_fail(err, FST_ENOTFOUND,
                    "no Python at %s: install one with pyspark[connect], and name it with the "
                    "provider's `python` or $FIRESTEEL_PYTHON",
                    m->python);
}

static enum fst_status run_child(const struct making *m, int *ended, struct fst_error *err)
{
    char *program = fst_find_program(m->python);
    if (!program)
        return no_python(m, err);
    struct fst_buf secrets = FST_BUF_TEXT;
    fst_buf_adds(&secrets, "FIRESTEEL_CONNECT_SECRETS=");
    write_secrets(&m->s->target, &secrets);
    const char *ca_file = m->s->target.ca_file;
    char *argv[] = {program, "-u", in_folder(m, "connect_function.py"), in_folder(m, "job.json"),
                    NULL};
    char *env[] = {secrets.p,
                   "PYTHONDONTWRITEBYTECODE=1",
                   "GRPC_VERBOSITY=NONE",
                   "SPARK_REMOTE",
                   "SPARK_LOCAL_REMOTE",
                   "SPARK_CONNECT_AUTHENTICATE_TOKEN",
                   ca_file ? fst_arena_printf(m->a, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH=%s", ca_file)
                           : NULL,
                   NULL};
    const struct connect_child child = {.argv = argv,
                                        .env = env,
                                        .output = in_folder(m, "python.out"),
                                        .max_output = MAX_OUTPUT,
                                        .timeout_ms = m->seconds * 1000L,
                                        .cancelled = m->w->cancelled,
                                        .cancel_arg = m->w->cancel_arg};
    enum fst_status status = connect_child_run(&child, ended, err);
    fst_wipe(secrets.p, secrets.n);
    fst_buf_done(&secrets);
    free(program);
    return status;
}

/* It went without a word: how, and the last that it printed. */
static enum fst_status gone(const struct making *m, int ended, struct fst_error *err)
{
    struct fst_buf said = FST_BUF_TEXT;
    connect_child_last_words(in_folder(m, "python.out"), &said);
    bool killed = WIFSIGNALED(ended);
    enum fst_status status = fst_fail(
        err, FST_EREMOTE, "%s ended (%s %d) before it had made the plan of the function%s%s",
        m->python, killed ? "signal" : "exit status", killed ? WTERMSIG(ended) : WEXITSTATUS(ended),
        said.n ? "; it said last: " : "", fst_buf_text(&said));
    fst_buf_done(&said);
    return status;
}

/* ---- The answer ------------------------------------------------------------------------------ */

static uint32_t number_of(const struct fst_doc *map, const char *key)
{
    int64_t v = 0;
    const struct fst_doc *node = fst_doc_get(map, key);
    return node && fst_doc_int(node, &v) && v > 0 && v < 100000000 ? (uint32_t)v : 0;
}

static void read_problem(const struct fst_doc *answer, struct fst_problem *out)
{
    *out = (struct fst_problem){.line = number_of(answer, "line")};
    if (out->line) {
        out->col = number_of(answer, "col");
        out->len = number_of(answer, "len");
        out->col += out->col == 0;
        out->len += out->len == 0;
    }
    snprintf(out->condition, sizeof(out->condition), "%s", fst_doc_string(answer, "condition", ""));
    connect_message_clean(fst_doc_string(answer, "message", ""), out->message,
                          sizeof(out->message));
}

static const struct {
    const char *kind;
    enum fst_status status;
} kinds[] = {
    {"python", FST_EINVAL},
    {"packages", FST_EUNSUPPORTED},
    {"network", FST_ENET},
};

static enum fst_status refused(const struct making *m, const struct fst_doc *answer,
                               struct fst_error *err)
{
    const char *kind = fst_doc_string(answer, "kind", "");
    enum fst_status status = FST_EREMOTE;
    struct fst_problem problem;
    for (size_t i = 0; i < FST_COUNT(kinds); i++)
        if (strcmp(kind, kinds[i].kind) == 0)
            status = kinds[i].status;
    read_problem(answer, &problem);
    fst_fail(err, status, "%s%s%s", problem.condition, problem.condition[0] ? ": " : "",
             problem.message);
    if (problem.line)
        fst_while(err, "line %u:%u", problem.line, problem.col);
    if (m->problem && status == FST_EINVAL)
        *m->problem = problem;
    return status;
}

static enum fst_status take_relation(const struct making *m, const char *name,
                                     struct fst_error *err)
{
    char *bytes;
    size_t n;
    if (strcmp(name, "relation.pb") != 0)
        return fst_fail(err, FST_EFORMAT, "%s answered something else than a plan", m->python);
    FST_TRY(fst_file_read(in_folder(m, name), MAX_RELATION, &bytes, &n, err));
    fst_buf_add(&m->s->relation, bytes, n);
    free(bytes);
    struct pb r = pb_reader(m->s->relation.p, m->s->relation.n);
    struct pb_field f;
    while (pb_next(&r, &f))
        ;
    if (n == 0 || r.bad || m->s->relation.over)
        return fst_fail(err, FST_EFORMAT, "%s answered a plan that is damaged", m->python);
    return FST_OK;
}

static enum fst_status read_answer(const struct making *m, int ended, struct fst_error *err)
{
    struct fst_doc *answer;
    char *text;
    size_t n;
    if (fst_file_read(in_folder(m, "job.answer"), MAX_ANSWER, &text, &n, NULL) != FST_OK)
        return gone(m, ended, err);
    enum fst_status status = fst_json_parse(m->a, "answer", text, n, NULL, &answer, err);
    free(text);
    FST_TRY(status);
    const char *relation = fst_doc_string(answer, "relation", NULL);
    return relation ? take_relation(m, relation, err) : refused(m, answer, err);
}

/* ---- Prepare --------------------------------------------------------------------------------- */

static enum fst_status make_plan(struct making *m, struct fst_error *err)
{
    int ended = 0;
    m->python = python_of(m->s->python);
    fst_buf_done(&m->s->relation);
    m->s->relation = FST_BUF(MAX_RELATION);
    FST_TRY(write_files(m, err));
    FST_TRY(run_child(m, &ended, err));
    return read_answer(m, ended, err);
}

static char *temporary_folder(struct fst_arena *a, struct fst_error *err)
{
    const char *tmp = getenv("TMPDIR");
    tmp = tmp && *tmp == '/' ? tmp : "/tmp";
    char *folder = fst_arena_printf(a, "%s/firesteel-python-XXXXXX", tmp);
    if (mkdtemp(folder))
        return folder;
    fst_fail_errno(err, "cannot make a folder in %s", tmp);
    return NULL;
}

/* A folder for the time of a question. */
static enum fst_status in_passing(struct making *m, struct fst_error *err)
{
    char *folder = temporary_folder(m->a, err);
    if (!folder)
        return FST_EIO;
    m->folder = folder;
    enum fst_status status = make_plan(m, err);
    fst_remove_tree(folder, NULL);
    return status;
}

/* connect_in_session has made the session and set its zone. */
static enum fst_status make_in_session(struct connect_call *c, const struct fst_work *w, void *arg,
                                       struct fst_error *err)
{
    struct making *m = arg;
    (void)w;
    m->session = c->session_id;
    return in_passing(m, err);
}

enum fst_status connect_python_prepare(struct fst_session *s, const struct fst_work *w,
                                       struct fst_problem *problem, struct fst_error *err)
{
    if (!w->python)
        return FST_OK;
    struct making m = {
        .s = s, .w = w, .seconds = ASK_SECONDS, .a = fst_arena_new(), .problem = problem};
    enum fst_status status = connect_in_session(s, w, problem, make_in_session, &m, err);
    fst_arena_free(m.a);
    return status;
}

static enum fst_status make_for_run(struct making *m, struct fst_error *err)
{
    struct connect_call c = {.s = m->s,
                             .session_id = m->session,
                             .cancelled = m->w->cancelled,
                             .cancel_arg = m->w->cancel_arg};
    const char *const pairs[] = {"spark.sql.session.timeZone",
                                 m->w->time_zone ? m->w->time_zone : "UTC", NULL};
    FST_TRY(connect_config_set(&c, pairs, err));
    if (!m->w->folder)
        return in_passing(m, err);
    m->folder = fst_arena_printf(m->a, "%s/function", m->w->folder);
    FST_TRY(fst_mkdirs(m->folder, 0700, err));
    return make_plan(m, err);
}

enum fst_status connect_python_prepare_run(struct fst_session *s, const struct fst_work *w,
                                           struct fst_problem *problem, struct fst_error *err)
{
    if (!w->python)
        return FST_OK;
    struct making m = {.s = s,
                       .w = w,
                       .session = w->operation_id,
                       .seconds = RUN_SECONDS,
                       .a = fst_arena_new(),
                       .problem = problem};
    enum fst_status status = make_for_run(&m, err);
    if (status != FST_OK) {
        struct connect_call c = {.s = s, .session_id = m.session};
        connect_release_session(&c, NULL);
    }
    fst_arena_free(m.a);
    return status;
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* `File "<transformation>", line 3, in f` of a traceback, or `<transformation>:3` of a call. */
static uint32_t line_after(const char *p)
{
    static const char *const heads[] = {"\", line ", ":"};
    for (size_t i = 0; i < FST_COUNT(heads); i++) {
        size_t head = strlen(heads[i]);
        int64_t line;
        if (strncmp(p, heads[i], head) != 0)
            continue;
        size_t digits = strspn(p + head, "0123456789");
        if (digits && fst_parse_int64(p + head, digits, &line) && line > 0 && line < 100000000)
            return (uint32_t)line;
    }
    return 0;
}

/* The first line after a frame that is none of the next: "ZeroDivisionError: ...". */
static void take_words(const char *frame, struct fst_problem *out)
{
    const char *p = strchr(frame, '\n');
    while (p && (p[1] == ' ' || p[1] == '\t'))
        p = strchr(p + 1, '\n');
    if (!p || !p[1] || p[1] == '\n')
        return;
    size_t n = strcspn(p + 1, "\n");
    if (n < sizeof(out->message)) {
        memcpy(out->message, p + 1, n);
        out->message[n] = 0;
    }
}

bool connect_python_place(const char *message, struct fst_problem *out)
{
    const char *frame = NULL;
    for (const char *p = strstr(message, CONNECT_PYTHON_NAME); p;
         p = strstr(p + 1, CONNECT_PYTHON_NAME)) {
        uint32_t line = line_after(p + strlen(CONNECT_PYTHON_NAME));
        if (!line)
            continue;
        frame = p;
        out->line = line;
        out->col = out->len = 1;
    }
    if (frame && strstr(message, "Traceback (most recent call last)"))
        take_words(frame, out);
    return frame != NULL;
}

/* ---- Doctor ---------------------------------------------------------------------------------- */

static enum fst_status probe(const char *program, struct fst_arena *a, struct fst_doc **out)
{
    char *folder = temporary_folder(a, NULL);
    struct fst_buf said;
    int code = 0;
    if (!folder)
        return FST_EIO;
    char *script = fst_arena_printf(a, "%s/connect_function.py", folder);
    char *argv[] = {(char *)program, script, "--probe", NULL};
    enum fst_status status =
        fst_file_write(script, fst_embedded_connect_function_py,
                       sizeof(fst_embedded_connect_function_py) - 1, 0600, NULL);
    if (status == FST_OK)
        status = fst_run(argv, PROBE_TIMEOUT_MS, 65536, &said, &code, NULL);
    fst_remove_tree(folder, NULL);
    FST_TRY(status);
    const char *line = strstr(fst_buf_text(&said), "@@FST {");
    status = line ? fst_json_parse(a, "probe", line + 6, strcspn(line + 6, "\n"), NULL, out, NULL)
                  : FST_EFORMAT;
    fst_buf_done(&said);
    return status;
}

static char *remedy_of(struct fst_arena *a, const char *program, const struct fst_doc *answer)
{
    const struct fst_doc *missing = fst_doc_get(answer, "missing");
    char *words = fst_arena_printf(a, "for PySpark functions: %s -m pip install", program);
    for (size_t i = 0; missing && missing->kind == FST_DOC_LIST && i < missing->n; i++)
        if (missing->items[i].text.p)
            words = fst_arena_printf(a, "%s %s", words, missing->items[i].text.p);
    return words;
}

void connect_python_doctor(const struct fst_doc *options,
                           void (*say)(void *arg, bool ok, const char *what, const char *remedy),
                           void *arg)
{
    struct fst_arena *a = fst_arena_new();
    const char *named = python_of(fst_doc_string(options, "python", NULL));
    char *program = fst_find_program(named);
    struct fst_doc *answer = NULL;
    if (!program || probe(program, a, &answer) != FST_OK) {
        say(arg, false, fst_arena_printf(a, "no Python that works at %s", named),
            "for PySpark functions: install Python 3.9 or newer with pyspark[connect], and name it "
            "with `python` or $FIRESTEEL_PYTHON");
    } else {
        const struct fst_doc *missing = fst_doc_get(answer, "missing");
        bool ok = missing && missing->kind == FST_DOC_LIST && missing->n == 0;
        const char *version = fst_doc_string(answer, "version", "?");
        const char *pyspark = fst_doc_string(answer, "pyspark", "none");
        say(arg, ok,
            fst_arena_printf(a, "Python %s with pyspark %s: %s%s", version, pyspark, program,
                             ok ? "" : " (lacks what Spark Connect needs)"),
            ok ? NULL : remedy_of(a, program, answer));
    }
    free(program);
    fst_arena_free(a);
}
