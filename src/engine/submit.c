/* The submit engine: spark-submit on this host, for every kind of master.
 *
 * A process of Spark for each piece of work, which outlives us: what it says goes to files in the
 * run's own folder, and whoever comes later reads them from the first byte. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engines.h"
#include "firesteel/store.h"
#include "submit.h"

static const struct fst_option options[] = {
    {"master", "string", "local[*]", false,
     "local[N], spark://host:port, yarn or k8s://https://host:port"},
    {"deploy_mode", "string", "client", false,
     "client: the driver runs here; cluster: on the cluster (yarn, k8s)"},
    {"spark_home", "string", NULL, false,
     "Spark whose spark-submit is used; else $SPARK_HOME, else Python's pyspark package"},
    {"java_home", "string", NULL, false, "Java to run it; else $JAVA_HOME, else java in PATH"},
    {"python", "string", NULL, false,
     "Python of driver and workers (PYSPARK_PYTHON); on a cluster its path there"},
    {"driver_memory", "string", NULL, false, "heap of the driver: 2g"},
    {"driver_cores", "int", NULL, false, "cores of the driver in cluster mode"},
    {"executor_memory", "string", NULL, false, "heap of each executor: 4g"},
    {"executor_cores", "int", NULL, false, "cores of each executor"},
    {"num_executors", "int", NULL, false, "executors to begin with (yarn, k8s)"},
    {"total_executor_cores", "int", NULL, false, "cores of all executors together (spark://)"},
    {"packages", "string", NULL, false, "Maven coordinates to fetch, separated by commas"},
    {"repositories", "string", NULL, false, "Maven repositories to look into besides Central"},
    {"exclude_packages", "string", NULL, false, "group:artifact to leave out of packages"},
    {"jars", "string", NULL, false, "jars for driver and executors, separated by commas"},
    {"py_files", "string", NULL, false, ".zip, .egg or .py files for Python's path"},
    {"files", "string", NULL, false, "files for the working folder of each executor"},
    {"archives", "string", NULL, false, "archives to unpack there; name.tar.gz#folder"},
    {"queue", "string", NULL, false, "queue of YARN"},
    {"namespace", "string", NULL, false, "namespace of Kubernetes"},
    {"image", "string", NULL, false, "container image (k8s)"},
    {"service_account", "string", NULL, false, "service account of the driver's pod (k8s)"},
    {"driver_file", "string", NULL, false,
     "k8s in cluster mode: driver.py in the image, local:///path; or set upload_path"},
    {"upload_path", "string", NULL, false,
     "k8s in cluster mode: where files of this host are put for the pods, s3a://..."},
    {"shared_files", "bool", NULL, false,
     "the workers see this host's files under the same paths (as local masters do)"},
    {"principal", "string", NULL, false, "Kerberos principal; needs keytab"},
    {"keytab", "string", NULL, false, "path of its keytab file"},
    {"hadoop_conf_dir", "string", NULL, false,
     "folder with core-site.xml and yarn-site.xml; else $HADOOP_CONF_DIR"},
    {"conf", "map", NULL, false,
     "any spark.* settings; secrets as env:NAME or file:PATH go by a private file, never by "
     "arguments. In cluster mode Spark itself copies all settings to the cluster: with k8s into a "
     "config map, which whoever reads the namespace can read"},
    {"env", "map", NULL, false, "environment of spark-submit; env:NAME and file:PATH are secrets"},
    {"resource_manager", "string", NULL, false,
     "http://host:8088 of YARN's REST API, several joined by commas; else what yarn-site.xml says"},
    {"event_log_dir", "string", NULL, false,
     "where Spark writes its event log: an existing folder"},
    {"ui", "bool", "true", false, "the application's web interface; its figures come from there"},
};

const char *submit_option(const struct fst_session *s, const char *name)
{
    const char *fallback = NULL;
    for (size_t i = 0; i < FST_COUNT(options); i++)
        if (strcmp(options[i].name, name) == 0)
            fallback = options[i].fallback;
    return fst_doc_string(s->options, name, fallback);
}

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static enum fst_status read_master(struct fst_session *s, struct fst_error *err)
{
    static const struct {
        const char *prefix;
        enum submit_kind kind;
    } rows[] = {{"local", SUBMIT_LOCAL},
                {"spark://", SUBMIT_STANDALONE},
                {"yarn", SUBMIT_YARN},
                {"k8s://", SUBMIT_K8S}};
    s->master = submit_option(s, "master");
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (starts(s->master, rows[i].prefix)) {
            s->kind = rows[i].kind;
            return FST_OK;
        }
    return fst_fail(err, FST_EINVAL,
                    "master %s is none that spark-submit knows: local[N], spark://host:port, yarn "
                    "or k8s://https://host:port",
                    s->master);
}

static enum fst_status read_mode(struct fst_session *s, struct fst_error *err)
{
    const char *mode = submit_option(s, "deploy_mode");
    s->cluster_mode = strcmp(mode, "cluster") == 0;
    if (!s->cluster_mode && strcmp(mode, "client") != 0)
        return fst_fail(err, FST_EINVAL, "deploy_mode is client or cluster, not %s", mode);
    if (s->cluster_mode && s->kind == SUBMIT_LOCAL)
        return fst_fail(err, FST_EINVAL, "master %s is no cluster: deploy_mode must be client",
                        s->master);
    return FST_OK;
}

static void submit_close(struct fst_session *s)
{
    if (!s)
        return;
    submit_run_free(s->run);
    fst_arena_free(s->arena);
    free(s);
}

static enum fst_status submit_open(const struct fst_doc *doc, struct fst_session **out,
                                   struct fst_error *err)
{
    struct fst_session *s = fst_alloc(sizeof *s);
    s->arena = fst_arena_new();
    enum fst_status status = spark_copy_options(s->arena, doc, &s->options, err);
    if (status == FST_OK)
        status = read_master(s, err);
    if (status == FST_OK)
        status = read_mode(s, err);
    if (status != FST_OK) {
        submit_close(s);
        return status;
    }
    *out = s;
    return FST_OK;
}

/* spark-submit speaks to YARN by other ways than we do: it may work when this is silent. */
static void say_yarn(struct fst_session *s, struct fst_buf *line)
{
    char room[120] = "";
    struct yarn_place place;
    if (yarn_place_find(s->arena, submit_hadoop_conf(s->options),
                        submit_option(s, "resource_manager"), &place, NULL) != FST_OK)
        return;
    yarn_free_text(&place, room, sizeof room);
    fst_buf_printf(line, " at %s: %s", place.urls[place.active],
                   room[0] ? room : "its REST API does not answer");
}

/* What there is to submit with; whether the cluster answers is seen by the first work. */
static enum fst_status submit_ping(struct fst_session *s, struct fst_buf *line,
                                   struct fst_error *err)
{
    char *home, *version, *java_home, *java;
    int major = 0;
    FST_TRY(spark_find_home(s->options, &home, &version, err));
    enum fst_status status = spark_find_java(s->options, &java_home, &java, err);
    if (status == FST_OK) {
        status = spark_check_java(java, version, &major, err);
        free(java_home);
        free(java);
    }
    if (status == FST_OK && s->kind == SUBMIT_YARN && !submit_hadoop_conf(s->options))
        status = fst_fail(err, FST_EINVAL, "yarn: set hadoop_conf_dir or $HADOOP_CONF_DIR");
    if (status == FST_OK)
        fst_buf_printf(line, "spark-submit of Spark %s, Java %d, master %s", version, major,
                       s->master);
    if (status == FST_OK && s->kind == SUBMIT_YARN)
        say_yarn(s, line);
    free(home);
    free(version);
    return status;
}

/* ---- Places ---------------------------------------------------------------------------------- */

static bool sees_this_host(const struct fst_session *s)
{
    const struct fst_doc *flag = fst_doc_get(s->options, "shared_files");
    bool shared;
    if (flag && fst_doc_bool(flag, &shared))
        return shared;
    if (s->cluster_mode)
        return false;
    return s->kind == SUBMIT_LOCAL || starts(s->master, "spark://127.0.0.1:") ||
           starts(s->master, "spark://localhost:") || starts(s->master, "spark://[::1]:");
}

static bool has_scheme(const char *uri)
{
    size_t n = strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return n > 1 && uri[n] == ':';
}

static enum fst_status submit_reaches(struct fst_session *s, const char *uri, struct fst_error *err)
{
    bool is_file = uri[0] == '/' || starts(uri, "file:");
    if (is_file && !sees_this_host(s))
        return fst_fail(err, FST_EUNSUPPORTED,
                        "the workers of %s are other hosts: they cannot see the file or folder "
                        "%s; put the data in an object store or a shared file system that all "
                        "reach (and then set shared_files if the paths are the same there)",
                        s->master, uri);
    if (!is_file && !has_scheme(uri))
        return fst_fail(err, FST_EINVAL,
                        "%s: Spark would look for it in its own folder; give an absolute path",
                        uri);
    return FST_OK;
}

const struct fst_engine fst_engine_submit = {
    .name = "submit",
    .help = "spark-submit on this host: local, standalone, YARN, Kubernetes",
    .options = options,
    .n_options = FST_COUNT(options),
    .takes_python = true,
    .takes_programs = true,
    .takes_tables = true,
    .open = submit_open,
    .close = submit_close,
    .ping = submit_ping,
    .reaches = submit_reaches,
    .submit = submit_submit,
    .reattach = submit_reattach,
    .poll = submit_poll,
    .cancel = submit_cancel,
    .log = submit_log,
    .profile = submit_profile,
    .outcome = submit_outcome,
    .command = submit_command,
    .server = &submit_server,
};
