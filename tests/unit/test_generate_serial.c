/* Serials of generated zones, and whether two zones hold the same records. */
#include "unit.h"

#include "generate/serial.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- RFC 1982 ---- */

static void compares_serials(void **state)
{
    static const struct {
        uint32_t a, b;
        bool higher;
    } rows[] = {
        {1, 1, false},           {2, 1, true},
        {1, 2, false},           {1, 4294967295U, true},
        {0, 4294967295U, true},  {4294967295U, 1, false},
        {2147483648U, 1, true},  /* 2^31 - 1 further: the most there is */
        {2147483649U, 1, false}, /* half the circle: not comparable, in either order */
        {1, 2147483649U, false}, {2147483650U, 1, false},
        {1, 2147483650U, true},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        if (da_serial_is_higher(rows[i].a, rows[i].b) != rows[i].higher)
            fail_msg("%u, %u", rows[i].a, rows[i].b);
}

static void reads_rules(void **state)
{
    static const struct {
        const char *text;
        enum da_serial_choice choice;
        uint32_t number;
    } rows[] = {
        {"auto", DA_SERIAL_AUTO, 0},
        {"unixtime", DA_SERIAL_UNIXTIME, 0},
        {"1", DA_SERIAL_NUMBER, 1},
        {"2026112301", DA_SERIAL_NUMBER, 2026112301U},
        {"4294967295", DA_SERIAL_NUMBER, 4294967295U},
        {"007", DA_SERIAL_NUMBER, 7},
    };
    static const char *const wrong[] = {
        "",     "0",     "4294967296", "18446744073709551617", "-1", "+1", " 1", "1 ", "1.5", "0x10", "1e",
        "Auto", "auto ", "unix"};
    struct da_serial_rule rule;

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        memset(&rule, 0, sizeof(rule));
        assert_true(da_serial_rule_from_text(rows[i].text, &rule));
        assert_int_equal(rule.choice, rows[i].choice);
        assert_int_equal(rule.number, rows[i].number);
    }
    for (size_t i = 0; i < LENGTH_OF(wrong); i++) {
        rule = (struct da_serial_rule){DA_SERIAL_NUMBER, 5};
        if (da_serial_rule_from_text(wrong[i], &rule))
            fail_msg("\"%s\" is taken", wrong[i]);
        assert_int_equal(rule.number, 5);
    }
}

#define NOW  1800000000U
#define NONE 0 /* no file, or an error */

static void chooses(void **state)
{
    static const struct {
        enum da_serial_choice choice;
        uint32_t number;
        uint32_t before;
        bool same;
        uint32_t chosen;
    } rows[] = {
        {DA_SERIAL_AUTO, 0, NONE, false, NOW},
        {DA_SERIAL_AUTO, 0, 7, true, 7},
        {DA_SERIAL_AUTO, 0, 7, false, 8},
        {DA_SERIAL_AUTO, 0, 4294967294U, false, 4294967295U},
        {DA_SERIAL_AUTO, 0, 4294967295U, false, 1}, /* 0 is skipped */
        {DA_SERIAL_AUTO, 0, 4294967295U, true, 4294967295U},
        {DA_SERIAL_AUTO, 0, NOW + 5, false, NOW + 6}, /* the time is not looked at */
        {DA_SERIAL_UNIXTIME, 0, NONE, false, NOW},
        {DA_SERIAL_UNIXTIME, 0, NOW - 1, false, NOW},
        {DA_SERIAL_UNIXTIME, 0, NOW - 1, true, NOW},
        {DA_SERIAL_UNIXTIME, 0, NOW, true, NOW},
        {DA_SERIAL_UNIXTIME, 0, NOW, false, NONE},
        {DA_SERIAL_UNIXTIME, 0, 2026112301U, true, NONE},
        {DA_SERIAL_NUMBER, 9, NONE, false, 9},
        {DA_SERIAL_NUMBER, 9, 8, false, 9},
        {DA_SERIAL_NUMBER, 9, 9, true, 9},
        {DA_SERIAL_NUMBER, 9, 9, false, NONE},
        {DA_SERIAL_NUMBER, 9, 10, false, NONE},
        {DA_SERIAL_NUMBER, 9, 10, true, NONE},
        {DA_SERIAL_NUMBER, 9, 4294967000U, false, 9},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_serial_rule rule = {rows[i].choice, rows[i].number};
        struct da_zone_digest before = {.count = 1, .serial = rows[i].before}, after = {.count = rows[i].same ? 1 : 2};
        struct da_error error = {0};
        uint32_t serial = NONE;

        enum da_status status =
            da_serial_choose(&rule, NOW, rows[i].before != NONE ? &before : NULL, &after, &serial, &error);
        if (serial != rows[i].chosen || (status == DA_OK) != (serial != NONE))
            fail_msg("row %zu: %u, %s", i, serial, error.text);
    }
}

/* A zone may have come with it; it is not kept even where the records are. */
static void leaves_zero(void **state)
{
    struct da_serial_rule rule = {DA_SERIAL_AUTO, 0};
    struct da_zone_digest same = {.count = 1, .serial = 0};
    uint32_t serial = 77;

    (void)state;
    assert_int_equal(da_serial_choose(&rule, NOW, &same, &same, &serial, NULL), DA_OK);
    assert_int_equal(serial, 1);
}

static void names_both_serials(void **state)
{
    struct da_serial_rule rule = {DA_SERIAL_NUMBER, 9};
    struct da_zone_digest before = {.count = 1, .serial = 10}, after = {.count = 2};
    struct da_error error = {0};
    uint32_t serial;

    (void)state;
    assert_int_equal(da_serial_choose(&rule, NOW, &before, &after, &serial, &error), DA_ERR_VALUE);
    assert_string_equal(error.text,
                        "serial 9 is not higher (RFC 1982) than 10, which the file has: secondaries would not take the "
                        "zone; give a higher --serial, or leave it to --serial auto");
}

/* ---- digests ---- */

#define SOA "@ 300 IN SOA localhost. nobody.invalid. 42 600 120 2419200 300\n"

static enum da_status read_text(const char *text, struct da_zone_digest *digest, struct da_error *error)
{
    char path[] = "/tmp/test_generate_serial.XXXXXX";
    int fd = mkstemp(path);
    struct da_name origin;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    assert_int_equal(da_name_from_hostname("da.rpz", &origin), DA_OK);
    enum da_status status = da_zone_digest_read(path, &origin, digest, error);
    unlink(path);
    return status;
}

static void digests_records_alone(void **state)
{
    static const char zone[] = SOA "isatap 300 IN CNAME .\nweb.corp 1200 IN A 10.0.0.1\nweb.corp 1200 IN A 10.0.0.2\n";
    static const struct {
        const char *text;
        bool same;
        uint32_t serial;
    } rows[] = {
        {zone, true, 42},
        {SOA "web.corp 1200 IN A 10.0.0.2\nweb.corp 1200 IN A 10.0.0.1\nisatap 300 IN CNAME .\n", true, 42},
        {"; a comment\n\n$ORIGIN rpz.\n$TTL 1200\nda 300 IN SOA localhost. nobody.invalid. ( 42 ; serial\n 600 120\n "
         "2419200 300 )\n$ORIGIN da.rpz.\nisatap 300 CNAME .\nWEB.corp IN A 10.0.0.1\n  A 10.0.0.2 ; the other\n",
         true, 42},
        {"@ 300 IN SOA LOCALHOST. nobody.Invalid. 4294967295 600 120 2419200 300\nisatap.da.rpz. 300 IN CNAME .\n"
         "web.corp 1200 IN A 10.0.0.1\nweb.corp 1200 IN A 10.0.0.2",
         true, 4294967295U},
        {SOA "isatap 300 IN CNAME .\nweb.corp 1200 IN A 10.0.0.1\n", false, 42},
        {SOA "isatap 300 IN CNAME .\nweb.corp 1200 IN A 10.0.0.1\nweb.corp 1200 IN A 10.0.0.3\n", false, 42},
        {SOA "isatap 300 IN CNAME .\nweb.corp 1201 IN A 10.0.0.1\nweb.corp 1200 IN A 10.0.0.2\n", false, 42},
        {SOA "isatap 300 IN CNAME *.\nweb.corp 1200 IN A 10.0.0.1\nweb.corp 1200 IN A 10.0.0.2\n", false, 42},
        {SOA "isatap 300 IN CNAME .\nweb.corp 1200 IN A 10.0.0.1\nweb.corp 1200 IN A 10.0.0.1\nweb.corp 1200 IN A "
             "10.0.0.2\n",
         false, 42},
        {"@ 300 IN SOA localhost. nobody.invalid. 42 600 120 2419200 301\nisatap 300 IN CNAME .\n"
         "web.corp 1200 IN A 10.0.0.1\nweb.corp 1200 IN A 10.0.0.2\n",
         false, 42},
        {SOA "isatap 300 IN CNAME .\nweb.corp 1200 IN A 10.0.0.1\nweb.corp 1200 IN A 10.0.0.2\nnonsense\n", false, 42},
    };
    struct da_zone_digest wanted = {0};
    struct da_error error = {0};

    (void)state;
    assert_int_equal(read_text(zone, &wanted, &error), DA_OK);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_zone_digest digest = {0};
        assert_int_equal(read_text(rows[i].text, &digest, &error), DA_OK);
        assert_int_equal(digest.serial, rows[i].serial);
        if (da_zone_digest_equal(&digest, &wanted) != rows[i].same)
            fail_msg("row %zu", i);
    }
}

static void says_why_there_is_no_serial(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "the serial it has cannot be read: there is no SOA record; give --serial N"},
        {"; nothing\n", "the serial it has cannot be read: there is no SOA record; give --serial N"},
        {"isatap 300 IN CNAME .\n", "the serial it has cannot be read: there is no SOA record; give --serial N"},
        {"isatap 300 IN CNAME .\n{\"format\": 1}\n" SOA,
         "the serial it has cannot be read: line 2: Syntax error, could not parse the RR's class; give --serial N"},
    };
    struct da_name origin;

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_zone_digest digest = {.count = 77};
        struct da_error error = {0};
        assert_int_equal(read_text(rows[i].text, &digest, &error), DA_ERR_SYNTAX);
        assert_int_equal(digest.count, 77);
        assert_string_equal(error.text, rows[i].message);
    }
    struct da_zone_digest digest = {0};
    struct da_error error = {0};
    assert_int_equal(da_name_from_hostname("da.rpz", &origin), DA_OK);
    assert_int_equal(da_zone_digest_read("/nowhere/da.rpz", &origin, &digest, &error), DA_ERR_IO);
    assert_string_equal(error.text, "the serial it has cannot be read: No such file or directory; give --serial N");
    error = (struct da_error){0};
    assert_int_equal(da_zone_digest_read("/tmp", &origin, &digest, &error), DA_ERR_IO); /* opens, but cannot be read */
    assert_string_equal(error.text, "the serial it has cannot be read: Is a directory; give --serial N");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_serials),
        cmocka_unit_test(reads_rules),
        cmocka_unit_test(chooses),
        cmocka_unit_test(leaves_zero),
        cmocka_unit_test(names_both_serials),
        cmocka_unit_test(digests_records_alone),
        cmocka_unit_test(says_why_there_is_no_serial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
