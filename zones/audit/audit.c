#include "audit/audit.h"

#include "audit/run.h"
#include "audit/settings.h"
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct run {
    struct da_audit_settings settings;
    struct da_audit_run audit;
};

/* ---- output ---- */

/* A slip of the hand must not overwrite what is read. */
static enum da_status check_page(struct run *run)
{
    struct da_run *command = run->audit.command;
    const char *page = run->settings.html;
    const char *deployment = command->arguments->operands[0];

    if (page == NULL)
        return DA_OK;
    command->about = page;
    if (strcmp(deployment, "-") != 0 && da_output_is(page, deployment))
        return da_error_set(&command->error, DA_ERR_VALUE, NULL, "the deployment itself cannot be the page");
    for (size_t i = 0; i < run->settings.from.count; i++)
        if (run->settings.from.sources[i].kind == DA_SOURCE_ZONE_FILE &&
            da_output_is(page, run->settings.from.sources[i].text))
            return da_error_set(&command->error, DA_ERR_VALUE, NULL, "a source cannot be the page");
    return DA_OK;
}

static enum da_status write_page(struct run *run)
{
    struct da_run *command = run->audit.command;
    struct da_output output;

    if (run->settings.html == NULL)
        return DA_OK;
    command->about = run->settings.html;
    enum da_status status = da_output_open(run->settings.html, &output, &command->error);
    if (status != DA_OK)
        return status;
    status = da_report_html(&run->audit.audit, output.stream);
    if (status == DA_OK)
        return da_output_commit(&output, &command->error);
    if (status == DA_ERR_IO)
        da_run_write_failed(command, run->settings.html);
    da_output_discard(&output);
    return status;
}

static struct da_report_options report_options(const struct run *run)
{
    int fd = fileno(run->audit.command->out);
    struct da_report_options options = {.all = run->settings.all};
    struct winsize size = {0};

    if (fd < 0 || !isatty(fd))
        return options;
    options.colour = getenv("NO_COLOR") == NULL; /* no-color.org */
    if (ioctl(fd, TIOCGWINSZ, &size) == 0)
        options.width = size.ws_col;
    return options;
}

static enum da_status write_result(struct run *run)
{
    FILE *out = run->audit.command->out;
    struct da_report_options options = report_options(run);
    enum da_status status = DA_OK;

    switch (run->settings.output) {
    case DA_AUDIT_TEXT:
        status = da_report_text(&run->audit.audit, &options, out);
        break;
    case DA_AUDIT_JSON:
        status = da_report_json(&run->audit.audit, out);
        break;
    case DA_AUDIT_FIX:
        status = da_fix_write(run->settings.fix, &run->audit.audit, out);
        break;
    }
    if (status == DA_ERR_IO)
        da_run_write_failed(run->audit.command, "standard output");
    return status;
}

/* ---- the command ---- */

static bool reads_input_twice(const struct run *run)
{
    if (strcmp(run->audit.command->arguments->operands[0], "-") != 0)
        return false;
    for (size_t i = 0; i < run->settings.from.count; i++)
        if (run->settings.from.sources[i].is_input)
            return true;
    return false;
}

static enum da_status read_settings(struct run *run)
{
    struct da_run *command = run->audit.command;

    if (da_audit_settings_read(command->arguments, &run->settings, &command->error) != DA_OK)
        return DA_ERR_SYNTAX;
    if (reads_input_twice(run))
        return da_error_set(&command->error, DA_ERR_SYNTAX, NULL, "standard input cannot be read twice");
    return DA_OK;
}

static enum da_status audit(struct run *run)
{
    enum da_status status = da_audit_load(&run->audit);

    if (status == DA_OK)
        status = check_page(run);
    if (status == DA_OK)
        status = da_audit_collect(&run->audit);
    if (status == DA_OK)
        status = da_audit_check(&run->audit, run->settings.now);
    if (status == DA_OK)
        status = write_page(run);
    if (status == DA_OK)
        status = write_result(run);
    return status;
}

static enum da_exit run_audit(struct da_run *command)
{
    struct run run = {.audit = {.command = command, .settings = &run.settings.from}};
    enum da_exit exit = DA_EXIT_USAGE;

    if (read_settings(&run) == DA_OK) {
        enum da_status status = audit(&run);
        if (status != DA_OK) /* other faults were recorded where they happened */
            da_error_set(&command->error, status, NULL, "out of memory");
        command->monitored = (enum da_monitored)da_audit_exit(&run.audit.audit);
        exit = status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
    }
    da_audit_clear(&run.audit);
    da_audit_settings_clear(&run.settings);
    return exit;
}

static void describe(FILE *out)
{
    fputs("Findings, and how bad each is:\n", out);
    for (size_t i = 0; i < DA_FINDING_CODES; i++)
        fprintf(out, "  %-9s %-32s %s\n", da_severity_text(da_finding_kinds[i].severity), da_finding_kinds[i].code,
                da_finding_kinds[i].message);
    fputc('\n', out);
}

const struct da_command da_command_audit = {
    .name = "audit",
    .help = "say what is wrong with these names in existing zones and servers",
    .options = da_audit_options,
    .operands = {.names = "DEPLOYMENT", .least = 1, .most = 1},
    .monitored = true,
    .run = run_audit,
    .describe = describe,
};
