/* dns64.h - the view's DNS64 (RFC 6147), which the hook runs before.
 *
 * Names of ours get from it what any name of a zone gets: an AAAA that its `exclude` lists is left out, and a name
 * without a usable AAAA has one made from each A. */
#ifndef DA_DNS64_H
#define DA_DNS64_H

#include "record_set.h"

#include <dns/rdatalist.h>
#include <ns/client.h>

#include <stdbool.h>

/* True where the view has DNS64 and the query could get from it. */
bool da_dns64_wanted(const ns_client_t *client);

/* Takes out of a list of AAAA what DNS64 excludes for this client: none, some or all. */
void da_dns64_exclude(ns_client_t *client, dns_rdatalist_t *list);

/* Adds to an empty list of AAAA what DNS64 makes of the A records for this client: none where it maps none. The octets
 * belong to the client's message. */
void da_dns64_synthesize(ns_client_t *client, const struct da_rrset *a, dns_rdatalist_t *list);

#endif
