/* Credentials that the machine has: of a container (ECS, EKS) by a URL in the environment, of an
 * instance (EC2) by its metadata service, version 2 only. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws_credentials.h"

enum { CONTAINER_MS = 3000, INSTANCE_MS = 2000 };

static enum fst_status fetch(struct fst_http_client *client, const char *method, const char *url,
                             const struct fst_http_header *header, long timeout_ms, char **out,
                             struct fst_error *err)
{
    const struct fst_http_request rq = {.client = client,
                                        .method = method,
                                        .url = url,
                                        .headers = header,
                                        .n_headers = header && header->value ? 1 : 0,
                                        .connect_timeout_ms = timeout_ms / 2,
                                        .timeout_ms = timeout_ms,
                                        .max_body = 64 << 10};
    struct fst_http_response rs;
    FST_TRY(fst_http(&rq, &rs, err));
    enum fst_status status = FST_OK;
    if (rs.status != 200)
        status = fst_fail(err, FST_EAUTH, "%s answers HTTP %ld", url, rs.status);
    else
        *out = fst_strdup(fst_buf_text(&rs.body));
    if (rs.body.p)
        fst_wipe(rs.body.p, rs.body.n);
    fst_http_response_done(&rs);
    return status;
}

static enum fst_status take(char *json, const char *url, const char *source,
                            struct aws_credentials *out, struct fst_error *err)
{
    static const struct aws_key_names names = {"AccessKeyId", "SecretAccessKey", "Token",
                                               "Expiration"};
    enum fst_status status = aws_keys_of_json(json, NULL, &names, url, source, out, err);
    fst_wipe(json, strlen(json));
    free(json);
    return status;
}

/* ---- Containers -------------------------------------------------------------------------------
 */

/* Plain HTTP carries keys only to this host and to the two well-known agents. */
static bool may_ask(const char *url)
{
    static const char *const hosts[] = {"127.",          "localhost",      "[::1]",
                                        "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
    if (strncasecmp(url, "https://", 8) == 0)
        return true;
    if (strncasecmp(url, "http://", 7) != 0)
        return false;
    const char *host = url + 7;
    size_t n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?");
    for (size_t i = 0; i < FST_COUNT(hosts); i++)
        if (fst_str_is((struct fst_str){host, n}, hosts[i]) ||
            (i == 0 && strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == n))
            return true;
    return false;
}

static char *container_url(void)
{
    const char *relative = getenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (relative && *relative)
        return fst_asprintf("http://169.254.170.2%s", relative);
    return full && *full ? fst_strdup(full) : NULL;
}

static char *container_token(void)
{
    const char *file = getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *token = getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    char *text = NULL;
    size_t n;
    if (file && *file && fst_file_read(file, 64 << 10, &text, &n, NULL) == FST_OK)
        text[strcspn(text, "\r\n")] = '\0';
    return text ? text : fst_strdup(token);
}

enum fst_status aws_container_credentials(struct fst_http_client *client,
                                          struct aws_credentials *out, struct fst_error *err)
{
    char *url = container_url(), *json = NULL;
    if (!url)
        return FST_ENOTFOUND;
    char *token = container_token();
    const struct fst_http_header header = {"Authorization", token};
    enum fst_status status =
        may_ask(url) ? fetch(client, "GET", url, &header, CONTAINER_MS, &json, err)
                     : fst_fail(err, FST_EDENIED,
                                "AWS_CONTAINER_CREDENTIALS_FULL_URI is plain HTTP to another host");
    if (status == FST_OK)
        status = take(json, url, "the container", out, err);
    if (token)
        fst_wipe(token, strlen(token));
    free(token);
    free(url);
    return status;
}

/* ---- Instances --------------------------------------------------------------------------------
 */

static char *instance_url(const char *path)
{
    const char *set = getenv("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    const char *base = set && *set ? set : "http://169.254.169.254";
    size_t n = strlen(base);
    return fst_asprintf("%.*s/latest/%s", (int)(n - (base[n - 1] == '/')), base, path);
}

static enum fst_status ask_instance(struct fst_http_client *client, const char *token,
                                    const char *path, char **out, struct fst_error *err)
{
    const struct fst_http_header with_token = {"X-aws-ec2-metadata-token", token};
    const struct fst_http_header for_token = {"X-aws-ec2-metadata-token-ttl-seconds", "21600"};
    char *url = instance_url(path);
    enum fst_status status = fetch(client, token ? "GET" : "PUT", url,
                                   token ? &with_token : &for_token, INSTANCE_MS, out, err);
    free(url);
    return status;
}

enum fst_status aws_instance_credentials(struct fst_http_client *client,
                                         struct aws_credentials *out, struct fst_error *err)
{
    static const char folder[] = "meta-data/iam/security-credentials/";
    const char *off = getenv("AWS_EC2_METADATA_DISABLED");
    char *token = NULL, *role = NULL, *json = NULL;
    if (off && strcasecmp(off, "true") == 0)
        return FST_ENOTFOUND;
    if (ask_instance(client, NULL, "api/token", &token, NULL) != FST_OK)
        return FST_ENOTFOUND; /* not on an instance */
    enum fst_status status = ask_instance(client, token, folder, &role, err);
    if (status == FST_OK) {
        role[strcspn(role, "\r\n")] = '\0';
        char *path = fst_asprintf("%s%s", folder, role);
        status = ask_instance(client, token, path, &json, err);
        free(path);
    }
    if (status == FST_OK)
        status = take(json, "the instance's metadata", "the instance", out, err);
    fst_wipe(token, strlen(token));
    free(token);
    free(role);
    return status;
}
