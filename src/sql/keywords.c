/* Spark's keywords, for highlighting and completion. Nearly all of them are identifiers too: what a
 * word is, the parser decides from where it stands. */
#include "firesteel/sql.h"

#include <string.h>

/* clang-format off */
static const char *const keywords[] = {
    "ADD", "AFTER", "AGGREGATE", "ALIGN", "ALL", "ALTER", "ALWAYS", "ANALYZE", "AND", "ANTI", "ANY",
    "ANY_VALUE", "APPLY", "APPROX", "ARCHIVE", "ARRAY", "AS", "ASC", "ASENSITIVE", "ASOF", "AT",
    "ATOMIC", "AUTHORIZATION", "AUTO", "BEGIN", "BERNOULLI", "BETWEEN", "BIGINT", "BIN", "BINARY",
    "BINDING", "BIN_DISTRIBUTE_RATIO", "BIN_END", "BIN_START", "BOOLEAN", "BOTH", "BUCKET",
    "BUCKETS", "BY", "BYTE", "CACHE", "CALL", "CALLED", "CASCADE", "CASE", "CAST", "CATALOG",
    "CATALOGS", "CDC", "CHANGE", "CHANGES", "CHAR", "CHARACTER", "CHECK", "CLEAR", "CLOSE",
    "CLUSTER", "CLUSTERED", "CODEGEN", "COLLATE", "COLLATION", "COLLATIONS", "COLLECTION", "COLUMN",
    "COLUMNS", "COMMENT", "COMMIT", "COMPACT", "COMPACTIONS", "COMPENSATION", "COMPUTE",
    "CONCATENATE", "CONDITION", "CONSTRAINT", "CONTAINS", "CONTINUE", "COST", "CREATE", "CROSS",
    "CUBE", "CURRENT", "CURRENT_DATABASE", "CURRENT_DATE", "CURRENT_PATH", "CURRENT_SCHEMA",
    "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER", "CURSOR", "DATA", "DATABASE", "DATABASES",
    "DATE", "DATEADD", "DATEDIFF", "DATETIME", "DATE_ADD", "DATE_DIFF", "DAY", "DAYOFYEAR", "DAYS",
    "DBPROPERTIES", "DEC", "DECIMAL", "DECLARE", "DEFAULT", "DEFAULT_PATH", "DEFINED", "DEFINER",
    "DELAY", "DELETE", "DELIMITED", "DESC", "DESCRIBE", "DETERMINISTIC", "DFS", "DIRECTORIES",
    "DIRECTORY", "DISTANCE", "DISTINCT", "DISTRIBUTE", "DIV", "DO", "DOUBLE", "DROP", "ELSE",
    "ELSEIF", "END", "ENFORCED", "ERROR", "ESCAPE", "ESCAPED", "EVOLUTION", "EXACT", "EXCEPT",
    "EXCHANGE", "EXCLUDE", "EXCLUSIVE", "EXECUTE", "EXISTS", "EXIT", "EXPLAIN", "EXPORT", "EXTEND",
    "EXTENDED", "EXTERNAL", "EXTRACT", "FALSE", "FETCH", "FIELDS", "FILEFORMAT", "FILTER", "FIRST",
    "FLOAT", "FLOW", "FOLLOWING", "FOR", "FOREIGN", "FORMAT", "FORMATTED", "FOUND", "FROM", "FULL",
    "FUNCTION", "FUNCTIONS", "GENERATED", "GEOGRAPHY", "GEOMETRY", "GLOBAL", "GRANT", "GROUP",
    "GROUPING", "HANDLER", "HAVING", "HISTORY", "HOUR", "HOURS", "IDENTIFIED", "IDENTIFIER",
    "IDENTITY", "IF", "IGNORE", "ILIKE", "IMMEDIATE", "IMPORT", "IN", "INCLUDE", "INCLUSIVE",
    "INCREMENT", "INDEX", "INDEXES", "INNER", "INPATH", "INPUT", "INPUTFORMAT", "INSENSITIVE",
    "INSERT", "INT", "INTEGER", "INTERSECT", "INTERVAL", "INTO", "INVOKER", "IS", "ITEMS",
    "ITERATE", "JOIN", "JSON", "JSON_TABLE", "KEY", "KEYS", "LANGUAGE", "LAST", "LATERAL", "LAZY",
    "LEADING", "LEAVE", "LEFT", "LEVEL", "LIKE", "LIMIT", "LINES", "LIST", "LOAD", "LOCAL",
    "LOCALTIME", "LOCATION", "LOCK", "LOCKS", "LOGICAL", "LONG", "LOOP", "MACRO", "MAP", "MATCHED",
    "MATCH_CONDITION", "MATERIALIZED", "MAX", "MEASURE", "MERGE", "METRICS", "MICROSECOND",
    "MICROSECONDS", "MILLISECOND", "MILLISECONDS", "MINUS", "MINUTE", "MINUTES", "MODIFIES",
    "MONTH", "MONTHS", "MSCK", "NAME", "NAMESPACE", "NAMESPACES", "NANOSECOND", "NANOSECONDS",
    "NATURAL", "NEAREST", "NEXT", "NO", "NONE", "NORELY", "NOT", "NULL", "NULLS", "NUMERIC", "OF",
    "OFFSET", "ON", "ONLY", "OPEN", "OPTION", "OPTIONS", "OR", "ORDER", "ORDINALITY", "OUT",
    "OUTER", "OUTPUTFORMAT", "OVER", "OVERLAPS", "OVERLAY", "OVERWRITE", "PARTITION", "PARTITIONED",
    "PARTITIONS", "PATH", "PERCENT", "PIVOT", "PLACING", "POSITION", "PRECEDING", "PRIMARY",
    "PRINCIPALS", "PROCEDURE", "PROCEDURES", "PROPERTIES", "PURGE", "QUALIFY", "QUARTER", "QUERY",
    "RANGE", "READ", "READS", "REAL", "RECORDREADER", "RECORDWRITER", "RECOVER", "RECURSION",
    "RECURSIVE", "REDUCE", "REFERENCES", "REFRESH", "REGEXP", "RELY", "RENAME", "REPAIR", "REPEAT",
    "REPEATABLE", "REPLACE", "RESET", "RESPECT", "RESTRICT", "RETURN", "RETURNS", "REVOKE", "RIGHT",
    "RLIKE", "ROLE", "ROLES", "ROLLBACK", "ROLLUP", "ROW", "ROWS", "SCD", "SCHEMA", "SCHEMAS",
    "SECOND", "SECONDS", "SECURITY", "SELECT", "SEMI", "SEPARATED", "SEQUENCE", "SERDE",
    "SERDEPROPERTIES", "SESSION_USER", "SET", "SETMINUS", "SETS", "SHORT", "SHOW", "SIMILARITY",
    "SINGLE", "SKEWED", "SMALLINT", "SOME", "SORT", "SORTED", "SOURCE", "SPECIFIC", "SQL",
    "SQLEXCEPTION", "SQLSTATE", "START", "STATISTICS", "STORED", "STRATIFY", "STREAM", "STREAMING",
    "STRING", "STRUCT", "SUBSTR", "SUBSTRING", "SYNC", "SYSTEM", "SYSTEM_PATH", "SYSTEM_TIME",
    "SYSTEM_VERSION", "TABLE", "TABLES", "TABLESAMPLE", "TARGET", "TBLPROPERTIES", "TEMPORARY",
    "TERMINATED", "THEN", "TIME", "TIMEDIFF", "TIMESTAMP", "TIMESTAMPADD", "TIMESTAMPDIFF",
    "TIMESTAMP_LTZ", "TIMESTAMP_NTZ", "TINYINT", "TO", "TOUCH", "TRACK", "TRAILING", "TRANSACTION",
    "TRANSACTIONS", "TRANSFORM", "TRIM", "TRUE", "TRUNCATE", "TRY_CAST", "TYPE", "UNARCHIVE",
    "UNBOUNDED", "UNCACHE", "UNIFORM", "UNION", "UNIQUE", "UNKNOWN", "UNLOCK", "UNNEST", "UNPIVOT",
    "UNSET", "UNTIL", "UPDATE", "USE", "USER", "USING", "VALUE", "VALUES", "VAR", "VARCHAR",
    "VARIABLE", "VARIANT", "VERSION", "VIEW", "VIEWS", "VOID", "WATERMARK", "WEEK", "WEEKS", "WHEN",
    "WHERE", "WHILE", "WIDTH", "WINDOW", "WITH", "WITHIN", "WITHOUT", "YEAR", "YEARS", "ZONE",
    NULL,
};
/* clang-format on */

const char *const *fst_sql_keywords(void)
{
    return keywords;
}

bool fst_sql_is_keyword(const char *word, size_t n)
{
    char upper[32];
    if (n == 0 || n >= sizeof upper)
        return false;
    for (size_t i = 0; i < n; i++)
        upper[i] = word[i] >= 'a' && word[i] <= 'z' ? (char)(word[i] - 32) : word[i];
    upper[n] = 0;

    size_t low = 0, high = FST_COUNT(keywords) - 1;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = upper[0] - keywords[mid][0];
        if (order == 0)
            order = strcmp(upper, keywords[mid]);
        if (order == 0)
            return true;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}
