#include "fingerprint.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

#define FORMAT "directaccess-dns record set 1"

/* Each piece goes in with its length, so that no two sets run together to the same octets. */
static void put(struct sha256_ctx *digest, const void *octets, size_t length)
{
    uint8_t head[4];
    for (size_t i = 0; i < sizeof(head); i++)
        head[i] = (uint8_t)(length >> (24 - 8 * i));
    sha256_update(digest, sizeof(head), head);
    sha256_update(digest, length, octets);
}

static void put_number(struct sha256_ctx *digest, uint32_t number)
{
    uint8_t octets[4];
    for (size_t i = 0; i < sizeof(octets); i++)
        octets[i] = (uint8_t)(number >> (24 - 8 * i));
    put(digest, octets, sizeof(octets));
}

/* For labels and wire names: a length octet is no letter, so folding leaves it alone. */
static void put_folded(struct sha256_ctx *digest, const void *name, size_t length)
{
    uint8_t folded[DA_NAME_MAX];
    for (size_t i = 0; i < length; i++)
        folded[i] = da_name_fold(((const uint8_t *)name)[i]);
    put(digest, folded, length);
}

static void put_owner(struct sha256_ctx *digest, const struct da_owner *owner)
{
    put_folded(digest, owner->label, strlen(owner->label));
    put_number(digest, (uint32_t)owner->rrset_count);
    for (size_t i = 0; i < owner->rrset_count; i++) {
        put_number(digest, owner->rrsets[i].type);
        put(digest, owner->rrsets[i].rdata, owner->rrsets[i].count * owner->rrsets[i].rdata_length);
    }
}

static void put_set(struct sha256_ctx *digest, const struct da_record_set *set)
{
    put(digest, FORMAT, strlen(FORMAT));
    put_number(digest, set->ttl);
    put_number(digest, set->negative_ttl);
    put_number(digest, (uint32_t)set->suffix_count);
    for (size_t i = 0; i < set->suffix_count; i++)
        put_folded(digest, set->suffixes[i].wire, set->suffixes[i].length);
    put_number(digest, (uint32_t)set->owner_count);
    for (size_t i = 0; i < set->owner_count; i++)
        put_owner(digest, &set->owners[i]);
    put_number(digest, (uint32_t)set->block_count);
    for (size_t i = 0; i < set->block_count; i++)
        put_folded(digest, set->block[i], strlen(set->block[i]));
}

void da_fingerprint(const struct da_record_set *set, char text[static DA_FINGERPRINT_MAX])
{
    struct sha256_ctx digest;
    uint8_t octets[SHA256_DIGEST_SIZE];

    sha256_init(&digest);
    put_set(&digest, set);
    sha256_digest(&digest, sizeof(octets), octets);
    for (size_t i = 0; 2 * i + 1 < DA_FINGERPRINT_MAX; i++)
        snprintf(text + 2 * i, 3, "%02x", octets[i]);
}
