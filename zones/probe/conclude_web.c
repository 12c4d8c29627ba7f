/* Step 2 of conclude.h: where WebProbeHost leads, and what is served there. */
#include "probe/conclude_case.h"
#include "probe/fetch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOST         "WebProbeHost"
#define PLACE_MAX    192
#define FAILURES_MAX 3 /* that are told of addresses elsewhere */

enum role {
    ROLE_OWN,     /* the entry point's */
    ROLE_SERVER,  /* one of its servers' own, behind its balancer */
    ROLE_OTHER,   /* of another entry point */
    ROLE_UNKNOWN, /* nobody's */
    ROLES,
};

/* An address that WebProbeHost leads to. */
struct lead {
    const struct da_seen_address *address; /* as it was answered */
    struct da_seen_address target;
    const struct da_owned *owned; /* NULL = nobody's */
    enum role role;
    const struct da_fetch *fetch; /* NULL = it was not fetched */
    bool right;
};

/* The RRsets that count. */
struct leads {
    const struct da_seen *rrsets[2];
    size_t rrset_count;
    size_t count; /* addresses */
};

static struct leads find_leads(const struct da_case *made)
{
    const bool ipv6 = made->expectations->deployment->network == DA_NETWORK_IPV6, dns64 = made->expectations->dns64;
    struct leads leads = {0};

    if (!dns64)
        leads.rrsets[leads.rrset_count++] = da_case_seen(made, DA_ASKED_WEB_PROBE, DA_TYPE_A);
    if (dns64 || ipv6)
        leads.rrsets[leads.rrset_count++] = da_case_seen(made, DA_ASKED_WEB_PROBE, DA_TYPE_AAAA);
    for (size_t i = 0; i < leads.rrset_count; i++)
        leads.count += leads.rrsets[i]->address_count;
    return leads;
}

static struct lead get_lead(const struct da_case *made, const struct leads *leads, size_t index)
{
    const struct da_conclusion *conclusion = made->conclusion;
    struct lead lead = {.role = ROLE_UNKNOWN};
    size_t rrset = 0;

    while (index >= leads->rrsets[rrset]->address_count)
        index -= leads->rrsets[rrset++]->address_count;
    lead.address = &leads->rrsets[rrset]->addresses[index];
    lead.target = da_fetch_target(made->expectations->deployment, made->expectations->dns64, lead.address);
    lead.owned = da_owned_find(made->owned, &lead.target, conclusion->entry_point);
    if (lead.owned != NULL && lead.owned->whose == DA_WHOSE_MAPPED)
        lead.owned = NULL;
    if (lead.owned != NULL && lead.owned->entry_point != conclusion->entry_point)
        lead.role = ROLE_OTHER;
    else if (lead.owned != NULL)
        lead.role = lead.owned->whose == DA_WHOSE_SERVER ? ROLE_SERVER : ROLE_OWN;
    lead.fetch = da_view_fetch(made->view, conclusion->suffix, &lead.target);
    lead.right = lead.fetch != NULL && lead.fetch->fetched == DA_FETCHED_RIGHT;
    return lead;
}

/* ---- what is served ---- */

/* "10.0.0.11:80 (da1, behind the VIP 10.0.0.10)". */
static const char *place(const struct da_case *made, const struct lead *lead, char text[static PLACE_MAX])
{
    const struct da_deployment *deployment = made->expectations->deployment;
    char address[DA_ADDRESS_TEXT_MAX], vip[DA_ADDRESS_TEXT_MAX];
    const bool is_ipv6 = lead->target.length == DA_IPV6_LEN;
    int used = snprintf(text, PLACE_MAX, is_ipv6 ? "[%s]:%u" : "%s:%u", da_address_words(&lead->target, address),
                        made->expectations->port);

    if (lead->owned == NULL || lead->role == ROLE_OWN)
        return text;
    const struct da_entry_point *entry_point = &deployment->entry_points[lead->owned->entry_point];
    if (lead->role == ROLE_OTHER) {
        snprintf(text + used, PLACE_MAX - (size_t)used, " (of %s)", entry_point->name);
        return text;
    }
    struct da_seen_address balanced = {.length = DA_IPV4_LEN};
    memcpy(balanced.octets, entry_point->balancer.vip.octet, DA_IPV4_LEN);
    snprintf(text + used, PLACE_MAX - (size_t)used, " (%s itself, behind the VIP %s)", lead->owned->server->name,
             da_address_words(&balanced, vip));
    return text;
}

/* What to look at where nothing, or the wrong thing, answers at an address. */
static const char *hint(const struct da_case *made, const struct lead *lead, char text[static PLACE_MAX])
{
    const struct da_entry_point *entry_point = da_case_entry_point(made);
    const bool refused = lead->fetch != NULL && lead->fetch->fetched == DA_FETCHED_REFUSED;

    if (lead->role == ROLE_OTHER)
        entry_point = &made->expectations->deployment->entry_points[lead->owned->entry_point];
    if (lead->role == ROLE_UNKNOWN)
        snprintf(text, PLACE_MAX, "whose address is it?");
    else if (lead->owned->whose == DA_WHOSE_SERVER)
        snprintf(text, PLACE_MAX, "is the web server of %s up?", lead->owned->server->name);
    else if (entry_point->balancer.kind == DA_BALANCER_EXTERNAL)
        snprintf(text, PLACE_MAX, "is there a virtual server for TCP 80?");
    else if (entry_point->balancer.kind == DA_BALANCER_NLB && refused)
        snprintf(text, PLACE_MAX, "are the web servers of the cluster up?");
    else if (entry_point->balancer.kind == DA_BALANCER_NLB)
        snprintf(text, PLACE_MAX, "does the cluster answer, and is the static ARP entry set?");
    else
        snprintf(text, PLACE_MAX, "is the web server of %s up?", entry_point->servers[0].name);
    return text;
}

/* Tells what is not right about what an address serves. */
static void add_failure(struct da_case *made, enum da_state state, const struct lead *lead)
{
    static const struct da_fetch none = {.why = "it was not fetched"};
    const struct da_fetch *fetch = lead->fetch != NULL ? lead->fetch : &none;
    char where[PLACE_MAX], look[PLACE_MAX];

    place(made, lead, where);
    hint(made, lead, look);
    switch (fetch->fetched) {
    case DA_FETCHED_REDIRECTED:
        da_case_add(made, state, DA_REASON_WEB_REDIRECTED, 0,
                    "web probe at %s is redirected to %s; expected the page itself: does a proxy, a captive portal or "
                    "another web server answer?",
                    where, fetch->why);
        break;
    case DA_FETCHED_PORTAL:
    case DA_FETCHED_BODY:
        da_case_add(made, state, DA_REASON_WEB_PORTAL, 0,
                    "web probe at %s gives another page: %s: does a captive portal or proxy answer?", where,
                    fetch->why);
        break;
    case DA_FETCHED_STATUS:
        da_case_add(made, state, DA_REASON_WEB_STATUS, 0,
                    "web probe at %s has status %u; expected 200: does another web server answer, or does a balancer "
                    "have no member?",
                    where, fetch->status);
        break;
    case DA_FETCHED_NOTHING:
    case DA_FETCHED_RIGHT:
    case DA_FETCHED_REFUSED:
    case DA_FETCHED_SILENT:
    case DA_FETCHED_UNREACHABLE:
    case DA_FETCHED_BROKEN:
        da_case_add(made, state, DA_REASON_WEB_UNREACHABLE, 0, "web probe unreachable at %s: %s; %s", where, fetch->why,
                    look);
        break;
    }
}

/* What decides; roles: those to look at. True where one of them serves the right page. */
static bool judge_served(struct da_case *made, const struct leads *leads, bool own)
{
    bool right = false;
    size_t told = 0;

    for (size_t i = 0; i < leads->count && !right; i++) {
        const struct lead lead = get_lead(made, leads, i);
        right = (lead.role == ROLE_OWN) == own && lead.right;
    }
    for (size_t i = 0; i < leads->count && told < FAILURES_MAX; i++) {
        const struct lead lead = get_lead(made, leads, i);
        if ((lead.role == ROLE_OWN) != own || lead.right || (right && !own))
            continue;
        add_failure(made, right ? DA_STATE_CONNECTED : DA_STATE_CONNECTING, &lead);
        told++;
    }
    return right;
}

/* ---- where it leads ---- */

static void expected_address(const struct da_case *made, char text[static PLACE_MAX])
{
    const struct da_entry_point *entry_point = da_case_entry_point(made);
    const bool balanced = entry_point->balancer.kind != DA_BALANCER_NONE;
    struct da_seen_address own = {.length = DA_IPV4_LEN};
    char address[DA_ADDRESS_TEXT_MAX];

    memcpy(own.octets, balanced ? entry_point->balancer.vip.octet : entry_point->servers[0].address.octet, DA_IPV4_LEN);
    snprintf(text, PLACE_MAX, "%s%s of %s", balanced ? "the VIP " : "", da_address_words(&own, address),
             entry_point->name);
}

static void remark_on_role(struct da_case *made, enum role role, const struct da_seen_address *addresses, size_t count,
                           size_t all, const struct da_owned *first)
{
    char have[DA_ADDRESSES_MAX], expected[PLACE_MAX];
    char more[32] = "", whose[DA_LABEL_MAX + 3] = "each a server's";

    const uint16_t type = addresses[0].length == DA_IPV4_LEN ? DA_TYPE_A : DA_TYPE_AAAA;

    da_addresses_words(addresses, count, have);
    if (all > count)
        snprintf(more, sizeof(more), " and %zu more", all - count);
    expected_address(made, expected);
    if (all == 1 && first != NULL && first->server != NULL)
        snprintf(whose, sizeof(whose), "%s's", first->server->name);
    if (role == ROLE_SERVER)
        da_case_add(made, DA_STATE_CONNECTED, DA_REASON_WEB_SERVER_ADDRESS, type,
                    HOST " has %s%s, %s own address; expected %s: clients pass the balancer by; correct the record",
                    have, more, whose, expected);
    else if (role == ROLE_OTHER)
        da_case_add(made, DA_STATE_CONNECTED, DA_REASON_WEB_OTHER_ADDRESS, type,
                    HOST " has only %s%s, of another entry point; expected %s: add the record", have, more, expected);
    else
        da_case_add(made, DA_STATE_CONNECTED, DA_REASON_WEB_UNKNOWN_ADDRESS, type,
                    HOST " has %s%s, of no entry point; expected %s: correct the record", have, more, expected);
}

/* Addresses of other entry points belong beside the own one, not in its place. */
static void remark_on_leads(struct da_case *made, const struct leads *leads, bool has_own)
{
    static const enum role remarked[] = {ROLE_SERVER, ROLE_OTHER, ROLE_UNKNOWN};

    for (size_t i = 0; i < sizeof(remarked) / sizeof(*remarked); i++) {
        struct da_seen_address shown[3];
        const struct da_owned *first = NULL;
        size_t count = 0, all = 0;
        if (remarked[i] == ROLE_OTHER && has_own)
            continue;
        for (size_t j = 0; j < leads->count; j++) {
            const struct lead lead = get_lead(made, leads, j);
            if (lead.role != remarked[i])
                continue;
            first = all == 0 ? lead.owned : first;
            all++;
            if (count < sizeof(shown) / sizeof(*shown))
                shown[count++] = *lead.address;
        }
        if (all > 0)
            remark_on_role(made, remarked[i], shown, count, all, first);
    }
}

/* AAAA where the network has IPv4 only. */
static void remark_on_ipv6(struct da_case *made)
{
    const struct da_seen *seen = da_case_seen(made, DA_ASKED_WEB_PROBE, DA_TYPE_AAAA);
    char have[DA_ADDRESSES_MAX];

    if (made->expectations->deployment->network == DA_NETWORK_IPV6 || made->expectations->dns64 ||
        seen->answered != DA_ANSWERED_ADDRESSES)
        return;
    da_case_add(made, DA_STATE_CONNECTED, DA_REASON_WEB_UNKNOWN_ADDRESS, DA_TYPE_AAAA,
                HOST " has AAAA %s; expected A alone on an IPv4-only network: is a DNS64 asked? then say --dns64",
                da_addresses_words(seen->addresses, seen->address_count, have));
}

static void judge_nowhere(struct da_case *made, const struct leads *leads)
{
    const char *types =
        leads->rrset_count > 1 ? "address" : da_type_words(made->expectations->dns64 ? DA_TYPE_AAAA : DA_TYPE_A);
    const struct da_seen *failed = NULL;
    char expected[PLACE_MAX];

    expected_address(made, expected);
    for (size_t i = 0; i < leads->rrset_count && failed == NULL; i++)
        if (leads->rrsets[i]->answered == DA_ANSWERED_FAILURE || leads->rrsets[i]->answered == DA_ANSWERED_NOTHING)
            failed = leads->rrsets[i];
    if (failed != NULL)
        da_case_add(made, DA_STATE_CONNECTING, DA_REASON_WEB_FAILS, failed->type, HOST " %s fails: %s; expected %s",
                    types, da_answered_words(failed), expected);
    else
        da_case_add(made, DA_STATE_CONNECTING, DA_REASON_WEB_MISSING, leads->rrsets[0]->type,
                    HOST " has no %s%s (%s); expected %s: add the record", types,
                    leads->rrset_count > 1 ? "" : " record", da_answered_words(leads->rrsets[0]), expected);
}

/* ---- all ---- */

static void remark_on_slow(struct da_case *made, const struct leads *leads)
{
    static const uint16_t types[] = {DA_TYPE_A, DA_TYPE_AAAA};
    static const enum da_asked asked[] = {DA_ASKED_CONNECTIVITY, DA_ASKED_WEB_PROBE};
    const struct da_seen *slowest = NULL;
    char where[PLACE_MAX];

    for (size_t i = 0; i < 4; i++) {
        const struct da_seen *seen = da_case_seen(made, asked[i / 2], types[i % 2]);
        bool is_answer = seen->answered != DA_ANSWERED_NOTHING && seen->answered != DA_ANSWERED_FAILURE;
        if (is_answer && (slowest == NULL || seen->milliseconds > slowest->milliseconds))
            slowest = seen;
    }
    if (slowest != NULL && slowest->milliseconds > made->expectations->slow)
        da_case_add(made, DA_STATE_CONNECTED, DA_REASON_SLOW, slowest->type,
                    "%s %s took %u ms to answer; expected no more than %u ms",
                    slowest->asked == DA_ASKED_CONNECTIVITY ? "corpConnectivityHost" : HOST,
                    da_type_words(slowest->type), slowest->milliseconds, made->expectations->slow);
    for (size_t i = 0; i < leads->count; i++) {
        const struct lead lead = get_lead(made, leads, i);
        if (!lead.right || lead.role == ROLE_OTHER || lead.fetch->milliseconds <= made->expectations->slow)
            continue;
        da_case_add(made, DA_STATE_CONNECTED, DA_REASON_SLOW, 0,
                    "web probe at %s took %u ms to answer; expected no more than %u ms", place(made, &lead, where),
                    lead.fetch->milliseconds, made->expectations->slow);
        break;
    }
}

void da_conclude_web(struct da_case *made)
{
    const struct leads leads = find_leads(made);
    bool has_own = false;

    for (size_t i = 0; i < leads.count && !has_own; i++)
        has_own = get_lead(made, &leads, i).role == ROLE_OWN;
    if (leads.count == 0)
        judge_nowhere(made, &leads);
    else
        judge_served(made, &leads, has_own);
    remark_on_leads(made, &leads, has_own);
    remark_on_ipv6(made);
    remark_on_slow(made, &leads);
}
