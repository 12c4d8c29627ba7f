/* the lines of a watch, on standard output and in the journal; and how often it looks. */
#include "unit.h"

#include "watch/lines.h"
#include "watch/settings.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_lines(void **state)
{
    static const struct {
        bool journal;
        enum da_severity severity;
        const char *change, *text, *line;
    } rows[] = {
        {false, DA_SEVERITY_CRITICAL, "new", "server a: b", "2026-11-23T06:00:00Z critical new server a: b\n"},
        {false, DA_SEVERITY_SILENT, "gone", "x", "2026-11-23T06:00:00Z ok gone x\n"},
        {false, DA_SEVERITY_NOTE, "new", "a\nb\033[31m\xff\xe2\x80\xae",
         "2026-11-23T06:00:00Z note new a\\x0ab\\x1b[31m\\xff\\xe2\\x80\\xae\n"},
        {true, DA_SEVERITY_CRITICAL, "new", "x", "<2>critical new x\n"},
        {true, DA_SEVERITY_UNKNOWN, "failed", "x", "<3>unknown failed x\n"},
        {true, DA_SEVERITY_WARNING, "worse", "x\n<0>y", "<4>warning worse x\\x0a<0>y\n"},
        {true, DA_SEVERITY_NOTE, "new", "x", "<5>note new x\n"},
        {true, DA_SEVERITY_SILENT, "back", "x", "<6>ok back x\n"},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char *text = NULL;
        size_t length = 0;
        struct da_lines lines = {open_memstream(&text, &length), rows[i].journal, 1795413600};
        da_lines_put(&lines, rows[i].severity, rows[i].change, "%s", rows[i].text);
        assert_string_equal(text, rows[i].line); /* flushed, without a close */
        fclose(lines.out);
        free(text);
    }
}

static void test_journal(void **state)
{
    char value[64];
    struct stat file;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fstat(ends[1], &file), 0);
    snprintf(value, sizeof(value), "%ju:%ju", (uintmax_t)file.st_dev, (uintmax_t)file.st_ino);
    assert_true(da_lines_is_journal(value, ends[1]));
    assert_false(da_lines_is_journal(value, STDIN_FILENO)); /* redirected: it is another's */
    assert_false(da_lines_is_journal(NULL, ends[1]));
    snprintf(value, sizeof(value), "%ju:%ju", (uintmax_t)file.st_dev, (uintmax_t)file.st_ino + 1);
    assert_false(da_lines_is_journal(value, ends[1]));
    snprintf(value, sizeof(value), "%ju:%ju ", (uintmax_t)file.st_dev, (uintmax_t)file.st_ino);
    assert_false(da_lines_is_journal(value, ends[1]));
    assert_false(da_lines_is_journal("", ends[1]));
    close(ends[0]);
    close(ends[1]);
    snprintf(value, sizeof(value), "%ju:%ju", (uintmax_t)file.st_dev, (uintmax_t)file.st_ino);
    assert_false(da_lines_is_journal(value, ends[1]));
}

static void test_intervals(void **state)
{
    static const struct {
        const char *text;
        unsigned seconds; /* 0 = refused */
    } rows[] = {
        {"1", 1},         {"300", 300}, {"300s", 300},
        {"5m", 300},      {"1h", 3600}, {"24h", 86400},
        {"86400", 86400}, {"0", 0},     {"86401", 0},
        {"25h", 0},       {"", 0},      {"m", 0},
        {"-1", 0},        {"+1", 0},    {" 1", 0},
        {"1 ", 0},        {"1.5", 0},   {"5M", 0},
        {"1d", 0},        {"5mm", 0},   {"99999999999999999999", 0},
        {"0300", 300},
    };
    unsigned seconds;

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        seconds = 0;
        assert_int_equal(da_watch_parse_interval(rows[i].text, &seconds), rows[i].seconds != 0);
        assert_int_equal(seconds, rows[i].seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_journal),
                                       cmocka_unit_test(test_intervals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
