/* limit.h - the view's response rate limiting (option `rate-limit`), which the hook runs before. */
#ifndef DA_LIMIT_H
#define DA_LIMIT_H

#include "policy.h"

#include <dns/name.h>
#include <ns/query.h>

#include <stdbool.h>

/* Counts the response that the verdict leads to, at most once a query. False: it is one too many, and qctx and message
 * have been set so that ns_query_done() drops it or sends a truncated one. All NXDOMAINs of one zone, the owner of
 * their SOA, count together. */
bool da_limit_allows(query_ctx_t *qctx, enum da_verdict verdict, const dns_name_t *zone);

#endif
