/* What is fuzzed of the Parquet reader: one function a target, any bytes in; true when all
 * of them could be read.
 *
 * tests/data/test_parquet_fuzz.c runs them over the corpus and over damaged copies of it;
 * libfuzzer.c makes each of them a libFuzzer program. */
#ifndef FIRESTEEL_FUZZ_TARGETS_H
#define FIRESTEEL_FUZZ_TARGETS_H

#include <stdlib.h>
#include <string.h>

#include "formats.h"
#include "parquet.h"
#include "variant.h"
#include "wkb.h"

enum { FUZZ_ROWS = 2000, FUZZ_TEXT = 16 << 20 };

/* ---- Whole files ----------------------------------------------------------------------------- */

static inline bool fuzz_read(struct fst_bytes *bytes, size_t memory_cap)
{
    struct fst_reader *r = NULL;
    struct fst_read_options options = {.memory_cap = memory_cap};
    if (fst_format_parquet.open(bytes, &options, &r, NULL) != FST_OK)
        return false;
    struct fst_buf text = FST_BUF(FUZZ_TEXT);
    bool fine = true;
    for (size_t rows = 0; rows < FUZZ_ROWS;) {
        struct fst_frame *f = NULL;
        fine &= fst_reader_next(r, 300, &f, NULL) == FST_OK;
        if (!f)
            break;
        for (size_t i = 0; i < f->n_columns; i++) {
            fine &= !f->columns[i].unreadable;
            for (size_t row = 0; row < f->n_rows && !f->columns[i].unreadable; row++) {
                fst_buf_clear(&text);
                fst_cell_text(&text, &f->columns[i], row, FST_CELL_SCREEN);
            }
        }
        rows += f->n_rows;
        fst_frame_unref(f);
    }
    fst_buf_done(&text);
    fst_reader_close(r);
    return fine;
}

static inline bool fuzz_file(const uint8_t *p, size_t n)
{
    struct fst_file_info info;
    struct fst_bytes *bytes = fst_bytes_of_memory("fuzz", p, n);
    if (fst_format_parquet.info(bytes, &info, NULL) == FST_OK)
        fst_file_info_done(&info);
    fst_bytes_close(bytes);
    return fuzz_read(fst_bytes_of_memory("fuzz", p, n), 4 << 20);
}

/* ---- Chunks: headers of pages, levels, codecs, encodings, dictionaries -------------------------
 */

/* In front of the pages: physical type, converted type or 255, codec, 1 = optional, bytes of fixed
 * values, rows (two bytes). What follows is put into a sound file of one column. */
enum { CHUNK_HEAD = 7 };

static inline void fuzz_schema(struct fst_thrift_out *o, const uint8_t *head)
{
    fst_thrift_put_list(o, 2, FST_THRIFT_STRUCT, 2);
    fst_thrift_open_item(o);
    fst_thrift_put_text(o, 4, "root");
    fst_thrift_put_int(o, 5, FST_THRIFT_I32, 1);
    fst_thrift_close(o);
    fst_thrift_open_item(o);
    fst_thrift_put_int(o, 1, FST_THRIFT_I32, head[0] % FST_PQ_N_PHYSICAL);
    fst_thrift_put_int(o, 2, FST_THRIFT_I32, head[4] ? head[4] : 1);
    fst_thrift_put_int(o, 3, FST_THRIFT_I32, head[3] % 3);
    fst_thrift_put_text(o, 4, "c");
    if (head[1] != 255) {
        fst_thrift_put_int(o, 6, FST_THRIFT_I32, head[1] % 22);
        fst_thrift_put_int(o, 7, FST_THRIFT_I32, 2);
        fst_thrift_put_int(o, 8, FST_THRIFT_I32, 5 + 3 * head[4]);
    }
    fst_thrift_close(o);
}

static inline void fuzz_group(struct fst_thrift_out *o, const uint8_t *head, size_t n)
{
    int64_t rows = head[5] | head[6] << 8;
    fst_thrift_put_int(o, 3, FST_THRIFT_I64, rows);
    fst_thrift_put_list(o, 4, FST_THRIFT_STRUCT, 1);
    fst_thrift_open_item(o);
    fst_thrift_put_list(o, 1, FST_THRIFT_STRUCT, 1);
    fst_thrift_open_item(o);
    fst_thrift_put_int(o, 2, FST_THRIFT_I64, 4);
    fst_thrift_open(o, 3);
    fst_thrift_put_int(o, 1, FST_THRIFT_I32, head[0] % FST_PQ_N_PHYSICAL);
    fst_thrift_put_int(o, 4, FST_THRIFT_I32, head[2] % FST_PARQUET_N_CODECS);
    fst_thrift_put_int(o, 5, FST_THRIFT_I64, rows);
    fst_thrift_put_int(o, 6, FST_THRIFT_I64, (int64_t)n);
    fst_thrift_put_int(o, 7, FST_THRIFT_I64, (int64_t)n);
    fst_thrift_put_int(o, 9, FST_THRIFT_I64, 4);
    fst_thrift_close(o);
    fst_thrift_close(o);
    fst_thrift_put_int(o, 2, FST_THRIFT_I64, (int64_t)n);
    fst_thrift_put_int(o, 3, FST_THRIFT_I64, rows);
    fst_thrift_close(o);
}

static inline bool fuzz_chunk(const uint8_t *p, size_t n)
{
    if (n < CHUNK_HEAD || n > FUZZ_TEXT / 2)
        return false;
    struct fst_buf file = FST_BUF(FUZZ_TEXT), footer = FST_BUF(4096);
    struct fst_thrift_out o = {.buf = &footer};
    fst_thrift_open_item(&o);
    fst_thrift_put_int(&o, 1, FST_THRIFT_I32, 1);
    fuzz_schema(&o, p);
    fuzz_group(&o, p, n - CHUNK_HEAD);
    fst_thrift_close(&o);

    fst_buf_adds(&file, "PAR1");
    fst_buf_add(&file, p + CHUNK_HEAD, n - CHUNK_HEAD);
    fst_buf_add(&file, footer.p, footer.n);
    for (unsigned i = 0; i < 4; i++)
        fst_buf_addc(&file, (char)(footer.n >> 8 * i));
    fst_buf_adds(&file, "PAR1");
    bool fine = fuzz_read(fst_bytes_of_memory("fuzz", file.p, file.n), 4 << 20);
    fst_buf_done(&footer);
    fst_buf_done(&file);
    return fine;
}

/* ---- Values ---------------------------------------------------------------------------------- */

/* The length of the metadata in a byte, the metadata, the value. */
static inline bool fuzz_variant(const uint8_t *p, size_t n)
{
    struct fst_variant_names names;
    struct fst_buf text = FST_BUF(FUZZ_TEXT);
    if (n < 1 || (size_t)p[0] + 1 > n)
        return false;
    struct fst_str value = {(const char *)p + 1 + p[0], n - 1 - p[0]};
    bool fine = !fst_variant_names((struct fst_str){(const char *)p + 1, p[0]}, &names) &&
                !fst_variant_json(&text, &names, value, 0);
    fst_buf_done(&text);
    return fine;
}

static inline bool fuzz_wkb(const uint8_t *p, size_t n)
{
    struct fst_buf text = FST_BUF(FUZZ_TEXT);
    bool fine = fst_wkb_text(&text, (struct fst_str){(const char *)p, n});
    fst_buf_done(&text);
    return fine;
}

#endif
