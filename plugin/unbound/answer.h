/* answer.h - a verdict as Unbound's reply to one query.
 *
 * Only the query's own memory region is used, and nothing enters a cache: a cached RRset could be replaced by one of
 * higher trust, or serve in other answers. */
#ifndef DA_ANSWER_H
#define DA_ANSWER_H

#include "policy.h"

#include <stdbool.h>

struct module_qstate;

/* Sets return_msg and return_rcode of the query for ANSWER, NODATA or NXDOMAIN. set is the record set the match came
 * from. False where the region has no memory left; the query is then as it was. */
bool da_answer(struct module_qstate *qstate, const struct da_record_set *set, const struct da_match *match);

#endif
