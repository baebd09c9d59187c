/* Signals that end the program (deadly.h). */
#include "base/deadly.h"

#include <stddef.h>

static const int deadly[] = { SIGINT, SIGTERM, SIGHUP };

static void (*volatile tidiers[DEADLY_MAX])(void);

/* SA_RESETHAND has restored the default, so the signal ends the program on return. */
static void
end_by_signal(int sig)
{
	for (size_t i = 0; i < DEADLY_MAX && tidiers[i] != NULL; i++)
		tidiers[i]();
	raise(sig);
}

void
deadly_add(void (*tidy)(void))
{
	struct sigaction old, new = { .sa_handler = end_by_signal, .sa_flags = SA_RESETHAND };
	size_t n = 0;

	while (n < DEADLY_MAX && tidiers[n] != NULL && tidiers[n] != tidy)
		n++;
	if (n < DEADLY_MAX)
		tidiers[n] = tidy;
	sigemptyset(&new.sa_mask);
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &new, NULL);
}

void
deadly_fill(sigset_t *set)
{
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		sigaddset(set, deadly[i]);
}
