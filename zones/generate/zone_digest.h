/* zone_digest.h - whether two zones hold the same records, whatever their files look like.
 *
 * A digest is the sum of the SHA-256 of each record in canonical wire form (RFC 4034 section 6.2), so that neither
 * order, spelling, comments nor the way names are abbreviated matter, and memory does not grow with the zone. The SOA's
 * serial is kept beside it, not in it. */
#ifndef DA_ZONE_DIGEST_H
#define DA_ZONE_DIGEST_H

#include "error.h"
#include "name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DA_DIGEST_LANES 4

struct da_zone_digest {
    uint64_t sum[DA_DIGEST_LANES];
    uint64_t count;  /* records */
    bool has_soa;    /* serial is set */
    uint32_t serial; /* of the SOA */
};

#define DA_DIGEST_RDATA_MAX 65535

/* Adds a record of class IN.
 *
 * owner  wire form, any case, absolute
 * rdata  any names in it uncompressed, in lower case */
void da_zone_digest_add(struct da_zone_digest *digest, const struct da_name *owner, uint16_t type, uint32_t ttl,
                        const uint8_t *rdata, size_t rdata_length);

/* Reads a zone file. What cannot be read ends the reading: the digest is then none that a zone we make could have.
 *
 * path    a regular file
 * origin  of names that are not absolute, until the file says another
 * digest  set on success only
 * error   says why no serial could be had
 * Returns DA_OK, DA_ERR_MEMORY, DA_ERR_IO, or DA_ERR_SYNTAX where no SOA record can be read. */
enum da_status da_zone_digest_read(const char *path, const struct da_name *origin, struct da_zone_digest *digest,
                                   struct da_error *error);

/* True where both zones have the same records; their serials are not looked at. */
bool da_zone_digest_equal(const struct da_zone_digest *a, const struct da_zone_digest *b);

#endif
