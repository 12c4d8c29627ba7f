/* arguments.h - command lines read from a table of options.
 *
 * A table declares each option once; parsing and help both come from it. Long options only, in the manner of
 * getopt_long(3): "--name VALUE", "--name=VALUE", unique abbreviations, "--" ends them. Not for use by several threads,
 * as getopt_long is not. */
#ifndef DA_ARGUMENTS_H
#define DA_ARGUMENTS_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct da_option {
    const char *name;     /* without the dashes; NULL ends a table */
    const char *argument; /* what help calls its argument; NULL where it takes none */
    const char *fallback; /* the value where the option is not given; NULL = none */
    const char *help;     /* one line */
    bool required;
    bool repeatable;
};

/* The first option of every table, so that whoever holds a table knows where it is. */
#define DA_OPTION_HELP 0
#define DA_OPTION_HELP_ENTRY                                                                                           \
    {                                                                                                                  \
        .name = "help", .help = "show this help and exit"                                                              \
    }

/* What else a command line is made of. */
struct da_operands {
    const char *names; /* as in usage: "DEPLOYMENT" */
    size_t least, most;
    bool end_options; /* the first operand ends the options: what follows is for somebody else */
};

struct da_given {
    size_t option; /* index in the table */
    const char *text;
};

/* A command line taken apart. It points into the table and into argv. */
struct da_arguments {
    const struct da_option *options;
    struct da_given *given;
    size_t given_count;
    char **operands;
    size_t operand_count;
};

/* Takes argv apart; its elements may change places. argv[0] is not looked at. Where --help is among the options,
 * nothing is missing.
 *
 * arguments  set on success only; freed with da_arguments_clear()
 * error      names the fault
 * Returns DA_OK, DA_ERR_SYNTAX or DA_ERR_MEMORY. */
enum da_status da_arguments_parse(const struct da_option *options, const struct da_operands *operands, int argc,
                                  char **argv, struct da_arguments *arguments, struct da_error *error);
void da_arguments_clear(struct da_arguments *arguments);

bool da_arguments_given(const struct da_arguments *arguments, size_t option);

/* The option's value, else its fallback. */
const char *da_arguments_text(const struct da_arguments *arguments, size_t option);

/* Walks the values of a repeatable option: start with *at = 0; NULL at the end. */
const char *da_arguments_next(const struct da_arguments *arguments, size_t option, size_t *at);

/* Writes the table as the "Options:" part of a help text. */
void da_options_print(const struct da_option *options, FILE *out);

#endif
