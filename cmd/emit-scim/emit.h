/* What the parts of emit-scim share: the run, and the record at hand. */
#ifndef EMIT_SCIM_EMIT_H
#define EMIT_SCIM_EMIT_H

#include <stdbool.h>

#include "json/filter.h"
#include "json/hold.h"
#include "json/jqprog.h"

#include "bulk.h"
#include "ids.h"
#include "members.h"
#include "roll.h"
#include "schema.h"

/* The order of a stream: nothing may refer to what comes later. */
enum stage { STAGE_USERS, STAGE_GROUPS };

struct emitter {
	/* The caller's to fill. */
	enum dialect dialect;
	bool mapped;			/* the lines are resources; else program maps them */
	bool for_push, bulky;
	const char *taken;		/* attributes that the mapping takes along, or NULL */
	bool tell_custom;		/* say which custom attributes are left out */
	struct jqprog *program;
	struct hold hold;
	struct ids ids;
	struct bulk bulk;
	struct members members;
	struct filter filter;		/* the run */
	struct sink *sink;
	/* private */
	enum stage stage;
	struct roll roll;
	struct keyset custom;		/* names of attributes that were told */
	uint64_t users, groups, left_out;
	/* The resource at hand: of the line, or of made. */
	const struct tok_list *list;
	const char *text;
	struct schema_keys keys;	/* once it is checked */
	struct buf made;
	struct tok_list made_list;
	struct tok_list name_list;	/* of a group of which only the name is known */
	struct buf row;			/* as it goes out */
	struct buf external, name;	/* its externalId; its userName or displayName */
	struct buf id;			/* at the server */
	struct buf scratch, sub;
	struct buf references;		/* of a group with members */
	char reason[SCHEMA_REASON_SIZE];
};

/* What emit_map gives in place of a reason when the mapping gave nothing. */
extern const char emit_nothing[];

void emit_init(struct emitter *e);

void emit_free(struct emitter *e);

/* A row of filter.h. */
const char *emit_record(void *arg, const struct record_reader *r, struct sink *sink);

/* The end of filter.h: what is open goes out. */
enum prog_status emit_end(void *arg, struct sink *sink);

/* The parts of emit_record: each a kind of line. */
const char *emit_user(struct emitter *e, const struct record_reader *r);
const char *emit_group(struct emitter *e, const struct record_reader *r);
const char *emit_membership(struct emitter *e, const struct record_reader *r);

/*
 * Makes the resource at hand from a record: runs the mapping on the len bytes at text.  Returns
 * NULL, emit_nothing, or the reason why it is wrong.
 */
const char *emit_map(struct emitter *e, const struct tok_list *l, const char *text, size_t len);

/* Checks the resource at hand, which must be of this type, and takes its externalId and name. */
const char *emit_check(struct emitter *e, enum schema_type type);

/*
 * Writes the resource at hand to row, without closing brace, with the id at the server if it is
 * known.  known gets that.  Returns NULL or the reason.
 */
const char *emit_write(struct emitter *e, bool group, bool *known);

/* Decodes the text of a string token into b.  Returns false if it is none, empty or too long. */
bool emit_text(const struct tok_list *l, const char *text, uint32_t value, struct buf *b);

/* Ends the run: the order is wrong.  Returns a reason, which is not looked at. */
const char *emit_stop(struct emitter *e, const struct record_reader *r, const char *why);

/* Puts an operation into the request at hand, or the next.  Returns NULL or the reason. */
const char *emit_operation(struct emitter *e, const char *text, size_t len);

#endif
