/* How a driver logs: what is worth a line, each with its exception's message and without its stack.
 */
#include "spark.h"

const char spark_log_config[] =
    "rootLogger.level = warn\n"
    "rootLogger.appenderRef.c.ref = c\n"
    "appender.c.type = Console\n"
    "appender.c.name = c\n"
    "appender.c.target = SYSTEM_ERR\n"
    "appender.c.layout.type = PatternLayout\n"
    "appender.c.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %p %c{1}: %m%notEmpty{ | "
    "%throwable{short.message}}%n\n"
    "logger.nc.name = org.apache.hadoop.util.NativeCodeLoader\n"
    "logger.nc.level = error\n"
    "logger.fss.name = org.apache.spark.sql.execution.streaming.sinks.FileStreamSink\n"
    "logger.fss.level = error\n"
    /* where the driver is elsewhere, this is all that one sees of it */
    "logger.yarn.name = org.apache.spark.deploy.yarn.Client\n"
    "logger.yarn.level = info\n"
    "logger.k8s.name = org.apache.spark.deploy.k8s.submit\n"
    "logger.k8s.level = info\n";
