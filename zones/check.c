#include "check.h"

#include "record_set.h"
#include "rr.h"

#include <stdlib.h>

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
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

static enum da_exit run_check(struct da_run *run)
{
    struct da_deployment *deployment = NULL;
    struct da_record_set *set = NULL;

    enum da_status status = da_run_load(run, run->arguments->operands[0], &deployment);
    if (status == DA_OK)
        status = da_record_set_new(deployment, &set);
    if (status == DA_OK)
        status = print_records(set, run->out);
    if (status == DA_ERR_IO && run->error.status == DA_OK)
        da_run_write_failed(run, "standard output");
    else if (status != DA_OK)
        da_error_set(&run->error, status, NULL, "out of memory");
    da_record_set_free(set);
    da_deployment_free(deployment);
    return status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
}

const struct da_command da_command_check = {
    .name = "check",
    .help = "validate a deployment, print its records as zone-file lines",
    .options = options,
    .operands = {.names = "DEPLOYMENT", .least = 1, .most = 1},
    .run = run_check,
};
