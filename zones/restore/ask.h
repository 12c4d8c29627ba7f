/* ask.h - what a server is asked before and after updates: the SOA of each suffix, and each RRset of the set.
 *
 * Nothing else is asked for, unlike in an audit. A name with several addresses may be several servers, of which only
 * the one that took an update knows of it yet: so a server is one address here, chosen once. */
#ifndef DA_RESTORE_ASK_H
#define DA_RESTORE_ASK_H

#include "audit/collection.h"
#include "audit/live.h"
#include "audit/live_endpoint.h"
#include "audit/live_exchange.h"
#include "record_set.h"

/* Makes a collection of all, of the first address of the server that answers.
 *
 * text        the server, as da_live_is_server() accepts it
 * server      set to that address
 * collection  set on success only, finished; freed with da_collection_free()
 * failure     "", or why there is no answer: collection is not set then
 * Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_ask_all(const struct da_live *live, const char *text, const struct da_names *names,
                          struct da_endpoint *server, struct da_collection **collection,
                          char failure[static DA_FAILURE_MAX]);

/* Makes a collection of the one RRset that the cursor is at. As da_ask_all(), but collection is set on success, failure
 * or not. */
enum da_status da_ask_rrset(const struct da_live *live, const struct da_endpoint *server, const struct da_names *names,
                            const struct da_rrset_cursor *cursor, struct da_collection **collection,
                            char failure[static DA_FAILURE_MAX]);

#endif
