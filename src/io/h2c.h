/* Plain HTTP/2 with a server on this host, without libcurl. */
#ifndef IO_H2C_H
#define IO_H2C_H

#include "firesteel/io.h"

/* A connection. */
struct h2c;
/* One exchange over the connection at *kept, or over a new one when that is NULL, closed by its
 * other end, or to another address; it is left there when it can be used again. FST_EUNSUPPORTED,
 * with nothing sent: not for this URL, no library, no connection; libcurl does it then, or tells
 * why not. */
enum fst_status h2c_exchange(struct h2c **kept, const struct fst_http_request *rq,
                             struct fst_http_response *rs, struct fst_error *err);
void h2c_close(struct h2c *c);

#endif
