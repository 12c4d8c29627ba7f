/* input.h - a file as plain UTF-8 (or other ASCII-compatible) octets, whatever it is packed and written in.
 *
 * gzip and Zstandard files are unpacked, several members in a row too; UTF-16 becomes UTF-8; a byte order mark is left
 * out. All of it is told by the first octets, not by names. What is neither is read straight into the caller's buffer.
 * Memory is constant. One thread at a time. */
#ifndef DA_INPUT_H
#define DA_INPUT_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define DA_INPUT_PEEK 8192 /* octets da_input_peek() shows at most */

struct da_input;

/* Opens a file that is read once from its beginning: a regular file, a pipe or a device; a directory is refused.
 *
 * path   "-" is standard input, which is not closed
 * input  set on success only; closed with da_input_close()
 * error  names the fault, without the path
 * Returns DA_OK, DA_ERR_IO or DA_ERR_MEMORY. */
enum da_status da_input_open(const char *path, struct da_input **input, struct da_error *error);

/* NULL is allowed. */
void da_input_close(struct da_input *input);

/* The first octets of what is still to be read, up to DA_INPUT_PEEK, fewer only at the end of the file or on failure.
 * They are read again by da_input_read(). To be called before that. */
const char *da_input_peek(struct da_input *input, size_t *length);

/* Reads on: a da_scan_read of scan.h, input being its argument. -1 with errno set is a failure, which da_input_error()
 * tells in words: the disk's, or a packed file that is damaged or ends early, or an odd octet at the end of UTF-16. */
ssize_t da_input_read(void *input, void *buffer, size_t size);

/* Reads a whole file, at most so many octets, into memory that the caller frees.
 *
 * expected   what the file should have been, for the error of one that is larger: "an export of one key"
 * error      names the fault, without the path
 * Returns DA_OK, DA_ERR_IO, DA_ERR_LIMIT, DA_ERR_MEMORY, or what da_input_error() has; octets is set on success only.
 */
enum da_status da_input_load(const char *path, size_t most, const char *expected, char **octets, size_t *length,
                             struct da_error *error);

/* DA_OK: nothing has failed. */
const struct da_error *da_input_error(const struct da_input *input);

/* Begins anew. False where that cannot be: standard input, pipes. */
bool da_input_rewind(struct da_input *input);

/* Identity of the file, so that one that includes itself is known. False for standard input. */
bool da_input_same(const struct da_input *a, const struct da_input *b);

#endif
