/* dadns - the records a DirectAccess deployment needs in DNS. This file is the command line: see the commands below. */
#include "audit/audit.h"
#include "check.h"
#include "command.h"
#include "directory/pin.h"
#include "generate/generate.h"
#include "import/import.h"
#include "probe/probe.h"
#include "restore/restore.h"
#include "runbook/runbook.h"
#include "watch/watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct da_command *const commands[] = {&da_command_audit,   &da_command_check,   &da_command_generate,
                                                    &da_command_import,  &da_command_pin,     &da_command_probe,
                                                    &da_command_restore, &da_command_runbook, &da_command_watch};

enum { OPTION_VERSION = DA_OPTION_HELP + 1 };
static const struct da_option program_options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [OPTION_VERSION] = {.name = "version", .help = "show the version and exit"},
    {0},
};

static const char exit_status[] = "Exit status: 0 success, 1 bad input or a failure, 2 wrong usage.\n";
static const char monitored_status[] =
    "Exit status: 0 ok, 1 warning, 2 critical, 3 unknown, bad input and wrong usage included.\n";

static const struct da_command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void print_program_help(FILE *out)
{
    fputs("Usage: dadns COMMAND [OPTION]... DEPLOYMENT\n\n"
          "The records a Microsoft DirectAccess deployment needs in DNS.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->help);
    fputc('\n', out);
    da_options_print(program_options, out);
    fprintf(out, "\n\"dadns COMMAND --help\" tells more of a command.\n%s", exit_status);
}

static void print_command_help(const struct da_command *command, FILE *out)
{
    bool reads = command->operands.most > 0;
    fprintf(out, "Usage: dadns %s [OPTION]...%s%s\n\ndadns %s: %s.\n\n", command->name, reads ? " " : "",
            command->operands.names, command->name, command->help);
    da_options_print(command->options, out);
    fputc('\n', out);
    if (command->describe != NULL)
        command->describe(out);
    if (reads)
        fprintf(out, "DEPLOYMENT is the file that describes the deployment%s.\n",
                command->rereads ? "" : "; \"-\" is standard input");
    fputs(command->monitored ? monitored_status : exit_status, out);
}

/* One line on stderr: what is wrong, and where help is. */
static enum da_exit usage_error(const char *command, const struct da_error *error)
{
    const char *blank = command[0] != '\0' ? " " : "";
    fprintf(stderr, "dadns%s%s: %s; try 'dadns%s%s --help'\n", blank, command, error->text, blank, command);
    return error->status == DA_ERR_MEMORY ? DA_EXIT_FAILURE : DA_EXIT_USAGE;
}

/* The last octets may be those that the disk has no room for. */
static enum da_exit flush_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return DA_EXIT_OK;
    fprintf(stderr, "dadns: standard output: cannot be written: %s\n", strerror(errno));
    return DA_EXIT_FAILURE;
}

static enum da_exit run_parsed(const struct da_command *command, struct da_run *run)
{
    char text[DA_ERROR_PRINT_MAX];
    enum da_exit status = DA_EXIT_OK;

    if (da_arguments_given(run->arguments, DA_OPTION_HELP))
        print_command_help(command, stdout);
    else
        status = command->run(run);
    if (status == DA_EXIT_USAGE)
        usage_error(command->name, &run->error);
    else if (status != DA_EXIT_OK)
        fprintf(stderr, "dadns: %s\n", da_error_print(&run->error, run->about, text, sizeof(text)));
    return status == DA_EXIT_OK ? flush_output() : status;
}

/* Returns the program's exit status. */
static int run_command(const struct da_command *command, int argc, char **argv)
{
    struct da_arguments arguments;
    struct da_run run = {.arguments = &arguments, .out = stdout, .err = stderr};
    enum da_exit status;

    if (da_arguments_parse(command->options, &command->operands, argc, argv, &arguments, &run.error) != DA_OK) {
        status = usage_error(command->name, &run.error);
    } else {
        status = run_parsed(command, &run);
        da_arguments_clear(&arguments);
    }
    if (!command->monitored)
        return (int)status;
    return status == DA_EXIT_OK ? (int)run.monitored : (int)DA_MONITORED_UNKNOWN;
}

int main(int argc, char **argv)
{
    static const struct da_operands operands = {.names = "COMMAND", .least = 0, .most = SIZE_MAX, .end_options = true};
    struct da_arguments arguments;
    struct da_error error = {0};
    int status = DA_EXIT_OK;
    char quoted[80];

    if (da_arguments_parse(program_options, &operands, argc, argv, &arguments, &error) != DA_OK)
        return (int)usage_error("", &error);
    const struct da_command *command = arguments.operand_count > 0 ? find_command(arguments.operands[0]) : NULL;
    if (da_arguments_given(&arguments, DA_OPTION_HELP)) {
        print_program_help(stdout);
        status = (int)flush_output();
    } else if (da_arguments_given(&arguments, OPTION_VERSION)) {
        puts("dadns " DA_VERSION);
        status = (int)flush_output();
    } else if (command != NULL) {
        status = run_command(command, (int)arguments.operand_count, arguments.operands);
    } else {
        if (arguments.operand_count == 0)
            da_error_set(&error, DA_ERR_SYNTAX, NULL, "COMMAND is missing");
        else
            da_error_set(&error, DA_ERR_SYNTAX, NULL, "no such command: %s",
                         da_error_quote(arguments.operands[0], quoted, sizeof(quoted)));
        status = (int)usage_error("", &error);
    }
    da_arguments_clear(&arguments);
    return status;
}
