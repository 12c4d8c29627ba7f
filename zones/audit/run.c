#include "audit/run.h"

#include "audit/live.h"
#include "audit/zone_file.h"
#include "directory/directory.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what is to be known beforehand ---- */

static enum da_status check_include_root(struct da_audit_run *run)
{
    struct da_run *command = run->command;
    const char *root = run->settings->include_root;
    char quoted[DA_ERROR_QUOTE_MAX];
    struct stat st;

    if (root == NULL || (stat(root, &st) == 0 && S_ISDIR(st.st_mode)))
        return DA_OK;
    command->about = "option --include-root";
    return da_error_set(&command->error, DA_ERR_VALUE, NULL, "%s: expected a directory",
                        da_error_quote(root, quoted, sizeof(quoted)));
}

/* The same that a deployment is refused for. */
static enum da_status check_router(struct da_audit_run *run)
{
    const char *const published[] = {da_label_corp_connectivity, da_label_web_probe, da_label_nls};
    const char *router = run->settings->router, *expected = NULL;
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

enum da_status da_audit_load(struct da_audit_run *run)
{
    const struct da_source_settings *settings = run->settings;
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
        status = da_tsig_key_load(settings->key_file, &run->key, da_run_warn_of_file, command->err, &command->error);
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

static enum da_status make_collections(struct da_audit_run *run)
{
    const struct da_source_settings *settings = run->settings;
    enum da_status status = DA_OK;

    run->collections = calloc(settings->count + 1, sizeof(struct da_collection *));
    if (run->collections == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; status == DA_OK && i < settings->count; i++) {
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
static enum da_status collect_resolvers(struct da_audit_run *run, const struct da_live *live)
{
    size_t count = 0;
    struct da_collection **resolvers = calloc(run->settings->count + 1, sizeof(struct da_collection *));

    if (resolvers == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < run->settings->count; i++)
        if (run->collections[i]->kind == DA_SOURCE_RESOLVER)
            resolvers[count++] = run->collections[i];
    enum da_status status = count > 0 ? da_resolvers_collect(live, resolvers, count) : DA_OK;
    free(resolvers);
    return status;
}

static enum da_status collect_source(struct da_audit_run *run, const struct da_live *live, size_t i)
{
    const struct da_source_setting *source = &run->settings->sources[i];
    struct da_zone_file file = {.path = source->text, .include_root = run->settings->include_root};
    struct da_login login = run->settings->login;

    login.warn = da_run_warn_of_file;
    login.warn_arg = run->command->err;
    switch (source->kind) {
    case DA_SOURCE_ZONE_FILE:
        return da_zone_file_collect(&file, run->collections[i]);
    case DA_SOURCE_TRANSFER:
        return da_transfer_collect(live, run->collections[i]);
    case DA_SOURCE_DIRECTORY:
        return da_directory_collect(&login, run->collections[i]);
    case DA_SOURCE_SERVER:
        return da_server_collect(live, run->collections[i]);
    case DA_SOURCE_RESOLVER:
        break;
    }
    return DA_OK;
}

enum da_status da_audit_collect(struct da_audit_run *run)
{
    struct da_live live = {.timeout = run->settings->timeout, .key = run->key};
    enum da_status status = make_collections(run);

    live.progress = isatty(fileno(run->command->err)) ? run->command->err : NULL;
    for (size_t i = 0; status == DA_OK && i < run->settings->count; i++)
        status = collect_source(run, &live, i);
    if (status == DA_OK)
        status = collect_resolvers(run, &live);
    for (size_t i = 0; status == DA_OK && i < run->settings->count; i++)
        da_collection_finish(run->collections[i]);
    return status;
}

/* ---- findings ---- */

/* A da_finding_fn. */
static void keep_finding(void *arg, const struct da_finding *finding)
{
    struct da_audit_run *run = arg;
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

enum da_status da_audit_check(struct da_audit_run *run, int64_t now)
{
    struct da_audit *audit = &run->audit;

    audit->deployment_title = da_deployment_title(run->command->arguments->operands[0]);
    audit->worst = DA_SEVERITY_SILENT;
    audit->request = (struct da_check_request){
        .deployment = run->deployment,
        .set = run->set,
        .names = run->names,
        .collections = run->collections,
        .collection_count = run->settings->count,
        .intervals = run->settings->intervals,
        .now = now,
    };
    enum da_status status = da_checks_run(&audit->request, keep_finding, run);
    audit->findings = run->findings;
    audit->finding_count = run->finding_count;
    return status != DA_OK ? status : run->finding_status;
}

void da_audit_clear(struct da_audit_run *run)
{
    for (size_t i = 0; run->collections != NULL && i < run->settings->count; i++)
        da_collection_free(run->collections[i]);
    free(run->collections);
    free(run->findings);
    da_names_free(run->names);
    da_record_set_free(run->set);
    da_deployment_free(run->deployment);
    da_tsig_key_free(run->key);
    *run = (struct da_audit_run){0};
}
