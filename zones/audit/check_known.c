/* Addresses that classic mistakes are known by, found by bisection: a deployment may have very many servers. */
#include "audit/check.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t lengths[] = {32, 40, 48, 56, 64, 96}; /* RFC 6052 section 2.2 */
#define LENGTHS sizeof(lengths)

static int compare_addresses(const struct check_known *a, const struct check_known *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return memcmp(a->address, b->address, sizeof(a->address));
}

/* Among equal ones the order of the deployment, so that the first is told. */
static int compare_known(const void *left, const void *right)
{
    const struct check_known *a = left, *b = right;
    int order = compare_addresses(a, b);

    if (order == 0)
        order = (a->point > b->point) - (a->point < b->point);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static void put(struct check_run *run, enum check_known_kind kind, const void *address, uint8_t length,
                const struct da_entry_point *point, size_t number)
{
    struct check_known *known = &run->known[run->known_count++];

    *known = (struct check_known){.kind = kind, .length = length, .point = point, .number = number};
    memcpy(known->address, address, length);
}

static void put_servers(struct check_run *run, const struct da_entry_point *point)
{
    for (size_t i = 0; i < point->server_count; i++) {
        const struct da_server *server = &point->servers[i];
        put(run, CHECK_KNOWN_SERVER, server->address.octet, DA_IPV4_LEN, point, i);
        if (server->has_ipv6)
            put(run, CHECK_KNOWN_SERVER, server->ipv6.octet, DA_IPV6_LEN, point, i);
    }
}

/* The prefix cut to, or filled up with zeros to, every length; with its own it is the right address. */
static void put_lengths(struct check_run *run, const struct da_entry_point *point)
{
    static const struct da_ipv4 localhost = {{127, 0, 0, 1}};

    for (size_t i = 0; i < LENGTHS; i++) {
        struct da_prefix other = {.length = lengths[i]};
        size_t kept = (lengths[i] < point->nat64.length ? lengths[i] : point->nat64.length) / 8u;
        memcpy(other.network.octet, point->nat64.network.octet, kept);
        struct da_ipv6 address = da_prefix_embed(&other, &localhost);
        put(run, CHECK_KNOWN_LENGTH, address.octet, DA_IPV6_LEN, point, lengths[i]);
    }
}

enum da_status check_known_make(struct check_run *run)
{
    const struct da_deployment *deployment = run->request->deployment;
    size_t most = 0;

    for (size_t i = 0; i < deployment->entry_point_count; i++)
        most += 2 * deployment->entry_points[i].server_count + LENGTHS;
    run->known = calloc(most + 1, sizeof(*run->known));
    if (run->known == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < deployment->entry_point_count; i++) {
        const struct da_entry_point *point = &deployment->entry_points[i];
        if (point->balancer.kind != DA_BALANCER_NONE)
            put_servers(run, point);
        if (deployment->network == DA_NETWORK_IPV4_ONLY)
            put_lengths(run, point);
    }
    qsort(run->known, run->known_count, sizeof(*run->known), compare_known);
    return DA_OK;
}

const struct check_known *check_known_find(const struct check_run *run, enum check_known_kind kind,
                                           const struct da_found *found)
{
    struct check_known wanted = {.kind = kind, .length = (uint8_t)found->rdata_length};
    size_t from = 0, to = run->known_count;

    if (found->rdata_length > sizeof(wanted.address))
        return NULL;
    memcpy(wanted.address, found->rdata, found->rdata_length);
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (compare_addresses(&run->known[middle], &wanted) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    bool is_there = from < run->known_count && compare_addresses(&run->known[from], &wanted) == 0;
    return is_there ? &run->known[from] : NULL;
}
