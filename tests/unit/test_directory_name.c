/* Names of zones and nodes as the directory has them, in filters and in DNs. */
#include "unit.h"

#include "directory/directory_name.h"

#include <stdio.h>

static struct da_name name_of(const char *text)
{
    struct da_name name;

    name.length = (uint8_t)wire_name(text, name.wire);
    return name;
}

#define LABEL63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void zones(void **state)
{
    static const struct {
        const char *text, *name; /* NULL = refused */
    } rows[] = {
        {"corp.example.net", "corp.example.net."},
        {"Corp.Example.Net.", "Corp.Example.Net."},
        {".", "."},
        {"f\xc3\xbc.example", "f\\195\\188.example."},
        {LABEL63 ".example", LABEL63 ".example."},
        {"a b", "a\\032b."},
        {"", NULL},
        {"..", NULL},
        {"..TrustAnchors", NULL},
        {"..InProgress-1-corp.example.net", NULL},
        {".example", NULL},
        {"a..b", NULL},
        {LABEL63 "x.example", NULL},
        {LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, NULL},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char text[DA_NAME_TEXT_MAX];
        struct da_name name;
        if (da_directory_zone_name(rows[i].text, &name) != (rows[i].name != NULL))
            fail_msg("%s", rows[i].text);
        if (rows[i].name != NULL)
            assert_string_equal(da_name_to_text(&name, text), rows[i].name);
    }
}

/* An owner, and the node that has it: there and back. */
static void nodes(void **state)
{
    static const struct {
        const char *zone, *node, *owner; /* NULL = refused */
    } rows[] = {
        {"corp.example.net", "@", "corp.example.net."},
        {"corp.example.net", "directaccess-WebProbeHost", "directaccess-WebProbeHost.corp.example.net."},
        {"corp.example.net", "a.b", "a.b.corp.example.net."},
        {"corp.example.net", "*", "*.corp.example.net."},
        {"corp.example.net", "f\xc3\xbc", "f\\195\\188.corp.example.net."},
        {"corp.example.net", "a\\b", "a\\\\b.corp.example.net."},
        {"corp.example.net", "@.a", "\\@.a.corp.example.net."},
        {".", "net", "net."},
        {"corp.example.net", "", NULL},
        {"corp.example.net", ".", NULL},
        {"corp.example.net", "a.", NULL},
        {"corp.example.net", "a..b", NULL},
        {"corp.example.net", LABEL63 "x", NULL},
        {"corp.example.net", LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, NULL},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_name zone = name_of(rows[i].zone), owner;
        char text[DA_NAME_TEXT_MAX], relative[DA_RELATIVE_MAX];
        if (da_directory_owner(rows[i].node, &zone, &owner) != (rows[i].owner != NULL))
            fail_msg("%s", rows[i].node);
        if (rows[i].owner == NULL)
            continue;
        assert_string_equal(da_name_to_text(&owner, text), rows[i].owner);
        assert_true(da_directory_relative(&owner, &zone, relative));
        assert_string_equal(relative, rows[i].node);
    }
}

static void without_node(void **state)
{
    const struct da_name zone = name_of("corp.example.net"), other = name_of("a.xcorp.example.net"),
                         above = name_of("net");
    const struct da_name dotted = {.length = 4 + 18, .wire = "\3a.b\4corp\7example\3net"};
    const struct da_name zero = {.length = 4 + 18, .wire = "\3a\0b\4corp\7example\3net"};
    char text[DA_RELATIVE_MAX];
    (void)state;

    assert_false(da_directory_relative(&other, &zone, text));
    assert_false(da_directory_relative(&above, &zone, text));
    assert_false(da_directory_relative(&dotted, &zone, text));
    assert_false(da_directory_relative(&zero, &zone, text));
}

/* RFC 4515 section 3, RFC 4514 section 2.4: what is special is never left as it is. */
static void escapes(void **state)
{
    static const struct {
        const char *value, *term;
    } rows[] = {
        {"directaccess-NLS.a_b", "directaccess-NLS.a_b"},
        {"*", "\\2a"},
        {"@", "@"},
        {"a*(b)\\", "a\\2a\\28b\\29\\5c"},
        {"a,b+c=d;e<f>g\"h", "a\\2cb\\2bc\\3dd\\3be\\3cf\\3eg\\22h"},
        {" #", "\\20\\23"},
        {"\xc3\xbc\n", "\\c3\\bc\\0a"},
    };
    char widest[DA_RELATIVE_MAX], term[DA_TERM_MAX], rdn[DA_RDN_MAX], expected[DA_RDN_MAX];
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        assert_string_equal(da_directory_escape_term(rows[i].value, term), rows[i].term);
        snprintf(expected, sizeof(expected), "DC=%s", rows[i].term);
        assert_string_equal(da_directory_rdn(rows[i].value, rdn), expected);
    }
    memset(widest, '*', sizeof(widest) - 1);
    widest[sizeof(widest) - 1] = '\0';
    assert_int_equal(strlen(da_directory_escape_term(widest, term)), 3 * (DA_RELATIVE_MAX - 1));
    assert_int_equal(strlen(da_directory_rdn(widest, rdn)), 3 + 3 * (DA_RELATIVE_MAX - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones),
        cmocka_unit_test(nodes),
        cmocka_unit_test(without_node),
        cmocka_unit_test(escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
