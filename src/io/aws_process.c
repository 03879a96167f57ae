/* Keys that a program of the user's says: credential_process of a profile. It is started as words,
 * without a shell, with 30 seconds and 64 KiB for what it says. Its line may hold secrets, so
 * errors name the profile instead. */
#include <stdlib.h>
#include <string.h>

#include "aws_credentials.h"
#include "secret.h"

static enum fst_status take(char *json, const char *what, const char *source,
                            struct aws_credentials *out, struct fst_error *err)
{
    static const struct aws_key_names names = {"AccessKeyId", "SecretAccessKey", "SessionToken",
                                               "Expiration"};
    enum fst_status status = aws_keys_of_json(json, NULL, &names, what, source, out, err);
    fst_wipe(json, strlen(json));
    free(json);
    return status;
}

enum fst_status aws_process_credentials(const char *profile, struct aws_credentials *out,
                                        struct fst_error *err)
{
    char *line = aws_profile_value(profile, "credential_process"), *said = NULL;
    if (!line)
        return FST_ENOTFOUND;
    char *what = fst_asprintf("profile %s: credential_process", profile);
    enum fst_status status = secret_of_command(line, what, &said, err);
    if (status == FST_OK)
        status = take(said, what, what, out, err);
    fst_wipe(line, strlen(line));
    free(line);
    free(what);
    return status;
}
