/* What a server lacks of an RRset, from its replies; and the zone that an update would be for. */
#include "audit_names.h"

#include "restore/need.h"

#include <arpa/inet.h>
#include <stdio.h>

static const char yaml[] = "suffixes: [b.corp.net, corp.net]\n"
                           "network: ipv4-only\n"
                           "entry-points:\n"
                           "  - {name: a, nat64-prefix: 'fd12:3456:789a:7777::/96',"
                           " servers: [{name: s, address: 10.0.0.1}]}\n"
                           "  - {name: b, nat64-prefix: 'fd12:3456:789a:8888::/96',"
                           " servers: [{name: t, address: 10.0.0.2}]}\n";

struct fixture {
    struct audit_names base;
    struct da_collection *collection;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    audit_names_open(&fixture->base, yaml, NULL);
    assert_int_equal(da_collection_new(DA_SOURCE_SERVER, "", fixture->base.names, &fixture->collection), DA_OK);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    da_collection_free(fixture->collection);
    audit_names_close(&fixture->base);
    free(fixture);
    return 0;
}

static struct da_name name_of(const char *text)
{
    struct da_name name = {0};

    name.length = (uint8_t)wire_name(text, name.wire);
    return name;
}

/* Adds a record; text is an address or a name. */
static void add(struct fixture *fixture, const char *owner, uint16_t type, const char *text)
{
    struct da_name name = name_of(owner), target = name_of(text);
    uint8_t octets[16];
    struct da_found found = {.owner = &name, .type = type, .has_ttl = true, .ttl = 60, .rdata = octets};

    if (inet_pton(type == DA_TYPE_AAAA ? AF_INET6 : AF_INET, text, octets) == 1) {
        found.rdata_length = type == DA_TYPE_AAAA ? 16 : 4;
    } else {
        found.rdata = target.wire;
        found.rdata_length = target.length;
    }
    assert_int_equal(da_collection_add(fixture->collection, &found), DA_OK);
}

static void reply(struct fixture *fixture, const char *owner, uint16_t type, enum da_outcome outcome,
                  bool authoritative, const char *more)
{
    struct da_reply reply = {.name = name_of(owner), .type = type, .outcome = outcome, .authoritative = authoritative};

    if (outcome == DA_OUTCOME_REFERRAL)
        reply.at = name_of(more);
    else
        snprintf(reply.text, sizeof(reply.text), "%s", more);
    assert_int_equal(da_collection_reply(fixture->collection, &reply), DA_OK);
}

/* Goes to the RRset of that owner and type. */
static struct da_rrset_cursor find(const struct fixture *fixture, const char *owner, uint16_t type)
{
    struct da_name name = name_of(owner);
    struct da_rrset_cursor cursor = {0};

    while (da_record_set_next(fixture->base.set, &cursor))
        if (cursor.rrset->type == type && da_name_equal(cursor.name.wire, name.wire))
            return cursor;
    fail_msg("%s", owner);
    return cursor;
}

#define PROBE "directaccess-webprobehost.corp.net"
#define HOST  "directaccess-corpconnectivityhost.corp.net"

/* ---- what is missing ---- */

static void tells_what_is_missing(void **state)
{
    static const struct {
        const char *there[3];
        enum da_need_kind kind;
        bool missing[2]; /* 10.0.0.1, 10.0.0.2 */
        size_t wrong;
        uint32_t ttl;
    } rows[] = {
        {{NULL}, DA_NEED_ADDRESSES, {true, true}, 0, 1200},
        {{"10.0.0.1"}, DA_NEED_ADDRESSES, {false, true}, 0, 60},
        {{"10.0.0.2"}, DA_NEED_ADDRESSES, {true, false}, 0, 60},
        {{"10.0.0.1", "10.0.0.2"}, DA_NEED_NOTHING, {false, false}, 0, 60},
        {{"10.0.0.3"}, DA_NEED_ADDRESSES, {true, true}, 1, 60},
        {{"10.0.0.3", "10.0.0.2", "10.0.0.1"}, DA_NEED_NOTHING, {false, false}, 1, 60},
        {{"1.0.0.10", "2.0.0.10"}, DA_NEED_ADDRESSES, {true, true}, 2, 60},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        void *made;
        set_up(&made);
        struct fixture *fixture = made;
        struct da_rrset_cursor cursor = find(fixture, PROBE, DA_TYPE_A);
        struct da_need need;
        for (size_t j = 0; j < LENGTH_OF(rows[i].there) && rows[i].there[j] != NULL; j++)
            add(fixture, PROBE, DA_TYPE_A, rows[i].there[j]);
        reply(fixture, PROBE, DA_TYPE_A, rows[i].there[0] != NULL ? DA_OUTCOME_ANSWER : DA_OUTCOME_NXDOMAIN, true, "");
        da_collection_finish(fixture->collection);
        da_need_look(fixture->collection, fixture->base.set, &cursor, &need);
        if (need.kind != rows[i].kind || need.wrong != rows[i].wrong || need.ttl != rows[i].ttl ||
            need.missing != (size_t)rows[i].missing[0] + rows[i].missing[1] ||
            da_need_is_missing(&need, cursor.rrset, 0) != rows[i].missing[0] ||
            da_need_is_missing(&need, cursor.rrset, 1) != rows[i].missing[1])
            fail_msg("row %zu: kind %d, %zu missing, %zu wrong, TTL %u", i, (int)need.kind, need.missing, need.wrong,
                     need.ttl);
        tear_down(&made);
    }
}

/* Each type is a need of its own. */
static void types_are_apart(void **state)
{
    struct fixture *fixture = *state;
    struct da_rrset_cursor a = find(fixture, HOST, DA_TYPE_A), aaaa = find(fixture, HOST, DA_TYPE_AAAA);
    struct da_need need;

    add(fixture, HOST, DA_TYPE_A, "127.0.0.1");
    reply(fixture, HOST, DA_TYPE_A, DA_OUTCOME_ANSWER, true, "");
    reply(fixture, HOST, DA_TYPE_AAAA, DA_OUTCOME_NODATA, true, "");
    da_collection_finish(fixture->collection);
    da_need_look(fixture->collection, fixture->base.set, &a, &need);
    assert_int_equal(need.kind, DA_NEED_NOTHING);
    da_need_look(fixture->collection, fixture->base.set, &aaaa, &need);
    assert_int_equal(need.kind, DA_NEED_ADDRESSES);
    assert_int_equal(need.missing, 2);
}

static void tells_why_it_is_not_known(void **state)
{
    static const struct {
        enum da_outcome outcome;
        bool authoritative;
        const char *more, *alias;
        const char *text;
    } rows[] = {
        {DA_OUTCOME_FAILED, false, "REFUSED", NULL, "REFUSED"},
        {DA_OUTCOME_REFERRAL, false, "corp.net", NULL, "the server has delegated corp.net to others"},
        {DA_OUTCOME_ANSWER, false, "", NULL, "the server is not authoritative for it"},
        {DA_OUTCOME_NODATA, false, "", NULL, "the server is not authoritative for it"},
        {DA_OUTCOME_NXDOMAIN, false, "", NULL, "the server is not authoritative for it"},
        {DA_OUTCOME_ANSWER, true, "", "host.corp.net",
         "it is an alias of host.corp.net, beside which nothing can be added"},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        void *made;
        set_up(&made);
        struct fixture *fixture = made;
        struct da_rrset_cursor cursor = find(fixture, PROBE, DA_TYPE_A);
        struct da_need need;
        if (rows[i].alias != NULL)
            add(fixture, PROBE, DA_TYPE_CNAME, rows[i].alias);
        reply(fixture, PROBE, DA_TYPE_A, rows[i].outcome, rows[i].authoritative, rows[i].more);
        da_collection_finish(fixture->collection);
        da_need_look(fixture->collection, fixture->base.set, &cursor, &need);
        assert_int_equal(need.kind, DA_NEED_UNKNOWN);
        assert_string_equal(need.text, rows[i].text);
        assert_int_equal(need.found_count, 0);
        tear_down(&made);
    }
}

static void what_was_not_asked_is_not_known(void **state)
{
    struct fixture *fixture = *state;
    struct da_rrset_cursor cursor = find(fixture, PROBE, DA_TYPE_A);
    struct da_need need;

    da_collection_finish(fixture->collection);
    da_need_look(fixture->collection, fixture->base.set, &cursor, &need);
    assert_int_equal(need.kind, DA_NEED_UNKNOWN);
}

/* ---- the zone ---- */

static void finds_zones(void **state)
{
    static const struct {
        const char *soas[2]; /* owners */
        enum da_outcome outcome;
        bool authoritative;
        const char *zone; /* NULL = not known */
    } rows[] = {
        {{"b.corp.net"}, DA_OUTCOME_ANSWER, true, "b.corp.net"},
        {{"corp.net"}, DA_OUTCOME_NODATA, true, "corp.net"},
        {{"net"}, DA_OUTCOME_NXDOMAIN, true, "net"},
        {{"corp.net", "b.corp.net"}, DA_OUTCOME_ANSWER, true, "b.corp.net"},
        {{NULL}, DA_OUTCOME_NODATA, true, NULL},
        {{"b.corp.net"}, DA_OUTCOME_ANSWER, false, NULL},
        {{"corp.net"}, DA_OUTCOME_REFERRAL, false, NULL},
        {{"corp.net"}, DA_OUTCOME_FAILED, false, NULL},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        void *made;
        set_up(&made);
        struct fixture *fixture = made;
        struct da_name zone = {0}, suffix = name_of("b.corp.net");
        for (size_t j = 0; j < LENGTH_OF(rows[i].soas) && rows[i].soas[j] != NULL; j++)
            add(fixture, rows[i].soas[j], DA_TYPE_SOA, "not.read.here");
        reply(fixture, "b.corp.net", DA_TYPE_SOA, rows[i].outcome, rows[i].authoritative, "b.corp.net");
        da_collection_finish(fixture->collection);
        const char *why = da_need_find_zone(fixture->collection, &suffix, &zone);
        if ((why == NULL) != (rows[i].zone != NULL))
            fail_msg("row %zu: %s", i, why != NULL ? why : "known");
        if (rows[i].zone != NULL)
            assert_true(da_name_equal(zone.wire, name_of(rows[i].zone).wire));
        tear_down(&made);
    }
}

static void zones_not_asked_for_are_not_known(void **state)
{
    struct fixture *fixture = *state;
    struct da_name zone, suffix = name_of("corp.net");

    add(fixture, "corp.net", DA_TYPE_SOA, "not.read.here");
    da_collection_finish(fixture->collection);
    assert_non_null(da_need_find_zone(fixture->collection, &suffix, &zone));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_missing),
        cmocka_unit_test_setup_teardown(types_are_apart, set_up, tear_down),
        cmocka_unit_test(tells_why_it_is_not_known),
        cmocka_unit_test_setup_teardown(what_was_not_asked_is_not_known, set_up, tear_down),
        cmocka_unit_test(finds_zones),
        cmocka_unit_test_setup_teardown(zones_not_asked_for_are_not_known, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
