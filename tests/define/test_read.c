/* Reading definition texts: every field, and what is said when something is wrong. */
#include "definitions.h"

static const char every_kind[] =
    "providers:\n"
    "  - name: spark\n"
    "    engine: connect\n"
    "    options:\n"
    "      url: sc://localhost:15002\n"
    "      token: env:SPARK_TOKEN\n"
    "      port: 15002\n"
    "      conf: {spark.sql.ansi.enabled: true}\n"
    "    output: out\n"
    "---\n"
    "entities:\n"
    "  - {name: user, description: a person}\n"
    "sources:\n"
    "  - name: tx\n"
    "    variant: v1\n"
    "    path: data/tx.parquet\n"
    "    tags: [b, a, b]\n"
    "    properties: {team: risk, level: 3}\n"
    "  - {name: remote, variant: v1, path: 's3://bucket/x', format: csv, options: {header: true}}\n"
    "transformations:\n"
    "  - name: spend\n"
    "    variant: 2\n"
    "    provider: spark\n"
    "    sql: |\n"
    "      SELECT *\n"
    "      FROM {{tx}}\n"
    "features:\n"
    "  - {name: avg, variant: v1, entity: user, from: spend.2, entity_column: id,\n"
    "     value_column: avg, timestamp_column: ts, max_age: 1d12h}\n"
    "labels:\n"
    "  - {name: fraud, variant: v1, entity: user, from: tx, entity_column: id, value_column: f}\n"
    "training_sets:\n"
    "  - name: set\n"
    "    label: fraud\n"
    "    features: [avg.v1, age]\n"
    "    lags:\n"
    "      - {feature: avg.v1, lag: 1d, name: yesterday}\n";

static void test_define_read__takes_every_kind_and_field(void **state)
{
    struct fst_definitions d = {NULL};
    struct fst_error err;

    (void)state;
    if (read_text(&d, every_kind, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(d.n, 8);
    assert_string_equal(d.resources[0]->output, "/work dir/out");
    assert_string_equal(fst_doc_string(d.resources[0]->options, "token", ""), "env:SPARK_TOKEN");
    assert_string_equal(d.resources[2]->path, "/work dir/data/tx.parquet");
    assert_int_equal(d.resources[2]->n_tags, 2);
    assert_string_equal(d.resources[2]->properties[0].value, "3");
    assert_string_equal(d.resources[3]->path, "s3://bucket/x");
    assert_string_equal(d.resources[4]->variant, "2");
    assert_string_equal(d.resources[4]->sql, "SELECT *\nFROM {{tx}}\n");
    assert_int_equal(d.resources[5]->max_age_us, INT64_C(129600000000));
    assert_string_equal(d.resources[5]->from.variant, "2");
    assert_null(d.resources[6]->from.variant);
    assert_null(d.resources[7]->variant);
    assert_int_equal(d.resources[7]->n_features, 2);
    assert_string_equal(d.resources[7]->lags[0].name, "yesterday");
    fst_definitions_done(&d);
}

static void refused(const char *text, const char *place, const char *says)
{
    struct fst_definitions d = {NULL};
    struct fst_error err = {0};

    assert_int_equal(read_text(&d, text, &err), FST_EFORMAT);
    if (strncmp(err.text, place, strlen(place)) != 0 || !strstr(err.text, says))
        fail_msg("%s", err.text);
    fst_definitions_done(&d);
}

static void test_define_read__names_place_and_nearest_key(void **state)
{
    (void)state;
    refused("source:\n  - {name: x}\n", "defs.yaml:1:1: ", "did you mean \"sources\"");
    refused("sources:\n  - name: x\n    pth: /x\n", "defs.yaml:3:5: ", "did you mean \"path\"");
    refused("sources:\n  - name: x\n    sql: /x\n", "defs.yaml:3:5: ", "unknown key \"sql\"");
    refused("entities:\n  - name: x\n    variant: v1\n", "defs.yaml:3:5: ", "unknown key");
    refused("training_sets:\n  - {name: x, label: l, features: [f], lags: [{featur: f}]}\n",
            "defs.yaml:2:", "did you mean \"feature\"");
    refused("providers:\n  - {name: p, engine: conect}\n", "defs.yaml:2:", "no engine \"conect\"");
    refused("providers:\n  - name: p\n    engine: connect\n    options: {prt: 1}\n",
            "defs.yaml:4:15: ", "did you mean \"port\"");
}

static void test_define_read__refuses_wrong_shapes(void **state)
{
    (void)state;
    refused("- a\n", "defs.yaml:1:1: ", "map");
    refused("sources: x\n", "defs.yaml:1:", "list of maps");
    refused("sources: [x]\n", "defs.yaml:1:", "list of maps");
    refused("sources:\n  - {path: /x}\n", "defs.yaml:2:", "needs the key name");
    refused("sources:\n  - {name: x}\n", "defs.yaml:2:", "needs one of the keys path or table");
    refused("sources:\n  - {name: a__b, path: /x}\n", "defs.yaml:2:", "two '_'");
    refused("sources:\n  - {name: x, variant: a.b, path: /x}\n", "defs.yaml:2:", "'.'");
    refused("sources:\n  - {name: x, path: [a]}\n", "defs.yaml:2:", "path has to be a text");
    refused("sources:\n  - {name: x, path: /x, tags: [a b]}\n", "defs.yaml:2:", "tag");
    refused("transformations:\n  - {name: x, sql: ' '}\n",
            "defs.yaml:2:", "needs one of the keys sql, sql_file, python or python_file");
    refused("features:\n  - {name: x, max_age: 12}\n", "defs.yaml:2:", "duration");
    refused("training_sets:\n  - {name: x, label: l, features: [f, f]}\n", "defs.yaml:2:", "twice");
    refused("providers:\n  - {name: p, engine: connect, options: {port: x}}\n",
            "defs.yaml:2:", "port has to be a whole number");
    refused("sources:\n  - {name: x, path: /x, path: /y}\n", "defs.yaml:2:", "path");
    refused("sources:\n\t- x\n", "defs.yaml:2:", "");
}

static void test_define_read__refuses_secrets_and_never_repeats_them(void **state)
{
    static const char *const texts[] = {
        "providers:\n  - {name: p, engine: connect, options: {token: hunter2}}\n",
        "providers:\n  - {name: p, engine: connect, options: {url: 'sc://u:hunter2@h:1'}}\n",
        "providers:\n  - name: p\n    engine: connect\n    options:\n      conf:\n"
        "        spark.hadoop.fs.s3a.secret.key: hunter2\n",
        "sources:\n  - {name: x, path: /x, options: {password: hunter2}}\n",
        "sources:\n  - {name: x, path: 's3://k:hunter2@bucket/x'}\n",
    };

    (void)state;
    for (size_t i = 0; i < FST_COUNT(texts); i++) {
        struct fst_definitions d = {NULL};
        struct fst_error err = {0};
        assert_int_equal(read_text(&d, texts[i], &err), FST_EFORMAT);
        assert_non_null(strstr(err.text, "umask 077"));
        assert_non_null(strstr(err.text, "env:NAME"));
        assert_null(strstr(err.text, "hunter2"));
        fst_definitions_done(&d);
    }
}

static void test_define_read__names_that_only_sound_like_secrets_pass(void **state)
{
    struct fst_definitions d = {NULL};
    struct fst_error err;

    (void)state;
    if (read_text(&d,
                  "providers:\n  - name: p\n    engine: connect\n    options:\n      conf:\n"
                  "        spark.hadoop.fs.s3a.aws.credentials.provider: a.b.C\n"
                  "        spark.hadoop.fs.s3a.secret.key: env:KEY\n",
                  &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_definitions_done(&d);
}

static enum fst_status read_with(struct fst_definitions *d, const char *text,
                                 const char *const *sets, struct fst_error *err)
{
    return fst_define_read(d, "defs.yaml", "/", text, strlen(text), sets, err);
}

static void test_define_read__replaces_sets_and_places_unset_ones(void **state)
{
    static const char *const sets[] = {"BASE=s3://b", "V=v7", "EMPTY=", NULL};
    struct fst_definitions d = {NULL};
    struct fst_error err;

    (void)state;
    assert_int_equal(read_with(&d,
                               "sources:\n  - {name: x, variant: '${V}', path: '${BASE}/a${EMPTY}',"
                               " description: 'costs $5, $${V} and ${V}$'}\n",
                               sets, &err),
                     FST_OK);
    assert_string_equal(d.resources[0]->path, "s3://b/a");
    assert_string_equal(d.resources[0]->variant, "v7");
    assert_string_equal(d.resources[0]->description, "costs $5, ${V} and v7$");
    assert_int_equal(read_with(&d, "sources:\n  - name: x\n    path: /a/${GONE}\n", sets, &err),
                     FST_EFORMAT);
    assert_non_null(strstr(err.text, "defs.yaml:3:11: ${GONE} is not set"));
    assert_int_equal(read_with(&d, "sources:\n  - name: x\n    path: /a/${V\n", sets, &err),
                     FST_EFORMAT);
    fst_definitions_done(&d);
}

static void test_define_read__aliases_are_replaced_once_each(void **state)
{
    static const char *const sets[] = {"V=$${V}", NULL};
    struct fst_definitions d = {NULL};
    struct fst_error err;

    (void)state;
    assert_int_equal(read_with(&d,
                               "sources:\n"
                               "  - {name: x, path: /a, properties: &p {k: '${V}'}}\n"
                               "  - {name: y, path: /b, properties: *p}\n",
                               sets, &err),
                     FST_OK);
    assert_string_equal(d.resources[1]->properties[0].value, "$${V}");
    fst_definitions_done(&d);
}

static void write_file(const struct fixture *f, const char *name, const char *text)
{
    char *path = fst_path_join(f->dir, name);

    assert_int_equal(fst_file_write(path, text, strlen(text), 0644, NULL), FST_OK);
    free(path);
}

static void test_define_read__files_lie_beside_the_definition(void **state)
{
    struct fst_definitions d = {NULL};
    struct fixture f;

    (void)state;
    open_catalog(&f);
    write_file(&f, "q.sql", "SELECT ${x} FROM {{tx}}");
    write_file(&f, "defs.yaml",
               "sources: [{name: tx, path: ./data/../tx}]\n"
               "transformations: [{name: q, sql_file: q.sql}]\n");
    char *path = fst_path_join(f.dir, "defs.yaml"), *data = fst_path_join(f.dir, "tx");
    if (fst_define_read_file(&d, path, NULL, &f.err) != FST_OK)
        fail_msg("%s", f.err.text);
    assert_string_equal(d.resources[0]->path, data);
    assert_string_equal(d.resources[0]->origin, path);
    assert_string_equal(d.resources[1]->sql, "SELECT ${x} FROM {{tx}}");
    fst_definitions_done(&d);
    write_file(&f, "defs.yaml", "transformations: [{name: q, sql_file: gone.sql}]\n");
    assert_int_equal(fst_define_read_file(&d, path, NULL, &f.err), FST_EFORMAT);
    assert_non_null(strstr(f.err.text, "gone.sql"));
    fst_definitions_done(&d);
    free(path);
    free(data);
    close_catalog(&f);
}

static void test_define_read__nothing_is_nothing(void **state)
{
    struct fst_definitions d = {NULL};
    struct fst_error err;

    (void)state;
    assert_int_equal(read_text(&d, "", &err), FST_OK);
    assert_int_equal(read_text(&d, "# only words\n---\nsources:\n", &err), FST_OK);
    assert_int_equal(d.n, 0);
}

static const char code_kinds[] =
    "sources:\n"
    "  - {name: t, variant: v1, table: 'lake.`odd name`.t', provider: spark}\n"
    "transformations:\n"
    "  - name: f\n"
    "    variant: v1\n"
    "    inputs: [t, tx.v2]\n"
    "    python: |\n"
    "      from pyspark.sql import functions as F\n"
    "\n"
    "      def f(a, b):\n"
    "          return a.join(b, 'id')  \n"
    "    conf: {spark.sql.shuffle.partitions: 8, spark.x: true, spark.hadoop.fs.s3a.secret.key: "
    "env:KEY}\n"
    "    max_job_duration: 90m\n"
    "jobs:\n"
    "  - {name: p, variant: v1, file: jobs/p.py, args: [--day, 2024-01-01, 7], inputs: [f]}\n"
    "  - {name: j, variant: v1, file: 's3a://b/j.jar', class: org.A, provider: spark}\n";

static void test_define_read__takes_functions_tables_and_jobs(void **state)
{
    struct fst_definitions d = {NULL};
    struct fst_error err;

    (void)state;
    if (read_text(&d, code_kinds, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(d.n, 4);
    assert_string_equal(d.resources[0]->table, "lake.`odd name`.t");
    assert_string_equal(d.resources[1]->python,
                        "from pyspark.sql import functions as F\n\ndef f(a, b):\n"
                        "    return a.join(b, 'id')  \n");
    assert_int_equal(d.resources[1]->n_inputs, 2);
    assert_string_equal(d.resources[1]->inputs[1].variant, "v2");
    assert_string_equal(fst_doc_string(d.resources[1]->conf, "spark.sql.shuffle.partitions", ""),
                        "8");
    assert_string_equal(fst_doc_string(d.resources[1]->conf, "spark.x", ""), "true");
    assert_int_equal(d.resources[1]->max_job_duration_us, INT64_C(5400000000));
    assert_int_equal(d.resources[2]->kind, FST_JOB);
    assert_string_equal(d.resources[2]->file, "/work dir/jobs/p.py");
    assert_int_equal(d.resources[2]->n_args, 3);
    assert_string_equal(d.resources[2]->args[2], "7");
    assert_string_equal(d.resources[3]->file, "s3a://b/j.jar");
    assert_string_equal(d.resources[3]->class_, "org.A");
    fst_definitions_done(&d);
}

#define T "transformations:\n  - name: x\n"
#define J "jobs:\n  - name: x\n"

static void test_define_read__says_what_functions_tables_and_jobs_lack(void **state)
{
    (void)state;
    refused(T "    sql: SELECT 1\n    python: 'def f(): pass'\n",
            "defs.yaml:4:5:", "write only one of sql, sql_file, python or python_file");
    refused(T "    sql: SELECT 1\n    inputs: [a]\n", "defs.yaml:4:5:", "{{name}}");
    refused(T "    python: |\n      x = 1\n      class A:\n          def f(a): return a\n",
            "defs.yaml:3:", "no function");
    refused(T "    sql: SELECT 1\n    conf: {shuffle: 1}\n", "defs.yaml:4:12:", "spark.");
    refused(T "    sql: SELECT 1\n    conf:\n      spark.a: [1]\n", "defs.yaml:5:", "a text");
    refused(T "    sql: SELECT 1\n    conf:\n      spark.my.password: swordfish\n",
            "defs.yaml:5:", "a secret");
    refused(T "    sql: SELECT 1\n    max_job_duration: soon\n", "defs.yaml:4:", "duration");
    refused("sources:\n  - {name: x, path: /a, table: b.c}\n", "defs.yaml:2:", "path or table");
    refused("sources:\n  - {name: x, table: b.c, format: csv}\n", "defs.yaml:2:", "files");
    refused("sources:\n  - {name: x, table: 'b.c; DROP TABLE d'}\n", "defs.yaml:2:", "db.table");
    refused(J "    args: [a]\n", "defs.yaml:2:", "needs the key file");
    refused(J "    file: a.sh\n", "defs.yaml:3:", ".py or .jar");
    refused(J "    file: a.jar\n", "defs.yaml:2:", "class");
    refused(J "    file: a.py\n    class: A\n", "defs.yaml:4:5:", "class");
    refused(J "    file: a.py\n    args: [ok, --db-password=swordfish]\n",
            "defs.yaml:4:", "a secret");
    refused(J "    file: a.py\n    args: a\n", "defs.yaml:4:", "list of texts");
}

static void test_define_read__reads_python_from_its_file(void **state)
{
    struct fst_definitions d = {NULL};
    struct fst_error err;
    char dir[] = "/tmp/fst-define-XXXXXX";
    static const char text[] = T "    python_file: f.py\n";

    (void)state;
    assert_non_null(mkdtemp(dir));
    char *path = fst_path_join(dir, "f.py");
    assert_int_equal(fst_file_write(path, "def f():\n  ...\n", 15, 0644, NULL), FST_OK);
    if (fst_define_read(&d, "defs.yaml", dir, text, strlen(text), NULL, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_string_equal(d.resources[0]->python, "def f():\n  ...\n");
    fst_definitions_done(&d);
    unlink(path);
    assert_int_equal(fst_define_read(&d, "defs.yaml", dir, text, strlen(text), NULL, &err),
                     FST_EFORMAT);
    assert_non_null(strstr(err.text, "defs.yaml:3:18: python_file: "));
    fst_definitions_done(&d);
    free(path);
    fst_remove_tree(dir, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_define_read__takes_functions_tables_and_jobs),
        cmocka_unit_test(test_define_read__says_what_functions_tables_and_jobs_lack),
        cmocka_unit_test(test_define_read__reads_python_from_its_file),
        cmocka_unit_test(test_define_read__takes_every_kind_and_field),
        cmocka_unit_test(test_define_read__names_place_and_nearest_key),
        cmocka_unit_test(test_define_read__refuses_wrong_shapes),
        cmocka_unit_test(test_define_read__refuses_secrets_and_never_repeats_them),
        cmocka_unit_test(test_define_read__names_that_only_sound_like_secrets_pass),
        cmocka_unit_test(test_define_read__replaces_sets_and_places_unset_ones),
        cmocka_unit_test(test_define_read__aliases_are_replaced_once_each),
        cmocka_unit_test(test_define_read__files_lie_beside_the_definition),
        cmocka_unit_test(test_define_read__nothing_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
