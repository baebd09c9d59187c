/* Lines in order, of those that fit memory and of those that do not (base/order.h). */
#include <stdio.h>
#include <string.h>

#include "base/order.h"

#include "tap.h"

/* Gives n lines, the number's digits turned round so that they come mixed. */
static void
give(struct order *o, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		char digits[16];

		snprintf(digits, sizeof digits, "%08u", i);
		for (int d = 7; d >= 0; d--)
			buf_append_byte(&o->line, digits[d]);
		if (i % 3 == 0)
			buf_append_string(&o->line, "\xff twice");
		order_end_line(o);
		if (i % 3 == 0) {
			for (int d = 7; d >= 0; d--)
				buf_append_byte(&o->line, digits[d]);
			buf_append_string(&o->line, "\xff twice");
			order_end_line(o);
		}
	}
}

static void
sorts(unsigned n, bool spills)
{
	struct order o;
	char last[64] = "";
	unsigned count = 0, equal = 0;
	bool rising = true;
	int more = -1;

	printf("# %u lines\n", n);
	order_init(&o);
	give(&o, n);
	ok(order_end(&o) == 0 && o.spilled == spills, "ends, in memory or by sort(1)");
	while ((more = order_next(&o)) > 0) {
		int than = strcmp(last, o.text);

		count++;
		rising = rising && than <= 0 && strlen(o.text) == o.len;
		equal += count > 1 && than == 0;
		snprintf(last, sizeof last, "%s", o.text);
	}
	ok(more == 0 && rising, "in the order of bytes, to a good end");
	ok(count == n + (n + 2) / 3 && equal == (n + 2) / 3, "each as often as it came");
	order_free(&o);
}

int
main(void)
{
	sorts(0, false);
	sorts(1000, false);
	sorts(200000, true);
	return tap_done();
}
