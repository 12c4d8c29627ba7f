/* Addresses that can be published, and RFC 6052. */
#include "unit.h"

#include "address.h"

#include <arpa/inet.h>

static void judges_ipv4(void **state)
{
    static const struct {
        const char *text;
        bool read, unicast;
    } rows[] = {
        {"10.0.0.11", true, true},       {"192.0.2.255", true, true},
        {"223.255.255.255", true, true}, {"1.0.0.0", true, true},
        {"126.1.1.1", true, true},       {"128.0.0.1", true, true},
        {"169.253.1.1", true, true},     {"0.0.0.0", true, false},
        {"0.1.2.3", true, false},        {"127.0.0.1", true, false},
        {"127.9.9.9", true, false},      {"169.254.1.1", true, false},
        {"224.0.0.1", true, false},      {"239.1.1.1", true, false},
        {"240.0.0.1", true, false},      {"255.255.255.255", true, false},
        {"10.0.0", false, false},        {"10.0.0.256", false, false},
        {"10.0.0.1 ", false, false},     {"010.0.0.1", false, false},
        {"0x0a.0.0.1", false, false},    {"", false, false},
        {"10.0.0.1/24", false, false},   {"::1", false, false},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_ipv4 address;
        bool read = da_ipv4_from_text(rows[i].text, &address);
        if (read != rows[i].read || (read && da_ipv4_is_unicast(&address) != rows[i].unicast))
            fail_msg("%s", rows[i].text);
    }
}

static void judges_ipv6(void **state)
{
    static const struct {
        const char *text;
        bool read, unicast;
    } rows[] = {
        {"2001:db8::1", true, true},
        {"fd12:3456:789a::11", true, true},
        {"2006:2005:1:1::10", true, true},
        {"64:ff9b::a00:1", true, true},
        {"fec0::1", true, true},
        {"::1", true, false},
        {"::", true, false},
        {"::10.0.0.1", true, false},
        {"::ffff:10.0.0.1", true, false},
        {"fe80::1", true, false},
        {"febf::1", true, false},
        {"ff02::1", true, false},
        {"10.0.0.1", false, false},
        {"fe80::1%eth0", false, false},
        {"2001:db8::1/64", false, false},
        {"2001:db8:::1", false, false},
        {"", false, false},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_ipv6 address;
        bool read = da_ipv6_from_text(rows[i].text, &address);
        if (read != rows[i].read || (read && da_ipv6_is_unicast(&address) != rows[i].unicast))
            fail_msg("%s", rows[i].text);
    }
}

static void judges_prefixes(void **state)
{
    static const struct {
        const char *text;
        enum da_prefix_fault fault;
    } rows[] = {
        {"fd12:3456:789a:7777::/96", DA_PREFIX_OK},
        {"69:FF9B::/96", DA_PREFIX_OK},
        {"2001:db8::/32", DA_PREFIX_OK},
        {"2001:db8:100::/40", DA_PREFIX_OK},
        {"2001:db8:122::/48", DA_PREFIX_OK},
        {"2001:db8:122:300::/56", DA_PREFIX_OK},
        {"2001:db8:122:344::/64", DA_PREFIX_OK},
        {"2001:db8:122:344:ff::/96", DA_PREFIX_OK}, /* bits 72 to 79 */
        {"2001:db8::", DA_PREFIX_SYNTAX},
        {"2001:db8::/", DA_PREFIX_SYNTAX},
        {"2001:db8::/x", DA_PREFIX_SYNTAX},
        {"2001:db8::/9 6", DA_PREFIX_SYNTAX},
        {"2001:db8::/-96", DA_PREFIX_SYNTAX},
        {"2001:db8::/0096", DA_PREFIX_SYNTAX},
        {"/96", DA_PREFIX_SYNTAX},
        {"10.0.0.0/8", DA_PREFIX_SYNTAX},
        {"2001:db8:1111:2222:3333:4444:5555:6666:7777:8888:9999/96", DA_PREFIX_SYNTAX},
        {"2001:db8::/0", DA_PREFIX_LENGTH},
        {"2001:db8::/80", DA_PREFIX_LENGTH},
        {"2001:db8::/128", DA_PREFIX_LENGTH},
        {"2001:db8::/999", DA_PREFIX_LENGTH},
        {"2001:db8::1/96", DA_PREFIX_HOST_BITS},
        {"2001:db8:1::/32", DA_PREFIX_HOST_BITS},
        {"2001:db8:122:344:100::/64", DA_PREFIX_HOST_BITS},
        {"2001:db8:122:344:100::/96", DA_PREFIX_U_OCTET},
        {"2001:db8:122:344:8000::/96", DA_PREFIX_U_OCTET},
        {"::/96", DA_PREFIX_UNICAST},
        {"fe80::/64", DA_PREFIX_UNICAST},
        {"ff02::/96", DA_PREFIX_UNICAST},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_prefix prefix = {.length = 200};
        enum da_prefix_fault fault = da_prefix_from_text(rows[i].text, &prefix);
        if (fault != rows[i].fault)
            fail_msg("%s: fault %d, expected %d", rows[i].text, fault, rows[i].fault);
        if (fault != DA_PREFIX_OK)
            assert_int_equal(prefix.length, 200);
    }
}

/* RFC 6052 section 2.4's method, one row a prefix length. */
static void embeds_known_answers(void **state)
{
    static const struct {
        const char *prefix, *ipv4, *expected;
    } rows[] = {
        {"2001:db8::/32", "127.0.0.1", "2001:db8:7f00:1::"},
        {"2001:db8:100::/40", "127.0.0.1", "2001:db8:17f:0:1::"},
        {"2001:db8:122::/48", "127.0.0.1", "2001:db8:122:7f00:0:100::"},
        {"2001:db8:122:300::/56", "127.0.0.1", "2001:db8:122:37f:0:1::"},
        {"2001:db8:122:344::/64", "127.0.0.1", "2001:db8:122:344:7f:0:100:0"},
        {"fdc4:29bd:abde:7777::/96", "127.0.0.1", "fdc4:29bd:abde:7777::7f00:1"},
        /* the table of RFC 6052 section 2.4 itself */
        {"2001:db8::/32", "192.0.2.33", "2001:db8:c000:221::"},
        {"2001:db8:100::/40", "192.0.2.33", "2001:db8:1c0:2:21::"},
        {"2001:db8:122::/48", "192.0.2.33", "2001:db8:122:c000:2:2100::"},
        {"2001:db8:122:300::/56", "192.0.2.33", "2001:db8:122:3c0:0:221::"},
        {"2001:db8:122:344::/64", "192.0.2.33", "2001:db8:122:344:c0:2:2100:0"},
        {"2001:db8:122:344::/96", "192.0.2.33", "2001:db8:122:344::192.0.2.33"},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_prefix prefix;
        struct da_ipv4 ipv4;
        struct da_ipv6 expected;
        assert_int_equal(da_prefix_from_text(rows[i].prefix, &prefix), DA_PREFIX_OK);
        assert_true(da_ipv4_from_text(rows[i].ipv4, &ipv4));
        assert_true(da_ipv6_from_text(rows[i].expected, &expected));
        struct da_ipv6 embedded = da_prefix_embed(&prefix, &ipv4);
        assert_memory_equal(&embedded, &expected, sizeof(expected));
        struct da_ipv4 extracted;
        assert_true(da_prefix_extract(&prefix, &expected, &extracted));
        assert_memory_equal(&extracted, &ipv4, sizeof(ipv4));
        struct da_prefix found;
        assert_true(da_prefix_of(&expected, &ipv4, &found));
        assert_memory_equal(&found, &prefix, sizeof(prefix));
    }
}

static void finds_no_prefix_of_others(void **state)
{
    /* No 127.0.0.1; not behind one of the lengths; with a bit of 64 to 71 set. */
    static const char *const others[] = {"::1", "fd12::7f00:2",
                                         "fd12:7f00:1::", "fd12:0:0:7f00:1::", "fd12:3456:789a:7777:100::7f00:1"};
    static const struct da_ipv4 loopback = {{127, 0, 0, 1}};
    struct da_prefix prefix;
    struct da_ipv6 other;
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(others); i++) {
        print_message("%s\n", others[i]);
        assert_true(da_ipv6_from_text(others[i], &other));
        assert_false(da_prefix_of(&other, &loopback, &prefix));
    }
}

/* Outside the prefix, by its first bit and by its last. */
static void extracts_from_its_prefix_only(void **state)
{
    static const char *const others[] = {"7d12:3456:789a:7777::7f00:1", "fd12:3456:789a:7777:0:1:7f00:1"};
    struct da_ipv4 address = {{1, 2, 3, 4}};
    struct da_prefix prefix;
    struct da_ipv6 other;
    (void)state;

    assert_int_equal(da_prefix_from_text("fd12:3456:789a:7777::/96", &prefix), DA_PREFIX_OK);
    for (size_t i = 0; i < LENGTH_OF(others); i++) {
        assert_true(da_ipv6_from_text(others[i], &other));
        assert_false(da_prefix_extract(&prefix, &other, &address));
        assert_int_equal(address.octet[0], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_ipv4),
        cmocka_unit_test(judges_ipv6),
        cmocka_unit_test(judges_prefixes),
        cmocka_unit_test(embeds_known_answers),
        cmocka_unit_test(extracts_from_its_prefix_only),
        cmocka_unit_test(finds_no_prefix_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
