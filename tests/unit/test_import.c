#include "unit.h"

#include "import/objects.h"

#include <string.h>

struct row {
    const char *text, *name;
    size_t objects;        /* how many there are */
    const char *values[3]; /* of the property in the last of them that has it */
    bool cut;
};

static const struct row rows[] = {
    {"Name : value", "name", 1, {"value"}, false},
    {"  Name:  value \r\n", "NAME", 1, {"value"}, false},
    {"A : 1\nB : 2\n\nA : 3\n", "A", 2, {"3"}, false},
    {"A : 1\nA : 2\n", "A", 2, {"2"}, false},
    {"A : 1\n\nBB : 2\n", "BB", 2, {"2"}, false},
    {"A : {x, y,\n      z}\n", "A", 1, {"x", "y", "z"}, false},
    {"A : {x, y...}\n", "A", 1, {"x", "y"}, true},
    {"A : {x, \xe2\x80\xa6}\n", "A", 1, {"x"}, true},
    {"A : {}\n", "A", 1, {NULL}, false},
    {"A :\n", "A", 1, {NULL}, false},
    /* a certificate has blank lines, and ends with one */
    {"Cert : [Subject]\n         CN=a\n\n         [Issuer]\n\nB    : 2\n", "B", 1, {"2"}, false},
    {"{\"A\": [1, true, null, {\"IPAddressToString\": \"10.0.0.1\"}]}", "a", 1, {"1", "True", "10.0.0.1"}, false},
    {"[{\"A\": \"x\"}, {\"A\": \"y\"}]\n{\"A\": \"z\"}", "A", 3, {"z"}, false},
    {"{\"A\": \"Node (HostName = \\\"da1\\\", X = 1)\"}", "A", 1, {"da1"}, false},
};

static void values_are(const struct da_property *property, const struct row *row)
{
    size_t expected = 0;

    if (property == NULL) {
        fail_msg("no %s", row->name);
        return;
    }
    assert_int_equal(property->cut, row->cut);
    while (expected < 3 && row->values[expected] != NULL)
        expected++;
    assert_int_equal(property->count, expected);
    for (size_t v = 0; v < expected; v++)
        assert_string_equal(property->values[v], row->values[v]);
}

static void objects_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        struct da_objects objects = {0};
        struct da_error error = {0};
        const struct da_property *property = NULL;
        print_message("%s\n", row->text);
        assert_int_equal(da_objects_parse("f", row->text, strlen(row->text), &objects, &error), DA_OK);
        assert_int_equal(objects.count, row->objects);
        for (size_t n = objects.count; n > 0 && property == NULL; n--)
            property = da_object_find(&objects.items[n - 1], row->name);
        values_are(property, row);
        da_objects_clear(&objects);
    }
}

static void others_are_refused(void **state)
{
    static const struct {
        const char *text;
        unsigned line;
    } bad[] = {
        {"", 0},   {"words\n", 0}, {"A  B\n-  -\n1 2\n", 0}, {"A   B\n---  ---\n1   2\n", 2}, {"{\"A\": \n x", 2},
        {"[1]", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct da_objects objects = {0};
        struct da_error error = {0};
        assert_int_equal(da_objects_parse("f", bad[i].text, strlen(bad[i].text), &objects, &error), DA_ERR_SYNTAX);
        assert_int_equal(error.line, bad[i].line);
        da_objects_clear(&objects);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(objects_are_read), cmocka_unit_test(others_are_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
