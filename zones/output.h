/* output.h - a file that is replaced whole or not at all.
 *
 * Output goes to a temporary file in the directory of the target and takes the target's place by rename(2) when it is
 * complete and on disk, so that a server that reads the target sees the old file or the new one. Until then, and after
 * any failure, the target is as it was. Where the file system can (O_TMPFILE), the temporary file has no name until it
 * is complete, so that nothing is left of it when the program is killed. */
#ifndef DA_OUTPUT_H
#define DA_OUTPUT_H

#include "error.h"

#include <stdbool.h>
#include <stdio.h>

struct da_output {
    FILE *stream;    /* write here; NULL when not open */
    char *target;    /* absolute, symbolic links resolved */
    char *temporary; /* in the same directory; NULL while the file has no name */
};

/* Opens a temporary file for the target at path, which may exist or not.
 *
 * Where the target exists, the new file keeps its mode and, as far as the caller may set them, owner and group;
 * else its mode is 0644 less the umask. A symbolic link stays, and the file it names is replaced. What is not a regular
 * file, such as a directory, a device or a link to nothing, is refused.
 *
 * output  set on success only, and then ended by da_output_commit() or da_output_discard()
 * error   names the fault
 * Returns DA_OK, DA_ERR_IO or DA_ERR_VALUE (not a regular file). */
enum da_status da_output_open(const char *path, struct da_output *output, struct da_error *error);

/* Puts the file in place. On failure the target is as it was, and the temporary file is gone. Returns DA_OK or
 * DA_ERR_IO. */
enum da_status da_output_commit(struct da_output *output, struct da_error *error);

/* True where both paths lead to one file that is there: whoever reads the one must not write the other. */
bool da_output_is(const char *path, const char *other);

/* Removes the temporary file. After a commit, or where nothing was opened, it does nothing. */
void da_output_discard(struct da_output *output);

#endif
