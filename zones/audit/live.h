/* live.h - collections from servers: transfers, direct questions, and questions through resolvers.
 *
 * A server is named as ADDRESS, ADDRESS@PORT or, but for resolvers, NAME or NAME@PORT; the port is 53 if not given. All
 * waiting ends: a resolver's reply is waited for as long as the timeout; a server's reply half as long over UDP, and as
 * long again for each connection and each reply over TCP. Faults of servers go to their collections. Signals are the
 * caller's. */
#ifndef DA_LIVE_H
#define DA_LIVE_H

#include "audit/collection.h"
#include "error.h"

#include <stdbool.h>
#include <stdio.h>

#define DA_LIVE_TIMEOUT_DEFAULT 5 /* seconds */
#define DA_LIVE_TIMEOUT_MAX     300

struct da_live {
    unsigned timeout;              /* seconds: of a question; in a transfer, of silence */
    const struct da_tsig_key *key; /* transfers and direct questions are signed with it; NULL = they are not */
    FILE *progress;                /* a line that is written over, at most five times a second; NULL = none */
};

/* A TSIG key (RFC 8945) from a file as BIND has them: key "NAME" { algorithm hmac-sha256; secret "…"; }; - or one line
 * NAME:ALGORITHM:SECRET, ALGORITHM optional (hmac-sha256), or in the order ALGORITHM:NAME:SECRET that dig -y has. */
struct da_tsig_key;

/* key is set on success only. A file that others than its owner may read is accepted with a warning, through warn, of
 * which path is the file's. error names the fault, never the secret. Returns DA_OK or what error holds. */
enum da_status da_tsig_key_load(const char *path, struct da_tsig_key **key, da_warning_fn *warn, void *arg,
                                struct da_error *error);

/* Forgets the secret. NULL is allowed. */
void da_tsig_key_free(struct da_tsig_key *key);

/* True for text that names a server: see above. resolver: addresses only. */
bool da_live_is_server(const char *text, bool resolver);

/* Transfers (AXFR, RFC 5936) the zone collection->origin or, where its length is 0, each zone that a suffix is in, as
 * the server's SOA for it tells; collection->title names the server. Records go to the collection when a zone is
 * complete; none is held that is of no interest. A transfer that ends early, or in which a signature is wrong, is a
 * failure: all that came is forgotten. Where that is one of several zones, it is a doubt of every name. Returns DA_OK
 * or DA_ERR_MEMORY.
 */
enum da_status da_transfer_collect(const struct da_live *live, struct da_collection *collection);

/* Asks an authoritative server, without RD, for each name and type by UDP, and by TCP where the reply is truncated: the
 * labels in front of every suffix, the blocked labels, "*" there, and SOA of the suffix itself. At most some tens of
 * questions are under way at once. A server that answers none of the first dozen is a failure. */
enum da_status da_server_collect(const struct da_live *live, struct da_collection *collection);

/* Asks every one of the resolvers, all at once, through libunbound, for the labels and the blocked labels in front of
 * every suffix, and the bare blocked names. collections[i]->title names the resolver. The addresses that a name leads
 * to through aliases are added as records of that name. A resolver that answers none of the first dozen is a failure.
 */
enum da_status da_resolvers_collect(const struct da_live *live, struct da_collection *const *collections, size_t count);

#endif
