/* The connect engine: a Spark that is warm already, over Spark Connect.
 *
 * A session here is a few strings; one at the server is made by the first call that needs it, named
 * by a UUID of ours, and released at the end. Runs have sessions of their own, because they outlive
 * this program. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "engines.h"

enum { RELEASE_TIMEOUT_MS = 2000 };

static const struct fst_option options[] = {
    {"url", "string", NULL, false,
     "sc://host:port/;key=value of a Spark Connect server; without it the one that "
     "firesteel starts on this host"},
    {"token", "secret", NULL, false,
     "what the server was told to ask for; sent to this host or over TLS only"},
    {"ca_file", "string", NULL, false,
     "PEM file of the certificate authorities to trust over TLS; else those of the system"},
    {"user", "string", NULL, false, "user name at the server; $USER when not set"},
    {"port", "int", "15002", false, "where a server started here listens"},
    {"spark_home", "string", NULL, false,
     "Spark for a server started here; else $SPARK_HOME, else Python's pyspark package"},
    {"java_home", "string", NULL, false,
     "Java for a server started here; else $JAVA_HOME, else java in PATH"},
    {"master", "string", "local[*]", false, "Spark master of a server started here"},
    {"driver_memory", "string", "1g", false, "heap of a server started here"},
    {"conf", "map", NULL, false, "spark.* settings of a server started here"},
    {"python", "string", NULL, false,
     "Python with pyspark[connect] that makes the plans of PySpark functions; else "
     "$FIRESTEEL_PYTHON, else $PYSPARK_PYTHON, else python3"},
};

static const char *user_name(void)
{
    const char *user = getenv("USER");
    return user && *user ? user : "firesteel";
}

static enum fst_status check_ca_file(const struct connect_target *t, struct fst_error *err)
{
    if (!t->ca_file)
        return FST_OK;
    if (!t->tls)
        return fst_fail(err, FST_EINVAL, "%s: ca_file is for TLS; add use_ssl=true to the url",
                        t->authority);
    if (access(t->ca_file, R_OK) != 0)
        return fst_fail_errno(err, "ca_file %s cannot be read", t->ca_file);
    return FST_OK;
}

static enum fst_status read_options(struct fst_session *s, const struct fst_doc *doc,
                                    struct fst_error *err)
{
    struct connect_target *t = &s->target;
    const char *port = fst_doc_string(doc, "port", NULL);
    const char *fallback =
        port ? fst_arena_printf(s->arena, "sc://127.0.0.1:%s", port) : CONNECT_DEFAULT_URL;
    const char *token = fst_doc_string(doc, "token", NULL);
    const char *user = fst_doc_string(doc, "user", NULL);
    FST_TRY(connect_url_parse(s->arena, fst_doc_string(doc, "url", fallback), t, err));
    s->python = fst_arena_strdup(s->arena, fst_doc_string(doc, "python", NULL));
    if (user)
        t->user = fst_arena_strdup(s->arena, user);
    if (!t->user)
        t->user = fst_arena_strdup(s->arena, user_name());
    t->ca_file = fst_arena_strdup(s->arena, fst_doc_string(doc, "ca_file", NULL));
    if (!token)
        return check_ca_file(t, err);
    if (strpbrk(token, "\r\n"))
        return fst_fail(err, FST_EINVAL, "the token has a line end in it");
    t->token = fst_arena_strdup(s->arena, token);
    FST_TRY(connect_decide_tls(t, err));
    return check_ca_file(t, err);
}

static void connect_close(struct fst_session *s)
{
    if (!s)
        return;
    connect_run_free(s->run);
    if (s->id[0] && !s->lasting) {
        struct connect_call c = {.s = s, .session_id = s->id, .timeout_ms = RELEASE_TIMEOUT_MS};
        connect_release_session(&c, NULL);
    }
    if (s->target.token)
        fst_wipe(s->target.token, strlen(s->target.token));
    fst_http_client_free(s->channel.client);
    fst_buf_done(&s->relation);
    fst_arena_free(s->arena);
    free(s);
}

static enum fst_status connect_open(const struct fst_doc *doc, struct fst_session **out,
                                    struct fst_error *err)
{
    struct fst_session *s = fst_alloc(sizeof(*s));
    s->arena = fst_arena_new();
    enum fst_status status = read_options(s, doc, err);
    if (status != FST_OK) {
        connect_close(s);
        return status;
    }
    s->channel = (struct fst_grpc_channel){.authority = s->target.authority,
                                           .tls = s->target.tls,
                                           .token = s->target.token,
                                           .ca_file = s->target.ca_file,
                                           .headers = s->target.headers,
                                           .n_headers = s->target.n_headers,
                                           .client = fst_http_client_new()};
    *out = s;
    return FST_OK;
}

static enum fst_status ask_version(struct connect_call *c, const struct fst_work *w, void *arg,
                                   struct fst_error *err)
{
    (void)w;
    return connect_version(c, arg, err);
}

static enum fst_status connect_ping(struct fst_session *s, struct fst_buf *line,
                                    struct fst_error *err)
{
    const struct fst_work nothing = {.sql = NULL};
    char *version = NULL;
    FST_TRY(connect_in_session(s, &nothing, NULL, ask_version, &version, err));
    fst_buf_printf(line, "Spark %s at sc://%s", version, s->target.authority);
    free(version);
    return FST_OK;
}

/* ---- Sessions that last ---------------------------------------------------------------------- */

/* "UUID zone" */
static const char *connect_session_name(struct fst_session *s)
{
    snprintf(s->name, sizeof(s->name), "%s%s%s", s->id, s->id[0] ? " " : "",
             s->id[0] ? s->zone : "");
    return s->name;
}

static void connect_adopt(struct fst_session *s, const char *name)
{
    s->lasting = true;
    if (strlen(name) < 38 || name[36] != ' ')
        return;
    snprintf(s->id, sizeof(s->id), "%.36s", name);
    snprintf(s->zone, sizeof(s->zone), "%s", name + 37);
}

static enum fst_status connect_end(struct fst_session *s, struct fst_error *err)
{
    struct connect_call c = {.s = s, .session_id = s->id, .timeout_ms = RELEASE_TIMEOUT_MS};
    enum fst_status status = s->id[0] ? connect_release_session(&c, err) : FST_OK;
    s->id[0] = 0;
    return c.session_gone ? FST_OK : status;
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* file:/p, file:///p and file://localhost/p, or a path as it is; NULL for other places. */
static char *path_of(const char *uri)
{
    if (uri[0] == '/')
        return fst_strdup(uri);
    if (strncmp(uri, "file:", 5) != 0)
        return NULL;
    const char *p = uri + 5;
    if (strncmp(p, "//", 2) == 0)
        p = strchr(p + 2, '/');
    if (!p || *p != '/')
        return NULL;
    struct fst_buf path = FST_BUF_TEXT;
    connect_percent_decode(&path, p, strlen(p));
    return fst_buf_take(&path);
}

char *connect_local_path(const struct fst_session *s, const char *uri)
{
    return s->target.is_loopback ? path_of(uri) : NULL;
}

static bool has_scheme(const char *uri)
{
    size_t n = strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return n > 1 && uri[n] == ':';
}

static enum fst_status connect_reaches(struct fst_session *s, const char *uri,
                                       struct fst_error *err)
{
    char *path = path_of(uri);
    bool is_file = path != NULL;
    free(path);
    if (is_file && !s->target.is_loopback)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "Spark at %s is another host: it cannot see the file or folder %s; put "
                        "the data in an object store or a shared file system that both reach",
                        s->target.authority, uri);
    if (!is_file && !has_scheme(uri))
        return fst_fail(err, FST_EINVAL,
                        "%s: Spark would look for it in its own folder; give an absolute path",
                        uri);
    return FST_OK;
}

const struct fst_engine fst_engine_connect = {
    .name = "connect",
    .help = "a Spark server over Spark Connect",
    .options = options,
    .n_options = FST_COUNT(options),
    .is_local_host = false,
    .takes_python = true,
    .takes_tables = true,
    .open = connect_open,
    .close = connect_close,
    .ping = connect_ping,
    .reaches = connect_reaches,
    .check = connect_check,
    .explain = connect_explain,
    .query = connect_query,
    .submit = connect_submit,
    .reattach = connect_reattach,
    .poll = connect_poll,
    .cancel = connect_cancel,
    .log = connect_log,
    .profile = connect_profile,
    .session_name = connect_session_name,
    .adopt = connect_adopt,
    .end = connect_end,
    .server = &connect_server,
};
