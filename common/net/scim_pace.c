/* How fast to ask a SCIM server (scim_pace.h). */
#include "net/scim_pace.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	/*
	 * A little longer than the server counts: requests that we sent evenly may arrive closer
	 * together.
	 */
	SECOND_MS = 1100, MINUTE_MS = 61 * 1000
};

int
scim_pace_domain(const char *type, struct scim_rates *bulk, struct scim_rates *others)
{
	static const struct {
		const char *name;
		struct scim_rates others;
	} types[] = {
		{ "free", { 20, 150 } },
		{ "oracle-apps", { 50, 1500 } },
		{ "apps-premium", { 55, 1750 } },
		{ "premium", { 90, 5000 } },
		{ "external", { 80, 4000 } }
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(type, types[i].name) == 0) {
			*bulk = (struct scim_rates){ 5, 200 };
			*others = types[i].others;
			return 0;
		}
	return -1;
}

static void
window_init(struct scim_window *w, int size, int64_t length_ms)
{
	*w = (struct scim_window){ .size = (size_t)size, .length_ms = length_ms };
	w->at = mem_alloc(w->size * sizeof *w->at);
	for (size_t i = 0; i < w->size; i++)
		w->at[i] = INT64_MIN;
}

/* How long until the oldest of as many requests as are allowed is out of the window. */
static int64_t
window_wait(const struct scim_window *w, int64_t now_ms)
{
	if (w->size == 0 || w->at[w->next] == INT64_MIN)
		return 0;
	return w->at[w->next] + w->length_ms - now_ms;
}

static void
window_note(struct scim_window *w, int64_t now_ms)
{
	if (w->size == 0)
		return;
	w->at[w->next] = now_ms;
	w->next = (w->next + 1) % w->size;
}

void
scim_pace_init(struct scim_pace *p, struct scim_rates rates, double max_rate, int64_t now_ms)
{
	pace_init(&p->limiter, max_rate, now_ms);
	window_init(&p->second, rates.second, SECOND_MS);
	window_init(&p->minute, rates.minute, MINUTE_MS);
	p->held_ms = now_ms;
}

void
scim_pace_free(struct scim_pace *p)
{
	free(p->second.at);
	free(p->minute.at);
	memset(p, 0, sizeof *p);
}

int64_t
scim_pace_take(struct scim_pace *p, int64_t now_ms)
{
	int64_t wait = p->held_ms - now_ms;
	int64_t second = window_wait(&p->second, now_ms);
	int64_t minute = window_wait(&p->minute, now_ms);

	if (wait < second)
		wait = second;
	if (wait < minute)
		wait = minute;
	if (wait <= 0)
		wait = pace_take(&p->limiter, now_ms);
	if (wait > 0)
		return wait;
	window_note(&p->second, now_ms);
	window_note(&p->minute, now_ms);
	return 0;
}

void
scim_pace_throttled(struct scim_pace *p, int64_t now_ms)
{
	pace_throttled(&p->limiter, now_ms);
}

void
scim_pace_hold(struct scim_pace *p, int64_t now_ms, int64_t wait_ms)
{
	if (p->held_ms < now_ms + wait_ms)
		p->held_ms = now_ms + wait_ms;
}
