/* answer.h - a verdict as Unbound's reply to one query.
 *
 * Only the query's own memory region is used, and nothing is put into a cache: a cached RRset could be replaced by one
 * of higher trust, or serve in other answers. A module in front of ours, dns64, caches what it passes on all the same;
 * for it the RRsets get a hash that no lookup uses, and module.c drops the message. */
#ifndef DA_ANSWER_H
#define DA_ANSWER_H

#include "policy.h"

#include <stdbool.h>

struct module_qstate;

/* Sets return_msg and return_rcode of the query for ANSWER, NODATA or NXDOMAIN. set is the record set the match came
 * from. False where the region has no memory left; the query is then as it was. */
bool da_answer(struct module_qstate *qstate, const struct da_record_set *set, const struct da_match *match);

/* Gives the answer's RRsets hashes, for a module in front. Without one nobody looks at them, and they would be four
 * tenths of what operate() costs. */
void da_answer_set_hashes(const struct module_qstate *qstate);

#endif
