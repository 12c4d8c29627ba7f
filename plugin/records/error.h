/* error.h - what a function returns when it fails, and the one message that goes with it.
 *
 * Functions return an enum da_status. Those that can be blamed on the user's input also fill a struct da_error: the
 * first error wins, later ones leave it alone. Nothing here allocates or prints; a struct da_error belongs to its
 * caller and may be used by one thread at a time. */
#ifndef DA_ERROR_H
#define DA_ERROR_H

#include <stddef.h>

enum da_status {
    DA_OK = 0,
    DA_ERR_MEMORY, /* out of memory */
    DA_ERR_IO,     /* a file could not be opened, read or written */
    DA_ERR_SYNTAX, /* not the language expected: YAML, an address, a name */
    DA_ERR_VALUE,  /* well-formed, but refused */
    DA_ERR_LIMIT,  /* larger than a documented limit */
};

#define DA_ERROR_PATH_MAX  160 /* octets, with the NUL */
#define DA_ERROR_TEXT_MAX  640 /* octets, with the NUL */
#define DA_ERROR_PRINT_MAX 4096
#define DA_ERROR_QUOTE_MAX 272 /* octets da_error_quote() needs at the most, with the NUL */

struct da_error {
    enum da_status status;        /* DA_OK: nothing has gone wrong yet */
    unsigned line, column;        /* from 1; 0 = not known */
    char path[DA_ERROR_PATH_MAX]; /* field, such as "entry-points[1].servers[0].address"; "" = the whole file */
    char text[DA_ERROR_TEXT_MAX]; /* the value and what was expected; one line, printable */
};

/* Hears of something accepted but doubtful. path and text as in struct da_error; both live for the call only. */
typedef void da_warning_fn(void *arg, const char *path, const char *text);

/* Records the first error; a later call changes nothing. error may be NULL. path may be NULL for "". Returns status, so
 * that a caller can write `return da_error_set(…)`. */
enum da_status da_error_set(struct da_error *error, enum da_status status, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Writes "FILE:LINE:COLUMN: PATH: TEXT" without what is not known, cut to size octets with the NUL. Returns buffer. */
const char *da_error_print(const struct da_error *error, const char *file, char *buffer, size_t size);

/* Writes the value in double quotes, fit for a terminal or a log: octets outside printable ASCII as \xNN, and a value
 * that is too long cut with "...". size is at least 16; DA_ERROR_QUOTE_MAX holds any hostname. Returns buffer. */
const char *da_error_quote(const char *value, char *buffer, size_t size);

#endif
