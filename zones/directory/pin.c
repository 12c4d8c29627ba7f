#include "directory/pin.h"

#include "audit/sources.h"
#include "directory/pin_report.h"
#include "output.h"
#include "suffixes.h"
#include "text.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    OPTION_DIRECTORY = DA_OPTION_HELP + 1,
    OPTION_LOGIN, /* the first of several */
    OPTION_SUFFIX = OPTION_LOGIN + DA_LOGIN_OPTION_COUNT,
    OPTION_REPLACE,
    OPTION_APPLY,
    OPTION_LOG,
    OPTION_TIMEOUT,
    OPTION_JSON
};

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [OPTION_DIRECTORY] = {.name = "directory",
                          .argument = "URL",
                          .help = "a domain controller: ldap://dc1.corp.example.net",
                          .required = true},
    DA_LOGIN_OPTIONS(OPTION_LOGIN),
    [OPTION_SUFFIX] = {.name = "suffix",
                       .argument = "NAME",
                       .help = "only this suffix of the deployment",
                       .repeatable = true},
    [OPTION_REPLACE] = {.name = "replace", .help = "delete addresses of these names that the deployment does not have"},
    [OPTION_APPLY] = {.name = "apply", .help = "write what is planned; without it nothing is written"},
    [OPTION_LOG] = {.name = "log", .argument = "PATH", .help = "with --apply: append what is written to a file, too"},
    [OPTION_TIMEOUT] = {.name = "timeout",
                        .argument = "SECONDS",
                        .fallback = "5",
                        .help = "how long the directory may be silent"},
    [OPTION_JSON] = {.name = "json", .help = "print JSON instead of text"},
    {0},
};

/* All that one run holds, in the order in which it comes to be. */
struct run {
    struct da_run *command;
    const char *url;
    struct da_login login;
    bool apply;
    struct da_deployment *deployment;
    struct da_record_set *all, set; /* set: a view with the suffixes chosen */
    struct da_names *names;
    FILE *log_file; /* NULL = none */
    struct da_directory *directory;
    struct da_pin_survey survey;
    struct da_pin_report report;
    bool is_lost;   /* the connection to the directory */
    int stopped_by; /* a signal; 0 = none */
};

/* ---- settings ---- */

static enum da_status read_settings(struct run *run)
{
    const struct da_arguments *arguments = run->command->arguments;
    struct da_error *error = &run->command->error;
    const bool has_log = da_arguments_given(arguments, OPTION_LOG);

    run->url = da_arguments_text(arguments, OPTION_DIRECTORY);
    run->apply = da_arguments_given(arguments, OPTION_APPLY);
    run->report.json = da_arguments_given(arguments, OPTION_JSON);
    enum da_status status = da_login_read(arguments, OPTION_LOGIN, &run->login, error);
    if (status == DA_OK && !da_login_is_url(run->url))
        status = da_option_refuse(arguments, OPTION_DIRECTORY, run->url, DA_LOGIN_URL_EXPECTED, error);
    if (status == DA_OK)
        status = da_login_check(&run->login, run->url, error);
    if (status == DA_OK && has_log && !run->apply)
        status = da_error_set(error, DA_ERR_SYNTAX, NULL, "option --log: expected beside --apply");
    if (status == DA_OK && run->report.json && run->apply && !has_log)
        status = da_error_set(error, DA_ERR_SYNTAX, NULL,
                              "options --json and --apply: expected --log, too: what is written is told before it is");
    if (status == DA_OK)
        status = da_option_timeout(run->command->arguments, OPTION_TIMEOUT, &run->login.timeout, &run->command->error);
    return status;
}

static enum da_status load(struct run *run)
{
    struct da_run *command = run->command;

    enum da_status status = da_run_load(command, command->arguments->operands[0], &run->deployment);
    if (status == DA_OK)
        status = da_record_set_new(run->deployment, &run->all);
    if (status == DA_OK)
        status = da_suffixes_choose(command->arguments, OPTION_SUFFIX, run->all, &run->set, &command->error);
    if (status == DA_OK)
        status = da_names_new(run->deployment, &run->set, NULL, &run->names);
    return status;
}

/* A slip of the hand must not append to what is read. */
static enum da_status open_log(struct run *run)
{
    struct da_run *command = run->command;
    const char *path = da_arguments_text(command->arguments, OPTION_LOG);
    const char *deployment = command->arguments->operands[0];

    if (path == NULL)
        return DA_OK;
    command->about = path;
    if (strcmp(deployment, "-") != 0 && da_output_is(path, deployment))
        return da_error_set(&command->error, DA_ERR_VALUE, NULL, "the deployment itself cannot be the log");
    return da_pin_log_open(path, &run->log_file, &command->error);
}

/* ---- signals ---- */

/* Signals are held back while nodes are written, so that each is finished before one ends the run; SIGPIPE always, so
 * that a reader of our output that goes away is a failed write. */
static void hold(const sigset_t *held, sigset_t *before)
{
    pthread_sigmask(SIG_BLOCK, held, before);
}

/* One that has come; 0 = none has. */
static int take_signal(const sigset_t *held)
{
    const struct timespec at_once = {0};
    int signal = sigtimedwait(held, NULL, &at_once);
    return signal > 0 ? signal : 0;
}

/* Those that have come are done with. */
static void release(const sigset_t *held, const sigset_t *before)
{
    while (take_signal(held) != 0)
        continue;
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

static void stopping_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGHUP);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
}

/* ---- writing ---- */

/* What is written cannot be told: then it is not written. */
static enum da_status write_failed(struct run *run)
{
    const bool is_file = run->log_file != NULL && !ferror(run->command->out);

    return da_run_write_failed(run->command,
                               is_file ? da_arguments_text(run->command->arguments, OPTION_LOG) : "standard output");
}

/* One line for each name that was not pinned. */
static void tell_failure(const struct run *run, const struct da_pin_node *node, const struct da_error *error)
{
    char name[DA_NAME_TEXT_MAX];

    fprintf(run->command->err, "dadns: %s: %s: %s\n", run->url, da_name_to_text(&node->name, name), error->text);
}

/* Pins one name. Returns what ends the run at once: DA_ERR_IO where nothing can be told, or DA_ERR_MEMORY. */
static enum da_status apply_node(struct run *run, struct da_pin_node *node, const struct da_pin_log *log)
{
    struct da_error error = {0};
    enum da_pin_result result = DA_PIN_UNTRIED;

    enum da_status status = da_pin_report_plan(&run->report, node);
    if (status != DA_OK)
        return status;
    status = da_pin_apply(run->directory, node, log, &result, &error);
    if (status == DA_ERR_MEMORY)
        return status;
    if (status != DA_OK && error.status == DA_OK)
        return write_failed(run);
    if (status != DA_OK)
        tell_failure(run, node, &error);
    run->is_lost = status != DA_OK && status != DA_ERR_VALUE;
    return da_pin_report_result(&run->report, result, status != DA_OK ? &error : NULL);
}

/* What is planned only, or what comes behind the end. */
static enum da_status skip_node(struct run *run, const struct da_pin_node *node)
{
    enum da_pin_result result = node->plan.state == DA_PIN_DONE ? DA_PIN_NOTHING : DA_PIN_UNTRIED;
    enum da_status status = da_pin_report_plan(&run->report, node);
    return status == DA_OK ? da_pin_report_result(&run->report, result, NULL) : status;
}

/* Walks all names, to the end even where writing ends before: the report has all of them. */
static enum da_status walk_nodes(struct run *run, const sigset_t *stopping)
{
    struct da_pin_log log = {.streams = {run->report.json ? NULL : run->command->out, run->log_file}};
    enum da_status status = DA_OK;

    for (size_t i = 0; status == DA_OK && i < run->survey.node_count; i++) {
        struct da_pin_node *node = &run->survey.nodes[i];
        if (run->apply && run->stopped_by == 0)
            run->stopped_by = take_signal(stopping);
        if (run->apply && run->stopped_by == 0 && !run->is_lost)
            status = apply_node(run, node, &log);
        else
            status = skip_node(run, node);
    }
    return status;
}

/* What the last line says where not all is well. */
static enum da_status judge(struct run *run)
{
    const struct da_pin_survey *survey = &run->survey;
    const size_t *count = run->report.results;
    const size_t untried = count[DA_PIN_UNTRIED];
    struct da_error *error = &run->command->error;
    size_t failed = run->apply ? count[DA_PIN_FAILED] + count[DA_PIN_UNKNOWN] : survey->states[DA_PIN_REFUSE];

    run->command->about = run->url;
    if (run->is_lost)
        return da_error_set(error, DA_ERR_IO, NULL, "ended early: %zu of %zu names were not tried", untried,
                            survey->node_count);
    if (run->stopped_by != 0 && untried > 0)
        return da_error_set(error, DA_ERR_VALUE, NULL, "stopped by a signal (%s): %zu of %zu names were not tried",
                            strsignal(run->stopped_by), untried, survey->node_count);
    if (failed > 0)
        return da_error_set(error, DA_ERR_VALUE, NULL, "%zu of %zu names %s", failed, survey->node_count,
                            run->apply ? "could not be pinned, as told above"
                                       : "cannot be pinned, as told in the plan");
    return DA_OK;
}

static enum da_status write_nodes(struct run *run)
{
    sigset_t stopping, before;

    stopping_signals(&stopping);
    if (run->apply)
        hold(&stopping, &before);
    enum da_status status = da_pin_report_begin(&run->report);
    if (status == DA_OK)
        status = walk_nodes(run, &stopping);
    if (status == DA_OK)
        status = da_pin_report_end(&run->report);
    if (status == DA_ERR_IO && run->command->error.status == DA_OK) /* first: releasing changes errno */
        da_run_write_failed(run->command, "standard output");
    if (run->apply)
        release(&stopping, &before);
    return status == DA_OK ? judge(run) : status;
}

/* ---- the command ---- */

static enum da_status pin(struct run *run)
{
    struct da_run *command = run->command;
    enum da_status status = load(run);

    if (status == DA_OK)
        status = open_log(run);
    if (status != DA_OK)
        return status;
    command->about = run->url;
    const bool replace = da_arguments_given(command->arguments, OPTION_REPLACE);
    run->login.warn = da_run_warn_of_file;
    run->login.warn_arg = command->err;
    status = da_directory_open(run->url, &run->login, &run->directory, &command->error);
    if (status == DA_OK)
        status = da_pin_survey_read(run->directory, &run->set, run->names, replace, &run->survey, &command->error);
    if (status != DA_OK)
        return status;
    run->report.out = command->out;
    run->report.apply = run->apply;
    run->report.replace = replace;
    run->report.deployment = da_deployment_title(command->arguments->operands[0]);
    run->report.directory = run->url;
    run->report.set = &run->set;
    run->report.survey = &run->survey;
    return write_nodes(run);
}

static void clear(struct run *run)
{
    da_pin_report_clear(&run->report);
    da_pin_survey_clear(&run->survey);
    da_directory_close(run->directory);
    if (run->log_file != NULL)
        fclose(run->log_file);
    da_names_free(run->names);
    da_suffixes_clear(run->all, &run->set);
    da_record_set_free(run->all);
    da_deployment_free(run->deployment);
}

static enum da_exit run_pin(struct da_run *command)
{
    struct run run = {.command = command};
    enum da_exit exit = DA_EXIT_USAGE;
    sigset_t pipe, before;

    if (read_settings(&run) == DA_OK) {
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        hold(&pipe, &before);
        enum da_status status = pin(&run);
        if (status != DA_OK) /* other faults were recorded where they happened */
            da_error_set(&command->error, status, NULL, "out of memory");
        exit = status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
        clear(&run);
        release(&pipe, &before);
    }
    return exit;
}

static void describe(FILE *out)
{
    da_text_wrap(
        out, "", "",
        "Records with a time stamp are deleted by scavenging when they are stale. This sets the time stamps of "
        "the deployment's records to 0, which makes them static, and adds those that are missing. Without "
        "--apply it prints what it would write. With it, each value is printed in full before it is written, so "
        "that it can be put back.");
    fputc('\n', out);
}

const struct da_command da_command_pin = {
    .name = "pin",
    .help = "make the records static in Active Directory, and add those missing",
    .options = options,
    .operands = {.names = "DEPLOYMENT", .least = 1, .most = 1},
    .run = run_pin,
    .describe = describe,
};
