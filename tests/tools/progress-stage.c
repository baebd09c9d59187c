/*
 * progress-stage: a stage of a pipeline that does nothing but show how far it is, and warn.
 *
 *     progress-stage [--messages percent] [--no-progress] [--seed n] [--total n] name milliseconds
 *
 * It says at each step, every few milliseconds, how many steps there were, as if it had begun a
 * minute ago; percent of the steps come with a message, "NAME: warning: message N, whole".  The
 * door is shut, as that of a filter.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/opt.h"
#include "base/prog.h"
#include "base/progress.h"

enum { STEP_MS = 5, AGO_MS = 60 * 1000 };

static const char usage[] =
    "progress-stage [--messages percent] [--no-progress] [--seed n] [--total n] name milliseconds";

/* A linear congruential generator (Numerical Recipes): the same seed, the same steps. */
static uint32_t
next(uint32_t *chance)
{
	*chance = *chance * 1664525 + 1013904223;
	return *chance >> 16;
}

int
main(int argc, char **argv)
{
	const char *messages = NULL, *seed = NULL, *total = NULL;
	bool no_progress = false;
	const struct opt_spec own[] = {
		{ "messages", 0, OPT_VALUE, &messages },
		{ "no-progress", 0, OPT_FLAG, &no_progress },
		{ "seed", 0, OPT_VALUE, &seed }, { "total", 0, OPT_VALUE, &total },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, NULL };
	struct progress p;
	int64_t end;
	int operand, percent;
	unsigned step = 0;
	uint32_t chance;
	uint64_t all;

	prog_start(argv[0]);
	operand = opt_parse(argc, argv, tables, usage, true);
	if (argc - operand != 2)
		opt_usage_error("a name and a time are needed");
	percent = (int)opt_number("messages", messages, 0, 100, 0);
	all = (uint64_t)opt_number("total", total, 0, 1000000, 0);
	chance = (uint32_t)opt_number("seed", seed, 0, 1000000, 1);
	end = clock_mono_ms() + opt_number("milliseconds", argv[operand + 1], 1, 60000, 0);
	prog_start(argv[operand]);
	progress_open(false);
	progress_start(&p, no_progress ? PROGRESS_OFF : PROGRESS_AUTO, "steps");
	p.started -= AGO_MS;
	if (files_shut(NULL) != 0)
		return PROG_FAIL;
	do {
		p.last -= PROGRESS_EVERY_MS;
		progress_show(&p, ++step, all);
		if ((int)(next(&chance) % 100) < percent)
			diag_warn("message %u, whole", step);
		clock_sleep_ms(1 + next(&chance) % STEP_MS);
	} while (clock_mono_ms() < end);
	progress_end(&p);
	return PROG_OK;
}
