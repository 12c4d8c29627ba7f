#include "arguments.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* getopt_long's values for our options, out of the way of '?' and ':' and of every short option's letter. */
#define FIRST_VALUE 256

#define WORD_MAX 80 /* octets of a quoted word in a message */

static size_t table_length(const struct da_option *options)
{
    size_t n = 0;
    while (options[n].name != NULL)
        n++;
    return n;
}

/* The same table for getopt_long. NULL = out of memory. */
static struct option *long_options(const struct da_option *options)
{
    size_t n = table_length(options);
    struct option *table = calloc(n + 1, sizeof(*table));

    for (size_t i = 0; table != NULL && i < n; i++) {
        table[i].name = options[i].name;
        table[i].has_arg = options[i].argument != NULL ? required_argument : no_argument;
        table[i].val = FIRST_VALUE + (int)i;
    }
    return table;
}

static bool begins_several(const struct da_option *options, const char *name)
{
    size_t found = 0;
    for (; options->name != NULL; options++)
        found += strncmp(options->name, name, strlen(name)) == 0;
    return found > 1;
}

/* Says what getopt_long would have printed: word is the element of argv it stopped at. */
static enum da_status refuse(const struct da_option *options, int value, int which, const char *word,
                             struct da_error *error)
{
    char name[WORD_MAX], quoted[WORD_MAX];

    if (which >= FIRST_VALUE) {
        const struct da_option *option = &options[which - FIRST_VALUE];
        if (value == ':')
            return da_error_set(error, DA_ERR_SYNTAX, NULL, "option --%s needs its %s", option->name, option->argument);
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "option --%s takes no argument", option->name);
    }
    if (which != 0) { /* a letter in what may be a cluster of them */
        snprintf(name, sizeof(name), "-%c", which);
    } else {
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
        if (begins_several(options, name + strlen("--")))
            return da_error_set(error, DA_ERR_SYNTAX, NULL, "several options begin like this: %s",
                                da_error_quote(name, quoted, sizeof(quoted)));
    }
    return da_error_set(error, DA_ERR_SYNTAX, NULL, "no such option: %s", da_error_quote(name, quoted, sizeof(quoted)));
}

static enum da_status check(const struct da_arguments *arguments, const struct da_operands *operands,
                            struct da_error *error)
{
    for (size_t i = 0; arguments->options[i].name != NULL; i++) {
        const struct da_option *option = &arguments->options[i];
        size_t times = 0;
        for (size_t j = 0; j < arguments->given_count; j++)
            times += arguments->given[j].option == i;
        if (times == 0 && option->required)
            return da_error_set(error, DA_ERR_SYNTAX, NULL, "option --%s is missing", option->name);
        if (times > 1 && !option->repeatable)
            return da_error_set(error, DA_ERR_SYNTAX, NULL, "option --%s is given more than once", option->name);
    }
    if (arguments->operand_count < operands->least)
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "%s is missing", operands->names);
    if (arguments->operand_count > operands->most) {
        char quoted[WORD_MAX];
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "one argument too many: %s",
                            da_error_quote(arguments->operands[operands->most], quoted, sizeof(quoted)));
    }
    return DA_OK;
}

enum da_status da_arguments_parse(const struct da_option *options, const struct da_operands *operands, int argc,
                                  char **argv, struct da_arguments *arguments, struct da_error *error)
{
    struct da_arguments read = {.options = options, .given = calloc((size_t)argc + 1, sizeof(*read.given))};
    struct option *table = long_options(options);
    enum da_status status = DA_OK;
    int value;

    if (read.given == NULL || table == NULL) {
        status = da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
        goto cleanup;
    }
    opterr = 0;
    optind = 0; /* glibc and musl: begin anew, as a subcommand's own command line does */
    while ((value = getopt_long(argc, argv, operands->end_options ? "+:" : ":", table, NULL)) != -1) {
        bool empty = value >= FIRST_VALUE && optarg != NULL && optarg[0] == '\0';
        if (value < FIRST_VALUE || empty) {
            status = refuse(options, empty ? ':' : value, empty ? value : optopt, argv[optind - 1], error);
            goto cleanup;
        }
        read.given[read.given_count++] = (struct da_given){(size_t)(value - FIRST_VALUE), optarg};
    }
    read.operands = argv + optind;
    read.operand_count = (size_t)(argc - optind);
    if (!da_arguments_given(&read, DA_OPTION_HELP))
        status = check(&read, operands, error);
cleanup:
    free(table);
    if (status == DA_OK)
        *arguments = read;
    else
        free(read.given);
    return status;
}

void da_arguments_clear(struct da_arguments *arguments)
{
    free(arguments->given);
    *arguments = (struct da_arguments){0};
}

bool da_arguments_given(const struct da_arguments *arguments, size_t option)
{
    for (size_t i = 0; i < arguments->given_count; i++)
        if (arguments->given[i].option == option)
            return true;
    return false;
}

const char *da_arguments_text(const struct da_arguments *arguments, size_t option)
{
    size_t at = 0;
    const char *text = da_arguments_next(arguments, option, &at);
    return text != NULL ? text : arguments->options[option].fallback;
}

const char *da_arguments_next(const struct da_arguments *arguments, size_t option, size_t *at)
{
    while (*at < arguments->given_count) {
        const struct da_given *given = &arguments->given[(*at)++];
        if (given->option == option)
            return given->text;
    }
    return NULL;
}

#define SPELLING_MAX 80 /* octets of "--name ARGUMENT" */

/* Returns the length. */
static int spell(const struct da_option *option, char text[static SPELLING_MAX])
{
    return snprintf(text, SPELLING_MAX, "--%s%s%s", option->name, option->argument != NULL ? " " : "",
                    option->argument != NULL ? option->argument : "");
}

void da_options_print(const struct da_option *options, FILE *out)
{
    char spelling[SPELLING_MAX];
    int widest = 0;

    for (const struct da_option *option = options; option->name != NULL; option++) {
        int width = spell(option, spelling);
        widest = width > widest ? width : widest;
    }
    fputs("Options:\n", out);
    for (const struct da_option *option = options; option->name != NULL; option++) {
        spell(option, spelling);
        fprintf(out, "  %-*s  %s", widest, spelling, option->help);
        if (option->required)
            fputs(" (required)", out);
        if (option->repeatable)
            fputs(" (may be repeated)", out);
        if (option->fallback != NULL)
            fprintf(out, " (default: %s)", option->fallback);
        fputc('\n', out);
    }
}
