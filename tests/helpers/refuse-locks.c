/*
 * refuse-locks ERRNO CMD...: runs CMD as in a container, or on an old kernel, that has neither seccomp
 * nor landlock for it: what asks for them fails with this number.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	static const int calls[] = { SCMP_SYS(seccomp), SCMP_SYS(landlock_create_ruleset),
		SCMP_SYS(landlock_add_rule), SCMP_SYS(landlock_restrict_self) };
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	uint32_t answer;

	if (argc < 3 || ctx == NULL)
		return 125;
	answer = SCMP_ACT_ERRNO((uint16_t)strtol(argv[1], NULL, 10));
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (seccomp_rule_add(ctx, answer, calls[i], 0) != 0)
			return 125;
	if (seccomp_rule_add(ctx, answer, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP)) != 0 ||
	    seccomp_load(ctx) != 0)
		return 125;
	execvp(argv[2], argv + 2);
	return 127;
}
