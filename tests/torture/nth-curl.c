/* libcurl's calls that can fail (nth.h). */
#include <stdarg.h>
#include <curl/curl.h>

#include "nth.h"

/* Macros that check the types of arguments. */
#undef curl_easy_setopt

CURL *__real_curl_easy_init(void);
CURL *__wrap_curl_easy_init(void);
CURL *
__wrap_curl_easy_init(void)
{
	return nth_fails(NTH_LIBRARIES, "curl_easy_init",
	    NTH_FRAME) ? NULL : __real_curl_easy_init();
}

CURLM *__real_curl_multi_init(void);
CURLM *__wrap_curl_multi_init(void);
CURLM *
__wrap_curl_multi_init(void)
{
	return nth_fails(NTH_LIBRARIES, "curl_multi_init",
	    NTH_FRAME) ? NULL : __real_curl_multi_init();
}

CURLcode __real_curl_global_init(long flags);
CURLcode __wrap_curl_global_init(long flags);
CURLcode
__wrap_curl_global_init(long flags)
{
	return nth_fails(NTH_LIBRARIES, "curl_global_init",
	    NTH_FRAME) ? CURLE_FAILED_INIT : __real_curl_global_init(flags);
}

CURLMcode __real_curl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode __wrap_curl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode
__wrap_curl_multi_add_handle(CURLM *multi, CURL *easy)
{
	return nth_fails(NTH_LIBRARIES, "curl_multi_add_handle",
	    NTH_FRAME) ? CURLM_OUT_OF_MEMORY : __real_curl_multi_add_handle(multi, easy);
}

CURLMcode __real_curl_multi_perform(CURLM *multi, int *running);
CURLMcode __wrap_curl_multi_perform(CURLM *multi, int *running);
CURLMcode
__wrap_curl_multi_perform(CURLM *multi, int *running)
{
	return nth_fails(NTH_LIBRARIES, "curl_multi_perform",
	    NTH_FRAME) ? CURLM_OUT_OF_MEMORY : __real_curl_multi_perform(multi, running);
}

CURLMcode __real_curl_multi_poll(CURLM *multi, struct curl_waitfd fds[], unsigned n, int ms,
    int *got);
CURLMcode __wrap_curl_multi_poll(CURLM *multi, struct curl_waitfd fds[], unsigned n, int ms,
    int *got);
CURLMcode
__wrap_curl_multi_poll(CURLM *multi, struct curl_waitfd fds[], unsigned n, int ms, int *got)
{
	return nth_fails(NTH_LIBRARIES, "curl_multi_poll",
	    NTH_FRAME) ? CURLM_OUT_OF_MEMORY : __real_curl_multi_poll(multi, fds, n, ms, got);
}

CURLU *__real_curl_url(void);
CURLU *__wrap_curl_url(void);
CURLU *
__wrap_curl_url(void)
{
	return nth_fails(NTH_LIBRARIES, "curl_url", NTH_FRAME) ? NULL : __real_curl_url();
}

CURLUcode __real_curl_url_set(CURLU *u, CURLUPart part, const char *text, unsigned flags);
CURLUcode __wrap_curl_url_set(CURLU *u, CURLUPart part, const char *text, unsigned flags);
CURLUcode
__wrap_curl_url_set(CURLU *u, CURLUPart part, const char *text, unsigned flags)
{
	return nth_fails(NTH_LIBRARIES, "curl_url_set",
	    NTH_FRAME) ? CURLUE_OUT_OF_MEMORY : __real_curl_url_set(u, part, text, flags);
}

CURLUcode __real_curl_url_get(const CURLU *u, CURLUPart part, char **text, unsigned flags);
CURLUcode __wrap_curl_url_get(const CURLU *u, CURLUPart part, char **text, unsigned flags);
CURLUcode
__wrap_curl_url_get(const CURLU *u, CURLUPart part, char **text, unsigned flags)
{
	return nth_fails(NTH_LIBRARIES, "curl_url_get",
	    NTH_FRAME) ? CURLUE_OUT_OF_MEMORY : __real_curl_url_get(u, part, text, flags);
}

CURLcode __real_curl_easy_setopt(CURL *easy, CURLoption option, ...);
CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...);
CURLcode
__wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
	CURLcode code;
	va_list ap;

	if (nth_fails(NTH_LIBRARIES, "curl_easy_setopt", NTH_FRAME))
		return CURLE_OUT_OF_MEMORY;
	va_start(ap, option);
	if (option < CURLOPTTYPE_OBJECTPOINT)
		code = __real_curl_easy_setopt(easy, option, va_arg(ap, long));
	else if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
		code = __real_curl_easy_setopt(easy, option, va_arg(ap, curl_off_t));
	else
		code = __real_curl_easy_setopt(easy, option, va_arg(ap, void *));
	va_end(ap);
	return code;
}
