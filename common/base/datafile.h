/* Mappings and layouts found by name, and small files read whole. */
#ifndef BASE_DATAFILE_H
#define BASE_DATAFILE_H

#include <stddef.h>

struct buf;

/*
 * Where the data file NAME.suffix of a kind ("mappings", "layouts") lies.
 *
 * A name with a slash is a path and returned as it is, whether it exists or not.  Otherwise the
 * first that exists of: DIR/kind/NAME.suffix and DIR/NAME.suffix for every DIR in
 * COGNITO_FILTERS_PATH (colon-separated, empty ones skipped), then
 * ${XDG_CONFIG_HOME:-~/.config}/cognito-filters/kind/NAME.suffix, then the installed data, which
 * is found relative to the running program (../share/cognito-filters; ../../pipelines in a build
 * tree) so that a tree can be moved.
 *
 * Returns the path, the caller frees; or NULL with the reason and the places printed.
 */
char *datafile_find(const char *kind, const char *name, const char *suffix);

/*
 * Appends the content of the file at path to b, up to b's maximum.  Returns 0, or -1 with the
 * reason printed (cannot open, cannot read, longer than the maximum, which the message names)
 * and b's content as before.
 */
int datafile_read(const char *path, struct buf *b);

#endif
