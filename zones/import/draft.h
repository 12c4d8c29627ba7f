/* draft.h - a deployment file drafted from what Windows tells. */
#ifndef DA_IMPORT_DRAFT_H
#define DA_IMPORT_DRAFT_H

#include "import/objects.h"
#include "ncsi/ncsi.h"

#include <stdio.h>

/* Writes the draft as YAML.
 *
 * ncsi      may be NULL: not given
 * draft     each value with a comment that says where it is from; each guess says so, and how to look
 * problems  each value that is missing or contradicted: "PATH: TEXT", a line
 * count     set to their number; 0: the draft is whole, as far as is known here
 * Returns DA_OK or DA_ERR_MEMORY. That writing failed, the streams tell. */
enum da_status da_draft_write(const struct da_objects *objects, const struct da_ncsi *ncsi, FILE *draft, FILE *problems,
                              size_t *count);

#endif
