/* An answer of an identity domain, taken apart. */
#ifndef PUSH_IMPORT_OCI_ANSWER_H
#define PUSH_IMPORT_OCI_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"
#include "net/scim.h"

struct oci_answer {
	struct tok_list list;
	const char *text;		/* the body, borrowed */
};

enum { OCI_TEXT_MAX = 16 * 1024 };

/*
 * Whether the request went well and the body is a JSON object.  oci_answer_free in either case; the
 * functions below only if it is.
 */
bool oci_answer_read(struct oci_answer *a, const struct scim_result *r);

void oci_answer_free(struct oci_answer *a);

/* The text of a member, or a number as it is written; "" for none.  b is replaced. */
const char *oci_answer_text(const struct oci_answer *a, uint32_t object, const char *member,
    struct buf *b);

/* A count, as a number or in quotes; 0 for none. */
uint64_t oci_answer_number(const struct oci_answer *a, uint32_t object, const char *member);

/* Copies an id or a word: printable, no quotes, not too long.  Returns whether it is there. */
bool oci_answer_word(const struct oci_answer *a, uint32_t object, const char *member, char *to,
    size_t size);

/* When it was, by an RFC 3339 date; or missing. */
int64_t oci_answer_ms(const struct oci_answer *a, uint32_t object, const char *member,
    int64_t missing);

/* An array; or 0. */
uint32_t oci_answer_list(const struct oci_answer *a, uint32_t object, const char *member);

/* One line for what failed.  The service's own words may quote what was sent, and stay away. */
enum prog_status oci_answer_refuse(const struct scim_result *r, const char *what);

/*
 * GET /job/v1/RESOURCES?filter=NAME eq "VALUE": all of them, page by page.  take returns false of
 * one that cannot be.  Returns PROG_OK; or with one line printed PROG_FAIL or PROG_TEMPORARY, and
 * *answered, if that is not NULL, says whether the domain answered at all.
 */
enum prog_status oci_answer_all(struct scim_client *client, const char *resources, const char *name,
    const char *value, bool (*take)(void *arg, const struct oci_answer *a, uint32_t object),
    void *arg, bool *answered);

#endif
