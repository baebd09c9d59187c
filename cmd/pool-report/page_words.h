/* Texts from outside: made visible, measured, cut. */
#ifndef POOL_REPORT_PAGE_WORDS_H
#define POOL_REPORT_PAGE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Puts text into b (in place of what is there) as it is shown (page.h): what is acted upon or has
 * no picture of its own as \uXXXX or \UXXXXXXXX, such as line ends, blanks at an end or beside
 * others, combining marks behind three others; what is no UTF-8 as \xNN.  NULL and "" are
 * "(empty)".  b has valid UTF-8 then: as much as its maximum allows.
 */
void words_visible(struct buf *b, const char *text);

/* How many columns of a terminal len bytes of what words_visible made have. */
size_t words_cells(const char *s, size_t len);

/* How wide it is in a chart, in pixels: an estimate, since fonts differ, and rather too much. */
size_t words_pixels(const char *s, size_t len);

/*
 * How many of the len bytes fit into the width, counted in cells or pixels by the function; all, or
 * as many as leave room for what stands for the rest.  Never splits a character from its marks.
 */
size_t words_fit(const char *s, size_t len, size_t width, size_t rest,
    size_t (*measure)(const char *s, size_t len));

/* Whether it has letters that are read from right to left. */
bool words_right_to_left(const char *s, size_t len);

#endif
