/* Numbers of a page that are not in page.h: scales. */
#ifndef POOL_REPORT_PAGE_NUMBER_H
#define POOL_REPORT_PAGE_NUMBER_H

#include <stdint.h>

#include "page.h"

/* The axis of values from 0 to step * steps. */
struct page_scale {
	uint64_t step;		/* 1, 2 or 5 times a power of ten */
	unsigned steps;		/* 1 to 5; the last is not below the largest value */
};

/* The scale for values up to largest, which may be 0; 10^18 is the end of any. */
struct page_scale page_scale_for(uint64_t largest);

/*
 * The number at the n-th step, as short as that of an axis can be without being another one: "0",
 * "2,500", "0.5M", "40M".  Returns out.
 */
char *page_scale_label(char out[PAGE_NUMBER_SIZE], struct page_scale scale, unsigned n);

/* How much of an extent value is, of whole: 0 to extent, and of what is not 0 at least least. */
double page_part(uint64_t value, uint64_t whole, double extent, double least);

#endif
