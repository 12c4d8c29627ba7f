/* record_set.h - the RRsets that follow from a deployment.
 *
 * Every suffix carries the same RRsets under the same few labels, so the set holds each RRset once and the suffixes
 * beside it: memory grows with suffixes plus addresses, not with their product. It is immutable and may be read by any
 * number of threads.
 *
 * Order everywhere: suffix as listed, owner as below, A before AAAA, addresses ascending. */
#ifndef DA_RECORD_SET_H
#define DA_RECORD_SET_H

#include "address.h"
#include "deployment.h"
#include "error.h"
#include "name.h"

#include <stddef.h>
#include <stdint.h>

#define DA_TYPE_A    1 /* RFC 1035 section 3.2.2 */
#define DA_TYPE_SOA  6
#define DA_TYPE_AAAA 28  /* RFC 3596 section 2.1 */
#define DA_TYPE_ANY  255 /* RFC 1035 section 3.2.3 */
#define DA_CLASS_IN  1

#define DA_MAX_OWNERS      4  /* corpConnectivityHost, WebProbeHost, NLS, ISATAP router */
#define DA_OWNER_RRSETS    2  /* A, AAAA */
#define DA_FINGERPRINT_MAX 33 /* hexadecimal digits and NUL */

/* Addresses of one type under one label. */
struct da_rrset {
    uint16_t type;         /* DA_TYPE_A or DA_TYPE_AAAA */
    uint16_t rdata_length; /* octets of each: 4 or 16 */
    size_t count;          /* at least one */
    const uint8_t *rdata;  /* count times rdata_length octets, ascending */
};

/* One published label and what it has: the same under every suffix. */
struct da_owner {
    char label[DA_LABEL_MAX + 1];
    size_t rrset_count; /* 1 or 2 */
    struct da_rrset rrsets[DA_OWNER_RRSETS];
};

struct da_record_set {
    uint32_t ttl;          /* seconds, of every record */
    uint32_t negative_ttl; /* seconds */
    size_t owner_count;
    struct da_owner owners[DA_MAX_OWNERS];
    const struct da_name *suffixes;
    size_t suffix_count;
    const char (*block)[DA_LABEL_MAX + 1];
    size_t block_count;
    char fingerprint[DA_FINGERPRINT_MAX]; /* same fingerprint = same answers to every query */
};

/* SOA data of negative answers: MNAME localhost., RNAME nobody.invalid., serial 1, refresh 3600, retry 1200, expire
 * 604800 (as RFC 6303 section 3 has them for empty zones), MINIMUM. Only MINIMUM matters to a cache (RFC 2308). */
#define DA_SOA_RDATA_LENGTH 47

/* Builds the set. It holds copies of all it needs; the deployment may be freed. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_record_set_new(const struct da_deployment *deployment, struct da_record_set **set);

/* NULL is allowed. */
void da_record_set_free(struct da_record_set *set);

/* Records in the set: over all suffixes and owners. */
uint64_t da_record_set_count(const struct da_record_set *set);

/* Octets of memory the set holds. */
size_t da_record_set_size(const struct da_record_set *set);

/* Walks the RRsets in order: start with a zeroed cursor; false at the end. A copy of the struct with other suffixes may
 * be walked in the same way. */
struct da_rrset_cursor {
    struct da_name name;          /* the owner, whole */
    const struct da_name *suffix; /* the suffix it is under */
    const struct da_owner *owner;
    const struct da_rrset *rrset;
    size_t next; /* private */
};
bool da_record_set_next(const struct da_record_set *set, struct da_rrset_cursor *cursor);

/* Writes the SOA data with minimum in seconds. */
void da_soa_rdata(uint32_t minimum, uint8_t rdata[static DA_SOA_RDATA_LENGTH]);

#endif
