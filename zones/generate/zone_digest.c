#include "generate/zone_digest.h"

#include "record_set.h"

#include <errno.h>
#include <ldns/ldns.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#define SOA_NUMBERS 20 /* octets of the five numbers that end an SOA's rdata, of which the serial is the first */
#define HEAD        10 /* octets of type, class, TTL and length of a record */

static void put(uint8_t *wire, uint32_t value, size_t octets)
{
    while (octets > 0) {
        wire[--octets] = (uint8_t)value;
        value >>= 8;
    }
}

/* Adds the digest of one record: any two of a zone may come in either order. */
static void add_sum(struct da_zone_digest *digest, const uint8_t *wire, size_t length)
{
    uint8_t hash[SHA256_DIGEST_SIZE];
    struct sha256_ctx hashed;
    uint64_t lane;

    sha256_init(&hashed);
    sha256_update(&hashed, length, wire);
    sha256_digest(&hashed, sizeof(hash), hash);
    for (size_t i = 0; i < DA_DIGEST_LANES; i++) {
        memcpy(&lane, hash + i * sizeof(lane), sizeof(lane));
        digest->sum[i] += lane;
    }
    digest->count++;
}

void da_zone_digest_add(struct da_zone_digest *digest, const struct da_name *owner, uint16_t type, uint32_t ttl,
                        const uint8_t *rdata, size_t rdata_length)
{
    uint8_t wire[DA_NAME_MAX + HEAD + DA_DIGEST_RDATA_MAX];
    size_t used = owner->length;

    for (size_t i = 0; i < owner->length; i++) /* a length octet is no letter, so folding leaves it alone */
        wire[i] = da_name_fold(owner->wire[i]);
    put(wire + used, type, 2);
    put(wire + used + 2, DA_CLASS_IN, 2);
    put(wire + used + 4, ttl, 4);
    put(wire + used + 8, (uint32_t)rdata_length, 2);
    used += HEAD;
    memcpy(wire + used, rdata, rdata_length);
    used += rdata_length;
    if (type == DA_TYPE_SOA && rdata_length >= SOA_NUMBERS) {
        uint8_t *serial = wire + used - SOA_NUMBERS;
        digest->serial = (uint32_t)serial[0] << 24 | (uint32_t)serial[1] << 16 | (uint32_t)serial[2] << 8 | serial[3];
        digest->has_soa = true;
        memset(serial, 0, 4);
    }
    add_sum(digest, wire, used);
}

/* The same for a record that was read. */
static enum da_status add_rr(struct da_zone_digest *digest, ldns_rr *rr)
{
    struct da_name owner;
    uint8_t *wire = NULL;
    size_t length = 0, owner_length = ldns_rdf_size(ldns_rr_owner(rr));

    ldns_rr2canonical(rr);
    if (owner_length > sizeof(owner.wire) || ldns_rr2wire(&wire, rr, LDNS_SECTION_ANSWER, &length) != LDNS_STATUS_OK)
        return DA_ERR_MEMORY;
    owner.length = (uint8_t)owner_length;
    memcpy(owner.wire, ldns_rdf_data(ldns_rr_owner(rr)), owner_length);
    da_zone_digest_add(digest, &owner, (uint16_t)ldns_rr_get_type(rr), ldns_rr_ttl(rr), wire + owner_length + HEAD,
                       length - owner_length - HEAD);
    free(wire);
    return DA_OK;
}

/* Reads records up to the end or the first that cannot be read; of that, what ldns says and the line it begins on. */
static enum da_status read_records(FILE *in, ldns_rdf **origin, struct da_zone_digest *digest, ldns_status *fault,
                                   int *line)
{
    ldns_rdf *previous = NULL;
    uint32_t ttl = 0;
    int next_line = 1;
    enum da_status status = DA_OK;

    *fault = LDNS_STATUS_OK;
    while (status == DA_OK && *fault == LDNS_STATUS_OK && !feof(in) && !ferror(in)) {
        ldns_rr *rr = NULL;
        *line = next_line;
        *fault = ldns_rr_new_frm_fp_l(&rr, in, &ttl, origin, &previous, &next_line);
        if (*fault == LDNS_STATUS_OK)
            status = add_rr(digest, rr);
        else if (*fault == LDNS_STATUS_SYNTAX_ORIGIN || *fault == LDNS_STATUS_SYNTAX_TTL ||
                 *fault == LDNS_STATUS_SYNTAX_EMPTY)
            *fault = LDNS_STATUS_OK; /* a directive that was heeded, or nothing on the line */
        ldns_rr_free(rr);
    }
    ldns_rdf_deep_free(previous);
    if (ferror(in)) /* of which ldns tells nothing: to it, an empty line was read */
        return DA_ERR_IO;
    return *fault == LDNS_STATUS_MEM_ERR ? DA_ERR_MEMORY : status;
}

enum da_status da_zone_digest_read(const char *path, const struct da_name *origin, struct da_zone_digest *result,
                                   struct da_error *error)
{
    static const char what[] = "the serial it has cannot be read";
    struct da_zone_digest digest = {0};
    ldns_status fault = LDNS_STATUS_OK;
    int line = 1;

    FILE *in = fopen(path, "re");
    if (in == NULL)
        return da_error_set(error, DA_ERR_IO, NULL, "%s: %s; give --serial N", what, strerror(errno));
    ldns_rdf *at = ldns_dname_new_frm_data(origin->length, origin->wire);
    enum da_status status = at != NULL ? read_records(in, &at, &digest, &fault, &line) : DA_ERR_MEMORY;
    if (status == DA_ERR_IO)
        da_error_set(error, status, NULL, "%s: %s; give --serial N", what, strerror(errno));
    else if (status == DA_OK && !digest.has_soa && fault != LDNS_STATUS_OK)
        status = da_error_set(error, DA_ERR_SYNTAX, NULL, "%s: line %d: %s; give --serial N", what, line,
                              ldns_get_errorstr_by_id(fault));
    else if (status == DA_OK && !digest.has_soa)
        status = da_error_set(error, DA_ERR_SYNTAX, NULL, "%s: there is no SOA record; give --serial N", what);
    if (fault != LDNS_STATUS_OK)
        digest.count = UINT64_MAX; /* which no zone has */
    if (status == DA_OK)
        *result = digest;
    ldns_rdf_deep_free(at);
    fclose(in);
    return status;
}

bool da_zone_digest_equal(const struct da_zone_digest *a, const struct da_zone_digest *b)
{
    return a->count == b->count && memcmp(a->sum, b->sum, sizeof(a->sum)) == 0;
}
