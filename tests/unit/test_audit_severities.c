/* The file that changes severities: zones/audit/finding.h. */
#include "unit.h"

#include "audit/finding.h"

#include <stdio.h>
#include <unistd.h>

static enum da_status load(const char *text, size_t length, struct da_severities *severities, struct da_error *error)
{
    char path[] = "/tmp/da-severities-XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, length), (ssize_t)length);
    close(fd);
    da_severities_default(severities);
    enum da_status status = da_severities_load(path, severities, error);
    unlink(path);
    return status;
}

/* Every code takes every severity, and nothing else changes. */
static void changes_each(void **state)
{
    (void)state;
    for (int code = 0; code < DA_FINDING_CODES; code++) {
        for (int severity = 0; severity < DA_SEVERITIES; severity++) {
            char text[128];
            struct da_severities expected, severities;
            struct da_error error = {0};
            snprintf(text, sizeof(text), "%s: %s\n", da_finding_kinds[code].code,
                     da_severity_text((enum da_severity)severity));
            assert_int_equal(load(text, strlen(text), &severities, &error), DA_OK);
            da_severities_default(&expected);
            expected.of[code] = (enum da_severity)severity;
            assert_memory_equal(severities.of, expected.of, sizeof(expected.of));
        }
    }
}

static void reads_what_people_write(void **state)
{
    static const struct {
        const char *text;
        size_t length; /* 0 = up to the NUL */
        enum da_severity dynamic, ttl;
    } rows[] = {
        {"", 0, DA_SEVERITY_SILENT, DA_SEVERITY_SILENT},
        {"# nothing changes\n", 0, DA_SEVERITY_SILENT, DA_SEVERITY_SILENT},
        {"{}\n", 0, DA_SEVERITY_SILENT, DA_SEVERITY_SILENT},
        {"record-dynamic: note # we know\nttl-differs: \"critical\"\n", 0, DA_SEVERITY_NOTE, DA_SEVERITY_CRITICAL},
        {"{\"record-dynamic\": \"unknown\", \"ttl-differs\": \"warning\"}", 0, DA_SEVERITY_UNKNOWN,
         DA_SEVERITY_WARNING},
        {"\xef\xbb\xbfrecord-dynamic: note\r\n", 0, DA_SEVERITY_NOTE, DA_SEVERITY_SILENT},
        {"\xff\xfet\0t\0l\0-\0d\0i\0f\0f\0e\0r\0s\0:\0 \0n\0o\0t\0e\0", 36, DA_SEVERITY_SILENT, DA_SEVERITY_NOTE},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_severities expected, severities;
        struct da_error error = {0};
        char text[DA_ERROR_PRINT_MAX];
        size_t length = rows[i].length > 0 ? rows[i].length : strlen(rows[i].text);
        if (load(rows[i].text, length, &severities, &error) != DA_OK)
            fail_msg("%zu: %s", i, da_error_print(&error, "f", text, sizeof(text)));
        da_severities_default(&expected);
        if (rows[i].dynamic != DA_SEVERITY_SILENT)
            expected.of[DA_FINDING_RECORD_DYNAMIC] = rows[i].dynamic;
        if (rows[i].ttl != DA_SEVERITY_SILENT)
            expected.of[DA_FINDING_TTL_DIFFERS] = rows[i].ttl;
        assert_memory_equal(severities.of, expected.of, sizeof(expected.of));
    }
}

/* A file that is refused changes nothing, the lines before the bad one neither. */
static void refuses(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"record-dynamic: note\nrecord-dynamc: note\n",
         "f:2:1: \"record-dynamc\": unknown finding; 'dadns audit --help' lists them"},
        {"Record-Dynamic: note\n", "f:1:1: \"Record-Dynamic\": unknown finding; 'dadns audit --help' lists them"},
        {"record-dynamic: note\nrecord-dynamic: note\n", "f:2:1: record-dynamic: repeated key; expected it once"},
        {"record-dynamic: ignore\n",
         "f: record-dynamic: \"ignore\": expected silent, note, warning, unknown or critical"},
        {"ttl-differs: note\nrecord-dynamic: Note\n",
         "f: record-dynamic: \"Note\": expected silent, note, warning, unknown or critical"},
        {"record-dynamic:\n", "f: record-dynamic: \"\": expected silent, note, warning, unknown or critical"},
        {"record-dynamic: [note]\n", "f:1:17: record-dynamic: a list; expected a single value"},
        {"- record-dynamic\n", "f: a list; expected a mapping"},
        {"note\n", "f: a single value; expected a mapping"},
        {"record-dynamic: note\n---\n{}\n", "f:2:1: a second document; expected one"},
        {"record-dynamic: &n note\nttl-differs: *n\n", "f:2:14: an alias; expected the value written out"},
        {"? [a]\n: b\n", "f:1:1: not a list of severities; expected a mapping of keys to values"},
        {"[[[[[[[[[]]]]]]]]]\n", "f:1:9: nested too deeply; expected a list of severities"},
        {"record-dynamic: 'note\n", "f:2:1: not YAML: found unexpected end of stream"},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_severities expected, severities;
        struct da_error error = {0};
        char text[DA_ERROR_PRINT_MAX];
        assert_int_not_equal(load(rows[i].text, strlen(rows[i].text), &severities, &error), DA_OK);
        assert_string_equal(da_error_print(&error, "f", text, sizeof(text)), rows[i].message);
        da_severities_default(&expected);
        assert_memory_equal(severities.of, expected.of, sizeof(expected.of));
    }
}

static void refuses_files(void **state)
{
    struct da_severities severities;
    struct da_error error = {0};
    size_t size = (size_t)1024 * 1024 + 1;
    char *text = malloc(size);
    (void)state;

    da_severities_default(&severities);
    assert_int_equal(da_severities_load("/nonexistent/file", &severities, &error), DA_ERR_IO);
    assert_int_not_equal(error.text[0], '\0');
    assert_non_null(text);
    memset(text, '#', size);
    error = (struct da_error){0};
    assert_int_equal(load(text, size, &severities, &error), DA_ERR_LIMIT);
    assert_string_equal(error.text, "too large; expected at most 1048576 octets");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_each),
        cmocka_unit_test(reads_what_people_write),
        cmocka_unit_test(refuses),
        cmocka_unit_test(refuses_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
