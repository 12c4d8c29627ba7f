/* entry_point.h - the option --entry-point: one of a deployment's entry points. */
#ifndef DA_ENTRY_POINT_H
#define DA_ENTRY_POINT_H

#include "arguments.h"
#include "deployment.h"
#include "error.h"

#include <stddef.h>

/* Gives the index of the entry point that an option names, whatever the case; SIZE_MAX where it is not given. Returns
 * DA_OK, or DA_ERR_VALUE for what is no entry point of the deployment. */
enum da_status da_entry_point_choose(const struct da_arguments *arguments, size_t option,
                                     const struct da_deployment *deployment, size_t *index, struct da_error *error);

#endif
