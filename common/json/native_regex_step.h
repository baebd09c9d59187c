/* What native_regex.c, which compiles, and native_regex_run.c, which matches, share. */
#ifndef JSON_NATIVE_REGEX_STEP_H
#define JSON_NATIVE_REGEX_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "json/native_regex.h"

enum { STEPS_MAX = 1000 };

enum step_type { STEP_CLASS, STEP_SPLIT, STEP_BEGIN, STEP_END, STEP_MATCH };

struct class {
	uint64_t set[2];	/* of ASCII */
	bool other;		/* everything else */
};

struct step {
	enum step_type type;
	uint16_t to, or;	/* of a split, which may go the same way twice */
	struct class class;
};

struct native_regex {
	bool lines;		/* ^ or $: line feeds could matter */
	bool words;		/* \s and the like, which know more than ASCII */
	bool turns_empty;	/* something that may match nothing is repeated without end */
	bool first_only;	/* a match begins at the beginning of the text only */
	bool empty;		/* may match without a character, at the end of the text, say */
	struct class first;	/* what a match may begin with, apart from that */
	uint16_t n;
	struct step steps[];
};

/* Whether step to can be reached from step from without a character. */
bool native_regex_leads(const struct native_regex *regex, unsigned from, unsigned to);

/* Fills first_only, empty and first. */
void native_regex_look_ahead(struct native_regex *regex);

#endif
