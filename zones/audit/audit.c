#include "audit/audit.h"

#include "audit/checks.h"
#include "audit/finding.h"
#include "audit/live.h"
#include "audit/report.h"
#include "audit/settings.h"
#include "audit/zone_file.h"
#include "output.h"
#include "record_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* All that one run holds, in the order in which it comes to be. */
struct run {
    struct da_run *command;
    struct da_audit_settings settings;
    struct da_severities severities;
    struct da_tsig_key *key;
    struct da_deployment *deployment;
    struct da_record_set *set;
    struct da_names *names;
    struct da_collection **collections; /* one a source */
    struct da_finding *findings;
    size_t finding_count, finding_room;
    enum da_status finding_status;
    struct da_audit audit;
};

/* ---- what is to be known beforehand ---- */

static void warn_of_key(void *arg, const char *path, const char *text)
{
    FILE *err = arg;
    fprintf(err, "dadns: %s: warning: %s\n", path, text);
}

static enum da_status check_include_root(struct run *run)
{
    struct da_run *command = run->command;
    const char *root = run->settings.include_root;
    char quoted[DA_ERROR_QUOTE_MAX];
    struct stat st;

    if (root == NULL || (stat(root, &st) == 0 && S_ISDIR(st.st_mode)))
        return DA_OK;
    command->about = "option --include-root";
    return da_error_set(&command->error, DA_ERR_VALUE, NULL, "%s: expected a directory",
                        da_error_quote(root, quoted, sizeof(quoted)));
}

/* The same that a deployment is refused for. */
static enum da_status check_router(struct run *run)
{
    const char *const published[] = {da_label_corp_connectivity, da_label_web_probe, da_label_nls};
    const char *router = run->settings.router, *expected = NULL;
    struct da_run *command = run->command;
    char quoted[DA_ERROR_QUOTE_MAX];

    for (size_t i = 0; router != NULL && i < sizeof(published) / sizeof(published[0]); i++)
        if (strcasecmp(router, published[i]) == 0)
            expected = "a name of its own";
    for (size_t i = 0; router != NULL && i < run->set->block_count; i++)
        if (strcasecmp(router, run->set->block[i]) == 0)
            expected = "a name that is not blocked";
    if (expected == NULL)
        return DA_OK;
    command->about = "option --isatap-router";
    return da_error_set(&command->error, DA_ERR_VALUE, NULL, "%s: expected %s",
                        da_error_quote(router, quoted, sizeof(quoted)), expected);
}

static enum da_status load_files(struct run *run)
{
    const struct da_audit_settings *settings = &run->settings;
    struct da_run *command = run->command;
    enum da_status status = DA_OK;

    if (check_include_root(run) != DA_OK)
        return DA_ERR_VALUE;
    da_severities_default(&run->severities);
    if (settings->severities != NULL) {
        command->about = settings->severities;
        status = da_severities_load(settings->severities, &run->severities, &command->error);
    }
    if (status == DA_OK && settings->key_file != NULL) {
        command->about = settings->key_file;
        status = da_tsig_key_load(settings->key_file, &run->key, warn_of_key, command->err, &command->error);
    }
    if (status == DA_OK)
        status = da_run_load(command, command->arguments->operands[0], &run->deployment);
    if (status == DA_OK)
        status = da_record_set_new(run->deployment, &run->set);
    if (status == DA_OK)
        status = check_router(run);
    if (status == DA_OK)
        status = da_names_new(run->deployment, run->set, settings->router, &run->names);
    return status;
}

/* ---- sources ---- */

static enum da_status make_collections(struct run *run)
{
    const struct da_audit_settings *settings = &run->settings;
    enum da_status status = DA_OK;

    run->collections = calloc(settings->source_count + 1, sizeof(struct da_collection *));
    if (run->collections == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; status == DA_OK && i < settings->source_count; i++) {
        const struct da_source_setting *source = &settings->sources[i];
        status = da_collection_new(source->kind, source->is_input ? "standard input" : source->text, run->names,
                                   &run->collections[i]);
        if (status != DA_OK)
            break;
        run->collections[i]->remote = source->remote;
        run->collections[i]->origin = source->origin;
        run->collections[i]->origin_from = source->origin.length > 0 ? "option --origin" : NULL;
    }
    return status;
}

/* Resolvers are asked all at once. */
static enum da_status collect_resolvers(struct run *run, const struct da_live *live)
{
    size_t count = 0;
    struct da_collection **resolvers = calloc(run->settings.source_count + 1, sizeof(struct da_collection *));

    if (resolvers == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < run->settings.source_count; i++)
        if (run->collections[i]->kind == DA_SOURCE_RESOLVER)
            resolvers[count++] = run->collections[i];
    enum da_status status = count > 0 ? da_resolvers_collect(live, resolvers, count) : DA_OK;
    free(resolvers);
    return status;
}

static enum da_status collect_source(struct run *run, const struct da_live *live, size_t i)
{
    const struct da_source_setting *source = &run->settings.sources[i];
    struct da_zone_file file = {.path = source->text, .include_root = run->settings.include_root};

    switch (source->kind) {
    case DA_SOURCE_ZONE_FILE:
        return da_zone_file_collect(&file, run->collections[i]);
    case DA_SOURCE_TRANSFER:
        return da_transfer_collect(live, run->collections[i]);
    case DA_SOURCE_SERVER:
        return da_server_collect(live, run->collections[i]);
    case DA_SOURCE_RESOLVER:
        break;
    }
    return DA_OK;
}

static enum da_status collect(struct run *run)
{
    struct da_live live = {.timeout = run->settings.timeout, .key = run->key};
    enum da_status status = make_collections(run);

    live.progress = isatty(fileno(run->command->err)) ? run->command->err : NULL;
    for (size_t i = 0; status == DA_OK && i < run->settings.source_count; i++)
        status = collect_source(run, &live, i);
    if (status == DA_OK)
        status = collect_resolvers(run, &live);
    for (size_t i = 0; status == DA_OK && i < run->settings.source_count; i++)
        da_collection_finish(run->collections[i]);
    return status;
}

/* ---- findings ---- */

/* A da_finding_fn. */
static void keep_finding(void *arg, const struct da_finding *finding)
{
    struct run *run = arg;
    enum da_severity severity = run->severities.of[finding->code];

    if (severity == DA_SEVERITY_SILENT || run->finding_status != DA_OK)
        return;
    if (run->finding_count == run->finding_room) {
        size_t room = run->finding_room > 0 ? run->finding_room * 2 : 64;
        struct da_finding *grown = realloc(run->findings, room * sizeof(*grown));
        if (grown == NULL) {
            run->finding_status = DA_ERR_MEMORY;
            return;
        }
        run->findings = grown;
        run->finding_room = room;
    }
    run->findings[run->finding_count] = *finding;
    run->findings[run->finding_count++].severity = severity;
    run->audit.counts[severity]++;
    if (severity > run->audit.worst)
        run->audit.worst = severity;
}

static enum da_status check(struct run *run)
{
    struct da_audit *audit = &run->audit;

    audit->deployment_title = da_deployment_title(run->command->arguments->operands[0]);
    audit->worst = DA_SEVERITY_SILENT;
    audit->request = (struct da_check_request){
        .deployment = run->deployment,
        .set = run->set,
        .names = run->names,
        .collections = run->collections,
        .collection_count = run->settings.source_count,
        .intervals = run->settings.intervals,
        .now = run->settings.now,
    };
    enum da_status status = da_checks_run(&audit->request, keep_finding, run);
    audit->findings = run->findings;
    audit->finding_count = run->finding_count;
    return status != DA_OK ? status : run->finding_status;
}

/* ---- output ---- */

/* A slip of the hand must not overwrite what is read. */
static enum da_status check_page(struct run *run)
{
    struct da_run *command = run->command;
    const char *page = run->settings.html;
    const char *deployment = command->arguments->operands[0];

    if (page == NULL)
        return DA_OK;
    command->about = page;
    if (strcmp(deployment, "-") != 0 && da_output_is(page, deployment))
        return da_error_set(&command->error, DA_ERR_VALUE, NULL, "the deployment itself cannot be the page");
    for (size_t i = 0; i < run->settings.source_count; i++)
        if (run->settings.sources[i].kind == DA_SOURCE_ZONE_FILE && da_output_is(page, run->settings.sources[i].text))
            return da_error_set(&command->error, DA_ERR_VALUE, NULL, "a source cannot be the page");
    return DA_OK;
}

static enum da_status write_page(struct run *run)
{
    struct da_run *command = run->command;
    struct da_output output;

    if (run->settings.html == NULL)
        return DA_OK;
    command->about = run->settings.html;
    enum da_status status = da_output_open(run->settings.html, &output, &command->error);
    if (status != DA_OK)
        return status;
    status = da_report_html(&run->audit, output.stream);
    if (status == DA_OK)
        return da_output_commit(&output, &command->error);
    if (status == DA_ERR_IO)
        da_run_write_failed(command, run->settings.html);
    da_output_discard(&output);
    return status;
}

static struct da_report_options report_options(const struct run *run)
{
    int fd = fileno(run->command->out);
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
    FILE *out = run->command->out;
    struct da_report_options options = report_options(run);
    enum da_status status = DA_OK;

    switch (run->settings.output) {
    case DA_AUDIT_TEXT:
        status = da_report_text(&run->audit, &options, out);
        break;
    case DA_AUDIT_JSON:
        status = da_report_json(&run->audit, out);
        break;
    case DA_AUDIT_FIX:
        status = da_fix_write(run->settings.fix, &run->audit, out);
        break;
    }
    if (status == DA_ERR_IO)
        da_run_write_failed(run->command, "standard output");
    return status;
}

/* ---- the command ---- */

static void clear(struct run *run)
{
    for (size_t i = 0; run->collections != NULL && i < run->settings.source_count; i++)
        da_collection_free(run->collections[i]);
    free(run->collections);
    free(run->findings);
    da_names_free(run->names);
    da_record_set_free(run->set);
    da_deployment_free(run->deployment);
    da_tsig_key_free(run->key);
    da_audit_settings_clear(&run->settings);
}

static bool reads_input_twice(const struct run *run)
{
    if (strcmp(run->command->arguments->operands[0], "-") != 0)
        return false;
    for (size_t i = 0; i < run->settings.source_count; i++)
        if (run->settings.sources[i].is_input)
            return true;
    return false;
}

static enum da_status read_settings(struct run *run)
{
    struct da_run *command = run->command;

    if (da_audit_settings_read(command->arguments, &run->settings, &command->error) != DA_OK)
        return DA_ERR_SYNTAX;
    if (reads_input_twice(run))
        return da_error_set(&command->error, DA_ERR_SYNTAX, NULL, "standard input cannot be read twice");
    return DA_OK;
}

static enum da_exit run_audit(struct da_run *command)
{
    struct run run = {.command = command};
    enum da_exit exit = DA_EXIT_USAGE;

    if (read_settings(&run) != DA_OK)
        goto cleanup;
    enum da_status status = load_files(&run);
    if (status == DA_OK)
        status = check_page(&run);
    if (status == DA_OK)
        status = collect(&run);
    if (status == DA_OK)
        status = check(&run);
    if (status == DA_OK)
        status = write_page(&run);
    if (status == DA_OK)
        status = write_result(&run);
    if (status != DA_OK)
        da_error_set(&command->error, status, NULL,
                     "out of memory"); /* other faults were recorded where they happened */
    command->monitored = (enum da_monitored)da_audit_exit(&run.audit);
    exit = status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
cleanup:
    clear(&run);
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
