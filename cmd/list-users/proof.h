/*
 * The proof that reading by the first characters of sub misses nobody: which beginnings of sub
 * there were in one whole chain without a filter, and when that chain began.
 *
 * The file is a sealed stream, a record for every beginning of two characters and how many users
 * have it, sorted; a Prefix of one character is a sub that has no more than that:
 *
 *     {"Prefix":"0a","Users":1234}
 *     {"~end":{…,"source":"ENDPOINT/POOL/users","scope":"proof",…,"started":"…",…}}
 *
 * Only printable ASCII without '"' and '\' can be proved: how the service compares other
 * characters, and how its grammar escapes those two, is not documented.
 */
#ifndef LIST_USERS_PROOF_H
#define LIST_USERS_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PROOF_FIRST = '!', PROOF_LAST = '~',
	PROOF_CHARS = PROOF_LAST - PROOF_FIRST + 1,
	PROOF_WHY_SIZE = 80
};

struct proof {
	uint64_t id;			/* a check sum of all that it says */
	char why[PROOF_WHY_SIZE];	/* why it proves nothing; "": it does */
	bool dated;			/* read: nothing but its age speaks against it */
	/* By first and second character; the last column: there is no second one. */
	uint64_t users[PROOF_CHARS][PROOF_CHARS + 1];
};

/* Whether the character can stand in a filter, and so in a proof. */
bool proof_can_ask(char c);

/* How many users it saw whose sub begins so. */
uint64_t proof_first(const struct proof *p, char first);

/* Whether it saw users whose sub begins as this one does, in depth (1 or 2) characters. */
bool proof_knows(const struct proof *p, const char *sub, size_t len, int depth);

/* Counts a user; sub NULL: without one.  What cannot be proved sets why. */
void proof_count(struct proof *p, const char *sub, size_t len);

/*
 * Writes the file, replaced in one step, mode 0600.  source and started are those of the list that
 * was counted.  Returns 0, or -1 with the reason printed.
 */
int proof_write(const struct proof *p, const char *path, const char *source,
    const char *started);

/*
 * Reads an open file.  p->why is set if it is not whole, is of another source, or its chain began
 * more than max_age_ms ago.
 */
void proof_read(struct proof *p, int fd, const char *path, const char *source,
    int64_t max_age_ms);

#endif
