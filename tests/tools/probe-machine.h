/*
 * Calls in another process's name: how a stopped one is made to perform one, by machine.  Included
 * by probe-door.c alone.
 */
#ifndef PROBE_MACHINE_H
#define PROBE_MACHINE_H

#include <sys/user.h>

enum { MACHINE_ARGUMENTS = 6 };

#if defined(__x86_64__)

enum { MACHINE_KNOWN = 1, MACHINE_CALL_SIZE = 2 };	/* bytes of the instruction "syscall" */

/* r, taken where a call has just ended: the same instruction again, for this call. */
static inline void
machine_prepare(struct user_regs_struct *r, long number, const long a[MACHINE_ARGUMENTS])
{
	r->rip -= MACHINE_CALL_SIZE;
	r->orig_rax = (unsigned long long)-1;	/* nothing to be restarted */
	r->rax = (unsigned long long)number;
	r->rdi = (unsigned long long)a[0];
	r->rsi = (unsigned long long)a[1];
	r->rdx = (unsigned long long)a[2];
	r->r10 = (unsigned long long)a[3];
	r->r8 = (unsigned long long)a[4];
	r->r9 = (unsigned long long)a[5];
}

static inline void
machine_set_second(struct user_regs_struct *r, long value)
{
	r->rsi = (unsigned long long)value;
}

static inline long
machine_result(const struct user_regs_struct *r)
{
	return (long)r->rax;
}

static inline unsigned long
machine_stack(const struct user_regs_struct *r)
{
	return r->rsp;
}

#elif defined(__aarch64__)

enum { MACHINE_KNOWN = 1, MACHINE_CALL_SIZE = 4 };	/* bytes of the instruction "svc" */

static inline void
machine_prepare(struct user_regs_struct *r, long number, const long a[MACHINE_ARGUMENTS])
{
	r->pc -= MACHINE_CALL_SIZE;
	r->regs[8] = (unsigned long long)number;
	for (int i = 0; i < MACHINE_ARGUMENTS; i++)
		r->regs[i] = (unsigned long long)a[i];
}

static inline void
machine_set_second(struct user_regs_struct *r, long value)
{
	r->regs[1] = (unsigned long long)value;
}

static inline long
machine_result(const struct user_regs_struct *r)
{
	return (long)r->regs[0];
}

static inline unsigned long
machine_stack(const struct user_regs_struct *r)
{
	return r->sp;
}

#else

enum { MACHINE_KNOWN = 0 };

static inline void
machine_prepare(struct user_regs_struct *r, long number, const long a[MACHINE_ARGUMENTS])
{
	(void)r;
	(void)number;
	(void)a;
}

static inline void
machine_set_second(struct user_regs_struct *r, long value)
{
	(void)r;
	(void)value;
}

static inline long
machine_result(const struct user_regs_struct *r)
{
	(void)r;
	return -1;
}

static inline unsigned long
machine_stack(const struct user_regs_struct *r)
{
	(void)r;
	return 0;
}

#endif

#endif
