/* pin_log.h - what pinning writes, before it is written and after: lines that can be searched, and undone.
 *
 * Each line is "TIME NAME …": what is done and to which object of the directory; a "before" for each value that is
 * deleted and an "after" for each that is added, with the whole value in hexadecimal digits; and what came of it. */
#ifndef DA_PIN_LOG_H
#define DA_PIN_LOG_H

#include "directory/pin_survey.h"

#include <stdio.h>

struct da_pin_log {
    FILE *streams[2]; /* each gets every line; NULL = none */
};

/* Opens a file to append to; one that is made is for its owner alone (mode 0600). Returns DA_OK, or DA_ERR_IO with
 * error set. */
enum da_status da_pin_log_open(const char *path, FILE **file, struct da_error *error);

/* Writes what is about to be written to a node. It is out of the program, and of a file on the disk, when this returns:
 * whatever comes then, it can be undone. Returns DA_OK, or DA_ERR_IO with errno set. */
enum da_status da_pin_log_change(const struct da_pin_log *log, const struct da_pin_node *node);

/* Writes what came of it. Returns as above. */
enum da_status da_pin_log_result(const struct da_pin_log *log, const struct da_pin_node *node, const char *result);

#endif
