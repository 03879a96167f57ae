/* What an answer of S3 means: fine, again with better knowledge, later, or an error with a reason
 * and what to do about it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "s3.h"
#include "xml.h"

enum { FIRST_WAIT_MS = 100, LONGEST_WAIT_MS = 20000, STEP_MS = 100 };

/* ---- Errors as S3 writes them -------------------------------------------------------------------
 */

struct told {
    const char *code, *message, *region; /* "" = not told */
};

static void read_told(const struct fst_http_response *rs, struct fst_arena *a, struct told *out)
{
    struct xml *root = NULL;
    *out = (struct told){"", "", ""};
    if (rs->body.n == 0 || xml_parse(a, rs->body.p, rs->body.n, &root, NULL) != FST_OK)
        return;
    const struct xml *e = xml_find(root, "Error");
    const char *code = xml_text(e, "Code"), *message = xml_text(e, "Message");
    const char *region = xml_text(e, "Region");
    *out = (struct told){code ? code : "", message ? message : "", region ? region : ""};
}

static const struct {
    const char *code; /* of S3, or the HTTP status where it has no body */
    enum fst_status status;
    bool retry;
    const char *remedy;
} rows[] = {
    {"NoSuchKey", FST_ENOTFOUND, false, "there is no such object"},
    {"NoSuchUpload", FST_ENOTFOUND, false, "the upload is not known any more; write it again"},
    {"NoSuchBucket", FST_ENOTFOUND, false,
     "there is no such bucket at this endpoint; check the name and `endpoint`"},
    {"404", FST_ENOTFOUND, false, "there is no such object"},
    {"AccessDenied", FST_EDENIED, false,
     "these keys may not do this; ask for s3:GetObject and s3:ListBucket here, or use another "
     "profile"},
    {"403", FST_EDENIED, false,
     "these keys may not do this, or the object is not there and s3:ListBucket is missing"},
    {"401", FST_EAUTH, false, "the server wants credentials"},
    {"SignatureDoesNotMatch", FST_EAUTH, false,
     "the secret key is not the one of this access key, or something on the way changes requests"},
    {"InvalidAccessKeyId", FST_EAUTH, false, "this server does not know the access key"},
    {"XAdminUserNotFound", FST_EAUTH, false, "this server does not know the access key"},
    {"InvalidToken", FST_EAUTH, false, "the session token is not valid; get new keys"},
    {"InvalidTokenId", FST_EAUTH, false, "the session token is not valid; get new keys"},
    {"ExpiredToken", FST_EAUTH, false, "the session has ended; get new keys"},
    {"ExpiredTokenException", FST_EAUTH, false, "the session has ended; get new keys"},
    {"RequestTimeTooSkewed", FST_EAUTH, false, "set the clock of this machine"},
    {"AuthorizationHeaderMalformed", FST_EAUTH, false, "set `region` to that of the bucket"},
    {"PermanentRedirect", FST_EINVAL, false, "the bucket is in another region; set `region` to it"},
    {"InvalidObjectState", FST_EUNSUPPORTED, false,
     "the object is archived; restore it before it is read"},
    {"PreconditionFailed", FST_ECONFLICT, false, "it changed while it was read; read it again"},
    {"412", FST_ECONFLICT, false, "it changed while it was read; read it again"},
    {"NotImplemented", FST_EUNSUPPORTED, false, "this server does not do that"},
    {"SlowDown", FST_ENET, true, "the server asks to slow down; try again later"},
    {"RequestTimeout", FST_ENET, true, "the server waited too long for us; try again"},
    {"ServiceUnavailable", FST_ENET, true, "the server is not available; try again later"},
    {"InternalError", FST_ENET, true, "the server failed; try again later"},
    {"Throttling", FST_ENET, true, "the server asks to slow down; try again later"},
    {"ThrottlingException", FST_ENET, true, "the server asks to slow down; try again later"},
    {"RequestLimitExceeded", FST_ENET, true, "the server asks to slow down; try again later"},
    {"408", FST_ENET, true, "the server waited too long for us; try again"},
    {"429", FST_ENET, true, "the server asks to slow down; try again later"},
    {"500", FST_ENET, true, "the server failed; try again later"},
    {"502", FST_ENET, true, "something before the server failed; try again later"},
    {"503", FST_ENET, true, "the server is not available; try again later"},
    {"504", FST_ENET, true, "something before the server waited too long; try again later"},
};

/* The row of a code, else of the status; -1 when it has none. */
static int row_of(const char *code, long status)
{
    char number[24];
    snprintf(number, sizeof number, "%ld", status);
    for (int by_code = 1; by_code >= 0; by_code--)
        for (size_t i = 0; i < FST_COUNT(rows); i++)
            if (strcmp(rows[i].code, by_code ? code : number) == 0)
                return (int)i;
    return -1;
}

static void tell(const struct told *told, const char *what, long http, int row, bool plain,
                 struct fst_error *err)
{
    struct fst_buf text = FST_BUF(700);
    if (row >= 0)
        fst_buf_adds(&text, plain && http == 403 ? "the server does not give it to us; the link "
                                                   "may have ended"
                                                 : rows[row].remedy);
    fst_buf_printf(&text, "%s(HTTP %ld%s%.60s", row >= 0 ? " " : "the server refuses it ", http,
                   *told->code ? ", " : "", told->code);
    if (*told->message)
        fst_buf_printf(&text, ": %.300s", told->message);
    fst_buf_addc(&text, ')');
    fst_fail(err, row >= 0 ? rows[row].status : FST_EREMOTE, "%s: %s", what, fst_buf_text(&text));
    err->code = http;
    err->retry = row >= 0 && rows[row].retry;
    fst_buf_done(&text);
}

/* ---- Knowing better -----------------------------------------------------------------------------
 */

/* Did the answer teach something that makes the same request worth sending again at once? */
static bool learned(struct fst_s3 *s3, const char *bucket, const struct told *told,
                    const struct fst_http_response *rs, struct fst_error *err)
{
    const char *region = fst_http_header_get(rs, "x-amz-bucket-region");
    bool may_be_region = rs->status == 301 || rs->status == 307 || rs->status == 400 ||
                         rs->status == 302 || *told->region;
    if (may_be_region && s3_learn_region(s3, bucket, region ? region : told->region))
        return true;
    if (strcmp(told->code, "RequestTimeTooSkewed") == 0) {
        long minutes = 0;
        bool news = s3_learn_clock(s3, fst_http_header_get(rs, "date"), &minutes);
        if (minutes)
            fst_while(err, "the clock of this machine is %ld minutes %s the server's",
                      labs(minutes), minutes > 0 ? "behind" : "before");
        return news;
    }
    return strncmp(told->code, "ExpiredToken", 12) == 0 && s3_forget_keys(s3);
}

enum s3_verdict s3_judge(struct fst_s3 *s3, const char *bucket, const char *what,
                         const struct fst_http_response *rs, int tries, struct fst_error *err)
{
    if (rs->status >= 200 && rs->status < 300)
        return S3_FINE;
    struct fst_arena *a = fst_arena_new();
    struct told told;
    read_told(rs, a, &told);
    int row = row_of(told.code, rs->status);
    tell(&told, what, rs->status, row, !s3, err);
    bool again = s3 && tries < RETRY_TRIES && learned(s3, bucket, &told, rs, err);
    fst_arena_free(a);
    if (again)
        return S3_AGAIN;
    return err->retry && tries < RETRY_TRIES ? S3_LATER : S3_FAILED;
}

enum s3_verdict s3_judge_line(const struct fst_error *err, int tries)
{
    return err->retry && tries < RETRY_TRIES ? S3_LATER : S3_FAILED;
}

/* ---- Waiting ------------------------------------------------------------------------------------
 */

void s3_wait(int tries, const struct fst_http_response *rs, fst_cancelled_fn cancelled,
             void *cancel_arg)
{
    char random[37];
    const char *asked = rs ? fst_http_header_get(rs, "retry-after") : NULL;
    int64_t seconds = 0;
    long ms = FIRST_WAIT_MS << (tries < 8 ? tries : 8);
    fst_uuid4(random);
    ms = ms / 2 + (long)(strtoul(random, NULL, 16) % (unsigned long)(ms / 2 + 1));
    if (asked && fst_parse_int64(asked, strlen(asked), &seconds) && seconds > 0 && seconds <= 20)
        ms = (long)seconds * 1000;
    for (ms = ms < LONGEST_WAIT_MS ? ms : LONGEST_WAIT_MS; ms > 0; ms -= STEP_MS) {
        if (cancelled && cancelled(cancel_arg))
            return;
        fst_pause_ms(ms < STEP_MS ? ms : STEP_MS);
    }
}

int64_t http_date_us(const char *text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int day, year, h, m, s;
    char month[4];
    if (strlen(text) > 40 ||
        sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, month, &year, &h, &m, &s) != 6)
        return 0;
    const char *found = strstr(months, month);
    if (!found || strlen(month) != 3 || (found - months) % 3)
        return 0;
    int64_t days = fst_days_from_civil(year, (int)(found - months) / 3 + 1, day);
    return (((days * 24 + h) * 60 + m) * 60 + s) * 1000000LL;
}
