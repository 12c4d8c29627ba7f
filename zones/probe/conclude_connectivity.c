/* Step 1 of conclude.h: what corpConnectivityHost answers. */
#include "probe/conclude_case.h"

#include <stdio.h>
#include <string.h>

#define HOST      "corpConnectivityHost"
#define WHOSE_MAX 256

/* What the RRset is to have. */
struct wanted {
    uint16_t type;
    struct da_seen_address address; /* alone, but for */
    bool mapped;                    /* mapped addresses of other entry points beside it */
};

static bool is_same(const struct da_seen_address *left, const struct da_seen_address *right)
{
    return left->length == right->length && memcmp(left->octets, right->octets, left->length) == 0;
}

/* An IPv6 address as 127.0.0.1 within a NAT64 prefix, whosever it is. */
static bool is_mapped_loopback(const struct da_seen_address *address, struct da_prefix *prefix)
{
    static const struct da_ipv4 loopback = {{127, 0, 0, 1}};
    struct da_ipv6 embedded;

    if (address->length != DA_IPV6_LEN)
        return false;
    memcpy(&embedded, address->octets, DA_IPV6_LEN);
    return da_prefix_of(&embedded, &loopback, prefix);
}

/* "127.0.0.1 within the NAT64 prefix of dublin". False where it is nothing of the kind. */
static bool explain_mapped(const struct da_case *made, const struct da_seen_address *address,
                           char text[static WHOSE_MAX])
{
    const struct da_owned *owned = da_owned_find(made->owned, address, made->conclusion->entry_point);
    char network[DA_ADDRESS_TEXT_MAX];
    struct da_prefix prefix;

    if (owned != NULL && owned->whose == DA_WHOSE_MAPPED) {
        snprintf(text, WHOSE_MAX, "127.0.0.1 within the NAT64 prefix of %s",
                 made->expectations->deployment->entry_points[owned->entry_point].name);
        return true;
    }
    if (!is_mapped_loopback(address, &prefix))
        return false;
    struct da_seen_address seen = {.length = DA_IPV6_LEN};
    memcpy(seen.octets, prefix.network.octet, DA_IPV6_LEN);
    snprintf(text, WHOSE_MAX, "127.0.0.1 within %s/%u, a NAT64 prefix that no entry point has",
             da_address_words(&seen, network), prefix.length);
    return true;
}

/* No right address: why. */
static void judge_wrong(struct da_case *made, const struct da_seen *seen, const struct wanted *wanted)
{
    char have[DA_ADDRESSES_MAX], expected[DA_ADDRESS_TEXT_MAX], whose[WHOSE_MAX];

    da_addresses_words(seen->addresses, seen->address_count, have);
    da_address_words(&wanted->address, expected);
    if (wanted->mapped && explain_mapped(made, &seen->addresses[0], whose))
        da_case_add(made, DA_STATE_GIVEN_UP, DA_REASON_CONNECTIVITY_PREFIX, wanted->type,
                    HOST " AAAA is %s, %s; expected %s, within that of %s: compare with "
                         "Get-NetNatTransitionConfiguration",
                    have, whose, expected, da_case_entry_point(made)->name);
    else
        da_case_add(made, DA_STATE_GIVEN_UP, DA_REASON_CONNECTIVITY_WRONG, wanted->type,
                    HOST " %s is %s; expected %s: correct the record", da_type_words(wanted->type), have, expected);
}

static void judge_addresses(struct da_case *made, const struct da_seen *seen, const struct wanted *wanted)
{
    const struct da_seen_address *extra = NULL;
    char expected[DA_ADDRESS_TEXT_MAX], text[DA_ADDRESS_TEXT_MAX];
    bool found = false;

    for (size_t i = 0; i < seen->address_count; i++) {
        const struct da_seen_address *address = &seen->addresses[i];
        const struct da_owned *owned =
            wanted->mapped ? da_owned_find(made->owned, address, made->conclusion->entry_point) : NULL;
        if (is_same(address, &wanted->address))
            found = true;
        else if ((owned == NULL || owned->whose != DA_WHOSE_MAPPED) && extra == NULL)
            extra = address;
    }
    if (!found)
        judge_wrong(made, seen, wanted);
    else if (extra != NULL)
        da_case_add(made, DA_STATE_GIVEN_UP, DA_REASON_CONNECTIVITY_EXTRA, wanted->type,
                    HOST " %s has %s besides %s: a client that gets it gives the tunnel up; expected no address that "
                         "is nobody's: remove it",
                    da_type_words(wanted->type), da_address_words(extra, text),
                    da_address_words(&wanted->address, expected));
}

/* Where the RRset must be there. */
static void judge(struct da_case *made, const struct wanted *wanted)
{
    const struct da_seen *seen = da_case_seen(made, DA_ASKED_CONNECTIVITY, wanted->type);
    const char *type = da_type_words(wanted->type);
    char expected[DA_ADDRESS_TEXT_MAX];

    da_address_words(&wanted->address, expected);
    switch (seen->answered) {
    case DA_ANSWERED_ADDRESSES:
        judge_addresses(made, seen, wanted);
        break;
    case DA_ANSWERED_NXDOMAIN:
    case DA_ANSWERED_NODATA:
        da_case_add(made, DA_STATE_GIVEN_UP, DA_REASON_CONNECTIVITY_MISSING, wanted->type,
                    HOST " has no %s record (%s); expected %s%s", type, da_answered_words(seen), expected,
                    made->expectations->dns64 &&
                            da_case_seen(made, DA_ASKED_CONNECTIVITY, DA_TYPE_A)->answered == DA_ANSWERED_ADDRESSES
                        ? ": it has A; is this resolver a DNS64, and of this prefix?"
                        : ": add the record");
        break;
    case DA_ANSWERED_NOTHING:
    case DA_ANSWERED_FAILURE:
        da_case_add(made, DA_STATE_GIVEN_UP, DA_REASON_CONNECTIVITY_FAILS, wanted->type,
                    HOST " %s fails: %s; expected %s", type, da_answered_words(seen), expected);
        break;
    }
}

/* The AAAA RRset that stands beside A: wrong is wrong, but none is a remark. */
static void judge_beside(struct da_case *made, const struct wanted *wanted)
{
    const struct da_seen *seen = da_case_seen(made, DA_ASKED_CONNECTIVITY, DA_TYPE_AAAA);
    char expected[DA_ADDRESS_TEXT_MAX];

    if (seen->answered == DA_ANSWERED_ADDRESSES)
        judge_addresses(made, seen, wanted);
    else if (made->conclusion->state == DA_STATE_CONNECTED) /* else the name is gone, and that was said */
        da_case_add(made, DA_STATE_CONNECTED, DA_REASON_CONNECTIVITY_NO_AAAA, DA_TYPE_AAAA,
                    HOST " has no AAAA record (%s); expected %s: only clients behind a DNS64 that asks for A get by "
                         "without it",
                    da_answered_words(seen), da_address_words(&wanted->address, expected));
}

void da_conclude_connectivity(struct da_case *made)
{
    static const struct da_ipv4 loopback = {{127, 0, 0, 1}};
    static const struct wanted a = {.type = DA_TYPE_A, .address = {{127, 0, 0, 1}, DA_IPV4_LEN}};
    struct wanted aaaa = {.type = DA_TYPE_AAAA, .address = {.length = DA_IPV6_LEN}};

    if (made->expectations->deployment->network == DA_NETWORK_IPV6) {
        const struct da_seen *seen = da_case_seen(made, DA_ASKED_CONNECTIVITY, DA_TYPE_A);
        char have[DA_ADDRESSES_MAX];
        aaaa.address.octets[DA_IPV6_LEN - 1] = 1; /* ::1 */
        judge(made, &aaaa);
        if (seen->answered == DA_ANSWERED_ADDRESSES)
            da_case_add(made, DA_STATE_CONNECTED, DA_REASON_CONNECTIVITY_A, DA_TYPE_A,
                        HOST " A is %s; expected none on an IPv6 network, where AAAA ::1 stands alone: remove it",
                        da_addresses_words(seen->addresses, seen->address_count, have));
        return;
    }
    struct da_ipv6 mapped = da_prefix_embed(&da_case_entry_point(made)->nat64, &loopback);
    memcpy(aaaa.address.octets, mapped.octet, DA_IPV6_LEN);
    aaaa.mapped = true;
    if (made->expectations->dns64) {
        judge(made, &aaaa);
        return;
    }
    judge(made, &a);
    judge_beside(made, &aaaa);
}
