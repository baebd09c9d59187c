/*
 * The URL of a job's file, in the form of one that S3 takes (import_url.h), and what comes to it.
 */
#include "import_url.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "exchange.h"

/* Seconds; and the header that is a part of what is signed. */
enum { VALID = 900, SIGNATURE_SIZE = 65, HOST_MAX = 300, DATE_SIZE = CLOCK_AMZ_SIZE };

const char imports_upload_name[] = "PutObject";

static const char path_prefix[] = "/import/";
static const char encryption[] = "x-amz-server-side-encryption";

void
import_url_name(struct server *s, char id[IMPORTS_ID_SIZE])
{
	unsigned char m[32];
	char text[40];

	snprintf(text, sizeof text, "import job %llu", atomic_fetch_add(&s->jobs, 1) + 1);
	opaque_mac(s->token_key, text, strlen(text), m);
	snprintf(id, IMPORTS_ID_SIZE, "import-%02x%02x%02x%02x%02x%02x%02x%02x", m[0], m[1], m[2],
	    m[3], m[4], m[5], m[6], m[7]);
}

static void
sign(const struct server *s, const char *id, const char *date, char out[SIGNATURE_SIZE])
{
	unsigned char m[32];
	char text[IMPORTS_ID_SIZE + 80];

	snprintf(text, sizeof text, "PUT %s %s", id, date);
	opaque_mac(s->session_key, text, strlen(text), m);
	for (size_t i = 0; i < sizeof m; i++)
		snprintf(out + 2 * i, 3, "%02x", m[i]);
}

int
import_url_make(struct exchange *x, const struct import_job *j, char url[IMPORT_URL_SIZE])
{
	const struct server *s = x->server;
	const char *host = exchange_header(x, "Host");
	char date[DATE_SIZE], signature[SIGNATURE_SIZE];

	if (host == NULL || strlen(host) > HOST_MAX || strcspn(host, "\"\\/?# ") != strlen(host))
		return -1;
	clock_amz(server_now_ms(s) / 1000, date);
	sign(s, j->id, date, signature);
	snprintf(url, IMPORT_URL_SIZE, "%s://%s%s%s?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=%s&"
	    "X-Amz-Expires=%d&X-Amz-SignedHeaders=host%%3B%s&X-Amz-Signature=%s",
	    s->tls ? "https" : "http", host, path_prefix, j->id, date, VALID, encryption,
	    signature);
	return 0;
}

bool
imports_is_upload(const char *method, const char *path)
{
	return strcmp(method, "PUT") == 0 && strncmp(path, path_prefix, strlen(path_prefix)) == 0;
}

/* An error of S3's.  code is static. */
static void
refuse(struct exchange *x, unsigned status, const char *code, const char *message)
{
	struct answer *a = &x->answer;

	buf_clear(&a->body);
	a->xml = true;
	a->status = status;
	a->code = code;
	a->content_type = "application/xml";
	buf_appendf(&a->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code>"
	    "<Message>%s</Message><RequestId>%s</RequestId></Error>", code, message,
	    a->request_id);
}

static const char *
argument(const struct exchange *x, const char *name)
{
	const char *value = MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, name);

	return value != NULL ? value : "";
}

/* Whether the URL is one that was given out, and not too old; else the refusal is answered. */
static bool
is_signed(struct exchange *x, const char *id)
{
	const char *date = argument(x, "X-Amz-Date"), *given = argument(x, "X-Amz-Signature");
	const char *key = exchange_header(x, encryption);
	char signature[SIGNATURE_SIZE];
	int64_t seconds;

	if (clock_parse_amz(date, strlen(date), &seconds) != 0 || strlen(id) >= IMPORTS_ID_SIZE) {
		refuse(x, 403, "AccessDenied", "Access Denied");
		return false;
	}
	sign(x->server, id, date, signature);
	if (strlen(given) != SIGNATURE_SIZE - 1 ||
	    CRYPTO_memcmp(given, signature, SIGNATURE_SIZE - 1) != 0 || key == NULL ||
	    strcmp(key, "aws:kms") != 0) {
		refuse(x, 403, "SignatureDoesNotMatch", "The request signature we calculated does "
		    "not match the signature you provided. Check your key and signing method.");
		return false;
	}
	if (server_now_ms(x->server) / 1000 - seconds >= VALID) {
		refuse(x, 403, "AccessDenied", "Request has expired");
		return false;
	}
	return true;
}

/* If the job is one of the pool's. */
static void
take_file(const struct exchange *x, struct pool *p, const char *id)
{
	struct import_job *j = NULL;

	pthread_rwlock_wrlock(&p->lock);
	for (size_t i = 0; i < p->imports.count; i++)
		if (strcmp(p->imports.job[i].id, id) == 0)
			j = &p->imports.job[i];
	/* To a job that was started it goes too, and means nothing any more. */
	if (j != NULL && j->status == IMPORT_CREATED) {
		free(j->file);
		j->file = mem_dup(buf_string(&x->body), x->body.len);
		j->len = x->body.len;
	}
	pthread_rwlock_unlock(&p->lock);
}

void
imports_upload(struct exchange *x)
{
	const struct server *s = x->server;
	const char *id = x->path + strlen(path_prefix);

	if (!is_signed(x, id))
		return;
	if (x->too_large) {
		refuse(x, 400, "EntityTooLarge",
		    "Your proposed upload exceeds the maximum allowed size");
		return;
	}
	for (size_t i = 0; i < s->pools.count; i++)
		take_file(x, s->pools.pool[i], id);
	buf_free(&x->body);
	buf_clear(&x->answer.body);
}
