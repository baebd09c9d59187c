/*
 * The ids at the server of resources that are there: what list-scim has found (--ids FILE), and
 * what the resources of --mapped say of themselves.
 */
#ifndef EMIT_SCIM_IDS_H
#define EMIT_SCIM_IDS_H

#include <stdbool.h>

#include "base/prog.h"

#include "base/keyset.h"

struct ids {
	/* private */
	struct keyset users, groups;	/* externalId: entry of ids, 0: of two resources */
	struct keyset ids;
};

enum ids_found { IDS_NONE, IDS_ONE, IDS_TWO };

void ids_init(struct ids *d);

void ids_free(struct ids *d);

/*
 * Reads the file: User and Group lines with id and externalId; lines without externalId are
 * nobody of ours.  A file that is not whole would make what is there look new, so it is refused.
 * need_seal: so is one without a seal.  Returns PROG_OK, or with the reason printed PROG_FAIL,
 * PROG_INCOMPLETE or PROG_TEMPORARY.
 */
enum prog_status ids_read(struct ids *d, const char *path, bool need_seal);

/* Adds one; the same id once more (a group with many members has many lines) changes nothing. */
void ids_add(struct ids *d, bool group, const struct buf *external, const struct buf *id);

/*
 * Looks up the User (or the Group) with this externalId.  IDS_ONE: id (a buffer of at least
 * KEYSET_KEY_MAX) gets its id.  IDS_TWO: more than one resource has it.
 */
enum ids_found ids_find(struct ids *d, bool group, const char *external, size_t len,
    struct buf *id);

#endif
