/* What a collection keeps, in which order, and what it tells of what is not there: zones/audit/collection.h. */
#include "audit_names.h"

#include "audit/collection.h"

static const char yaml[] = "suffixes: [corp.example.net]\n"
                           "network: ipv4-only\n"
                           "entry-points:\n"
                           "  - name: seattle\n"
                           "    nat64-prefix: fd12:3456:789a:7777::/96\n"
                           "    servers: [{name: da1, address: 10.0.0.11}]\n";

struct fixture {
    struct audit_names base;
    struct da_collection *collection;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    audit_names_open(&fixture->base, yaml, NULL);
    assert_int_equal(da_collection_new(DA_SOURCE_ZONE_FILE, "a.zone", fixture->base.names, &fixture->collection),
                     DA_OK);
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

static void add(struct da_collection *collection, const char *owner, uint16_t type, uint8_t octet, uint32_t ttl,
                uint64_t line)
{
    struct da_name name = name_of(owner);
    const uint8_t rdata[] = {10, 0, 0, octet};
    struct da_found found = {.owner = &name,
                             .type = type,
                             .has_ttl = true,
                             .ttl = ttl,
                             .rdata_length = sizeof(rdata),
                             .rdata = rdata,
                             .place = {.line = line}};

    assert_int_equal(da_collection_add(collection, &found), DA_OK);
}

static void keeps_what_matters_in_canonical_order(void **state)
{
    struct da_collection *collection = ((struct fixture *)*state)->collection;
    struct da_name owner = name_of("DirectAccess-webprobehost.CORP.example.net");
    size_t count;

    add(collection, "host.corp.example.net", DA_TYPE_A, 1, 60, 1);
    add(collection, "corp.example.net", DA_TYPE_A, 1, 60, 2); /* decides nothing */
    add(collection, "isatap.corp.example.net", DA_TYPE_A, 9, 60, 3);
    add(collection, "directaccess-WebProbeHost.corp.example.net", DA_TYPE_A, 12, 60, 4);
    add(collection, "directaccess-webprobehost.corp.example.net", DA_TYPE_A, 11, 60, 5);
    add(collection, "directaccess-webprobehost.corp.example.net", 16, 11, 60, 6);
    add(collection, "corp.example.net", DA_TYPE_SOA, 1, 60, 7);
    add(collection, "*.example.net", 15, 1, 60, 8);
    da_collection_finish(collection);

    assert_int_equal(collection->record_count, 6);
    static const uint64_t lines[] = {8, 7, 5, 4, 6, 3};
    for (size_t i = 0; i < LENGTH_OF(lines); i++)
        assert_int_equal(collection->records[i].place.line, lines[i]);
    const struct da_found *found = da_collection_find(collection, &owner, DA_TYPE_A, &count);
    assert_int_equal(count, 2);
    assert_int_equal(found[0].rdata[3], 11);
    assert_ptr_equal(da_collection_find(collection, &owner, 0, &count), found);
    assert_int_equal(count, 3);
    assert_null(da_collection_find(collection, &owner, DA_TYPE_AAAA, &count));
    assert_int_equal(count, 0);
}

static void keeps_the_same_record_once(void **state)
{
    struct da_collection *collection = ((struct fixture *)*state)->collection;

    add(collection, "isatap.corp.example.net", DA_TYPE_A, 9, 60, 3);
    add(collection, "ISATAP.corp.example.net", DA_TYPE_A, 9, 60, 4);
    add(collection, "isatap.corp.example.net", DA_TYPE_A, 9, 61, 5);
    da_collection_finish(collection);
    assert_int_equal(collection->record_count, 2);
}

static void memory_is_bounded(void **state)
{
    struct da_collection *collection = ((struct fixture *)*state)->collection;
    struct da_name owner = name_of("isatap.corp.example.net"), other = name_of("isatap.y.corp.example.net");
    size_t count;

    for (uint32_t i = 0; i < DA_COLLECTION_RECORDS + 5; i++)
        add(collection, "isatap.corp.example.net", DA_TYPE_A, 1, i, i + 1);
    assert_int_equal(collection->record_count, DA_COLLECTION_RECORDS);
    for (size_t i = 0; i < DA_COLLECTION_UNKNOWN + 5; i++) {
        char text[80];
        snprintf(text, sizeof(text), "isatap.x%zu.corp.example.net", i);
        add(collection, text, DA_TYPE_A, 1, 60, i);
    }
    add(collection, "directaccess-NLS.corp.example.net", DA_TYPE_A, 1, 60, 1); /* there is always room for it */
    da_collection_finish(collection);
    assert_int_equal(collection->record_count, DA_COLLECTION_RECORDS + DA_COLLECTION_UNKNOWN + 1);
    assert_non_null(da_collection_doubt_of(collection, &owner));
    assert_non_null(da_collection_doubt_of(collection, &other));
    assert_non_null(da_collection_find(collection, &owner, DA_TYPE_A, &count));
}

static void doubts_are_kept_once_and_not_without_end(void **state)
{
    struct da_collection *collection = ((struct fixture *)*state)->collection;
    struct da_name owner = name_of("isatap.corp.example.net"), other = name_of("wpad.corp.example.net");
    struct da_doubt doubt = {.one_name = true, .name = owner, .place = {.line = 3}, .text = "a"};

    assert_int_equal(da_collection_doubt(collection, &doubt), DA_OK);
    doubt.place.line = 4;
    assert_int_equal(da_collection_doubt(collection, &doubt), DA_OK);
    assert_int_equal(collection->doubt_count, 1);
    assert_int_equal(da_collection_doubt_of(collection, &owner)->place.line, 3);
    assert_null(da_collection_doubt_of(collection, &other));
    for (unsigned i = 0; i < 2 * DA_COLLECTION_DOUBTS; i++) {
        snprintf(doubt.text, sizeof(doubt.text), "%u", i);
        assert_int_equal(da_collection_doubt(collection, &doubt), DA_OK);
    }
    assert_int_equal(collection->doubt_count, DA_COLLECTION_DOUBTS + 1);
    assert_non_null(da_collection_doubt_of(collection, &other)); /* what is not told may be about any name */
}

static void of_two_replies_the_better_is_kept(void **state)
{
    struct da_collection *collection = ((struct fixture *)*state)->collection;
    struct da_reply reply = {.name = name_of("isatap"), .type = DA_TYPE_A, .outcome = DA_OUTCOME_FAILED};

    assert_int_equal(da_collection_reply(collection, &reply), DA_OK);
    reply.outcome = DA_OUTCOME_NXDOMAIN;
    assert_int_equal(da_collection_reply(collection, &reply), DA_OK);
    reply.type = DA_TYPE_AAAA;
    reply.outcome = DA_OUTCOME_NODATA;
    assert_int_equal(da_collection_reply(collection, &reply), DA_OK);
    da_collection_finish(collection);
    assert_int_equal(collection->reply_count, 2);
    struct da_name spelled = name_of("ISATAP"), other = name_of("wpad");
    assert_int_equal(da_collection_reply_to(collection, &spelled, DA_TYPE_A)->outcome, DA_OUTCOME_NXDOMAIN);
    assert_int_equal(da_collection_reply_to(collection, &spelled, DA_TYPE_AAAA)->outcome, DA_OUTCOME_NODATA);
    assert_null(da_collection_reply_to(collection, &other, DA_TYPE_A));
}

/* Of zones and nodes the first of a name is kept, those that no deployment tells are left out, and they are found by
 * any spelling. */
static void zones_and_nodes_are_kept_once(void **state)
{
    static const char *const zones[] = {"net", "corp.example.net", "CORP.example.net", "other.net",
                                        "a.corp.example.net"};
    static const char *const nodes[] = {"directaccess-webprobehost.corp.example.net", "corp.example.net",
                                        "DirectAccess-WebProbeHost.corp.example.net", "isatap.a.corp.example.net",
                                        "host.corp.example.net"};
    struct da_collection *collection = ((struct fixture *)*state)->collection;
    struct da_name below = name_of("isatap.b.Corp.example.net"), other = name_of("x.net"), out = name_of("example.org"),
                   probe = name_of("directaccess-WebProbeHost.corp.example.net"), isatap = name_of("isatap"), apex;

    assert_null(da_collection_zone_of(collection, &below));
    assert_null(da_collection_node_of(collection, &probe));
    for (size_t i = 0; i < LENGTH_OF(zones); i++) {
        struct da_zone_aging zone = {.zone = name_of(zones[i]), .intervals = {.refresh = (uint32_t)i}};
        assert_int_equal(da_collection_zone(collection, &zone), DA_OK);
    }
    for (size_t i = 0; i < LENGTH_OF(nodes); i++) {
        struct da_node node = {.owner = name_of(nodes[i]), .deleted_at = (int64_t)i};
        assert_int_equal(da_collection_node(collection, &node), DA_OK);
    }
    da_collection_finish(collection);

    assert_int_equal(collection->zone_count, 2);
    assert_int_equal(da_collection_zone_of(collection, &below)->intervals.refresh, 1);
    assert_int_equal(da_collection_zone_of(collection, &other)->intervals.refresh, 0);
    assert_null(da_collection_zone_of(collection, &out));
    assert_int_equal(collection->node_count, 2);
    assert_int_equal(da_collection_node_of(collection, &probe)->deleted_at, 0);
    assert_int_equal(da_collection_node_of(collection, &collection->zones[1].zone)->deleted_at, 1);
    assert_null(da_collection_node_of(collection, &isatap));
    /* they are zones without an SOA, too */
    assert_true(da_collection_apex(collection, &below, &apex));
    assert_int_equal(apex.length, name_of("corp.example.net").length);
    assert_false(da_collection_apex(collection, &out, &apex));
}

static void the_closest_soa_is_the_apex(void **state)
{
    struct da_collection *collection = ((struct fixture *)*state)->collection;
    struct da_name suffix = name_of("corp.example.net"), below = name_of("isatap.corp.example.net"),
                   other = name_of("example.org"), apex;

    assert_false(da_collection_apex(collection, &below, &apex));
    collection->origin = name_of("net");
    assert_true(da_collection_apex(collection, &below, &apex));
    assert_int_equal(apex.length, collection->origin.length);
    add(collection, "example.net", DA_TYPE_SOA, 1, 60, 7);
    da_collection_finish(collection);
    assert_true(da_collection_apex(collection, &below, &apex));
    assert_true(da_name_is_below(&suffix, &apex));
    assert_int_equal(apex.length, name_of("example.net").length);
    assert_false(da_collection_apex(collection, &other, &apex));
}

static void files_are_named_once(void **state)
{
    struct da_collection *collection = ((struct fixture *)*state)->collection;
    const char *a = da_collection_file(collection, "a"), *b = da_collection_file(collection, "b");

    assert_string_equal(b, "b");
    assert_ptr_equal(da_collection_file(collection, "a"), a);
}

static void the_first_failure_is_kept(void **state)
{
    struct da_collection *collection = ((struct fixture *)*state)->collection;

    da_collection_fail(collection, "line %d", 1);
    da_collection_fail(collection, "line %d", 2);
    assert_true(collection->failed);
    assert_string_equal(collection->failure, "line 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_what_matters_in_canonical_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_same_record_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(doubts_are_kept_once_and_not_without_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_two_replies_the_better_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(zones_and_nodes_are_kept_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_closest_soa_is_the_apex, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_are_named_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_failure_is_kept, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
