/* The update that is sent: octet by octet, and as commands of nsupdate. */
#include "unit.h"

#include "restore/sender.h"
#include "restore/update.h"

#include "audit/live_message.h"

#include <stdio.h>

static const char yaml[] = "suffixes: [corp.net]\n"
                           "network: ipv4-only\n"
                           "ttl: 600\n"
                           "entry-points:\n"
                           "  - {name: a, nat64-prefix: 'fd12:3456:789a:7777::/96',"
                           " servers: [{name: s, address: 10.0.0.1}]}\n"
                           "  - {name: b, nat64-prefix: 'fd12:3456:789a:8888::/96',"
                           " servers: [{name: t, address: 10.0.0.2}]}\n";

struct fixture {
    struct da_deployment *deployment;
    struct da_record_set *set;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    fixture->deployment = must_parse(yaml);
    assert_int_equal(da_record_set_new(fixture->deployment, &fixture->set), DA_OK);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    da_record_set_free(fixture->set);
    da_deployment_free(fixture->deployment);
    free(fixture);
    return 0;
}

/* The update for the RRset of that number in the set, of which some addresses are there. */
static ldns_pkt *make(const struct fixture *fixture, size_t number, const uint8_t (*there)[4], size_t count,
                      const char *zone_text)
{
    struct da_found found[4] = {0};
    struct da_need need = {.kind = DA_NEED_ADDRESSES, .found = found, .found_count = count, .ttl = 600};
    struct da_rrset_cursor cursor = {0};
    struct da_name zone = {0};
    ldns_pkt *update = NULL;

    zone.length = (uint8_t)wire_name(zone_text, zone.wire);
    for (size_t i = 0; i <= number; i++)
        assert_true(da_record_set_next(fixture->set, &cursor));
    for (size_t i = 0; i < count; i++)
        found[i] = (struct da_found){.type = DA_TYPE_A, .rdata = there[i], .rdata_length = 4};
    if (count > 0)
        need.ttl = 77;
    assert_int_equal(da_update_new(fixture->set, &cursor, &need, &zone, &update), DA_OK);
    return update;
}

enum { HOST_A, HOST_AAAA, PROBE_A };

#define NAME_HOST                                                                                                      \
    "\x21"                                                                                                             \
    "directaccess-corpConnectivityHost"
#define NAME_PROBE                                                                                                     \
    "\x19"                                                                                                             \
    "directaccess-WebProbeHost"

static void writes_messages(void **state)
{
    /* Header: ID, opcode 5 and no other bit, one zone, two prerequisites, one update. Owners are compressed. */
    static const char host_a[] = "\x12\x34\x28\x00\0\1\0\2\0\1\0\0"
                                 "\4corp\3net\0\0\6\0\1"                     /* zone: SOA, IN */
        NAME_HOST "\xc0\x0c\0\5\0\xfe\0\0\0\0\0\0"                           /* no CNAME: NONE */
                                 "\xc0\x1a\0\1\0\xfe\0\0\0\0\0\0"            /* no A */
                                 "\xc0\x1a\0\1\0\1\0\0\2\x58\0\4\x7f\0\0\1"; /* A, IN, 600 */
    /* One address is there: its TTL, and no prerequisite that the RRset be absent. */
    static const char probe_a[] = "\x12\x34\x28\x00\0\1\0\1\0\1\0\0"
                                  "\4corp\3net\0\0\6\0\1" NAME_PROBE "\xc0\x0c\0\5\0\xfe\0\0\0\0\0\0"
                                  "\xc0\x1a\0\1\0\1\0\0\0\x4d\0\4\x0a\0\0\2";
    static const uint8_t first[][4] = {{10, 0, 0, 1}};
    const struct {
        size_t number, there;
        const char *octets;
        size_t length;
    } rows[] = {
        {HOST_A, 0, host_a, sizeof(host_a) - 1},
        {PROBE_A, 1, probe_a, sizeof(probe_a) - 1},
    };
    uint8_t *wire = malloc(DA_MESSAGE_MAX);

    assert_non_null(wire);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        ldns_pkt *update = make(*state, rows[i].number, first, rows[i].there, "corp.net");
        size_t length = 0;
        assert_int_equal(da_sender_write(update, 0x1234, wire, &length), DA_OK);
        assert_int_equal(length, rows[i].length);
        assert_memory_equal(wire, rows[i].octets, length);
        ldns_pkt_free(update);
    }
    free(wire);
}

static void prints_commands(void **state)
{
    static const uint8_t first[][4] = {{10, 0, 0, 2}};
    static const struct {
        size_t number, there;
        const char *zone, *text;
    } rows[] = {
        {HOST_A, 0, "corp.net",
         "zone corp.net.\n"
         "prereq nxrrset directaccess-corpConnectivityHost.corp.net. CNAME\n"
         "prereq nxrrset directaccess-corpConnectivityHost.corp.net. A\n"
         "update add directaccess-corpConnectivityHost.corp.net. 600 IN A 127.0.0.1\n"
         "send\n"},
        {HOST_AAAA, 0, "net",
         "zone net.\n"
         "prereq nxrrset directaccess-corpConnectivityHost.corp.net. CNAME\n"
         "prereq nxrrset directaccess-corpConnectivityHost.corp.net. AAAA\n"
         "update add directaccess-corpConnectivityHost.corp.net. 600 IN AAAA fd12:3456:789a:7777::7f00:1\n"
         "update add directaccess-corpConnectivityHost.corp.net. 600 IN AAAA fd12:3456:789a:8888::7f00:1\n"
         "send\n"},
        {PROBE_A, 1, "corp.net",
         "zone corp.net.\n"
         "prereq nxrrset directaccess-WebProbeHost.corp.net. CNAME\n"
         "update add directaccess-WebProbeHost.corp.net. 77 IN A 10.0.0.1\n"
         "send\n"},
    };

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        ldns_pkt *update = make(*state, rows[i].number, first, rows[i].there, rows[i].zone);
        char *text = NULL;
        size_t length = 0;
        FILE *out = open_memstream(&text, &length);
        assert_non_null(out);
        assert_int_equal(da_update_print(update, out), DA_OK);
        fclose(out);
        assert_string_equal(text, rows[i].text);
        free(text);
        ldns_pkt_free(update);
    }
}

static void tells_what_cannot_be_written(void **state)
{
    ldns_pkt *update = make(*state, HOST_A, NULL, 0, "corp.net");
    FILE *full = fopen("/dev/full", "w");

    assert_non_null(full);
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(da_update_print(update, full), DA_ERR_IO);
    fclose(full);
    ldns_pkt_free(update);
}

/* ---- replies ---- */

static void knows_replies_to_updates(void **state)
{
    static const char reply[] = "\x12\x34\xa8\x05\0\1\0\0\0\0\0\0\4corp\3net\0\0\6\0\1";
    struct da_question zone = {.type = DA_TYPE_SOA};
    uint8_t wire[sizeof(reply) - 1];
    struct da_message message;
    unsigned rcode;

    (void)state;
    zone.name.length = (uint8_t)wire_name("CORP.net", zone.name.wire);
    memcpy(wire, reply, sizeof(wire));
    assert_true(da_message_open_update(wire, sizeof(wire), &message));
    assert_false(da_message_open(wire, sizeof(wire), &message));
    assert_true(da_message_open_update(wire, sizeof(wire), &message));
    assert_true(da_message_is_reply_to(&message, &zone));
    assert_int_equal(da_message_rcode(&message, &rcode), DA_OK);
    assert_int_equal(rcode, DA_RCODE_REFUSED);
    for (size_t length = 0; length < sizeof(wire); length++)
        assert_false(da_message_open_update(wire, length, &message));
    wire[2] = 0x28; /* an update, not a reply to one */
    assert_false(da_message_open_update(wire, sizeof(wire), &message));
    wire[2] = 0x80; /* a reply to a question */
    assert_false(da_message_open_update(wire, sizeof(wire), &message));
    assert_true(da_message_open(wire, sizeof(wire), &message));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(prints_commands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_what_cannot_be_written, set_up, tear_down),
        cmocka_unit_test(knows_replies_to_updates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
