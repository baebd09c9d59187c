/* When a keeper asks its source, and what it makes of the answers. */
#include <stdlib.h>

#include "base/mem.h"
#include "net/keeper.h"
#include "net/source.h"
#include "tap.h"

static const int64_t minute = 60000, hour = 3600000;	/* in milliseconds */

/* A source that gives what the test wants and remembers how it was asked. */
struct scripted {
	struct source source;
	enum prog_status status;
	int64_t lifetime_ms;
	int asked;
	bool patient;
};

static enum prog_status
get(struct source *s, bool patient, struct cred *cred, char why[CRED_WHY_SIZE])
{
	struct scripted *f = (struct scripted *)s;
	char key[20];

	f->asked++;
	f->patient = patient;
	if (f->status != PROG_OK) {
		snprintf(why, CRED_WHY_SIZE, "because");
		return f->status;
	}
	snprintf(key, sizeof key, "KEY%d", f->asked);
	cred->access_key = mem_dup_string(key);
	cred->secret_key = mem_dup_string("secret");
	cred->lifetime_ms = f->lifetime_ms;
	return PROG_OK;
}

static struct scripted *
script(struct keeper *k, bool renewable, int64_t lifetime_ms)
{
	struct scripted *f = mem_alloc(sizeof *f);

	f->source = (struct source){ .name = mem_dup_string("test"), .renewable = renewable,
		.get = get };
	f->lifetime_ms = lifetime_ms;
	keeper_init(k, &f->source);
	return f;
}

/* now_ms counts from the keeper's own clock, whatever that says. */
static int64_t start_ms;

static enum prog_status
ready(struct keeper *k, int64_t after_ms)
{
	char why[CRED_WHY_SIZE];

	return keeper_ready(k, start_ms + after_ms, why);
}

static void
first(struct keeper *k)
{
	ok(ready(k, 0) == PROG_OK, "got when first needed");
	start_ms = k->end_ms == INT64_MAX ? 0 : k->end_ms - hour;
}

static void
renewed_in_time(void)
{
	struct keeper k;
	struct scripted *f = script(&k, true, hour);

	first(&k);
	ok(f->asked == 1 && f->patient && k.generation == 1, "patiently");
	ok(k.end_ms - k.renew_ms == 15 * minute, "an hour: 15 minutes before the end");
	ok(ready(&k, 44 * minute) == PROG_OK && f->asked == 1, "not asked before that");
	ok(ready(&k, 46 * minute) == PROG_OK && f->asked == 2 && !f->patient, "then asked, in passing");
	ok(k.generation == 2 && strcmp(k.cred.access_key, "KEY2") == 0, "and the new ones count");
	keeper_free(&k);
	(void)script(&k, true, 2000);
	first(&k);
	ok(k.end_ms - k.renew_ms == 500, "two seconds: a quarter before the end");
	keeper_free(&k);
}

static void
renewal_fails(void)
{
	struct keeper k;
	struct scripted *f = script(&k, true, hour);
	char why[CRED_WHY_SIZE] = "";
	int64_t again;

	first(&k);
	f->status = PROG_TEMPORARY;
	ok(ready(&k, 46 * minute) == PROG_OK && f->asked == 2, "an early try that fails is none");
	ok(strcmp(k.cred.access_key, "KEY1") == 0, "the old ones last");
	again = k.renew_ms;
	ok(keeper_ready(&k, again - 1, why) == PROG_OK && f->asked == 2, "and not at every call");
	ok(keeper_ready(&k, again, why) == PROG_OK && f->asked == 3, "but soon again");
	ok(keeper_ready(&k, k.end_ms, why) == PROG_TEMPORARY && f->patient, "at the end it is one");
	ok(strcmp(why, "because") == 0, "with the reason");
	keeper_free(&k);
}

static void
never_renewed(void)
{
	struct keeper k;
	struct scripted *f = script(&k, false, hour);

	ok(ready(&k, 0) == PROG_OK && ready(&k, 100 * hour) == PROG_OK && f->asked == 1,
	    "fixed keys are used as long as the service takes them");
	ok(!keeper_expired(&k, 1), "and expired ones are at their end");
	keeper_free(&k);
	f = script(&k, true, 0);
	ok(ready(&k, 0) == PROG_OK && ready(&k, 100 * hour) == PROG_OK && f->asked == 1,
	    "an end that is not known is not guessed");
	keeper_free(&k);
	keeper_init(&k, NULL);
	ok(ready(&k, 0) == PROG_OK && !keeper_expired(&k, 0), "no source: nothing to sign with");
	keeper_free(&k);
}

static void
expired(void)
{
	struct keeper k;
	struct scripted *f = script(&k, true, hour);

	first(&k);
	ok(keeper_expired(&k, 1), "what the service calls expired can be signed again");
	ok(f->asked == 1, "nothing is asked from inside a callback");
	ok(ready(&k, 1) == PROG_OK && f->asked == 2 && f->patient, "but before the next call");
	ok(keeper_expired(&k, 1) && ready(&k, 2) == PROG_OK && f->asked == 2,
	    "a second call of the old generation needs no second renewal");
	f->status = PROG_FAIL;
	ok(keeper_expired(&k, 2) && ready(&k, 3) == PROG_FAIL, "a renewal that is refused is final");
	keeper_free(&k);
}

/* A second client's keeper, which is lent the first one's credentials. */
static void
lent(void)
{
	struct keeper k, other;
	struct scripted *f = script(&k, true, hour);

	keeper_init(&other, source_lent(&k));
	ok(ready(&other, 0) == PROG_OK && f->asked == 1, "the source is asked through the owner");
	is(other.cred.access_key, "KEY1", "and what it gave is lent");
	ok(ready(&k, 1) == PROG_OK && f->asked == 1, "the owner need not ask again");
	ok(other.renew_ms <= k.renew_ms + minute && other.end_ms <= k.end_ms + minute,
	    "what is lent lasts as long as what is owned");
	ok(keeper_expired(&other, 1) && ready(&other, 2) == PROG_OK && f->asked == 2,
	    "the service refuses them: the owner asks again");
	is(other.cred.access_key, "KEY2", "and the new ones are lent");
	ok(ready(&k, 3) == PROG_OK && f->asked == 2 && k.generation == 2, "to both");
	ok(keeper_expired(&k, 2) && ready(&k, 4) == PROG_OK && f->asked == 3 &&
	    keeper_expired(&other, 2) && ready(&other, 5) == PROG_OK && f->asked == 3,
	    "what the owner has renewed already is not asked for again");
	f->status = PROG_TEMPORARY;
	ok(keeper_expired(&other, 3) && ready(&other, 6) == PROG_TEMPORARY,
	    "a renewal that fails is the owner's");
	keeper_free(&other);
	keeper_free(&k);
	f = script(&k, false, 0);
	keeper_init(&other, source_lent(&k));
	ok(ready(&other, 0) == PROG_OK && ready(&other, 100 * hour) == PROG_OK && f->asked == 1 &&
	    !keeper_expired(&other, 1), "keys that are fixed stay so");
	keeper_free(&other);
	keeper_free(&k);
}

int
main(void)
{
	renewed_in_time();
	renewal_fails();
	never_renewed();
	expired();
	lent();
	return tap_done();
}
