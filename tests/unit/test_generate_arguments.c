/* Command lines by the table of options, and text broken into lines. */
#include "unit.h"

#include "arguments.h"
#include "text.h"

#include <stdio.h>

enum { FORMAT = DA_OPTION_HELP + 1, OUTPUT, SUFFIX, FORCE };

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [FORMAT] = {.name = "format", .argument = "FORMAT", .help = "the format", .required = true},
    [OUTPUT] = {.name = "output", .argument = "PATH", .fallback = "-", .help = "where to"},
    [SUFFIX] = {.name = "suffix", .argument = "NAME", .help = "which", .repeatable = true},
    [FORCE] = {.name = "force", .help = "even so"},
    {0},
};

#define MAX_WORDS 12

/* A command line of blank-separated words, behind the program's name. */
struct line {
    char text[128];
    char *argv[MAX_WORDS + 1];
    int argc;
};

static void split(struct line *line, const char *text)
{
    snprintf(line->text, sizeof(line->text), "program %s", text);
    line->argc = 0;
    for (char *word = strtok(line->text, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(line->argc < MAX_WORDS);
        line->argv[line->argc++] = word;
    }
    line->argv[line->argc] = NULL;
}

/* What was read, as "format output[suffix suffix] force help | operands". */
static void print(const struct da_arguments *arguments, char *text, size_t size)
{
    FILE *out = fmemopen(text, size, "w");
    const char *format = da_arguments_text(arguments, FORMAT), *suffix;
    size_t at = 0;

    fprintf(out, "%s %s[", format != NULL ? format : "none", da_arguments_text(arguments, OUTPUT));
    while ((suffix = da_arguments_next(arguments, SUFFIX, &at)) != NULL)
        fprintf(out, " %s", suffix);
    fprintf(out, " ]%s%s |", da_arguments_given(arguments, FORCE) ? " force" : "",
            da_arguments_given(arguments, DA_OPTION_HELP) ? " help" : "");
    for (size_t i = 0; i < arguments->operand_count; i++)
        fprintf(out, " %s", arguments->operands[i]);
    fclose(out);
}

static void reads_command_lines(void **state)
{
    static const struct {
        const char *line, *read; /* or the message */
        enum da_status status;
    } rows[] = {
        {"--format zone file", "zone -[ ] | file", DA_OK},
        {"file --format=zone", "zone -[ ] | file", DA_OK},
        {"--format zone --output out one two", "zone out[ ] | one two", DA_OK},
        {"--suffix a --format zone --suffix=b --suffix a file", "zone -[ a b a ] | file", DA_OK},
        {"--for --format zone file", "several options begin like this: \"--for\"", DA_ERR_SYNTAX},
        {"--forc --form zone file", "zone -[ ] force | file", DA_OK},
        {"--format zone -- --force", "zone -[ ] | --force", DA_OK},
        {"--format zone -", "zone -[ ] | -", DA_OK},
        {"--format - file", "- -[ ] | file", DA_OK},
        {"--help", "none -[ ] help |", DA_OK},
        {"--help one two three", "none -[ ] help | one two three", DA_OK},
        {"", "option --format is missing", DA_ERR_SYNTAX},
        {"file", "option --format is missing", DA_ERR_SYNTAX},
        {"--format zone", "FILE is missing", DA_ERR_SYNTAX},
        {"--format zone one two three four", "one argument too many: \"three\"", DA_ERR_SYNTAX},
        {"file --format", "option --format needs its FORMAT", DA_ERR_SYNTAX},
        {"--format= file", "option --format needs its FORMAT", DA_ERR_SYNTAX},
        {"--format zone --format zone file", "option --format is given more than once", DA_ERR_SYNTAX},
        {"--format zone --force --force file", "option --force is given more than once", DA_ERR_SYNTAX},
        {"--format zone --force=yes file", "option --force takes no argument", DA_ERR_SYNTAX},
        {"--format zone --forced file", "no such option: \"--forced\"", DA_ERR_SYNTAX},
        {"--format zone --forced=yes file", "no such option: \"--forced\"", DA_ERR_SYNTAX},
        {"--format zone file -x", "no such option: \"-x\"", DA_ERR_SYNTAX},
        {"--format zone -xyz file", "no such option: \"-x\"", DA_ERR_SYNTAX},
        {"--help --forced", "no such option: \"--forced\"", DA_ERR_SYNTAX},
    };
    static const struct da_operands operands = {.names = "FILE", .least = 1, .most = 2};

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_arguments arguments;
        struct da_error error = {0};
        struct line line = {0};
        char read[256] = "";

        split(&line, rows[i].line);
        enum da_status status = da_arguments_parse(options, &operands, line.argc, line.argv, &arguments, &error);
        assert_int_equal(status, error.status);
        if (status == DA_OK) {
            print(&arguments, read, sizeof(read));
            da_arguments_clear(&arguments);
        }
        if (status != rows[i].status || strcmp(status == DA_OK ? read : error.text, rows[i].read) != 0)
            fail_msg("\"%s\": %s", rows[i].line, status == DA_OK ? read : error.text);
    }
}

/* What follows a subcommand's name is the subcommand's. */
static void leaves_a_subcommand_its_options(void **state)
{
    static const struct da_operands operands = {.names = "COMMAND", .most = SIZE_MAX, .end_options = true};
    static const struct da_option program[] = {[DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY, {0}};
    struct da_arguments arguments;
    struct da_error error = {0};
    struct line line = {0};

    (void)state;
    split(&line, "generate --help --no-such");
    assert_int_equal(da_arguments_parse(program, &operands, line.argc, line.argv, &arguments, &error), DA_OK);
    assert_false(da_arguments_given(&arguments, DA_OPTION_HELP));
    assert_int_equal(arguments.operand_count, 3);
    assert_string_equal(arguments.operands[0], "generate");
    assert_string_equal(arguments.operands[1], "--help");
    da_arguments_clear(&arguments);
    split(&line, "--help generate");
    assert_int_equal(da_arguments_parse(program, &operands, line.argc, line.argv, &arguments, &error), DA_OK);
    assert_true(da_arguments_given(&arguments, DA_OPTION_HELP));
    assert_int_equal(arguments.operand_count, 1);
    da_arguments_clear(&arguments);
}

static void prints_options(void **state)
{
    char text[1024] = "";
    FILE *out = fmemopen(text, sizeof(text), "w");

    (void)state;
    da_options_print(options, out);
    fclose(out);
    assert_string_equal(text, "Options:\n"
                              "  --help           show this help and exit\n"
                              "  --format FORMAT  the format (required)\n"
                              "  --output PATH    where to (default: -)\n"
                              "  --suffix NAME    which (may be repeated)\n"
                              "  --force          even so\n");
}

#define WORD39 "123456789012345678901234567890123456789"

static void wraps_text(void **state)
{
    static const struct {
        const char *text, *wrapped;
    } rows[] = {
        {"", "- \n"},
        {"one", "- one\n"},
        {"one  two", "- one two\n"},
        /* 78 columns are a line, 79 are not */
        {WORD39 " 123456789012345678901234567890123456", "- " WORD39 " 123456789012345678901234567890123456\n"},
        {WORD39 " 1234567890123456789012345678901234567", "- " WORD39 "\n   1234567890123456789012345678901234567\n"},
        {WORD39 " x " WORD39 WORD39 " y", "- " WORD39 " x\n   " WORD39 WORD39 "\n   y\n"},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char text[256] = "";
        FILE *out = fmemopen(text, sizeof(text), "w");
        da_text_wrap(out, "- ", "   ", rows[i].text);
        fclose(out);
        assert_string_equal(text, rows[i].wrapped);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_command_lines),
        cmocka_unit_test(leaves_a_subcommand_its_options),
        cmocka_unit_test(prints_options),
        cmocka_unit_test(wraps_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
