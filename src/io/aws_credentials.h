/* Where keys for AWS come from. */
#ifndef FIRESTEEL_IO_AWS_CREDENTIALS_H
#define FIRESTEEL_IO_AWS_CREDENTIALS_H

#include "firesteel/io.h"

struct aws_credentials {
    char *access_key, *secret_key, *session_token; /* owned; NULL = none */
    int64_t expires_us;                            /* 0 = never */
    char source[64];                               /* for people: "the environment" */
};
/* The first place that has keys: the options, the environment, a web identity, the profile, the
 * container, the instance. FST_EAUTH says where nothing was found. Waits for services. */
enum fst_status aws_credentials_find(const struct fst_s3_options *o, const char *region,
                                     struct fst_http_client *client, struct aws_credentials *out,
                                     struct fst_error *err);
void aws_credentials_wipe(struct aws_credentials *c);
/* They end within five minutes. */
bool aws_credentials_are_old(const struct aws_credentials *c, int64_t now_us);
/* The real time, whatever $FIRESTEEL_NOW says: servers compare it with theirs. */
int64_t aws_now_us(void);

/* Keys as JSON says them, by the names of their members, in the member `inside` when that is not
 * NULL; `until` is a date or milliseconds. FST_EAUTH names `what` when there are none. */
struct aws_key_names {
    const char *access, *secret, *token, *until;
};
enum fst_status aws_keys_of_json(const char *json, const char *inside,
                                 const struct aws_key_names *names, const char *what,
                                 const char *source, struct aws_credentials *out,
                                 struct fst_error *err);

/* A setting of a profile ("" and NULL = the default one), looked for in both files of AWS's
 * tools; owned, NULL when it is not there. */
char *aws_profile_value(const char *profile, const char *key);
bool aws_profile_exists(const char *profile);
/* The same of an [sso-session NAME]. */
char *aws_session_value(const char *session, const char *key);
/* The profile that is in force: `named`, $AWS_PROFILE, "default". */
const char *aws_profile_name(const char *named);

/* What a profile's credential_process says, and the keys of an SSO session that `aws sso login`
 * began. FST_ENOTFOUND: the profile has no such thing. */
enum fst_status aws_process_credentials(const char *profile, struct aws_credentials *out,
                                        struct fst_error *err);
enum fst_status aws_sso_credentials(const char *profile, const char *ca_file,
                                    struct fst_http_client *client, struct aws_credentials *out,
                                    struct fst_error *err);

/* STS. `base` NULL = a web identity's token. */
struct aws_role {
    const char *arn, *session_name, *external_id;
    const char *web_identity_token;
};
enum fst_status aws_sts_assume(const struct aws_role *role, const struct aws_credentials *base,
                               const char *region, const char *ca_file,
                               struct fst_http_client *client, struct aws_credentials *out,
                               struct fst_error *err);
/* Credentials of the container or instance that this runs on. FST_ENOTFOUND: there are none. */
enum fst_status aws_container_credentials(struct fst_http_client *client,
                                          struct aws_credentials *out, struct fst_error *err);
enum fst_status aws_instance_credentials(struct fst_http_client *client,
                                         struct aws_credentials *out, struct fst_error *err);

#endif
