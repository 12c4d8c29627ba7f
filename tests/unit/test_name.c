/* RFC 1035 sizes, RFC 1123 hostnames, RFC 4343 case. */
#include "unit.h"

#include "name.h"

#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz12345678901"

static void reads_hostnames(void **state)
{
    static const struct {
        const char *text;
        enum da_status status;
        const char *printed;
    } rows[] = {
        {"corp.example.net", DA_OK, "corp.example.net."},
        {"Corp.Example.NET.", DA_OK, "Corp.Example.NET."},
        {"local", DA_OK, "local."},
        {"3com.example", DA_OK, "3com.example."},
        {"xn--zrich-kva.example", DA_OK, "xn--zrich-kva.example."},
        {"1.2.3.x4", DA_OK, "1.2.3.x4."},
        {L63 ".net", DA_OK, L63 ".net."},
        {"a" L63 ".net", DA_ERR_SYNTAX, NULL},
        {"", DA_ERR_SYNTAX, NULL},
        {".", DA_ERR_SYNTAX, NULL},
        {".corp", DA_ERR_SYNTAX, NULL},
        {"corp..net", DA_ERR_SYNTAX, NULL},
        {"corp.net..", DA_ERR_SYNTAX, NULL},
        {"-corp.net", DA_ERR_SYNTAX, NULL},
        {"corp-.net", DA_ERR_SYNTAX, NULL},
        {"corp_x.net", DA_ERR_SYNTAX, NULL},
        {"corp x.net", DA_ERR_SYNTAX, NULL},
        {"z\xc3\xbcrich.net", DA_ERR_SYNTAX, NULL},
        {"*.corp.net", DA_ERR_SYNTAX, NULL},
        {"corp\\.net", DA_ERR_SYNTAX, NULL},
        {"10.0.0.1", DA_ERR_SYNTAX, NULL},
        {"corp.1", DA_ERR_SYNTAX, NULL},
        {"corp.1.", DA_ERR_SYNTAX, NULL},
        {L63 "." L63 "." L63 "." L63, DA_ERR_LIMIT, NULL},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_name name = {.length = 77};
        char text[DA_NAME_TEXT_MAX];
        if (da_name_from_hostname(rows[i].text, &name) != rows[i].status)
            fail_msg("%s: another status than %d", rows[i].text, rows[i].status);
        if (rows[i].status == DA_OK)
            assert_string_equal(da_name_to_text(&name, text), rows[i].printed);
        else
            assert_int_equal(name.length, 77);
    }
}

static void largest_name_fits(void **state)
{
    struct da_name name, longer;
    (void)state;

    /* 3 * 64 + 62 + 1 = 255 octets */
    assert_int_equal(da_name_from_hostname(
                         L63 "." L63 "." L63 ".abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz123456789", &name),
                     DA_OK);
    assert_int_equal(name.length, DA_NAME_MAX);
    /* one octet in front makes a shorter one as long; two are too many */
    struct da_name shorter;
    assert_int_equal(da_name_from_hostname(
                         L63 "." L63 "." L63 ".abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz1234567", &shorter),
                     DA_OK);
    assert_int_equal(da_name_prepend("a", &shorter, &longer), DA_OK);
    assert_int_equal(longer.length, DA_NAME_MAX);
    assert_int_equal(da_name_prepend("ab", &shorter, &longer), DA_ERR_LIMIT);
    assert_int_equal(da_name_from_hostname(L63 "." L63 "." L63
                                               ".abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz1234567890",
                                           &longer),
                     DA_ERR_LIMIT);
    longer = name;
    assert_int_equal(da_name_prepend("a", &name, &longer), DA_ERR_LIMIT);
    assert_memory_equal(&longer, &name, sizeof(name));
}

static void prepends_a_label(void **state)
{
    struct da_name parent, name;
    char text[DA_NAME_TEXT_MAX];
    (void)state;

    assert_int_equal(da_name_from_hostname("corp.example.net", &parent), DA_OK);
    assert_int_equal(da_name_prepend("isatap-da", &parent, &name), DA_OK);
    assert_string_equal(da_name_to_text(&name, text), "isatap-da.corp.example.net.");
    assert_int_equal(da_name_prepend("x", &name, &name), DA_OK);
    assert_string_equal(da_name_to_text(&name, text), "x.isatap-da.corp.example.net.");
}

static void tells_labels(void **state)
{
    (void)state;
    assert_true(da_name_is_label("isatap"));
    assert_true(da_name_is_label("9"));
    assert_true(da_name_is_label(L63));
    assert_false(da_name_is_label(""));
    assert_false(da_name_is_label("a.b"));
    assert_false(da_name_is_label("a."));
    assert_false(da_name_is_label("-a"));
    assert_false(da_name_is_label("a" L63));
}

static void compares_without_case(void **state)
{
    uint8_t a[DA_NAME_MAX], b[DA_NAME_MAX];
    (void)state;

    wire_name("Corp.EXAMPLE.netZ", a);
    wire_name("cORP.example.NETz", b);
    assert_true(da_name_equal(a, b));
    wire_name("corp.example.org", b);
    assert_false(da_name_equal(a, b));
    wire_name("corp.example", b);
    assert_false(da_name_equal(a, b));
    assert_true(da_name_equal((const uint8_t *)"", (const uint8_t *)""));
    /* only letters fold: '[' and '{', '@' and '`' differ by the same bit */
    assert_false(da_name_equal((const uint8_t *)"\x01[", (const uint8_t *)"\x01{"));
    assert_false(da_name_equal((const uint8_t *)"\x01@", (const uint8_t *)"\x01`"));
}

static void prints_any_octet(void **state)
{
    struct da_name name = {.length = 10,
                           .wire = "\x08"
                                   "a.\\\"(\x01 \xff"};
    char text[DA_NAME_TEXT_MAX];
    (void)state;

    assert_string_equal(da_name_to_text(&name, text), "a\\.\\\\\\\"\\(\\001\\032\\255.");
    name = (struct da_name){.length = 9,
                            .wire = "\x07"
                                    ";)@$\x7f"
                                    "~a"};
    assert_string_equal(da_name_to_text(&name, text), "\\;\\)\\@\\$\\127~a.");
    name = (struct da_name){.length = 1};
    assert_string_equal(da_name_to_text(&name, text), ".");
    /* the longest text there can be: four labels, every octet escaped */
    name.length = DA_NAME_MAX;
    for (size_t i = 0; i < DA_NAME_MAX - 1; i++)
        name.wire[i] = i % 64 == 0 ? (uint8_t)(i < 192 ? 63 : 61) : 1;
    name.wire[DA_NAME_MAX - 1] = 0;
    assert_int_equal(strlen(da_name_to_text(&name, text)), 4 * 250 + 4);
}

/* RFC 4034 section 6.1 has this order. */
static void compares_in_canonical_order(void **state)
{
    static const char *const rows[] = {".",           "example",        "a.example", "yljkjljk.a.example",
                                       "Z.a.example", "zABC.a.EXAMPLE", "z.example", "aa.z.example"};
    uint8_t a[DA_NAME_MAX], b[DA_NAME_MAX];
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        for (size_t j = 0; j < LENGTH_OF(rows); j++) {
            wire_name(rows[i], a);
            wire_name(rows[j], b);
            int order = da_name_compare(a, b);
            if ((order > 0) - (order < 0) != (i > j) - (i < j))
                fail_msg("%s, %s: %d", rows[i], rows[j], order);
        }
    }
}

static void knows_what_is_below(void **state)
{
    static const struct {
        const char *name, *above;
        bool below;
    } rows[] = {
        {"corp.example.net", "example.net", true},
        {"corp.EXAMPLE.net", "Corp.example.net", true},
        {"corp.example.net", ".", true},
        {".", ".", true},
        {"net", "example.net", false},
        {"xexample.net", "example.net", false},
        {"example.net", "example.org", false},
        {"a.b.example.net", "b.example.net", true},
    };
    struct da_name name, above;
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        name.length = (uint8_t)wire_name(rows[i].name, name.wire);
        above.length = (uint8_t)wire_name(rows[i].above, above.wire);
        if (da_name_is_below(&name, &above) != rows[i].below)
            fail_msg("%s, %s", rows[i].name, rows[i].above);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_hostnames),
        cmocka_unit_test(largest_name_fits),
        cmocka_unit_test(prepends_a_label),
        cmocka_unit_test(tells_labels),
        cmocka_unit_test(compares_without_case),
        cmocka_unit_test(prints_any_octet),
        cmocka_unit_test(compares_in_canonical_order),
        cmocka_unit_test(knows_what_is_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
