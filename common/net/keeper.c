/* Credentials in use (keeper.h). */
#include "net/keeper.h"

#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "net/source.h"

enum {
	MARGIN_MAX_MS = 15 * 60 * 1000,	/* botocore's, so that what it asks of us lasts for it */
	MARGIN_PART = 4,		/* of the lifetime, where that is shorter */
	AGAIN_MAX_MS = 60 * 1000, AGAIN_MIN_MS = 100	/* between early tries that failed */
};

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void
keeper_init(struct keeper *k, struct source *source)
{
	memset(k, 0, sizeof *k);
	k->source = source;
}

void
keeper_free(struct keeper *k)
{
	cred_free(&k->cred);
	source_free(k->source);
	memset(k, 0, sizeof *k);
}

static void
take(struct keeper *k, struct cred *cred, int64_t now_ms)
{
	cred_free(&k->cred);
	k->cred = *cred;
	k->generation++;
	k->refused = false;
	k->renew_ms = k->end_ms = INT64_MAX;
	if (!k->source->renewable || cred->lifetime_ms <= 0)
		return;
	k->end_ms = now_ms + cred->lifetime_ms;
	k->renew_ms = k->end_ms - smaller(MARGIN_MAX_MS, cred->lifetime_ms / MARGIN_PART);
}

enum prog_status
keeper_ready(struct keeper *k, int64_t now_ms, char why[CRED_WHY_SIZE])
{
	bool needed = k->generation == 0 || k->refused || now_ms >= k->end_ms;
	struct cred cred = { 0 };
	enum prog_status status;

	if (k->source == NULL || (!needed && now_ms < k->renew_ms))
		return PROG_OK;
	status = k->source->get(k->source, needed, &cred, why);
	now_ms = clock_mono_ms();
	if (status == PROG_OK) {
		take(k, &cred, now_ms);
	} else if (!needed) {
		int64_t again = smaller(AGAIN_MAX_MS, (k->end_ms - now_ms) / MARGIN_PART);

		diag_verbose(1, "credentials not renewed yet: %s", why);
		k->renew_ms = now_ms + (again > AGAIN_MIN_MS ? again : AGAIN_MIN_MS);
		status = PROG_OK;
	}
	return status;
}

bool
keeper_expired(struct keeper *k, unsigned generation)
{
	if (k->source == NULL)
		return false;
	if (generation == k->generation) {
		if (!k->source->renewable)
			return false;
		k->refused = true;
	}
	return true;
}
