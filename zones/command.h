/* command.h - what a subcommand of dadns is, and what every one of them needs.
 *
 * A subcommand gets its parsed arguments and two streams, and returns how the program is to exit. Below main() nothing
 * else is printed to, and nothing exits. */
#ifndef DA_COMMAND_H
#define DA_COMMAND_H

#include "arguments.h"
#include "deployment.h"
#include "error.h"

#include <stdio.h>

enum da_exit {
    DA_EXIT_OK = 0,
    DA_EXIT_FAILURE = 1, /* bad input, or something failed */
    DA_EXIT_USAGE = 2,   /* the command line is wrong */
};

/* Exit status of a subcommand that monitoring systems run, as the monitoring plugins' guidelines have it. Whatever
 * fails in it is unknown. */
enum da_monitored {
    DA_MONITORED_OK = 0,
    DA_MONITORED_WARNING = 1,
    DA_MONITORED_CRITICAL = 2,
    DA_MONITORED_UNKNOWN = 3,
};

/* One run of a subcommand. */
struct da_run {
    const struct da_arguments *arguments;
    FILE *out;                   /* results; main() flushes it and reports what fails then */
    FILE *err;                   /* warnings, each a line */
    struct da_error error;       /* where the exit is not DA_EXIT_OK: why */
    enum da_monitored monitored; /* where the exit is DA_EXIT_OK, of a subcommand that is monitored */
    const char *about;           /* the file the error is about; not looked at where the command line is wrong */
};

struct da_command {
    const char *name;
    const char *help; /* one line */
    const struct da_option *options;
    struct da_operands operands;
    bool monitored; /* exits with an enum da_monitored */
    bool rereads;   /* reads its files again and again: none of them can be standard input */
    enum da_exit (*run)(struct da_run *run);
    void (*describe)(FILE *out); /* more help, behind the options; NULL = none */
};

/* What messages call a deployment given as path: "-" is standard input. */
const char *da_deployment_title(const char *path);

/* Loads a deployment for a subcommand: warnings go to run->err, a fault to run->error.
 *
 * path        a file, or "-" for standard input
 * deployment  set on success only; freed with da_deployment_free()
 * Returns DA_OK or what da_deployment_load() does. */
enum da_status da_run_load(struct da_run *run, const char *path, struct da_deployment **deployment);

/* A da_warning_fn for faults of files beside the deployment; arg is the stream that takes its line. */
void da_run_warn_of_file(void *arg, const char *path, const char *text);

/* Records that writing to about failed, errno saying why. Returns DA_ERR_IO. */
enum da_status da_run_write_failed(struct da_run *run, const char *about);

#endif
