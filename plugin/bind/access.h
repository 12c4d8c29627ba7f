/* access.h - what named settles before it looks at data.
 *
 * The hook runs before all of this, so it is asked here first. Where the answer is no, the query is left to named,
 * which comes to the same decision and refuses in its own words: RCODE, extended error, log and counters. */
#ifndef DA_ACCESS_H
#define DA_ACCESS_H

#include <ns/query.h>

#include <stdbool.h>

/* True where the client may see the data of the current query name: it has the cookie that the view demands, the owner
 * passes check-names, and the ACLs let it. Those are the ones that named asks about plain data of that name: the zone's
 * where there is one around it (allow-query, allow-query-on), else the cache's (allow-query-cache,
 * allow-query-cache-on); the cache's, and recursion, where that zone is a stub or delegates the name; else, in a view
 * without a cache, the view's allow-query and allow-query-on. */
bool da_access_granted(query_ctx_t *qctx);

#endif
