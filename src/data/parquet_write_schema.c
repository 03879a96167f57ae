/* parquet_write_schema: Spark's types as the format stores them, by both kinds of annotation. */
#include "parquet_write.h"

enum { LOGICAL_STRING = 1, LOGICAL_DECIMAL = 5, LOGICAL_DATE = 6, LOGICAL_TIME = 7 };
enum { LOGICAL_TIMESTAMP = 8, LOGICAL_INTEGER = 10 };
enum { CONVERTED_DECIMAL = 5 };

/* The old annotations of times mean UTC, so local ones go without. */
static const struct fst_pqw_storage rows[] = {
    {FST_BOOLEAN, FST_PQ_BOOLEAN, FST_PQW_INT, -1, 0},
    {FST_BYTE, FST_PQ_INT32, FST_PQW_INT, 15, LOGICAL_INTEGER},
    {FST_SHORT, FST_PQ_INT32, FST_PQW_INT, 16, LOGICAL_INTEGER},
    {FST_INT, FST_PQ_INT32, FST_PQW_INT, -1, 0},
    {FST_LONG, FST_PQ_INT64, FST_PQW_INT, -1, 0},
    {FST_FLOAT, FST_PQ_FLOAT, FST_PQW_DOUBLE, -1, 0},
    {FST_DOUBLE, FST_PQ_DOUBLE, FST_PQW_DOUBLE, -1, 0},
    {FST_STRING, FST_PQ_BYTE_ARRAY, FST_PQW_BYTES, 0, LOGICAL_STRING},
    {FST_BINARY, FST_PQ_BYTE_ARRAY, FST_PQW_BYTES, -1, 0},
    {FST_DATE, FST_PQ_INT32, FST_PQW_INT, 6, LOGICAL_DATE},
    {FST_TIMESTAMP, FST_PQ_INT64, FST_PQW_INT, 10, LOGICAL_TIMESTAMP},
    {FST_TIMESTAMP_NTZ, FST_PQ_INT64, FST_PQW_INT, -1, LOGICAL_TIMESTAMP},
    {FST_TIME, FST_PQ_INT64, FST_PQW_INT, -1, LOGICAL_TIME},
};

size_t fst_pqw_decimal_width(int precision)
{
    /* The least width whose greatest number has as many digits. */
    __int128 limit = 1;
    for (int i = 0; i < precision; i++)
        limit *= 10;
    size_t width = 1;
    while (width < 16 && ((__int128)1 << (8 * width - 1)) < limit)
        width++;
    return width;
}

bool fst_pqw_storage_of(const struct fst_type *type, struct fst_pqw_storage *out)
{
    if (type->kind == FST_DECIMAL) {
        *out = (struct fst_pqw_storage){
            .kind = FST_DECIMAL,
            .physical = type->precision <= 9    ? FST_PQ_INT32
                        : type->precision <= 18 ? FST_PQ_INT64
                                                : FST_PQ_FIXED,
            .class = FST_PQW_INT,
            .converted = CONVERTED_DECIMAL,
            .logical = LOGICAL_DECIMAL,
        };
        return type->precision >= 1 && type->precision <= 38;
    }
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (rows[i].kind == type->kind) {
            *out = rows[i];
            return true;
        }
    return false;
}

static void put_time(struct fst_thrift_out *o, bool is_utc)
{
    enum { MICROS = 2 };
    fst_thrift_put_bool(o, 1, is_utc);
    fst_thrift_open(o, 2);
    fst_thrift_open(o, MICROS);
    fst_thrift_close(o);
    fst_thrift_close(o);
}

static void put_logical(struct fst_thrift_out *o, const struct fst_type *type,
                        const struct fst_pqw_storage *storage)
{
    fst_thrift_open(o, 10);
    fst_thrift_open(o, storage->logical);
    switch (storage->logical) {
    case LOGICAL_DECIMAL:
        fst_thrift_put_int(o, 1, FST_THRIFT_I32, type->scale);
        fst_thrift_put_int(o, 2, FST_THRIFT_I32, type->precision);
        break;
    case LOGICAL_TIME:
    case LOGICAL_TIMESTAMP:
        put_time(o, type->kind == FST_TIMESTAMP);
        break;
    case LOGICAL_INTEGER:
        fst_thrift_put_int(o, 1, FST_THRIFT_BYTE, type->kind == FST_BYTE ? 8 : 16);
        fst_thrift_put_bool(o, 2, true);
        break;
    default:
        break;
    }
    fst_thrift_close(o);
    fst_thrift_close(o);
}

void fst_pqw_element(struct fst_thrift_out *o, const struct fst_field *field,
                     const struct fst_pqw_storage *storage)
{
    const struct fst_type *type = &field->type;
    fst_thrift_open_item(o);
    fst_thrift_put_int(o, 1, FST_THRIFT_I32, storage->physical);
    if (storage->physical == FST_PQ_FIXED)
        fst_thrift_put_int(o, 2, FST_THRIFT_I32, (int64_t)fst_pqw_decimal_width(type->precision));
    fst_thrift_put_int(o, 3, FST_THRIFT_I32, field->nullable);
    fst_thrift_put_text(o, 4, field->name);
    if (storage->converted >= 0)
        fst_thrift_put_int(o, 6, FST_THRIFT_I32, storage->converted);
    if (type->kind == FST_DECIMAL) {
        fst_thrift_put_int(o, 7, FST_THRIFT_I32, type->scale);
        fst_thrift_put_int(o, 8, FST_THRIFT_I32, type->precision);
    }
    if (storage->logical)
        put_logical(o, type, storage);
    fst_thrift_close(o);
}
