#include "record_set.h"

#include "fingerprint.h"

#include <stdlib.h>
#include <string.h>

static int compare_ipv4(const void *a, const void *b)
{
    return memcmp(a, b, DA_IPV4_LEN);
}

static int compare_ipv6(const void *a, const void *b)
{
    return memcmp(a, b, DA_IPV6_LEN);
}

/* Addresses of one type being gathered: an array with room for all a deployment has. */
struct gather {
    uint16_t length; /* octets of an address */
    size_t count;
    uint8_t *octets; /* NULL: out of memory */
};

static struct gather gather_begin(uint16_t length, size_t room)
{
    return (struct gather){.length = length, .octets = calloc(room + 1, length)};
}

static void gather_put(struct gather *gather, const void *address)
{
    if (gather->octets != NULL)
        memcpy(gather->octets + gather->count++ * gather->length, address, gather->length);
}

/* Sorts, drops repeats and hands the addresses over to a new RRset of the owner. None: no RRset. */
static enum da_status gather_end(struct gather *gather, struct da_owner *owner)
{
    size_t kept = 0, n = gather->length;

    if (gather->octets == NULL)
        return DA_ERR_MEMORY;
    if (gather->count == 0) {
        free(gather->octets);
        return DA_OK;
    }
    qsort(gather->octets, gather->count, n, n == DA_IPV4_LEN ? compare_ipv4 : compare_ipv6);
    for (size_t i = 1; i < gather->count; i++)
        if (memcmp(gather->octets + kept * n, gather->octets + i * n, n) != 0)
            memmove(gather->octets + ++kept * n, gather->octets + i * n, n);
    owner->rrsets[owner->rrset_count++] = (struct da_rrset){
        .type = n == DA_IPV4_LEN ? DA_TYPE_A : DA_TYPE_AAAA,
        .rdata_length = (uint16_t)n,
        .count = kept + 1,
        .rdata = gather->octets,
    };
    return DA_OK;
}

static struct da_owner *add_owner(struct da_record_set *set, const char *label)
{
    struct da_owner *owner = &set->owners[set->owner_count++];
    memcpy(owner->label, label, strlen(label) + 1);
    return owner;
}

/* The address every client compares with its policy; nothing listens there. */
static enum da_status add_corp_connectivity(struct da_record_set *set, const struct da_deployment *deployment)
{
    static const struct da_ipv4 localhost4 = {{127, 0, 0, 1}};
    static const struct da_ipv6 localhost6 = {{[15] = 1}};
    struct da_owner *owner = add_owner(set, da_label_corp_connectivity);
    struct gather a = gather_begin(DA_IPV4_LEN, 1);
    struct gather aaaa = gather_begin(DA_IPV6_LEN, deployment->entry_point_count);

    if (deployment->network == DA_NETWORK_IPV6) {
        gather_put(&aaaa, &localhost6);
    } else {
        gather_put(&a, &localhost4);
        for (size_t i = 0; i < deployment->entry_point_count; i++) {
            struct da_ipv6 mapped = da_prefix_embed(&deployment->entry_points[i].nat64, &localhost4);
            gather_put(&aaaa, &mapped);
        }
    }
    enum da_status status = gather_end(&a, owner);
    enum da_status status6 = gather_end(&aaaa, owner);
    return status != DA_OK ? status : status6;
}

/* Where clients reach each entry point from within: its VIP, else its one server. */
static enum da_status add_entry_points(struct da_record_set *set, const struct da_deployment *deployment,
                                       const char *label)
{
    struct da_owner *owner = add_owner(set, label);
    struct gather a = gather_begin(DA_IPV4_LEN, deployment->entry_point_count);
    struct gather aaaa = gather_begin(DA_IPV6_LEN, deployment->entry_point_count);

    for (size_t i = 0; i < deployment->entry_point_count; i++) {
        const struct da_entry_point *point = &deployment->entry_points[i];
        bool balanced = point->balancer.kind != DA_BALANCER_NONE;
        gather_put(&a, balanced ? &point->balancer.vip : &point->servers[0].address);
        if (balanced ? point->balancer.has_ipv6 : point->servers[0].has_ipv6)
            gather_put(&aaaa, balanced ? &point->balancer.ipv6 : &point->servers[0].ipv6);
    }
    enum da_status status = gather_end(&a, owner);
    enum da_status status6 = gather_end(&aaaa, owner);
    return status != DA_OK ? status : status6;
}

/* ISATAP runs over IPv4: every server and the VIP. */
static enum da_status add_isatap_router(struct da_record_set *set, const struct da_deployment *deployment)
{
    const struct da_entry_point *point = &deployment->entry_points[0];
    struct da_owner *owner = add_owner(set, deployment->isatap_router);
    struct gather a = gather_begin(DA_IPV4_LEN, point->server_count + 1);

    for (size_t i = 0; i < point->server_count; i++)
        gather_put(&a, &point->servers[i].address);
    if (point->balancer.kind != DA_BALANCER_NONE)
        gather_put(&a, &point->balancer.vip);
    return gather_end(&a, owner);
}

static enum da_status add_owners(struct da_record_set *set, const struct da_deployment *deployment)
{
    enum da_status status = add_corp_connectivity(set, deployment);
    if (status == DA_OK)
        status = add_entry_points(set, deployment, da_label_web_probe);
    if (status == DA_OK && deployment->network_location_server)
        status = add_entry_points(set, deployment, da_label_nls);
    if (status == DA_OK && deployment->isatap_router[0] != '\0')
        status = add_isatap_router(set, deployment);
    return status;
}

static void *copy(const void *from, size_t count, size_t size)
{
    void *to = calloc(count + 1, size);
    if (to != NULL && count > 0)
        memcpy(to, from, count * size);
    return to;
}

enum da_status da_record_set_new(const struct da_deployment *deployment, struct da_record_set **result)
{
    struct da_record_set *set = calloc(1, sizeof(*set));
    if (set == NULL)
        return DA_ERR_MEMORY;

    set->ttl = deployment->ttl;
    set->negative_ttl = deployment->negative_ttl;
    set->suffix_count = deployment->suffix_count;
    set->suffixes = copy(deployment->suffixes, deployment->suffix_count, sizeof(*deployment->suffixes));
    set->block_count = deployment->block_count;
    set->block = copy(deployment->block, deployment->block_count, sizeof(*deployment->block));
    enum da_status status = set->suffixes && set->block ? DA_OK : DA_ERR_MEMORY;
    if (status == DA_OK)
        status = add_owners(set, deployment);
    if (status != DA_OK) {
        da_record_set_free(set);
        return status;
    }
    da_fingerprint(set, set->fingerprint);
    *result = set;
    return DA_OK;
}

void da_record_set_free(struct da_record_set *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->owner_count; i++)
        for (size_t j = 0; j < set->owners[i].rrset_count; j++)
            free((void *)set->owners[i].rrsets[j].rdata);
    free((void *)set->suffixes);
    free((void *)set->block);
    free(set);
}

uint64_t da_record_set_count(const struct da_record_set *set)
{
    uint64_t under_one_suffix = 0;

    for (size_t i = 0; i < set->owner_count; i++)
        for (size_t j = 0; j < set->owners[i].rrset_count; j++)
            under_one_suffix += set->owners[i].rrsets[j].count;
    return under_one_suffix * set->suffix_count;
}

size_t da_record_set_size(const struct da_record_set *set)
{
    size_t size = sizeof(*set) + set->suffix_count * sizeof(*set->suffixes) + set->block_count * sizeof(*set->block);

    for (size_t i = 0; i < set->owner_count; i++)
        for (size_t j = 0; j < set->owners[i].rrset_count; j++)
            size += set->owners[i].rrsets[j].count * set->owners[i].rrsets[j].rdata_length;
    return size;
}

bool da_record_set_next(const struct da_record_set *set, struct da_rrset_cursor *cursor)
{
    const size_t per_suffix = set->owner_count * DA_OWNER_RRSETS;

    for (; cursor->next < per_suffix * set->suffix_count; cursor->next++) {
        size_t rest = cursor->next % per_suffix;
        const struct da_owner *owner = &set->owners[rest / DA_OWNER_RRSETS];
        if (rest % DA_OWNER_RRSETS >= owner->rrset_count)
            continue;
        cursor->suffix = &set->suffixes[cursor->next / per_suffix];
        cursor->owner = owner;
        cursor->rrset = &owner->rrsets[rest % DA_OWNER_RRSETS];
        da_name_prepend(owner->label, cursor->suffix, &cursor->name);
        cursor->next++;
        return true;
    }
    return false;
}

void da_soa_rdata(uint32_t minimum, uint8_t rdata[static DA_SOA_RDATA_LENGTH])
{
    static const uint8_t fixed[] = "\x09localhost\0"         /* MNAME */
                                   "\x06nobody\x07invalid\0" /* RNAME */
                                   "\0\0\0\x01"              /* serial */
                                   "\0\0\x0e\x10"            /* refresh 3600 */
                                   "\0\0\x04\xb0"            /* retry 1200 */
                                   "\0\x09\x3a\x80";         /* expire 604800 */
    enum { FIXED = sizeof(fixed) - 1 };
    _Static_assert(FIXED + 4 == DA_SOA_RDATA_LENGTH, "SOA data has the length announced");

    memcpy(rdata, fixed, FIXED);
    for (size_t i = 0; i < 4; i++)
        rdata[FIXED + i] = (uint8_t)(minimum >> (24 - 8 * i));
}
