/* suffixes.h - the option --suffix: some of a deployment's suffixes instead of all. */
#ifndef DA_SUFFIXES_H
#define DA_SUFFIXES_H

#include "arguments.h"
#include "error.h"
#include "record_set.h"

#include <stddef.h>

/* Gives a view of the set with the suffixes that a repeatable option names, in the deployment's order; all where it is
 * not given. The view borrows all else from the set; it is to be given to da_suffixes_clear() whatever is returned.
 * Returns DA_OK, DA_ERR_VALUE for what is no suffix of the set, or DA_ERR_MEMORY. */
enum da_status da_suffixes_choose(const struct da_arguments *arguments, size_t option, const struct da_record_set *set,
                                  struct da_record_set *view, struct da_error *error);

/* set may be NULL where view is zeroed. */
void da_suffixes_clear(const struct da_record_set *set, struct da_record_set *view);

#endif
