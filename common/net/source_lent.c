/* The credentials of another client (source.h). */
#include <stdint.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/keeper.h"
#include "net/source.h"

struct lent {
	struct source source;
	struct keeper *owner;
	unsigned given;		/* generation of the credentials that were given last */
};

static enum prog_status
get(struct source *s, bool patient, struct cred *cred, char why[CRED_WHY_SIZE])
{
	struct lent *lent = (struct lent *)s;
	struct keeper *k = lent->owner;
	enum prog_status status;
	int64_t now;

	/* They are needed although the same were given before: the service does not take those. */
	if (patient && lent->given != 0 && lent->given == k->generation)
		(void)keeper_expired(k, k->generation);
	now = clock_mono_ms();
	status = keeper_ready(k, now, why);
	if (status != PROG_OK)
		return status;
	lent->given = k->generation;
	cred_copy(cred, &k->cred);
	/* What is left of it; the owner has had them for a while. */
	cred->lifetime_ms = k->end_ms == INT64_MAX ? 0 : k->end_ms - clock_mono_ms();
	if (cred->lifetime_ms < 0)
		cred->lifetime_ms = 1;
	return PROG_OK;
}

struct source *
source_lent(struct keeper *k)
{
	struct lent *lent = mem_alloc(sizeof *lent);

	lent->source = (struct source){ .name = mem_dup_string(k->source->name),
		.renewable = k->source->renewable, .is_role = k->source->is_role, .get = get };
	lent->owner = k;
	return &lent->source;
}
