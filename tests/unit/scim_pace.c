/* The windows of a second and of a minute, with a clock of the test's own. */
#include "net/scim_pace.h"
#include "tap.h"

/* Sends what may go for so long; returns the most in any span of span_ms, by brute force. */
static int
most_in(struct scim_pace *p, int64_t run_ms, int64_t span_ms, int *sent)
{
	static int64_t at[20000];
	int n = 0, most = 0;

	for (int64_t now = 1000; now < 1000 + run_ms;) {
		int64_t wait = scim_pace_take(p, now);

		if (wait == 0)
			at[n++] = now;
		else
			now += wait;
	}
	for (int i = 0, first = 0; i < n; i++) {
		while (at[i] - at[first] >= span_ms)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	*sent = n;
	return most;
}

static void
windows(void)
{
	struct scim_rates bulk, others;
	struct scim_pace p;
	int sent;

	ok(scim_pace_domain("free", &bulk, &others) == 0, "a type of domain");
	ok(bulk.second == 5 && bulk.minute == 200 && others.second == 20 && others.minute == 150,
	    "its limits");
	ok(scim_pace_domain("Free", &bulk, &others) == -1 &&
	    scim_pace_domain("", &bulk, &others) == -1,
	    "no type");
	scim_pace_init(&p, others, 0, 1000);
	ok(most_in(&p, 300000, 1000, &sent) == 20, "20 in any second, no more");
	ok(sent >= 4 * 150, "and as many as there may be");
	scim_pace_free(&p);
	scim_pace_init(&p, others, 0, 1000);
	ok(most_in(&p, 300000, 60000, &sent) == 150, "150 in any minute, no more");
	scim_pace_free(&p);
	scim_pace_init(&p, others, 2, 1000);
	ok(most_in(&p, 10000, 1000, &sent) <= 4 && sent <= 22, "a cap below the limits");
	scim_pace_free(&p);
	scim_pace_init(&p, (struct scim_rates){ 0, 0 }, 0, 1000);
	for (sent = 0; sent < 5000 && scim_pace_take(&p, 1000) == 0; sent++)
		;
	ok(sent == 5000, "no limits");
	scim_pace_free(&p);
}

static void
holds(void)
{
	struct scim_pace p;

	scim_pace_init(&p, (struct scim_rates){ 0, 0 }, 0, 1000);
	scim_pace_hold(&p, 1000, 7000);
	scim_pace_hold(&p, 1000, 3000);
	ok(scim_pace_take(&p, 1000) == 7000, "a hold, and a shorter one does not end it");
	ok(scim_pace_take(&p, 8000) == 0, "its end");
	for (int i = 0; i < 20; i++)
		(void)scim_pace_take(&p, 8000);
	scim_pace_throttled(&p, 8100);
	ok(scim_pace_take(&p, 8100) > 0, "a throttle slows it down");
	scim_pace_free(&p);
}

int
main(void)
{
	windows();
	holds();
	return tap_done();
}
