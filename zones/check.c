#include "check.h"

#include "ncsi/ncsi.h"
#include "record_set.h"
#include "rr.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { OPTION_NCSI = DA_OPTION_HELP + 1 };

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [OPTION_NCSI] = {.name = "ncsi", .argument = "FILE", .help = "client policy to compare; \"-\" is standard input"},
    {0},
};

/* Writes every record as a line of a zone file. Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO with errno set. */
static enum da_status print_records(const struct da_record_set *set, FILE *out)
{
    struct da_rrset_cursor cursor = {0};

    while (da_record_set_next(set, &cursor)) {
        for (size_t i = 0; i < cursor.rrset->count; i++) {
            char *line = da_rr_line(set, &cursor, i, '\t');
            if (line == NULL)
                return DA_ERR_MEMORY;
            int written = fprintf(out, "%s\n", line);
            free(line);
            if (written < 0)
                return DA_ERR_IO;
        }
    }
    return DA_OK;
}

/* Prints what is wrong with the policy, beside the records, so that these stay a zone file. Returns how much of it is
 * critical. */
static size_t print_findings(const struct da_ncsi *ncsi, const struct da_ncsi_findings *findings, FILE *err)
{
    size_t critical = 0;

    for (size_t i = 0; i < findings->count; i++) {
        const struct da_ncsi_finding *finding = &findings->findings[i];
        bool is_critical = finding->severity == DA_MONITORED_CRITICAL;
        fprintf(err, "dadns: %s", ncsi->title);
        if (finding->line > 0)
            fprintf(err, ":%zu", finding->line);
        fprintf(err, ": %s: %s [%s]\n", is_critical ? "critical" : "warning", finding->text, finding->code);
        critical += is_critical;
    }
    return critical;
}

/* Compares the client policy. Returns DA_OK, or DA_ERR_VALUE where clients would not connect. */
static enum da_status check_policy(struct da_run *run, const struct da_ncsi *ncsi,
                                   const struct da_deployment *deployment, const struct da_record_set *set)
{
    struct da_ncsi_findings findings;

    da_ncsi_check(ncsi, deployment, set, &findings);
    size_t critical = print_findings(ncsi, &findings, run->err);
    if (critical == 0)
        return DA_OK;
    run->about = da_deployment_title(da_arguments_text(run->arguments, OPTION_NCSI));
    return da_error_set(&run->error, DA_ERR_VALUE, NULL,
                        "clients with this policy would not connect to the deployment: %zu critical finding%s",
                        critical, critical == 1 ? "" : "s");
}

static enum da_status load_policy(struct da_run *run, const char *path, struct da_ncsi *ncsi)
{
    run->about = da_deployment_title(path);
    return da_ncsi_load(path, ncsi, &run->error);
}

static enum da_exit run_check(struct da_run *run)
{
    const char *path = run->arguments->operands[0], *policy = da_arguments_text(run->arguments, OPTION_NCSI);
    struct da_deployment *deployment = NULL;
    struct da_record_set *set = NULL;
    struct da_ncsi ncsi = {0};

    if (policy != NULL && strcmp(policy, "-") == 0 && strcmp(path, "-") == 0) {
        da_error_set(&run->error, DA_ERR_SYNTAX, NULL, "option --ncsi: standard input is the deployment already");
        return DA_EXIT_USAGE;
    }
    enum da_status status = da_run_load(run, path, &deployment);
    if (status == DA_OK)
        status = da_record_set_new(deployment, &set);
    if (status == DA_OK && policy != NULL)
        status = load_policy(run, policy, &ncsi);
    if (status == DA_OK)
        status = print_records(set, run->out);
    if (status == DA_OK && policy != NULL)
        status = check_policy(run, &ncsi, deployment, set);
    if (status == DA_ERR_IO && run->error.status == DA_OK)
        da_run_write_failed(run, "standard output");
    else if (status != DA_OK)
        da_error_set(&run->error, status, NULL, "out of memory");
    da_ncsi_clear(&ncsi);
    da_record_set_free(set);
    da_deployment_free(deployment);
    return status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
}

static void describe(FILE *out)
{
    da_text_wrap(out, "", "",
                 "With --ncsi, also compares what clients are told to expect with what the deployment publishes. FILE "
                 "is the text that Get-NCSIPolicyConfiguration prints, or a .reg export of the key "
                 "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\NetworkConnectivityStatusIndicator\\"
                 "CorporateConnectivity. Findings go to standard error, a line each; where one is critical, the exit "
                 "status is 1.");
    fputc('\n', out);
}

const struct da_command da_command_check = {
    .name = "check",
    .help = "validate a deployment, print its records as zone-file lines",
    .options = options,
    .operands = {.names = "DEPLOYMENT", .least = 1, .most = 1},
    .run = run_check,
    .describe = describe,
};
