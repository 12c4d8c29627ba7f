/* directory.h - a connection to Active Directory over LDAP (RFC 4511), its DNS zones, and their nodes.
 *
 * Zones are looked for in the partitions DomainDnsZones and ForestDnsZones and in the container System of the domain.
 * Logging in is by Kerberos (SASL GSSAPI), sealed unless TLS is, or by password over TLS alone; certificates are always
 * verified; referrals are not followed. Waiting for the directory's server ends after the login's timeout, for each of
 * its addresses and each of its replies; how long Kerberos' servers and the system's resolver are waited for is up to
 * their libraries. A connection is used by one thread.
 *
 * Errors name the server or the object, and what was expected of it; never a password. */
#ifndef DA_DIRECTORY_H
#define DA_DIRECTORY_H

#include "audit/collection.h"
#include "audit/names.h"
#include "directory/login.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct da_directory;

/* Connects and logs in. The password, if one is needed, is read here, and forgotten again.
 *
 * directory  set on success only; ended with da_directory_close()
 * Returns DA_OK or what error holds. */
enum da_status da_directory_open(const char *url, const struct da_login *login, struct da_directory **directory,
                                 struct da_error *error);

/* NULL is allowed. */
void da_directory_close(struct da_directory *directory);

/* A zone. */
struct da_directory_zone {
    char *dn;
    const char *container;      /* where it was found: "DomainDnsZones", "ForestDnsZones" or "System" */
    struct da_zone_aging aging; /* its name among it */
    char fault[160];            /* a property that could not be read: a phrase; "" = none */
};

struct da_directory_zones {
    struct da_directory_zone *zones; /* in the order above, then by name; a zone may be in several containers */
    size_t count;
};

/* Finds the zones that a suffix is in: those whose name is a suffix or above one. Returns DA_OK or what error holds;
 * none at all is no error. zones is to be given to da_directory_zones_clear() whatever is returned. */
enum da_status da_directory_find_zones(struct da_directory *directory, const struct da_names *names,
                                       struct da_directory_zones *zones, struct da_error *error);
void da_directory_zones_clear(struct da_directory_zones *zones);

/* The zone that a suffix belongs to: the closest above or at it, of several containers the first. NULL = none. */
const struct da_directory_zone *da_directory_zone_of(const struct da_directory_zones *zones,
                                                     const struct da_name *suffix);

struct da_octets {
    size_t length;
    uint8_t *octets;
};

/* A node: what is at one name. */
struct da_directory_node {
    char *dn;
    struct da_name owner;     /* as spelled */
    bool is_tombstoned;       /* dNSTombstoned: deleted, and kept for a while */
    struct da_octets *values; /* of dnsRecord, as they are */
    size_t value_count;
    char *holder; /* who owns the object: "CORP\DA1$", else its SID; NULL = it is not told */
};
void da_directory_node_clear(struct da_directory_node *node);

/* Reads the nodes of a zone that names are interested in, by paged search; each is handed to node(), which may take it
 * over by zeroing it. node() returns DA_OK, or what ends the reading. Returns DA_OK or what error holds; where node()
 * ended it, what that returned. */
typedef enum da_status da_directory_node_fn(void *arg, struct da_directory_node *node);
enum da_status da_directory_read_nodes(struct da_directory *directory, const struct da_directory_zone *zone,
                                       const struct da_names *names, da_directory_node_fn *node, void *arg,
                                       struct da_error *error);

/* Reads the node of one name in a zone afresh. Returns DA_OK, node->dn being NULL where there is none (owner is set
 * then, too), or what error holds. node is to be given to da_directory_node_clear() whatever is returned. */
enum da_status da_directory_read_node(struct da_directory *directory, const struct da_directory_zone *zone,
                                      const struct da_name *owner, struct da_directory_node *node,
                                      struct da_error *error);

/* The serial number of the zone's SOA; 0 where it has none. */
enum da_status da_directory_serial(struct da_directory *directory, const struct da_directory_zone *zone,
                                   uint32_t *serial, struct da_error *error);

/* What a change of a node came to. */
enum da_directory_change {
    DA_DIRECTORY_CHANGED,
    DA_DIRECTORY_CONFLICT /* it is no longer as it was read: nothing was written */
};

/* Replaces values of a node in one modification: those in `old` are deleted, by their exact octets, and those in
 * `fresh` added; where the node is tombstoned, it is revived. Nothing is written unless all is. change is set where
 * DA_OK is returned. Returns DA_OK; DA_ERR_IO where the connection ends, or the directory is silent, meanwhile: it is
 * not known whether this was written, and error says so; DA_ERR_VALUE where the directory refuses it, as for want of
 * rights: nothing was written, and other nodes may fare better. */
enum da_status da_directory_modify(struct da_directory *directory, const struct da_directory_node *node,
                                   const struct da_octets *old, size_t old_count, const struct da_octets *fresh,
                                   size_t fresh_count, enum da_directory_change *change, struct da_error *error);

/* Makes the node of a name that has none. DA_DIRECTORY_CONFLICT: there is one meanwhile. Returns as above. */
enum da_status da_directory_create(struct da_directory *directory, const struct da_directory_zone *zone,
                                   const struct da_name *owner, const struct da_octets *fresh, size_t fresh_count,
                                   enum da_directory_change *change, struct da_error *error);

/* The audit's source: fills a collection with zones, nodes and records; collection->title is the URL. Faults go to the
 * collection: a directory that cannot be read is a failure, a value that cannot be, a doubt. Returns DA_OK or
 * DA_ERR_MEMORY. */
enum da_status da_directory_collect(const struct da_login *login, struct da_collection *collection);

#endif
