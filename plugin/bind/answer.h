/* answer.h - a verdict as named's response to one query.
 *
 * Nothing is looked up and nothing is kept. Record data is not copied: the message points into the policy, which the
 * view's reference keeps alive until the response has been sent. */
#ifndef DA_ANSWER_H
#define DA_ANSWER_H

#include "policy.h"

#include <dns/name.h>
#include <ns/query.h>

struct da_answer {
    const struct da_policy *policy;
    const struct da_match *match; /* of ANSWER, NODATA or NXDOMAIN, for the current query name and type */
    const uint8_t *soa;           /* DA_SOA_RDATA_LENGTH octets that live as long as the policy */
    const dns_name_t *zone;       /* owner of the SOA, should there be one */
};

/* Puts the answer into the client's message, behind the aliases that led here: owner as the query spells it, no AD,
 * DNS64 applied. */
void da_answer(query_ctx_t *qctx, const struct da_answer *answer);

#endif
