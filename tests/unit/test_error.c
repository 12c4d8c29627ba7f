/* The first error wins, and a message is one printable line. */
#include "unit.h"

#include "error.h"

static void first_error_wins(void **state)
{
    struct da_error error = {0};
    char text[DA_ERROR_PRINT_MAX];
    (void)state;

    assert_int_equal(da_error_set(&error, DA_ERR_VALUE, "a.b", "first %d", 1), DA_ERR_VALUE);
    assert_int_equal(da_error_set(&error, DA_ERR_IO, "c", "second"), DA_ERR_IO);
    assert_string_equal(da_error_print(&error, "f.yaml", text, sizeof(text)), "f.yaml: a.b: first 1");
    assert_int_equal(error.status, DA_ERR_VALUE);
    assert_int_equal(da_error_set(NULL, DA_ERR_IO, NULL, "nobody listens"), DA_ERR_IO);
}

static void prints_what_is_known(void **state)
{
    static const struct {
        struct da_error error;
        const char *expected;
    } rows[] = {
        {{.text = "t"}, "f: t"},
        {{.text = "t", .path = "p"}, "f: p: t"},
        {{.text = "t", .line = 3}, "f:3: t"},
        {{.text = "t", .line = 3, .column = 7, .path = "p"}, "f:3:7: p: t"},
        {{.text = "t", .column = 7}, "f: t"},
    };
    char text[DA_ERROR_PRINT_MAX];
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        assert_string_equal(da_error_print(&rows[i].error, "f", text, sizeof(text)), rows[i].expected);
    assert_string_equal(da_error_print(&rows[3].error, "f", text, 7), "f:3:7:");
}

static void quotes_for_a_terminal(void **state)
{
    static const struct {
        const char *value, *expected;
    } rows[] = {
        {"", "\"\""},
        {"corp.example.net", "\"corp.example.net\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\x1b[31m\n\x7f", "\"\\x1b[31m\\x0a\\x7f\""},
        {"~\x1f", "\"~\\x1f\""},
        {"z\xc3\xbcrich", "\"z\\xc3\\xbcrich\""},
    };
    char text[DA_ERROR_QUOTE_MAX];
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        assert_string_equal(da_error_quote(rows[i].value, text, sizeof(text)), rows[i].expected);
}

static void cuts_long_values(void **state)
{
    char value[1000], text[DA_ERROR_QUOTE_MAX], hostname[254];
    (void)state;

    memset(value, '\n', sizeof(value));
    value[sizeof(value) - 1] = '\0';
    for (size_t size = 16; size <= sizeof(text); size++) {
        da_error_quote(value, text, size);
        assert_true(strlen(text) < size);
        assert_string_equal(text + strlen(text) - 4, "...\"");
    }
    memset(hostname, 'a', sizeof(hostname));
    hostname[sizeof(hostname) - 1] = '\0';
    da_error_quote(hostname, text, sizeof(text));
    assert_int_equal(strlen(text), 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_error_wins),
        cmocka_unit_test(prints_what_is_known),
        cmocka_unit_test(quotes_for_a_terminal),
        cmocka_unit_test(cuts_long_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
