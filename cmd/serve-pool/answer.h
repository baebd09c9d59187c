/*
 * Answers in AWS's shapes: JSON 1.1 for Cognito, XML for STS, errors of the service and of its
 * front door.
 */
#ifndef SERVE_POOL_ANSWER_H
#define SERVE_POOL_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum answer_delivery { ANSWER_WHOLE, ANSWER_CUT, ANSWER_SLOW, ANSWER_RESET };

struct answer {
	bool xml;			/* STS's shape; set before anything is answered */
	unsigned status;
	const char *content_type;
	const char *code;		/* of an error; NULL: none */
	struct buf body, message;
	enum answer_delivery delivery;
	char request_id[37];
};

/* What is wrong at the front door; each has a code of its own in both protocols. */
enum answer_front {
	ANSWER_MISSING_TOKEN,		/* MissingAuthenticationToken... */
	ANSWER_INCOMPLETE,		/* IncompleteSignature... */
	ANSWER_UNKNOWN_KEY,		/* UnrecognizedClientException, InvalidClientTokenId */
	ANSWER_BAD_SIGNATURE,		/* InvalidSignatureException, SignatureDoesNotMatch */
	ANSWER_EXPIRED,			/* ExpiredToken... */
	ANSWER_DENIED			/* AccessDenied... */
};

void answer_init(struct answer *a);

void answer_free(struct answer *a);

/* Begins the answer to the request with this number: nothing is said yet; status 200, JSON. */
void answer_start(struct answer *a, uint64_t seed, uint64_t number);

/* An error of Cognito's own: {"__type":CODE,"message":...}.  code is static. */
void answer_error(struct answer *a, unsigned status, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * An error of what stands before the service: namespaced __type and capital Message.  code is
 * static.
 */
void answer_coral(struct answer *a, unsigned status, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* A refusal at the front door in the protocol's shape. */
void answer_front(struct answer *a, enum answer_front what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the text that AWS always gives. */
void answer_refuse(struct answer *a, enum answer_front what);

/* An error of STS.  code is static. */
void answer_sts(struct answer *a, unsigned status, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Appends a text to the body with the characters escaped that XML gives a meaning. */
void answer_put_xml(struct answer *a, const char *text);

/* A page of HTML, as proxies and load balancers answer. */
void answer_html(struct answer *a, unsigned status, const char *text);

#endif
