/*
 * The groups of a listing on their way out, in the server's order, while their members are asked
 * for where the listing itself does not tell them.
 */
#ifndef NET_SCIM_MEMBERS_H
#define NET_SCIM_MEMBERS_H

#include "net/scim_group.h"
#include "net/scim_list.h"

enum scim_ask {
	SCIM_ASK_NOTHING,	/* they are not wanted, and left out where they come */
	SCIM_ASK_MISSING,	/* GET /Groups/ID where it has no members */
	/*
	 * Always, page by page: Oracle returns members only on request and 10,000 in one reply.
	 * The form members[startIndex=1&count=1000] is Oracle's; a server that does not know it and
	 * gives all at once is understood too.
	 */
	SCIM_ASK_PAGES,
	/*
	 * The users whose groups.value is the group's id, by cursor: AWS IAM Identity Center gives
	 * every group an empty list of members, which is dropped.
	 */
	SCIM_ASK_USERS
};

enum { SCIM_GROUPS_AT_ONCE = 8 };

enum scim_turn {
	SCIM_GOES_ON,
	SCIM_MOVED,		/* what is listed changed; why is set */
	SCIM_ENDED		/* status and why are set; why "" if row ended it */
};

struct scim_members {
	struct scim_list *list;		/* borrowed */
	enum scim_ask ask;
	enum prog_status status;
	char why[SCIM_DETAIL_SIZE];
	/* private */
	struct scim_job {
		struct scim_members *queue;
		struct scim_group group;
		char *id;
		size_t start, tries;
		struct buf cursor, next;	/* of SCIM_ASK_USERS */
		unsigned vain;		/* pages in a row with nobody new, likewise */
		bool bold;		/* asked on behind a page that was perhaps the last */
		bool done;
		enum scim_turn end;
		enum prog_status status;
		char why[SCIM_DETAIL_SIZE];
	} jobs[SCIM_GROUPS_AT_ONCE];
	size_t first, count;
	bool aborting;
	struct tok_list tokens;
	scim_done *on_members;
};

void scim_members_init(struct scim_members *m, struct scim_list *list, enum scim_ask ask);

/*
 * Takes the group at index, whose id is given decoded, and gives out those that are ready.  The
 * text is not needed afterwards.
 */
enum scim_turn scim_members_add(struct scim_members *m, const struct tok_list *l, const char *text,
    uint32_t index, const char *id, size_t id_len);

/* Waits for all that were taken and gives them out. */
enum scim_turn scim_members_flush(struct scim_members *m);

/* Forgets what is under way. */
void scim_members_drop(struct scim_members *m);

void scim_members_free(struct scim_members *m);

#endif
