/* The demo workspace: generated data, definitions from demo.yaml, and runs that were really run.
 *
 * The data come from a generator with a fixed seed, so two demos are equal and so are the tests'
 * rows. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "embedded.h"

#define N_CUSTOMERS 2000
#define N_TRANSACTIONS 100000
#define FRAME_ROWS 8192
#define FIRST_US 1704067200000000LL /* 2024-01-01 */
#define SPAN_US (90 * 86400000000LL)

struct customer {
    char id[16];
    int64_t born_days;
    const char *city, *segment;
    int64_t balance_cents, typical_cents;
};

static const char *const cities[] = {"MUMBAI",    "NEW DELHI", "BANGALORE", "GURGAON", "PUNE",
                                     "HYDERABAD", "CHENNAI",   "KOLKATA",   "NOIDA",   "JAIPUR"};
static const char *const segments[] = {"everyday", "student", "premium", "business"};

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static int64_t below(uint64_t *state, int64_t n)
{
    return (int64_t)(next_random(state) % (uint64_t)n);
}

static void make_customers(struct customer *list, uint64_t *state)
{
    for (int i = 0; i < N_CUSTOMERS; i++) {
        struct customer *c = &list[i];
        snprintf(c->id, sizeof c->id, "C%06d", 100000 + i * 37);
        c->born_days = fst_days_from_civil(1950, 1, 1) + below(state, 55 * 365);
        c->city = cities[below(state, FST_COUNT(cities))];
        c->segment = segments[below(state, FST_COUNT(segments))];
        c->typical_cents = 2000 + below(state, 60000);
        c->balance_cents = 50000 + below(state, 50000000);
    }
}

/* ---- Writing files --------------------------------------------------------------------------- */

struct output {
    FILE *file;
    char *path;
};

static bool write_bytes(void *arg, const void *p, size_t n)
{
    return fwrite(p, 1, n, ((struct output *)arg)->file) == n;
}

static void column(struct fst_schema *s, const char *name, struct fst_type type)
{
    fst_schema_add(s, name, &type, true);
}

static struct fst_schema *transactions_schema(void)
{
    struct fst_schema *s = fst_schema_new();
    column(s, "TransactionID", fst_type(FST_STRING));
    column(s, "CustomerID", fst_type(FST_STRING));
    column(s, "CustomerDOB", fst_type(FST_DATE));
    column(s, "CustLocation", fst_type(FST_STRING));
    column(s, "CustAccountBalance", fst_type_decimal(12, 2));
    column(s, "TransactionAmount", fst_type_decimal(12, 2));
    column(s, "Timestamp", fst_type(FST_TIMESTAMP));
    column(s, "IsFraud", fst_type(FST_BOOLEAN));
    return s;
}

static void add_transaction(struct fst_builder *b, struct customer *c, int i, uint64_t *state)
{
    char id[16];
    int n = snprintf(id, sizeof id, "T%07d", i + 1);
    int64_t amount = c->typical_cents / 4 + below(state, c->typical_cents * 2);
    bool odd = below(state, 100) == 0;
    if (odd)
        amount = amount * 8 + 10000;
    if (below(state, 50) == 0)
        amount = -amount / 10; /* a refund */
    bool fraud = below(state, 1000) < (odd ? 400 : 4);
    c->balance_cents -= amount / 3;
    fst_builder_bytes(b, 0, id, (size_t)n);
    fst_builder_bytes(b, 1, c->id, strlen(c->id));
    fst_builder_int(b, 2, c->born_days);
    if (below(state, 200) == 0)
        fst_builder_null(b, 3);
    else
        fst_builder_bytes(b, 3, c->city, strlen(c->city));
    fst_builder_decimal(b, 4, c->balance_cents);
    fst_builder_decimal(b, 5, amount);
    fst_builder_int(b, 6, FIRST_US + SPAN_US / N_TRANSACTIONS * i + below(state, 60000000));
    fst_builder_int(b, 7, fraud);
}

static enum fst_status write_transactions(struct fst_writer *w, struct customer *customers,
                                          uint64_t *state, struct fst_error *err)
{
    for (int i = 0; i < N_TRANSACTIONS;) {
        struct fst_builder *b = fst_builder_new(transactions_schema());
        int rows = 0;
        for (; rows < FRAME_ROWS && i < N_TRANSACTIONS; rows++, i++)
            add_transaction(b, &customers[below(state, N_CUSTOMERS)], i, state);
        struct fst_frame *frame = fst_builder_finish(b, (size_t)rows);
        enum fst_status status = fst_writer_write(w, frame, err);
        fst_frame_unref(frame);
        FST_TRY(status);
    }
    return fst_writer_finish(w, err);
}

static enum fst_status make_transactions(const char *path, struct customer *customers,
                                         uint64_t *state, struct fst_error *err)
{
    struct output out = {.file = fopen(path, "wb")};
    if (!out.file)
        return fst_fail_errno(err, "%s", path);
    struct fst_schema *schema = transactions_schema();
    struct fst_write_options options = {.codec = FST_CODEC_ZSTD};
    struct fst_writer *w;
    enum fst_status status = fst_format_named("parquet")->create(
        schema, (struct fst_sink){.write = write_bytes, .arg = &out}, &options, &w, err);
    if (status == FST_OK) {
        status = write_transactions(w, customers, state, err);
        fst_writer_free(w);
    }
    if (fclose(out.file) != 0 && status == FST_OK)
        status = fst_fail_errno(err, "writing %s", path);
    fst_schema_free(schema);
    return status;
}

static enum fst_status make_customer_file(const char *path, const struct customer *customers,
                                          struct fst_error *err)
{
    struct fst_buf csv = FST_BUF(16 << 20);
    fst_buf_adds(&csv, "CustomerID,CustomerDOB,City,Segment\n");
    for (int i = 0; i < N_CUSTOMERS; i++) {
        fst_buf_printf(&csv, "%s,", customers[i].id);
        fst_date_text(&csv, customers[i].born_days);
        fst_buf_printf(&csv, ",%s,%s\n", customers[i].city, customers[i].segment);
    }
    enum fst_status status = fst_file_write(path, csv.p, csv.n, 0644, err);
    fst_buf_done(&csv);
    return status;
}

static enum fst_status make_data(const char *folder, struct fst_error *err)
{
    struct customer *customers = fst_alloc(N_CUSTOMERS * sizeof *customers);
    uint64_t state = 20240101;
    char *data = fst_path_join(folder, "data");
    char *transactions = fst_path_join(data, "transactions.parquet");
    char *customer_file = fst_path_join(data, "customers.csv");
    make_customers(customers, &state);
    enum fst_status status = fst_mkdirs(data, 0755, err);
    if (status == FST_OK)
        status = make_customer_file(customer_file, customers, err);
    if (status == FST_OK)
        status = make_transactions(transactions, customers, &state, err);
    free(customer_file);
    free(transactions);
    free(data);
    free(customers);
    return status;
}

/* ---- Definitions and runs -------------------------------------------------------------------- */

static enum fst_status apply_file(struct fst_app *a, const char *path, struct fst_error *err)
{
    struct fst_definitions d = {0};
    struct fst_catalog *c;
    struct fst_plan plan;
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_define_read_file(&d, path, NULL, err);
    if (status == FST_OK)
        status = fst_define_plan(&d, c, fst_now_us(), &plan, err);
    if (status == FST_OK) {
        status = fst_define_apply(&plan, c, err);
        fst_plan_done(&plan);
    }
    fst_definitions_done(&d);
    fst_app_give(a, c);
    return status;
}

static enum fst_status define(struct fst_app *a, const char *folder, struct fst_error *err)
{
    char *path = fst_path_join(folder, "demo.yaml");
    enum fst_status status =
        fst_file_write(path, fst_embedded_demo_yaml, sizeof fst_embedded_demo_yaml - 1, 0644, err);
    if (status == FST_OK)
        status = apply_file(a, path, err);
    free(path);
    return status;
}

struct teller {
    void (*say)(void *arg, const char *line);
    void *arg;
};

static void tell_run(void *arg, const char *run_id, const char *label)
{
    struct teller *t = arg;
    if (!t->say)
        return;
    char *line = fst_asprintf("running %s (%s)", label, run_id);
    t->say(t->arg, line);
    free(line);
}

/* History: the training set with all it stands on, a table of the business, and one that fails. */
static enum fst_status run_all(struct fst_app *a, struct teller *t, struct fst_error *err)
{
    static const struct {
        const char *target;
        bool fails;
    } runs[] = {{"location_codes.draft", true},
                {"fraud_training.v1", false},
                {"spend_by_segment.v1", false}};
    for (size_t i = 0; i < FST_COUNT(runs); i++) {
        struct fst_run_request rq = {.target = runs[i].target,
                                     .provider = "local",
                                     .upstream = true,
                                     .wait = true,
                                     .started = tell_run,
                                     .arg = t};
        struct fst_error why = {0};
        enum fst_status status = fst_app_run(a, &rq, &why);
        if ((status != FST_OK) != runs[i].fails || (runs[i].fails && status != FST_EREMOTE)) {
            if (err)
                *err = why;
            return status != FST_OK
                       ? status
                       : fst_fail(err, FST_EREMOTE, "%s should have failed", runs[i].target);
        }
    }
    return FST_OK;
}

enum fst_status fst__demo_fill(struct fst_app *a, const char *folder,
                               void (*say)(void *arg, const char *line), void *arg,
                               struct fst_error *err)
{
    struct teller t = {say, arg};
    if (say)
        say(arg, "generating 100,000 transactions of 2,000 customers");
    FST_TRY(make_data(folder, err));
    FST_TRY(define(a, folder, err));
    FST_TRY(fst_app_refresh_sources(a, err));
    return run_all(a, &t, err);
}
