/*
 * What stands round the records in a JSON document, and how large a document may be: from options
 * and from an envelope file (emit-json(1) has its grammar).
 */
#ifndef EMIT_JSON_ENVELOPE_H
#define EMIT_JSON_ENVELOPE_H

#include <stdint.h>

enum { ENVELOPE_FILE_MAX = 64 * 1024 };	/* three texts, two numbers, comments */

struct envelope {
	char *begin, *between, *end;	/* NULL: not said yet */
	int64_t max_bytes, max_records;	/* of a document; 0: no limit */
};

/* Adds what the file at path says.  Returns 0, or -1 with the reason printed. */
int envelope_read(struct envelope *e, const char *path);

/*
 * Fills in what was not said, an array with a record a line, and puts the document's last LF behind
 * end.  Returns NULL, or what is wrong with the whole (static): it makes no JSON document, or
 * leaves no room for a record.
 */
const char *envelope_finish(struct envelope *e);

void envelope_free(struct envelope *e);

#endif
