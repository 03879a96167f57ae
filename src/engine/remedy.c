/* Failures that people meet often, by their real words; tests/engine/data/failures has each as the
 * tool said it (make_failures.py provokes them again), and test_remedy.c holds the two together.
 *
 * The first row that fits wins: the particular before the general. A log of a run that went well,
 * and an error in the user's own text, fit none. Rows with one name are one failure with several
 * wordings. */
#include <string.h>

#include "firesteel/engine.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

const struct fst_remedy fst_remedies[] = {
    /* Java. */
    {"java_missing", WORDS("JAVA_HOME is not set"), "Spark finds no Java",
     "install Java 17 (Debian: openjdk-17-jre-headless), or set the provider's `java_home`"},
    {"java_home_wrong", WORDS("spark-class: line", "/bin/java: No such file or directory"),
     "JAVA_HOME names a folder without a Java",
     "set the provider's `java_home` to a folder that has bin/java, or unset JAVA_HOME"},
    {"java_too_old", WORDS("UnsupportedClassVersionError"),
     "this Java is older than the program it is to run",
     "set the provider's `java_home` to a newer Java: 17 runs every Spark from 3.5 to 4.3"},
    {"java_too_new", WORDS("UnsupportedOperationException: getSubject is"),
     "this Java is newer than the Spark it is to run",
     "set the provider's `java_home` to Java 17, which runs every Spark from 3.5 to 4.3"},

    /* Spark and Python. */
    {"spark_home_wrong", WORDS("Could not find valid SPARK_HOME"), "there is no Spark here",
     "install one (pip install pyspark), or set the provider's `spark_home`"},
    {"pyspark_missing", WORDS("No module named 'pyspark'"), "this Python has no pyspark",
     "install it into that Python (pip install pyspark), or set FIRESTEEL_PYTHON to one that has "
     "it"},
    {"python_differs", WORDS("PYTHON_VERSION_MISMATCH"),
     "driver and workers run different minor versions of Python",
     "set spark.pyspark.python and spark.pyspark.driver.python in `conf` to the same minor "
     "version"},
    {"worker_python_missing", WORDS("Cannot run program", "PythonWorkerFactory"),
     "the workers do not have the Python that they are told to start",
     "set spark.pyspark.python in `conf` to a Python that is on every worker"},
    {"driver_python_missing", WORDS("Cannot run program", "PythonRunner$.main"),
     "the Python that is to run the driver is not there or may not be run",
     "set FIRESTEEL_PYTHON (or spark.pyspark.driver.python in `conf`) to a Python 3 on this host"},
    {"program_class_missing", WORDS("Error: Failed to load class "),
     "the jar has no such main class",
     "correct the job's class, with its package, or give the jar that has it"},
    {"program_file_missing", WORDS(": can't open file '", "[Errno 2] No such file or directory"),
     "the Python file that is to run is not there",
     "correct the job's file; in cluster mode it must be where the cluster reaches it"},
    {"client_package_missing", WORDS("PACKAGE_NOT_INSTALLED"),
     "Python lacks a package that Spark's client needs",
     "install what Spark's client needs into the Python named by FIRESTEEL_PYTHON: "
     "pip install 'pyspark[connect]'"},
    {"worker_pyarrow_missing", WORDS("PYTHON_EXCEPTION", "No module named 'pyarrow'"),
     "the workers' Python has no pyarrow, which Python functions need",
     "install pyarrow there, or set spark.sql.execution.pythonUDF.arrow.enabled: false in `conf`"},
    {"worker_module_missing", WORDS("PYTHON_EXCEPTION", "ModuleNotFoundError: No module named"),
     "the workers' Python lacks a module that a function imports",
     "install that module into the workers' Python, or set spark.pyspark.python in `conf` to one "
     "that has it"},

    /* Memory. */
    {"driver_memory_small", WORDS("System memory", "must be at least"),
     "Spark does not start with so little memory",
     "set the provider's `driver_memory` to 512m or more"},
    {"result_too_large", WORDS("is bigger than spark.driver.maxResultSize"),
     "the result is too large for the driver",
     "write it as a run instead of fetching it, ask with a limit, or raise "
     "spark.driver.maxResultSize in `conf`"},
    {"heap_exhausted", WORDS("java.lang.OutOfMemoryError: Java heap space"),
     "Spark ran out of memory",
     "raise `driver_memory` (on a cluster spark.executor.memory in `conf`) and start it again"},
    {"broadcast_slow", WORDS("Could not execute broadcast in", "spark.sql.broadcastTimeout"),
     "a side of a join that was to be broadcast took too long",
     "set spark.sql.autoBroadcastJoinThreshold: -1 in `conf`, or raise "
     "spark.sql.broadcastTimeout (seconds)"},
    {"executor_lost", WORDS("ExecutorLostFailure"), "an executor died in the middle of its work",
     "give executors more memory (spark.executor.memory and spark.executor.memoryOverhead in "
     "`conf`), and look at the log of the one that died"},
    {"no_resources", WORDS("Initial job has not accepted any resources"),
     "no worker of the cluster is free and large enough",
     "ask for less (spark.executor.memory, spark.cores.max in `conf`), end what holds the "
     "workers, or start more of them"},

    /* Ports and disks. */
    {"ui_port_taken", WORDS("Service 'SparkUI' failed after"), "the port of Spark's UI is taken",
     "set spark.ui.port in `conf` to a free one, or spark.ui.enabled: false"},
    {"port_taken", WORDS("java.net.BindException", "failed after"), "the port is taken",
     "stop what listens there (firesteel doctor says who), or set another `port`"},
    {"open_files_limit", WORDS("(Too many open files)"),
     "Spark may not open as many files as it needs",
     "raise the limit in the shell that starts Spark, and start it again: ulimit -n 65536"},
    {"disk_full", WORDS("No space left on device"), "the disk is full",
     "make room where the output goes and where temporary files are; those of Spark go elsewhere "
     "by spark.local.dir in `conf`"},
    {"output_denied", WORDS("Mkdirs failed to create"), "Spark may not write to the output folder",
     "give the user that runs Spark the right to write there, or let the provider write to "
     "another place"},

    /* S3. */
    {"s3_libraries_missing", WORDS("org.apache.hadoop.fs.s3a.S3AFileSystem not found"),
     "this Spark has no libraries for S3",
     "add org.apache.hadoop:hadoop-aws to spark.jars.packages in `conf`, in the version of this "
     "Spark's Hadoop (jars/hadoop-client-api-*)"},
    {"s3_sdk_missing", WORDS("NoClassDefFoundError: software/amazon/awssdk/"),
     "hadoop-aws is there, and the AWS libraries that it needs are not",
     "name hadoop-aws in spark.jars.packages in `conf` instead of a single jar: what it needs "
     "comes "
     "with it"},
    {"s3_unfit", WORDS("NoClassDefFoundError: com/amazonaws/"),
     "this hadoop-aws is made for another Hadoop",
     "take org.apache.hadoop:hadoop-aws in the version of this Spark's Hadoop "
     "(jars/hadoop-client-api-*)"},
    {"gcs_libraries_missing", WORDS("GoogleHadoopFileSystem not found"),
     "this Spark has no libraries for Google Cloud Storage",
     "add org.apache.hadoop:hadoop-gcp to spark.jars.packages in `conf`, in the version of this "
     "Spark's Hadoop (jars/hadoop-client-api-*)"},
    {"azure_libraries_missing", WORDS("AzureBlobFileSystem not found"),
     "this Spark has no libraries for Azure storage",
     "add org.apache.hadoop:hadoop-azure to spark.jars.packages in `conf`, in the version of this "
     "Spark's Hadoop (jars/hadoop-client-api-*)"},
    {"s3_scheme", WORDS("No FileSystem for scheme \"s3\""), "Spark reads S3 as s3a://, not s3://",
     "write s3a:// in the place, or set spark.hadoop.fs.s3.impl: "
     "org.apache.hadoop.fs.s3a.S3AFileSystem in `conf`"},
    {"s3_credentials_missing", WORDS("NoAuthWithAWSException"),
     "Spark has no credentials for this bucket",
     "give the provider's Spark credentials (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in its "
     "environment, or a role), and start it again"},
    {"s3_key_wrong", WORDS(":SignatureDoesNotMatch"), "the secret key does not fit the access key",
     "set the right secret key for that access key, without blanks or line ends around it"},
    {"s3_key_unknown", WORDS(":InvalidAccessKeyId"), "S3 does not know the access key",
     "set an access key that this S3 knows, and check that spark.hadoop.fs.s3a.endpoint is the "
     "right server"},
    {"s3_bucket_missing", WORDS("NoSuchBucket"), "the bucket is not there",
     "correct the bucket's name, make the bucket, or check that spark.hadoop.fs.s3a.endpoint is "
     "the right server"},
    {"s3_denied", WORDS("AccessDeniedException: s3a://", "Status Code: 403"),
     "S3 refuses access to this place",
     "check the keys, and give them the right to list, read and write this bucket and prefix"},
    {"s3_refused", WORDS("s3a://", "Unable to execute HTTP request: Connect to"),
     "the S3 server cannot be reached",
     "check spark.hadoop.fs.s3a.endpoint in `conf`, and that the host of Spark reaches it"},

    /* Clusters; before HDFS, because YARN's words have Hadoop's inside. */
    {"yarn_conf_missing", WORDS("either HADOOP_CONF_DIR or YARN_CONF_DIR must be set"),
     "Spark does not know where YARN is",
     "set HADOOP_CONF_DIR to the folder with core-site.xml and yarn-site.xml before the start"},
    {"yarn_refused", WORDS("ApplicationClientProtocol", "Connection refused"),
     "YARN's resource manager cannot be reached",
     "start it, or correct yarn.resourcemanager.address in the yarn-site.xml of HADOOP_CONF_DIR"},
    {"kubernetes_no_image", WORDS("Must specify the driver container image"),
     "Spark on Kubernetes needs an image",
     "set spark.kubernetes.container.image in `conf` to an image with this Spark"},
    {"kubernetes_refused", WORDS("KubernetesClientException", "Connection refused"),
     "the Kubernetes API server cannot be reached",
     "correct the address in `master` (k8s://https://host:port), and try kubectl get pods from "
     "this host"},
    {"python_cluster_standalone",
     WORDS("Cluster deploy mode is currently not supported for python applications"),
     "a standalone cluster takes Python in client mode only",
     "use client mode, or a provider with the engine standalone, which submits over REST"},
    {"master_unknown", WORDS("Master must either be yarn or start with spark, k8s, or local"),
     "Spark does not know this kind of master",
     "write the provider's `master` as local[N], spark://host:7077, yarn or k8s://https://host"},
    {"master_refused", WORDS("All masters are unresponsive"),
     "the standalone master does not answer",
     "start the master, or correct host and port in the provider's `master` (spark://host:7077)"},
    {"master_refused", WORDS("Failed to connect to master"),
     "the standalone master does not answer",
     "start the master, or correct host and port in the provider's `master` (spark://host:7077)"},
    /* Not provoked by make_failures.py: the answer of a real Livy 0.7.1, as it was measured. */
    {"livy_local_file", WORDS("cannot be added to user sessions"),
     "Livy takes no files of its host from that folder",
     "add the folder to livy.file.local-dir-whitelist in livy.conf and restart Livy, or put the "
     "file in HDFS"},

    /* HDFS and Hive. */
    {"hdfs_safe_mode", WORDS("SafeModeException"), "HDFS takes no writes: it is in safe mode",
     "wait until it has found its blocks, or end it with: hdfs dfsadmin -safemode leave"},
    {"hdfs_no_datanodes", WORDS("could only be written to 0 of the"),
     "HDFS has no data node that takes the block",
     "start data nodes or make room on them: hdfs dfsadmin -report says which live"},
    {"hdfs_denied", WORDS("AccessControlException: Permission denied: user="),
     "HDFS refuses this user access to that path",
     "give the user rights there (hdfs dfs -chmod, -chown), or run as another one "
     "(HADOOP_USER_NAME)"},
    {"metastore_refused", WORDS("Failed to connect to the MetaStore Server"),
     "the Hive metastore cannot be reached",
     "start it, or correct spark.hadoop.hive.metastore.uris in `conf` (thrift://host:9083)"},
    {"derby_locked", WORDS("Another instance of Derby may have already booted"),
     "another Spark holds the Derby database of the catalog",
     "end the other Spark, or give each a folder of its own by javax.jdo.option.ConnectionURL in "
     "`conf`"},
    {"hdfs_refused", WORDS("failed on connection exception", "wiki.apache.org/hadoop/"),
     "HDFS does not answer at that address",
     "start the name node, or correct host and port in the place (hdfs://host:8020/...)"},
    {"host_unknown", WORDS("java.net.UnknownHostException: "), "the host's name is not known",
     "correct the host in the place or the option, or add its name to DNS or /etc/hosts"},

    /* Packages. */
    {"packages_unresolved", WORDS("[unresolved dependency: "),
     "a package is not in the repositories, or they cannot be reached",
     "correct name and version in spark.jars.packages, or name jars that are here by spark.jars "
     "in `conf`"},
    {"delta_unfit", WORDS("java.lang.NoSuchMethodError", "org.apache.spark.sql.delta."),
     "this Delta is made for another Spark",
     "take the delta-spark_X.Y_2.13 whose X.Y is this Spark's version, or set `spark_home` to the "
     "Spark it is made for"},
    {"delta_missing", WORDS("DATA_SOURCE_NOT_FOUND", "data source: delta"),
     "this Spark has no Delta",
     "add io.delta:delta-spark_X.Y_2.13:VERSION to spark.jars.packages in `conf`, X.Y as this "
     "Spark"},
    {"format_missing", WORDS("DATA_SOURCE_NOT_FOUND"), "this Spark does not know the format",
     "correct the format, or add the package that has it to spark.jars.packages in `conf`"},
    {"format_missing", WORDS("KAFKA_DATA_SOURCE_NOT_ENABLED"), "this Spark has no Kafka",
     "add org.apache.spark:spark-sql-kafka-0-10_2.13:VERSION to spark.jars.packages in `conf`, "
     "VERSION as this Spark"},
    {"format_missing", WORDS("AVRO_DATA_SOURCE_NOT_ENABLED"), "this Spark has no Avro",
     "add org.apache.spark:spark-avro_2.13:VERSION to spark.jars.packages in `conf`, VERSION as "
     "this Spark"},
    {"jdbc_driver_missing", WORDS("java.sql.SQLException: No suitable driver"),
     "this Spark has no driver for that database",
     "add the database's JDBC driver to spark.jars.packages in `conf` (PostgreSQL: "
     "org.postgresql:postgresql:VERSION)"},

    /* Spark Connect. */
    {"connect_tls_against_plain", WORDS("wrong version number"),
     "the server speaks no TLS, and we do",
     "take use_ssl=true out of the provider's `url`, or put TLS before the server"},
    {"connect_tls_against_plain", WORDS("WRONG_VERSION_NUMBER"),
     "the server speaks no TLS, and we do",
     "take use_ssl=true out of the provider's `url`, or put TLS before the server"},
    {"connect_token", WORDS("Invalid authentication token"), "the server refuses the token",
     "set the provider's `token` to what the server was started with (spark.connect.authenticate."
     "token)"},
    {"connect_token", WORDS("No authentication token provided"), "the server asks for a token",
     "set the provider's `token`, as env:NAME, to what the server was started with"},
    {"connect_rpc_unknown", WORDS("Method not found: spark.connect.SparkConnectService/"),
     "the server is a Spark too old for this",
     "use a provider whose server is Spark 4.2 or newer: firesteel provider test NAME tells the "
     "version"},
    {"connect_session_closed", WORDS("INVALID_HANDLE.SESSION_CLOSED"),
     "the server has closed the session",
     "ask again, which opens a new one; temporary views of the old one have to be made again"},
    {"connect_refused", WORDS("cannot be reached", "Failed to connect to"),
     "no Spark Connect server listens there",
     "start one here with firesteel provider start NAME, or correct host and port in the "
     "provider's `url`"},
    {"connect_refused", WORDS("failed to connect to all addresses", "Connection refused"),
     "no Spark Connect server listens there",
     "start one here with firesteel provider start NAME, or correct host and port in the "
     "provider's `url`"},

    /* Data that is not as expected; and what says least, last. */
    {"path_missing", WORDS("PATH_NOT_FOUND"), "Spark does not see that path",
     "correct the path; if it is on this host and Spark on another, put the data where both reach "
     "it (s3a://, hdfs://, a shared folder)"},
    {"file_missing_on_executor", WORDS("FAILED_READ_FILE.FILE_NOT_EXIST"),
     "an executor does not see a file that the driver listed",
     "put the data where every worker reaches it (s3a://, hdfs://, a shared folder), or run again "
     "if it was just rewritten"},
    {"schema_unknown", WORDS("UNABLE_TO_INFER_SCHEMA"), "the folder has no data files",
     "run what writes that folder to its end, or correct the path and format of the source"},
    {"not_parquet", WORDS("is not a Parquet file"), "a file in that folder is no parquet",
     "set the source's format to what the file is, or move the file that the text names away"},
    {"output_exists", WORDS("PATH_ALREADY_EXISTS"), "the output folder is there already",
     "remove that folder, or let the run write to a folder of its own"},
    {"direct_query_failed", WORDS("FAILED_TO_CREATE_PLAN_FOR_DIRECT_QUERY"),
     "Spark cannot open the place that the query names, and does not say why",
     "look for the cause in the server's log: most often the libraries or keys of that store are "
     "missing"},
    {"java_gateway", WORDS("JAVA_GATEWAY_EXITED"), "Spark's Java ended before it had begun",
     "read the lines before this one, and run firesteel doctor: most often Java is missing or too "
     "old"},
    {NULL, NULL, NULL, NULL},
};

static bool has_all(const char *text, size_t n, const char *const *words)
{
    for (; *words; words++)
        if (!memmem(text, n, *words, strlen(*words)))
            return false;
    return true;
}

const struct fst_remedy *fst_remedy_of(const char *text, size_t n)
{
    for (const struct fst_remedy *r = fst_remedies; r->name; r++)
        if (has_all(text, n, r->words))
            return r;
    return NULL;
}
