/*
 * What a copy of the users, groups and settings of one pool to another would lose or change, told
 * from two records: nothing is asked of the network.
 */
#ifndef DESCRIBE_POOL_COMPARE_H
#define DESCRIBE_POOL_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/prog.h"
#include "json/filter.h"
#include "json/sink.h"

#include "spot.h"

/* What is lost: a fixed vocabulary, which the manual page explains. */
enum lost {
	LOST_USERS, LOST_VALUES, LOST_SIGN_IN, LOST_GROUPS, LOST_APPLICATIONS, LOST_SETTINGS,
	LOST_NOT_KNOWN
};

struct side {
	char *text;			/* the record; NULL: not read yet */
	struct tok_list list;
	struct spot root;
};

struct compare {
	struct side side[2];		/* the source, the target */
	struct tok_list usual;		/* of usual_pool */
	size_t at;			/* the input that is being read */
	struct filter filter;
	struct sink *sink;
	struct buf member, line;	/* the member that is spoken of, as text; a row */
};

/* Runs it: files are the two, NULL behind them. */
enum prog_status compare_run(const struct sink_options *options, char **files);

/* Names the member that the next losses are about: "UserPoolClients[web].CallbackURLs". */
void compare_at(struct compare *c, const char *member);
void compare_at_item(struct compare *c, const char *list, struct spot name, const char *member);

/* Writes one loss. */
void compare_lose(struct compare *c, struct spot from, struct spot to, enum lost lost,
    const char *why);

/* What the service does where the member is not said; or none (usual.h). */
struct spot compare_usual(const struct compare *c, const char *member);

/* Writes that it is not known: whether the record of the source, and of the target, says it. */
void compare_unknown(struct compare *c, bool from, bool to);

/*
 * Whether a list of the member can be told about: that the source has it, and that the target has
 * it or the source's is empty.  If not, that is written.
 */
bool compare_knows(struct compare *c, const char *member, struct spot from, struct spot to);

/*
 * The rules: attributes, names, passwords, MFA; then applications, and all else that hangs on a
 * pool; then settings.
 */
void compare_users(struct compare *c, struct spot from, struct spot to);
void compare_providers(struct compare *c, struct spot from, struct spot to);
void compare_clients(struct compare *c, struct spot from, struct spot to);
void compare_things(struct compare *c, struct spot from, struct spot to);
void compare_settings(struct compare *c, struct spot from, struct spot to);

#endif
