/* libmicrohttpd's calls that can fail (nth.h). */
#include <stdarg.h>
#include <microhttpd.h>

#include "nth.h"

struct MHD_Response *__real_MHD_create_response_from_buffer(size_t n, void *s,
    enum MHD_ResponseMemoryMode mode);
struct MHD_Response *__wrap_MHD_create_response_from_buffer(size_t n, void *s,
    enum MHD_ResponseMemoryMode mode);
struct MHD_Response *
__wrap_MHD_create_response_from_buffer(size_t n, void *s, enum MHD_ResponseMemoryMode mode)
{
	return nth_fails(NTH_LIBRARIES, "MHD_create_response_from_buffer",
	    NTH_FRAME) ? NULL : __real_MHD_create_response_from_buffer(n, s, mode);
}

struct MHD_Response *__real_MHD_create_response_from_buffer_with_free_callback(size_t n,
    void *s, MHD_ContentReaderFreeCallback end);
struct MHD_Response *__wrap_MHD_create_response_from_buffer_with_free_callback(size_t n,
    void *s, MHD_ContentReaderFreeCallback end);
struct MHD_Response *
__wrap_MHD_create_response_from_buffer_with_free_callback(size_t n, void *s,
    MHD_ContentReaderFreeCallback end)
{
	return nth_fails(NTH_LIBRARIES, "MHD_create_response_from_buffer_with_free_callback",
	    NTH_FRAME) ? NULL : __real_MHD_create_response_from_buffer_with_free_callback(n, s,
	        end);
}

struct MHD_Response *__real_MHD_create_response_from_callback(uint64_t n, size_t block,
    MHD_ContentReaderCallback read, void *arg,
    MHD_ContentReaderFreeCallback end);
struct MHD_Response *__wrap_MHD_create_response_from_callback(uint64_t n, size_t block,
    MHD_ContentReaderCallback read, void *arg,
    MHD_ContentReaderFreeCallback end);
struct MHD_Response *
__wrap_MHD_create_response_from_callback(uint64_t n, size_t block,
    MHD_ContentReaderCallback read, void *arg,
    MHD_ContentReaderFreeCallback end)
{
	return nth_fails(NTH_LIBRARIES, "MHD_create_response_from_callback",
	    NTH_FRAME) ? NULL : __real_MHD_create_response_from_callback(n, block, read, arg, end);
}

enum MHD_Result __real_MHD_add_response_header(struct MHD_Response *r, const char *name,
    const char *text);
enum MHD_Result __wrap_MHD_add_response_header(struct MHD_Response *r, const char *name,
    const char *text);
enum MHD_Result
__wrap_MHD_add_response_header(struct MHD_Response *r, const char *name, const char *text)
{
	return nth_fails(NTH_LIBRARIES, "MHD_add_response_header",
	    NTH_FRAME) ? MHD_NO : __real_MHD_add_response_header(r, name, text);
}

enum MHD_Result __real_MHD_queue_response(struct MHD_Connection *c, unsigned status,
    struct MHD_Response *r);
enum MHD_Result __wrap_MHD_queue_response(struct MHD_Connection *c, unsigned status,
    struct MHD_Response *r);
enum MHD_Result
__wrap_MHD_queue_response(struct MHD_Connection *c, unsigned status, struct MHD_Response *r)
{
	return nth_fails(NTH_LIBRARIES, "MHD_queue_response",
	    NTH_FRAME) ? MHD_NO : __real_MHD_queue_response(c, status, r);
}
