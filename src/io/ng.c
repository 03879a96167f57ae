/* libnghttp2, which libcurl stands on, loaded alone: one library instead of thirty. */
#include <dlfcn.h>
#include <string.h>

#include "ng.h"

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    {"nghttp2_session_callbacks_new", offsetof(struct ng_api, callbacks_new)},
    {"nghttp2_session_callbacks_del", offsetof(struct ng_api, callbacks_del)},
    {"nghttp2_session_callbacks_set_on_header_callback", offsetof(struct ng_api, set_on_header)},
    {"nghttp2_session_callbacks_set_on_data_chunk_recv_callback",
     offsetof(struct ng_api, set_on_data)},
    {"nghttp2_session_callbacks_set_on_stream_close_callback",
     offsetof(struct ng_api, set_on_close)},
    {"nghttp2_session_client_new", offsetof(struct ng_api, client_new)},
    {"nghttp2_session_del", offsetof(struct ng_api, session_del)},
    {"nghttp2_submit_settings", offsetof(struct ng_api, submit_settings)},
    {"nghttp2_session_set_local_window_size", offsetof(struct ng_api, set_window)},
    {"nghttp2_submit_request", offsetof(struct ng_api, submit_request)},
    {"nghttp2_session_mem_recv", offsetof(struct ng_api, mem_recv)},
    {"nghttp2_session_mem_send", offsetof(struct ng_api, mem_send)},
    {"nghttp2_strerror", offsetof(struct ng_api, strerror)},
};

bool ng_load(struct ng_api *out)
{
    void *lib = dlopen("libnghttp2.so.14", RTLD_LAZY | RTLD_LOCAL);
    for (size_t i = 0; lib && i < FST_COUNT(symbols); i++) {
        void *symbol = dlsym(lib, symbols[i].name);
        if (!symbol)
            return false;
        memcpy((char *)out + symbols[i].offset, &symbol, sizeof(symbol));
    }
    return lib != NULL;
}
