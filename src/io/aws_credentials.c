/* Where keys for AWS come from, in the order of AWS's own tools. */
#include "aws_credentials.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define OLD_US (5 * 60 * 1000000LL)
#define MAX_TOKEN ((size_t)64 << 10)
enum { MAX_ROLES = 4 }; /* that stand on each other in profiles */

struct search {
    const struct fst_s3_options *o;
    const char *region;
    struct fst_http_client *client;
};

int64_t aws_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void wipe_text(char **text)
{
    if (*text)
        fst_wipe(*text, strlen(*text));
    free(*text);
    *text = NULL;
}

void aws_credentials_wipe(struct aws_credentials *c)
{
    wipe_text(&c->access_key);
    wipe_text(&c->secret_key);
    wipe_text(&c->session_token);
    *c = (struct aws_credentials){0};
}

bool aws_credentials_are_old(const struct aws_credentials *c, int64_t now_us)
{
    return c->expires_us && c->expires_us - now_us < OLD_US;
}

static enum fst_status give(const char *access, const char *secret, const char *token,
                            const char *source, struct aws_credentials *out)
{
    *out = (struct aws_credentials){fst_strdup(access), fst_strdup(secret),
                                    token && *token ? fst_strdup(token) : NULL, 0, ""};
    snprintf(out->source, sizeof out->source, "%s", source);
    return FST_OK;
}

/* A date, or milliseconds; 0 = never. */
static int64_t end_of(const struct fst_doc *until)
{
    int64_t n = 0;
    if (until && until->kind == FST_DOC_STRING)
        fst_timestamp_parse_iso(until->text.p, until->text.n, &n);
    else if (until && fst_doc_int(until, &n))
        n = n > 0 && n < INT64_MAX / 1000 ? n * 1000 : 0;
    return n;
}

enum fst_status aws_keys_of_json(const char *json, const char *inside,
                                 const struct aws_key_names *names, const char *what,
                                 const char *source, struct aws_credentials *out,
                                 struct fst_error *err)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc = NULL;
    fst_json_parse(a, "credentials", json, strlen(json), NULL, &doc, NULL);
    const struct fst_doc *in = doc && inside ? fst_doc_get(doc, inside) : doc;
    const char *access = in ? fst_doc_string(in, names->access, NULL) : NULL;
    const char *secret = in ? fst_doc_string(in, names->secret, NULL) : NULL;
    const char *token = in ? fst_doc_string(in, names->token, NULL) : NULL;
    enum fst_status status = access && secret
                                 ? give(access, secret, token, source, out)
                                 : fst_fail(err, FST_EAUTH, "%s: the answer holds no keys", what);
    if (status == FST_OK)
        out->expires_us = end_of(fst_doc_get(in, names->until));
    const char *const secrets[] = {secret, token};
    for (size_t i = 0; i < FST_COUNT(secrets); i++)
        if (secrets[i])
            fst_wipe((char *)secrets[i], strlen(secrets[i]));
    fst_arena_free(a);
    return status;
}

/* ---- The places, each FST_ENOTFOUND where it has none -----------------------------------------
 */

static enum fst_status from_options(const struct search *s, struct aws_credentials *out,
                                    struct fst_error *err)
{
    if (!s->o->access_key && !s->o->secret_key)
        return FST_ENOTFOUND;
    if (!s->o->access_key || !s->o->secret_key)
        return fst_fail(err, FST_EAUTH, "access_key and secret_key go together: one is missing");
    return give(s->o->access_key, s->o->secret_key, s->o->session_token, "the provider", out);
}

static enum fst_status from_env(const struct search *s, struct aws_credentials *out,
                                struct fst_error *err)
{
    const char *access = getenv("AWS_ACCESS_KEY_ID"), *secret = getenv("AWS_SECRET_ACCESS_KEY");
    if (s->o->profile || !access || !*access)
        return FST_ENOTFOUND;
    if (!secret || !*secret)
        return fst_fail(err, FST_EAUTH,
                        "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
    return give(access, secret, getenv("AWS_SESSION_TOKEN"), "the environment", out);
}

static enum fst_status web_identity(const struct search *s, const char *file, const char *arn,
                                    const char *session, struct aws_credentials *out,
                                    struct fst_error *err)
{
    char *token;
    size_t n;
    if (fst_file_read(file, MAX_TOKEN, &token, &n, err) != FST_OK) {
        fst_while(err, "the token of a web identity");
        return FST_EAUTH;
    }
    token[strcspn(token, "\r\n")] = '\0';
    const struct aws_role role = {.arn = arn, .session_name = session, .web_identity_token = token};
    enum fst_status status =
        aws_sts_assume(&role, NULL, s->region, s->o->ca_file, s->client, out, err);
    fst_wipe(token, n);
    free(token);
    return status;
}

static enum fst_status from_web_identity(const struct search *s, struct aws_credentials *out,
                                         struct fst_error *err)
{
    const char *file = getenv("AWS_WEB_IDENTITY_TOKEN_FILE"), *arn = getenv("AWS_ROLE_ARN");
    if (s->o->profile || !file || !*file || !arn || !*arn)
        return FST_ENOTFOUND;
    return web_identity(s, file, arn, getenv("AWS_ROLE_SESSION_NAME"), out, err);
}

/* ---- Profiles ----------------------------------------------------------------------------------
 */

static enum fst_status of_profile(const struct search *s, const char *profile, int depth,
                                  struct aws_credentials *out, struct fst_error *err);

static enum fst_status profile_keys(const char *profile, struct aws_credentials *out)
{
    char *access = aws_profile_value(profile, "aws_access_key_id");
    char *secret = aws_profile_value(profile, "aws_secret_access_key");
    char *token = aws_profile_value(profile, "aws_session_token");
    char source[64];
    snprintf(source, sizeof source, "profile %s", profile);
    enum fst_status status =
        access && secret ? give(access, secret, token, source, out) : FST_ENOTFOUND;
    wipe_text(&access);
    wipe_text(&secret);
    wipe_text(&token);
    return status;
}

/* `aws login` binds its token to a key of its own: only AWS's tools can use it. */
static enum fst_status unusable(const char *profile, struct fst_error *err)
{
    char *session = aws_profile_value(profile, "login_session");
    free(session);
    if (!session)
        return FST_ENOTFOUND;
    return fst_fail(err, FST_EUNSUPPORTED,
                    "profile %s: login_session is not used here; let AWS's tool give its keys: "
                    "credential_process = aws configure export-credentials --profile %s",
                    profile, profile);
}

static enum fst_status profile_itself(const struct search *s, const char *profile,
                                      struct aws_credentials *out, struct fst_error *err)
{
    enum fst_status status = aws_sso_credentials(profile, s->o->ca_file, s->client, out, err);
    if (status == FST_ENOTFOUND)
        status = profile_keys(profile, out);
    if (status == FST_ENOTFOUND)
        status = aws_process_credentials(profile, out, err);
    return status == FST_ENOTFOUND ? unusable(profile, err) : status;
}

/* What a role stands on: another profile, this one's own keys, or a named place. */
static enum fst_status role_base(const struct search *s, const char *profile, int depth,
                                 struct aws_credentials *out, struct fst_error *err)
{
    char *parent = aws_profile_value(profile, "source_profile");
    char *place = aws_profile_value(profile, "credential_source");
    enum fst_status status = FST_ENOTFOUND;
    if (parent)
        status = strcmp(parent, profile) == 0 ? profile_itself(s, parent, out, err)
                                              : of_profile(s, parent, depth + 1, out, err);
    else if (place && strcmp(place, "Environment") == 0)
        status = from_env(s, out, err);
    else if (place && strcmp(place, "EcsContainer") == 0)
        status = aws_container_credentials(s->client, out, err);
    else if (place && strcmp(place, "Ec2InstanceMetadata") == 0)
        status = aws_instance_credentials(s->client, out, err);
    if (status == FST_ENOTFOUND)
        status = fst_fail(err, FST_EAUTH,
                          "profile %s: there are no keys to take its role_arn with; check "
                          "source_profile and credential_source",
                          profile);
    free(parent);
    free(place);
    return status;
}

static enum fst_status needs_no_code(const char *profile, struct fst_error *err)
{
    char *serial = aws_profile_value(profile, "mfa_serial");
    free(serial);
    if (!serial)
        return FST_OK;
    return fst_fail(err, FST_EUNSUPPORTED,
                    "profile %s: its role wants a code (mfa_serial), which is not asked for here; "
                    "let AWS's tool do it: credential_process = aws configure export-credentials "
                    "--profile %s",
                    profile, profile);
}

static enum fst_status profile_role(const struct search *s, const char *profile, const char *arn,
                                    int depth, struct aws_credentials *out, struct fst_error *err)
{
    FST_TRY(needs_no_code(profile, err));
    char *token_file = aws_profile_value(profile, "web_identity_token_file");
    char *session = aws_profile_value(profile, "role_session_name");
    char *external = aws_profile_value(profile, "external_id");
    struct aws_credentials base = {0};
    enum fst_status status;
    if (token_file) {
        status = web_identity(s, token_file, arn, session, out, err);
    } else {
        const struct aws_role role = {.arn = arn, .session_name = session, .external_id = external};
        status = role_base(s, profile, depth, &base, err);
        if (status == FST_OK)
            status = aws_sts_assume(&role, &base, s->region, s->o->ca_file, s->client, out, err);
        aws_credentials_wipe(&base);
    }
    free(token_file);
    free(session);
    free(external);
    return status;
}

static enum fst_status of_profile(const struct search *s, const char *profile, int depth,
                                  struct aws_credentials *out, struct fst_error *err)
{
    if (depth >= MAX_ROLES)
        return fst_fail(err, FST_EAUTH, "profile %s: source_profile goes round in a circle",
                        profile);
    char *arn = aws_profile_value(profile, "role_arn");
    enum fst_status status =
        arn ? profile_role(s, profile, arn, depth, out, err) : profile_itself(s, profile, out, err);
    free(arn);
    return status;
}

static enum fst_status from_profile(const struct search *s, struct aws_credentials *out,
                                    struct fst_error *err)
{
    const char *profile = aws_profile_name(s->o->profile);
    if (s->o->profile && !aws_profile_exists(profile))
        return fst_fail(err, FST_EAUTH, "there is no profile %s in ~/.aws/credentials or config",
                        profile);
    enum fst_status status = of_profile(s, profile, 0, out, err);
    if (status == FST_ENOTFOUND && s->o->profile)
        return fst_fail(err, FST_EAUTH, "profile %s holds no keys", profile);
    return status;
}

static enum fst_status from_container(const struct search *s, struct aws_credentials *out,
                                      struct fst_error *err)
{
    return aws_container_credentials(s->client, out, err);
}

static enum fst_status from_instance(const struct search *s, struct aws_credentials *out,
                                     struct fst_error *err)
{
    return aws_instance_credentials(s->client, out, err);
}

/* ---- All of them ------------------------------------------------------------------------------
 */

static enum fst_status first_found(const struct search *s, struct aws_credentials *out,
                                   struct fst_error *err)
{
    static enum fst_status (*const places[])(const struct search *, struct aws_credentials *,
                                             struct fst_error *) = {
        from_options, from_env, from_web_identity, from_profile, from_container, from_instance,
    };
    for (size_t i = 0; i < FST_COUNT(places); i++) {
        enum fst_status status = places[i](s, out, err);
        if (status != FST_ENOTFOUND)
            return status;
    }
    return fst_fail(err, FST_EAUTH,
                    "no keys for S3: not in the provider, the environment (AWS_ACCESS_KEY_ID), "
                    "profile %s of ~/.aws, a container or an instance; for public data set "
                    "anonymous",
                    aws_profile_name(s->o->profile));
}

enum fst_status aws_credentials_find(const struct fst_s3_options *o, const char *region,
                                     struct fst_http_client *client, struct aws_credentials *out,
                                     struct fst_error *err)
{
    const struct search s = {o, region, client};
    *out = (struct aws_credentials){0};
    FST_TRY(first_found(&s, out, err));
    if (!o->role_arn)
        return FST_OK;
    struct aws_credentials base = *out;
    const struct aws_role role = {.arn = o->role_arn, .external_id = o->external_id};
    *out = (struct aws_credentials){0};
    enum fst_status status = aws_sts_assume(&role, &base, region, o->ca_file, client, out, err);
    aws_credentials_wipe(&base);
    return status;
}
