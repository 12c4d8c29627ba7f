#include "probe/conclude_case.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_ADDRESSES 3

/* ---- whose address ---- */

static struct da_seen_address of_ipv4(const struct da_ipv4 *address)
{
    struct da_seen_address seen = {.length = DA_IPV4_LEN};

    memcpy(seen.octets, address->octet, DA_IPV4_LEN);
    return seen;
}

static struct da_seen_address of_ipv6(const struct da_ipv6 *address)
{
    struct da_seen_address seen = {.length = DA_IPV6_LEN};

    memcpy(seen.octets, address->octet, DA_IPV6_LEN);
    return seen;
}

static int compare_addresses(const struct da_seen_address *left, const struct da_seen_address *right)
{
    if (left->length != right->length)
        return left->length < right->length ? -1 : 1;
    return memcmp(left->octets, right->octets, left->length);
}

static int compare(const void *a, const void *b)
{
    const struct da_owned *left = a, *right = b;
    int order = compare_addresses(&left->address, &right->address);

    if (order != 0 || left->entry_point == right->entry_point)
        return order;
    return left->entry_point < right->entry_point ? -1 : 1;
}

static void add_entry_point(struct da_owned_list *owned, const struct da_deployment *deployment, size_t index)
{
    static const struct da_ipv4 loopback = {{127, 0, 0, 1}};
    const struct da_entry_point *entry_point = &deployment->entry_points[index];
    const struct da_load_balancer *balancer = &entry_point->balancer;
    const bool balanced = balancer->kind != DA_BALANCER_NONE;
    struct da_owned next = {.entry_point = index, .whose = DA_WHOSE_MAPPED};

    if (entry_point->nat64.length > 0) {
        struct da_ipv6 mapped = da_prefix_embed(&entry_point->nat64, &loopback);
        next.address = of_ipv6(&mapped);
        owned->list[owned->count++] = next;
    }
    next.whose = DA_WHOSE_ENTRY_POINT;
    if (balanced) {
        next.address = of_ipv4(&balancer->vip);
        owned->list[owned->count++] = next;
    }
    if (balanced && balancer->has_ipv6) {
        next.address = of_ipv6(&balancer->ipv6);
        owned->list[owned->count++] = next;
    }
    next.whose = balanced ? DA_WHOSE_SERVER : DA_WHOSE_ENTRY_POINT;
    for (size_t i = 0; i < entry_point->server_count; i++) {
        next.server = balanced ? &entry_point->servers[i] : NULL;
        next.address = of_ipv4(&entry_point->servers[i].address);
        owned->list[owned->count++] = next;
        if (!entry_point->servers[i].has_ipv6)
            continue;
        next.address = of_ipv6(&entry_point->servers[i].ipv6);
        owned->list[owned->count++] = next;
    }
}

enum da_status da_owned_make(const struct da_deployment *deployment, struct da_owned_list *owned)
{
    size_t most = 0;

    for (size_t i = 0; i < deployment->entry_point_count; i++)
        most += 3 + 2 * deployment->entry_points[i].server_count;
    *owned = (struct da_owned_list){.list = calloc(most + 1, sizeof(*owned->list))};
    if (owned->list == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < deployment->entry_point_count; i++)
        add_entry_point(owned, deployment, i);
    qsort(owned->list, owned->count, sizeof(*owned->list), compare);
    return DA_OK;
}

const struct da_owned *da_owned_find(const struct da_owned_list *owned, const struct da_seen_address *address,
                                     size_t preferred)
{
    const struct da_owned key = {.address = *address, .entry_point = preferred};
    size_t low = 0, high = owned->count;

    while (low < high) { /* the first that is not below the key */
        size_t middle = low + (high - low) / 2;
        if (compare(&owned->list[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < owned->count && compare_addresses(&owned->list[low].address, address) == 0)
        return &owned->list[low];
    return low > 0 && compare_addresses(&owned->list[low - 1].address, address) == 0 ? &owned->list[low - 1] : NULL;
}

/* ---- a case ---- */

void da_case_add(struct da_case *made, enum da_state state, enum da_reason reason, uint16_t type, const char *format,
                 ...)
{
    struct da_conclusion *conclusion = made->conclusion;
    va_list args;

    if (state > conclusion->state)
        conclusion->state = state;
    if (made->status != DA_OK || conclusion->because_count == DA_CONCLUSION_BECAUSE_MAX)
        return;
    struct da_because *because =
        reallocarray(conclusion->because, conclusion->because_count + 1, sizeof(*conclusion->because));
    if (because == NULL) {
        made->status = DA_ERR_MEMORY;
        return;
    }
    conclusion->because = because;
    because += conclusion->because_count++;
    because->reason = reason;
    because->type = type;
    because->severity = state == DA_STATE_CONNECTED ? DA_MONITORED_WARNING : DA_MONITORED_CRITICAL;
    va_start(args, format);
    vsnprintf(because->text, sizeof(because->text), format, args);
    va_end(args);
}

const struct da_entry_point *da_case_entry_point(const struct da_case *made)
{
    return &made->expectations->deployment->entry_points[made->conclusion->entry_point];
}

const struct da_seen *da_case_seen(const struct da_case *made, enum da_asked asked, uint16_t type)
{
    static const struct da_seen nothing = {.answered = DA_ANSWERED_NOTHING};
    const struct da_conclusion *conclusion = made->conclusion;
    const struct da_seen *seen = da_view_seen(made->view, conclusion->resolver, conclusion->suffix, asked, NULL, type);

    return seen != NULL ? seen : &nothing;
}

/* ---- words ---- */

const char *da_address_words(const struct da_seen_address *address, char text[static DA_ADDRESS_TEXT_MAX])
{
    inet_ntop(address->length == DA_IPV4_LEN ? AF_INET : AF_INET6, address->octets, text, DA_ADDRESS_TEXT_MAX);
    return text;
}

const char *da_addresses_words(const struct da_seen_address *addresses, size_t count,
                               char text[static DA_ADDRESSES_MAX])
{
    char one[DA_ADDRESS_TEXT_MAX];
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < count && i < SHOWN_ADDRESSES; i++)
        used += (size_t)snprintf(text + used, DA_ADDRESSES_MAX - used, "%s%s", i > 0 ? ", " : "",
                                 da_address_words(&addresses[i], one));
    if (count > SHOWN_ADDRESSES)
        snprintf(text + used, DA_ADDRESSES_MAX - used, " and %zu more", count - SHOWN_ADDRESSES);
    return text;
}

const char *da_answered_words(const struct da_seen *seen)
{
    switch (seen->answered) {
    case DA_ANSWERED_NXDOMAIN:
        return "NXDOMAIN";
    case DA_ANSWERED_NODATA:
        return "NODATA";
    case DA_ANSWERED_NOTHING:
    case DA_ANSWERED_FAILURE:
    case DA_ANSWERED_ADDRESSES:
        break;
    }
    return seen->why != NULL ? seen->why : "no reply";
}

const char *da_type_words(uint16_t type)
{
    return type == DA_TYPE_A ? "A" : "AAAA";
}
