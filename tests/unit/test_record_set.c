/* design of the record set: what is published under which owner, in which order. */
#include "unit.h"

#include "record_set.h"

#include <arpa/inet.h>
#include <stdio.h>

/* The whole set, a line a record. The caller frees it. */
static char *print_set(const struct da_record_set *set)
{
    struct da_rrset_cursor cursor = {0};
    size_t size = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);

    while (da_record_set_next(set, &cursor)) {
        char owner[DA_NAME_TEXT_MAX], address[INET6_ADDRSTRLEN];
        bool a = cursor.rrset->type == DA_TYPE_A;
        assert_int_equal(cursor.rrset->rdata_length, a ? DA_IPV4_LEN : DA_IPV6_LEN);
        for (size_t i = 0; i < cursor.rrset->count; i++) {
            inet_ntop(a ? AF_INET : AF_INET6, cursor.rrset->rdata + i * cursor.rrset->rdata_length, address,
                      sizeof(address));
            fprintf(out, "%s %s %s\n", da_name_to_text(&cursor.name, owner), a ? "A" : "AAAA", address);
        }
    }
    fclose(out);
    return text;
}

static struct da_record_set *must_build(const char *yaml)
{
    struct da_deployment *deployment = must_parse(yaml);
    struct da_record_set *set = NULL;

    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    da_deployment_free(deployment); /* the set keeps nothing of it */
    return set;
}

#define CORP "directaccess-corpConnectivityHost."
#define WEB  "directaccess-WebProbeHost."
#define NLS  "directaccess-NLS."

static void publishes(void **state)
{
    static const struct {
        const char *yaml, *records;
    } rows[] = {
        {/* one server */
         "suffixes: [c.net]\nnetwork: ipv4-only\n"
         "entry-points: [{name: a, nat64-prefix: 'fd00:1::/96', servers: [{name: s, address: 10.0.0.11}]}]\n",
         CORP "c.net. A 127.0.0.1\n" CORP "c.net. AAAA fd00:1::7f00:1\n" WEB "c.net. A 10.0.0.11\n"},
        {/* a balanced pair, with an ISATAP router: the VIP, never a server's own address, for the probe */
         "suffixes: [C.Net]\nnetwork: ipv4-only\nisatap-router: isatap-DA\n"
         "entry-points: [{name: a, nat64-prefix: 'fd00:1::/96', servers: [{name: s, address: 10.0.0.12}, {name: t, "
         "address: 10.0.0.11}], load-balancer: {kind: nlb, vip: 10.0.0.100}}]\n",
         CORP "C.Net. A 127.0.0.1\n" CORP "C.Net. AAAA fd00:1::7f00:1\n" WEB "C.Net. A 10.0.0.100\n"
              "isatap-DA.C.Net. A 10.0.0.11\nisatap-DA.C.Net. A 10.0.0.12\nisatap-DA.C.Net. A 10.0.0.100\n"},
        {/* multisite: an A an entry point, an AAAA a distinct prefix, addresses ascending, suffixes as listed */
         "suffixes: [z.net, a.net]\nnetwork: ipv4-only\nnetwork-location-server: true\nentry-points:\n"
         " - {name: a, nat64-prefix: 'fd00:2::/96', servers: [{name: s, address: 10.0.2.1}]}\n"
         " - {name: b, nat64-prefix: 'fd00:1::/96', servers: [{name: t, address: 10.0.1.1}]}\n"
         " - {name: c, nat64-prefix: 'fd00:2::/96', servers: [{name: u, address: 9.0.0.1}]}\n",
         CORP "z.net. A 127.0.0.1\n" CORP "z.net. AAAA fd00:1::7f00:1\n" CORP "z.net. AAAA fd00:2::7f00:1\n" WEB
              "z.net. A 9.0.0.1\n" WEB "z.net. A 10.0.1.1\n" WEB "z.net. A 10.0.2.1\n" NLS "z.net. A 9.0.0.1\n" NLS
              "z.net. A 10.0.1.1\n" NLS "z.net. A 10.0.2.1\n" CORP "a.net. A 127.0.0.1\n" CORP
              "a.net. AAAA fd00:1::7f00:1\n" CORP "a.net. AAAA fd00:2::7f00:1\n" WEB "a.net. A 9.0.0.1\n" WEB
              "a.net. A 10.0.1.1\n" WEB "a.net. A 10.0.2.1\n" NLS "a.net. A 9.0.0.1\n" NLS "a.net. A 10.0.1.1\n" NLS
              "a.net. A 10.0.2.1\n"},
        {/* native IPv6: ::1 alone; the AAAA of a balanced entry point is its VIP's, of another its server's */
         "suffixes: [c.net]\nnetwork: ipv6\nnetwork-location-server: true\nentry-points:\n"
         " - {name: a, servers: [{name: s, address: 10.0.0.11, ipv6-address: 'fd00::11'}]}\n"
         " - {name: b, servers: [{name: t, address: 10.0.0.12, ipv6-address: 'fd00::12'}],"
         "    load-balancer: {kind: external, vip: 10.0.0.10, ipv6-vip: 'fd00::10'}}\n"
         " - {name: c, servers: [{name: u, address: 10.0.0.13}]}\n",
         CORP "c.net. AAAA ::1\n" WEB "c.net. A 10.0.0.10\n" WEB "c.net. A 10.0.0.11\n" WEB "c.net. A 10.0.0.13\n" WEB
              "c.net. AAAA fd00::10\n" WEB "c.net. AAAA fd00::11\n" NLS "c.net. A 10.0.0.10\n" NLS
              "c.net. A 10.0.0.11\n" NLS "c.net. A 10.0.0.13\n" NLS "c.net. AAAA fd00::10\n" NLS
              "c.net. AAAA fd00::11\n"},
        {/* different prefixes that map to one address are one record */
         "suffixes: [c.net]\nnetwork: ipv4-only\nentry-points:\n"
         " - {name: a, nat64-prefix: '2001:db8::/32', servers: [{name: s, address: 10.0.2.1}]}\n"
         " - {name: b, nat64-prefix: '2001:db8::/96', servers: [{name: t, address: 10.0.1.1}]}\n"
         " - {name: c, nat64-prefix: '2001:db8::/32', servers: [{name: u, address: 10.0.3.1}]}\n",
         CORP "c.net. A 127.0.0.1\n" CORP "c.net. AAAA 2001:db8::7f00:1\n" CORP "c.net. AAAA 2001:db8:7f00:1::\n" WEB
              "c.net. A 10.0.1.1\n" WEB "c.net. A 10.0.2.1\n" WEB "c.net. A 10.0.3.1\n"},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_record_set *set = must_build(rows[i].yaml);
        char *text = print_set(set);
        size_t lines = 0;
        assert_string_equal(text, rows[i].records);
        for (const char *c = text; *c != '\0'; c++)
            lines += *c == '\n';
        assert_int_equal(da_record_set_count(set), lines);
        assert_true(da_record_set_size(set) > sizeof(*set));
        free(text);
        da_record_set_free(set);
    }
    da_record_set_free(NULL);
}

#define DEPLOYMENT(suffixes, prefix, address)                                                                          \
    "suffixes: " suffixes "\nnetwork: ipv4-only\n"                                                                     \
    "entry-points: [{name: a, nat64-prefix: '" prefix "', servers: [{name: s, address: " address "}]}]\n"
#define BASE DEPLOYMENT("[c.net, b.net]", "fd00:1::/96", "10.0.0.11")

/* Same fingerprint, same answers; whatever changes an answer changes it. */
static void fingerprints(void **state)
{
    static const char *const same[] = {
        BASE "# a comment\n",
        BASE "ttl: 1200\nnegative-ttl: 300\nblock: [ISATAP]\n",
        DEPLOYMENT("[C.NET, b.net.]", "FD00:1:0::/96", "10.0.0.11"),
    };
    static const char *const other[] = {
        BASE "ttl: 1201\n",
        BASE "negative-ttl: 301\n",
        BASE "block: [isatap, wpad]\n",
        BASE "network-location-server: true\n",
        BASE "isatap-router: r\n",
        DEPLOYMENT("[c.net]", "fd00:1::/96", "10.0.0.11"),
        DEPLOYMENT("[c.net, b.net]", "fd00:1::/96", "10.0.0.12"),
        DEPLOYMENT("[c.net, b.net]", "fd00:2::/96", "10.0.0.11"),
    };
    struct da_record_set *base = must_build(BASE);
    (void)state;

    /* a known answer: the fingerprint is part of logs and JSON, so a change of it is a change of format */
    assert_string_equal(base->fingerprint, "48ace59768f64d0f02ed7cee0f30a09b");
    for (size_t i = 0; i < LENGTH_OF(same); i++) {
        struct da_record_set *set = must_build(same[i]);
        assert_string_equal(set->fingerprint, base->fingerprint);
        da_record_set_free(set);
    }
    for (size_t i = 0; i < LENGTH_OF(other); i++) {
        struct da_record_set *set = must_build(other[i]);
        if (strcmp(set->fingerprint, base->fingerprint) == 0)
            fail_msg("the same fingerprint: %s", other[i]);
        da_record_set_free(set);
    }
    da_record_set_free(base);
}

static void writes_soa_data(void **state)
{
    uint8_t rdata[DA_SOA_RDATA_LENGTH];
    (void)state;

    da_soa_rdata(0x01020304, rdata);
    assert_memory_equal(rdata,
                        "\x09localhost\x00\x06nobody\x07invalid\x00"
                        "\x00\x00\x00\x01\x00\x00\x0e\x10\x00\x00\x04\xb0\x00\x09\x3a\x80\x01\x02\x03\x04",
                        DA_SOA_RDATA_LENGTH);
}

static void examples_are_right(void **state)
{
    static const struct {
        const char *file;
        size_t records;
    } rows[] = {
        {DA_EXAMPLES "/seattle.yaml", 6},
        {DA_EXAMPLES "/single-server.yaml", 3},
        {DA_EXAMPLES "/multisite.yaml", 20},
        {DA_EXAMPLES "/native-ipv6.yaml", 3},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_deployment *deployment = NULL;
        struct da_record_set *set = NULL;
        struct da_error error = {0};
        if (da_deployment_load(rows[i].file, &deployment, NULL, NULL, &error) != DA_OK)
            fail_msg("%s: %s: %s", rows[i].file, error.path, error.text);
        assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
        assert_int_equal(da_record_set_count(set), rows[i].records);
        da_record_set_free(set);
        da_deployment_free(deployment);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(publishes),
        cmocka_unit_test(fingerprints),
        cmocka_unit_test(writes_soa_data),
        cmocka_unit_test(examples_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
