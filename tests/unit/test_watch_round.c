/* what a watch keeps of an audit: keys that outlast the clock, records, and all of it through a pipe. */
#include "audit_case.h"

#include "watch/round.h"

#include <unistd.h>

#define YAML                                                                                                           \
    "suffixes: [c.net, d.net]\nnetwork: ipv4-only\n"                                                                   \
    "entry-points: [{name: sea, nat64-prefix: 'fd00:1::/96', servers: [{name: da1, address: 10.0.0.10}]}]\n"
#define CORP "directaccess-corpConnectivityHost."
#define WEB  "directaccess-WebProbeHost."

static void keep(void *arg, const struct da_finding *finding)
{
    struct audit_case *audit_case = arg;
    const struct da_finding copy = *finding;

    *case_finding(audit_case, finding->code, finding->collection, NULL, 0) = copy;
}

/* Checks the sources, which are finished, at so many hours after CASE_NOW. */
static void look(struct audit_case *audit_case, int64_t hours, struct da_round *round)
{
    struct da_audit *audit = &audit_case->audit;

    audit->finding_count = 0;
    audit->request.now = CASE_NOW + hours * 3600;
    assert_int_equal(da_checks_run(&audit->request, keep, audit_case), DA_OK);
    assert_int_equal(da_round_make(audit, round), DA_OK);
}

/* c.net: one record dynamic and another wrong; A of corpConnectivityHost is static, AAAA missing. d.net: nothing. */
static void open_zone(struct audit_case *audit_case)
{
    case_open(audit_case, YAML);
    struct da_collection *source = case_source(audit_case, DA_SOURCE_ZONE_FILE, "z\033one");
    source->ages = true;
    case_add(source, "c.net", "SOA", "", 0, 1);
    case_add(source, CORP "c.net", "A", "127.0.0.1", 0, 2);
    case_add(source, WEB "c.net", "A", "10.0.0.10", CASE_STAMP(100), 3);
    case_add(source, WEB "c.net", "AAAA", "fd00::7", CASE_STAMP(50), 4);
    case_add(source, "isatap.c.net", "A", "10.0.0.7", 0, 5);
    case_add(source, "d.net", "SOA", "", 0, 6);
    case_finish(audit_case);
}

static void test_keys_outlast_the_clock(void **state)
{
    struct audit_case audit_case;
    struct da_round first, later;

    (void)state;
    open_zone(&audit_case);
    look(&audit_case, 0, &first);
    look(&audit_case, 30, &later);
    assert_true(first.item_count >= 6);
    assert_int_equal(first.item_count, later.item_count);
    size_t reworded = 0;
    for (size_t i = 0; i < first.item_count; i++) {
        assert_string_equal(da_round_text(&first, first.items[i].key), da_round_text(&later, later.items[i].key));
        reworded += strcmp(da_round_text(&first, first.items[i].text), da_round_text(&later, later.items[i].text)) != 0;
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(da_round_text(&first, first.items[i].key),
                                    da_round_text(&first, first.items[j].key));
    }
    assert_int_equal(reworded, 2); /* the two that age */
    da_round_clear(&first);
    da_round_clear(&later);
    case_close(&audit_case);
}

static const struct da_round_item *item_of(const struct da_round *round, enum da_finding_code code)
{
    for (size_t i = 0; i < round->item_count; i++)
        if (round->items[i].code == code)
            return &round->items[i];
    fail_msg("there is no %s", da_finding_kinds[code].code);
    return NULL;
}

static void test_items(void **state)
{
    struct audit_case audit_case;
    struct da_round round;

    (void)state;
    open_zone(&audit_case);
    look(&audit_case, 0, &round);
    const struct da_round_item *item = item_of(&round, DA_FINDING_BLOCKED_PRESENT);
    assert_string_equal(da_round_text(&round, item->text), "zone file z\\x1bone: isatap.c.net A 10.0.0.7: a record of "
                                                           "a name that must not resolve [blocked-present]");
    assert_string_equal(da_round_text(&round, item->suffix), "c.net");
    item = item_of(&round, DA_FINDING_WEB_PROBE_MISSING);
    assert_string_equal(da_round_text(&round, item->name), "directaccess-webprobehost.d.net");
    assert_int_equal(item->stage, DA_ROUND_MISSING);
    da_round_clear(&round);
    case_close(&audit_case);
}

static void test_records(void **state)
{
    static const struct da_round_record expected[] = {
        {DA_PRESENCE_RECORDS, true, DA_AGING_STATIC, 0},                      /* corpConnectivityHost.c.net A */
        {DA_PRESENCE_ABSENT, false, DA_AGING_UNKNOWN, 0},                     /* its AAAA */
        {DA_PRESENCE_RECORDS, true, DA_AGING_DYNAMIC, CASE_NOW + 100 * 3600}, /* WebProbeHost.c.net A */
        {DA_PRESENCE_ABSENT, false, 0, 0},
        {DA_PRESENCE_ABSENT, false, 0, 0}, /* d.net */
        {DA_PRESENCE_ABSENT, false, 0, 0},
    };
    struct audit_case audit_case;
    struct da_round round;

    (void)state;
    open_zone(&audit_case);
    look(&audit_case, 0, &round);
    assert_int_equal(round.record_count, LENGTH_OF(expected));
    for (size_t i = 0; i < LENGTH_OF(expected); i++) {
        assert_int_equal(round.records[i].presence, expected[i].presence);
        assert_int_equal(round.records[i].right, expected[i].right);
        assert_int_equal(round.records[i].aging, expected[i].aging);
        assert_int_equal(round.records[i].stale_at, expected[i].stale_at);
    }
    da_round_clear(&round);
    case_close(&audit_case);
}

/* The first of several addresses to become stale counts; one that is wrong makes all of the type wrong, and so does an
 * alias. */
static void test_right(void **state)
{
    struct audit_case audit_case;
    struct da_round round;

    (void)state;
    case_open(&audit_case, YAML);
    struct da_collection *source = case_source(&audit_case, DA_SOURCE_ZONE_FILE, "z");
    case_add(source, "c.net", "SOA", "", 0, 1);
    case_add(source, CORP "c.net", "A", "127.0.0.1", 0, 2);
    case_add(source, CORP "c.net", "AAAA", "fd00:1::7f00:1", 0, 3);
    case_add(source, CORP "c.net", "CNAME", "host.c.net", 0, 4);
    case_add(source, WEB "c.net", "A", "10.0.0.10", CASE_STAMP(100), 5);
    case_add(source, WEB "c.net", "A", "10.0.0.9", CASE_STAMP(90), 6);
    case_add(source, WEB "c.net", "A", "10.0.0.8", 0, 7);
    case_finish(&audit_case);
    look(&audit_case, 0, &round);
    assert_false(round.records[0].right);
    assert_false(round.records[1].right);
    assert_false(round.records[2].right);
    assert_int_equal(round.records[2].aging, DA_AGING_DYNAMIC);
    assert_int_equal(round.records[2].stale_at, CASE_NOW + 90 * 3600);
    da_round_clear(&round);
    case_close(&audit_case);
}

/* A pipe holds enough for the round of a test. */
static size_t through_pipe(const struct da_round *round, char *octets, size_t size)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_true(da_round_write(round, ends[1]));
    close(ends[1]);
    ssize_t got = read(ends[0], octets, size);
    close(ends[0]);
    assert_true(got > 0 && (size_t)got < size);
    return (size_t)got;
}

static void test_through_a_pipe(void **state)
{
    static char octets[60000];
    struct audit_case audit_case;
    struct da_round round, copy;

    (void)state;
    open_zone(&audit_case);
    look(&audit_case, 0, &round);
    size_t length = through_pipe(&round, octets, sizeof(octets));
    assert_int_equal(da_round_read(octets, length, &copy), DA_OK);
    assert_int_equal(copy.item_count, round.item_count);
    for (size_t i = 0; i < copy.item_count; i++)
        assert_string_equal(da_round_text(&copy, copy.items[i].text), da_round_text(&round, round.items[i].text));
    assert_memory_equal(copy.records, round.records, round.record_count * sizeof(*round.records));
    assert_int_equal(copy.now, CASE_NOW);
    da_round_clear(&copy);
    for (size_t cut = 0; cut < length; cut += 7)
        assert_int_equal(da_round_read(octets, cut, &copy), DA_ERR_SYNTAX);
    assert_int_equal(da_round_read(octets, length + 1, &copy), DA_ERR_SYNTAX);
    da_round_clear(&round);
    case_close(&audit_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_outlast_the_clock),
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_right),
        cmocka_unit_test(test_through_a_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
