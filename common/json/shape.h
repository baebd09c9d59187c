/*
 * What may be given out of an answer, as a table, and the canonical JSON that it makes.
 *
 * What goes out is a list of what is known to be harmless, not the answer without what is known to
 * be harmful: descriptions have secrets and texts of messages in them, and AWS adds members as it
 * likes.  Only what a table names gets out, and only if it has the type that the table says; a
 * member of another type is a wrong answer.
 */
#ifndef JSON_SHAPE_H
#define JSON_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

enum { SHAPE_WRONG_SIZE = 96 };

enum shape_kind {
	SHAPE_TEXT, SHAPE_NUMBER, SHAPE_TRUTH,
	/*
	 * A text by which a list of such objects is sorted, as bytes of UTF-8.  A table may have more:
	 * the first must be there and not be empty, together they are what may be there only once.
	 */
	SHAPE_NAME,
	SHAPE_DATE,	/* seconds since the Epoch; RFC 3339 goes out */
	SHAPE_TEXTS,	/* a list of texts, in the order that it has */
	SHAPE_OBJECT,	/* with the members of its table; of an empty table {}: that it is there */
	/* A list of objects: sorted by their SHAPE_NAMEs; without such in the table, as it is. */
	SHAPE_OBJECTS,
	SHAPE_TAGS,	/* an object with texts under any name but "", sorted by name */
	SHAPE_HEADS,	/* the same, each text as far as its first ';' */
	SHAPE_MAP,	/* an object with objects of its table under any name but "", sorted by name */
	SHAPE_HAS	/* true or false: whether the object has any member of the table; always there */
};

/* One member; a table of them ends with SHAPE_END. */
struct shape {
	const char *name;
	enum shape_kind kind;
	const struct shape *members;	/* of OBJECT, OBJECTS, MAP, HAS; else NULL */
};

#define SHAPE_END { NULL, SHAPE_TEXT, NULL }

/*
 * Appends those members of the object at the index that the table has, in the table's order,
 * without the braces, a comma before each unless b is empty or ends with '{', so that one object
 * can be made of several answers.  Members that are null are dropped, of repeated ones the last
 * one counts.
 *
 * Returns NULL, or what is wrong (static, or in wrong, with names and no values), with b's content
 * undefined: no object, a member of another type, no or the same name twice in a list, too long.
 */
const char *shape_members(struct buf *b, const struct shape *members, const struct tok_list *l,
    const char *text, uint32_t at, char wrong[SHAPE_WRONG_SIZE]);

/*
 * Appends the texts of the table's SHAPE_NAMEs in the object at the index, each with a NUL behind
 * it, so that memcmp(3) orders what is no list yet as a list of it would be.  Returns whether the
 * first of them is there and all are texts.
 */
bool shape_names(struct buf *b, const struct shape *members, const struct tok_list *l,
    const char *text, uint32_t at);

/*
 * Of a record that was made by the tables, and may have been changed by anybody since: appends
 * those members of the object at the index that the table has, in its order, each as it is, with
 * commas as shape_members; what is of another kind than the table says is dropped, and so is null.
 * In a record a date is a text, and a SHAPE_HAS true or false.  b has no maximum.
 */
void shape_keep(struct buf *b, const struct shape *members, const struct tok_list *l,
    const char *text, uint32_t at);

#endif
