/* What a ledger without a file knows of a key. */
#include "json/plan_ledger.h"
#include "tap.h"

enum { NOON = 1770000000 };

static void
note(struct plan_ledger *l, enum plan_ledger_state state, int64_t seconds)
{
	plan_ledger_note(l, &(struct plan_ledger_line){
		.kind = LEDGER_USER, .state = state, .key = "ana", .name = "ana"
	}, seconds * 1000);
}

int
main(void)
{
	struct plan_ledger l;
	int64_t first, last;

	ok(plan_ledger_open(&l, NULL, "https://h/eu_1", true) == PROG_OK, "no file");
	l.path = "ledger";
	note(&l, LEDGER_CREATING, NOON);
	note(&l, LEDGER_CREATING, NOON + 60);
	ok(plan_ledger_find(&l, LEDGER_USER, "ana", &first, &last) == LEDGER_CREATING &&
	    first == NOON && last == NOON + 60, "tried twice: from the first to the last");
	note(&l, LEDGER_REFUSED, NOON + 61);
	note(&l, LEDGER_CREATING, NOON - 3600);
	ok(plan_ledger_find(&l, LEDGER_USER, "ana", &first, &last) == LEDGER_CREATING &&
	    first == NOON - 3600 && last == first,
	    "tried once more, by a clock that was set back: the tries before do not count");
	plan_ledger_close(&l);
	return tap_done();
}
