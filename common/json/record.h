/*
 * The one reader of NDJSON records: bounded lines, each parsed alone, the seal checked.
 *
 * All that makes a line a good or a wrong record is decided here:
 *
 *   invalid UTF-8 anywhere           wrong: replaced bytes could make two keys equal
 *   not exactly one JSON object      wrong (NaN, a blank line and two values on a line too)
 *   half a surrogate pair (\ud800)   wrong: libjq cannot read it
 *   \u0000                           good in values; wrong in Username, GroupName and sub
 *   repeated key                     wrong for Username, GroupName, Attributes, Groups and the sub
 *                                    in Attributes; of others the last one wins
 *   Username, GroupName              wrong unless a string that is not empty
 *   numbers                          kept as text, whatever their size
 *   nested deeper than TOK_DEPTH_MAX wrong
 *   longer than RECORD_LINE_MAX      wrong; the rest of the line is skipped
 *   top-level key that begins with ~ wrong (reserved), unless the line is a valid seal
 *   last line without LF             the stream is cut there; the line is not delivered
 */
#ifndef JSON_RECORD_H
#define JSON_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/seal.h"
#include "json/tok.h"

enum {
	/*
	 * 70 attributes of 2,048 characters, each escaped to six bytes, are 860 KB, and 100 group
	 * names add 77 KB: the largest legal user fits, and a filter's memory stays bounded.
	 */
	RECORD_LINE_MAX = 1024 * 1024,
	/* A value takes at least two bytes of the line ("1,"). */
	RECORD_TOKENS_MAX = RECORD_LINE_MAX / 2 + 1,
	RECORD_REASON_SIZE = 160
};

/* Where the identity keys of a parsed line lie: indices of the value's tokens, 0 if absent. */
struct record_keys {
	uint32_t username, group_name, attributes, groups, sub;
};

/* Which kind of record a line is. */
enum record_kind { RECORD_USER, RECORD_GROUP, RECORD_MEMBERSHIP, RECORD_OTHER };

enum record_result {
	RECORD_LINE,		/* a good record: text, len, list, keys, line are set */
	RECORD_WRONG,		/* a wrong one: reason, line, text, len are set (len 0: too long) */
	RECORD_END,		/* the stream is over; record_verdict says how */
	RECORD_ERROR		/* read(2) failed; reported with diag_error */
};

enum record_verdict {
	RECORD_PLAIN,		/* no seal; the last byte is LF, or there was nothing at all */
	RECORD_WHOLE,		/* exactly one good seal, and its counts agree */
	RECORD_CUT,		/* incomplete; reason is set */
	RECORD_FAILED		/* the writer sealed its failure; reason is set, seal.retryable holds */
};

struct record_reader {
	int fd;
	const char *name;		/* for messages: "stdin" or the path; borrowed */
	const char *text;		/* the line without its LF; borrowed until the next call */
	size_t len;
	struct tok_list list;		/* its tokens */
	struct record_keys keys;
	uint64_t line;			/* number of the line, from 1 */
	const char *reason;		/* static or in reason_buffer */
	struct seal seal;		/* once one was read */
	uint64_t rows, bytes;		/* of the lines that are no seal, wrong ones and LFs included */
	void (*before_read)(void *arg);	/* called before a read(2), which may wait; NULL: nothing */
	void *before_read_arg;
	/* private */
	char *data;
	size_t start, scanned, fill, cap;
	bool eof, unterminated, bad_seal;
	unsigned seals;
	char reason_buffer[RECORD_REASON_SIZE];
};

/* Reads from fd, which stays the caller's.  name is borrowed. */
void record_open(struct record_reader *r, int fd, const char *name);

void record_close(struct record_reader *r);

/*
 * The next record.  A seal is taken in and never delivered; lines behind it are, since a seal's
 * place does not matter.
 */
enum record_result record_next(struct record_reader *r);

/* After RECORD_END: is the stream whole?  need_seal: a stream without one is RECORD_CUT. */
enum record_verdict record_verdict(struct record_reader *r, bool need_seal);

/* The kind by the keys that are there: Username, GroupName, both, neither. */
enum record_kind record_kind(const struct record_keys *keys);

/*
 * Checks a line that a stage made (a mapping's output, a foreign filter's) by the same rules; a
 * seal is wrong here.  Returns NULL if it is a good record, else the reason (static, or in
 * reason).  list and keys are replaced.
 */
const char *record_check(const char *text, size_t len, struct tok_list *list,
    struct record_keys *keys, char reason[RECORD_REASON_SIZE]);

#endif
