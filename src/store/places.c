/* Which S3 a URI belongs to: the places of providers, by the longest prefix, and the default one.
 *
 * A place's options become a client at first use; then its secrets are resolved. The table is the
 * program's, because a URI is all that a reader of a table knows. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "stores.h"

const struct fst_option fst_store_options[] = {
    {"s3.endpoint", "string", NULL, false, "URL of an S3 that is not AWS's: http://host:9000"},
    {"s3.region", "string", NULL, false, "region of the bucket; found out when left out"},
    {"s3.profile", "string", NULL, false, "profile of ~/.aws whose keys are used"},
    {"s3.access_key", "secret", NULL, false, "access key, with s3.secret_key"},
    {"s3.secret_key", "secret", NULL, false, "secret key"},
    {"s3.session_token", "secret", NULL, false, "token of temporary keys"},
    {"s3.role_arn", "string", NULL, false, "role that is assumed with the keys"},
    {"s3.external_id", "string", NULL, false, "what the role's owner asks for"},
    {"s3.anonymous", "bool", "false", false, "public data: nothing is signed"},
    {"s3.path_style", "bool", NULL, false,
     "bucket in the path, not in the host's name; told from the endpoint when left out"},
    {"s3.ca_file", "string", NULL, false, "PEM of the authorities to trust"},
};
const size_t fst_n_store_options = FST_COUNT(fst_store_options);

const struct fst_option *fst_store_option_named(const char *name)
{
    for (size_t i = 0; i < fst_n_store_options; i++)
        if (strcmp(fst_store_options[i].name, name) == 0)
            return &fst_store_options[i];
    return NULL;
}

struct place {
    char *prefix, *name; /* prefix NULL = the default place */
    struct fst_arena *arena;
    struct fst_doc *options; /* NULL = none */
    bool allow_cmd;
    struct fst_s3 *s3; /* NULL = not needed yet */
};

static struct place default_place, *places;
static size_t n_places;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- The table
 * ---------------------------------------------------------------------------------------- */

static void forget_places(void)
{
    for (size_t i = 0; i < n_places; i++) {
        free(places[i].prefix);
        free(places[i].name);
        fst_arena_free(places[i].arena);
        fst_s3_unref(places[i].s3);
    }
    free(places);
    places = NULL;
    n_places = 0;
}

static char *options_json(const struct fst_doc *options)
{
    struct fst_buf json = FST_BUF(1 << 20);
    fst_buf_adds(&json, "");
    if (options)
        fst_doc_to_json(&json, options);
    return fst_buf_take(&json);
}

static void take_place(struct place *to, const struct fst_store_place *from)
{
    char *json = options_json(from->options);
    *to = (struct place){.prefix = fst_strdup(from->prefix),
                         .name = fst_strdup(from->name),
                         .arena = fst_arena_new(),
                         .allow_cmd = from->allow_cmd};
    if (from->options)
        fst_json_parse(to->arena, from->name, json, strlen(json), NULL, &to->options, NULL);
    free(json);
}

/* Equal tables keep their clients, and with these what was learned. */
static bool same_places(const struct fst_store_place *list, size_t n)
{
    bool same = n == n_places;
    for (size_t i = 0; same && i < n; i++) {
        char *a = options_json(list[i].options), *b = options_json(places[i].options);
        same = strcmp(list[i].prefix, places[i].prefix) == 0 &&
               strcmp(list[i].name, places[i].name) == 0 && strcmp(a, b) == 0 &&
               list[i].allow_cmd == places[i].allow_cmd;
        free(a);
        free(b);
    }
    return same;
}

void fst_store_set_places(const struct fst_store_place *list, size_t n)
{
    pthread_mutex_lock(&lock);
    if (!same_places(list, n)) {
        forget_places();
        places = fst_alloc((n + 1) * sizeof *places);
        for (size_t i = 0; i < n; i++)
            take_place(&places[n_places++], &list[i]);
    }
    pthread_mutex_unlock(&lock);
}

/* ---- Options to a client
 * -------------------------------------------------------------------------------- */

static enum fst_status secret_of(const struct place *p, const char *key, char **out,
                                 struct fst_error *err)
{
    const char *reference = fst_doc_string(p->options, key, NULL);
    if (!reference)
        return FST_OK;
    FST_TRY(fst_secret_resolve(reference, p->allow_cmd, out, err));
    return FST_OK;
}

static void wipe(char *text)
{
    if (text)
        fst_wipe(text, strlen(text));
    free(text);
}

/* The secrets of a place; wiped. */
struct secrets {
    char *access, *secret, *token;
};

static void secrets_done(struct secrets *s)
{
    wipe(s->access);
    wipe(s->secret);
    wipe(s->token);
}

static enum fst_status resolve(const struct place *p, struct secrets *s, struct fst_error *err)
{
    enum fst_status status = secret_of(p, "s3.access_key", &s->access, err);
    if (status == FST_OK)
        status = secret_of(p, "s3.secret_key", &s->secret, err);
    if (status == FST_OK)
        status = secret_of(p, "s3.session_token", &s->token, err);
    if (status != FST_OK && p->name)
        fst_while(err, "provider %s", p->name);
    return status;
}

/* -1 when it is not told. */
static int told(const struct fst_doc *o, const char *key)
{
    const struct fst_doc *node = fst_doc_get(o, key);
    bool value;
    return node && fst_doc_bool(node, &value) ? value : -1;
}

static enum fst_status make_client(struct place *p, struct fst_error *err)
{
    static const struct fst_doc none = {.kind = FST_DOC_MAP};
    const struct fst_doc *o = p->options ? p->options : &none;
    struct secrets s = {0};
    enum fst_status status = p->options ? resolve(p, &s, err) : FST_OK;
    const struct fst_s3_options options = {
        .endpoint = fst_doc_string(o, "s3.endpoint", NULL),
        .region = fst_doc_string(o, "s3.region", NULL),
        .profile = fst_doc_string(o, "s3.profile", NULL),
        .role_arn = fst_doc_string(o, "s3.role_arn", NULL),
        .external_id = fst_doc_string(o, "s3.external_id", NULL),
        .ca_file = fst_doc_string(o, "s3.ca_file", NULL),
        .access_key = s.access,
        .secret_key = s.secret,
        .session_token = s.token,
        .anonymous = told(o, "s3.anonymous") == 1,
        .path_style = told(o, "s3.path_style"),
    };
    if (status == FST_OK)
        p->s3 = fst_s3_new(&options);
    secrets_done(&s);
    return status;
}

/* ---- Finding
 * --------------------------------------------------------------------------------------------- */

/* s3, s3a and s3n are one. */
static const char *after_scheme(const char *uri)
{
    const char *at = strstr(uri, "://");
    return at ? at + 3 : uri;
}

static bool lies_in(const char *uri, const char *prefix)
{
    const char *u = after_scheme(uri), *p = after_scheme(prefix);
    size_t n = strlen(p);
    while (n && p[n - 1] == '/')
        n--;
    return strncmp(u, p, n) == 0 && (u[n] == '/' || u[n] == '\0');
}

enum fst_status fst__s3_client_of(const char *uri, struct fst_s3 **out, struct fst_error *err)
{
    pthread_mutex_lock(&lock);
    struct place *best = &default_place;
    size_t length = 0;
    for (size_t i = 0; i < n_places; i++) {
        size_t n = strlen(after_scheme(places[i].prefix));
        if (lies_in(uri, places[i].prefix) && n > length) {
            best = &places[i];
            length = n;
        }
    }
    enum fst_status status = best->s3 ? FST_OK : make_client(best, err);
    *out = status == FST_OK ? fst_s3_ref(best->s3) : NULL;
    pthread_mutex_unlock(&lock);
    return status;
}
