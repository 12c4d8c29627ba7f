#include "import/import.h"

#include "import/draft.h"
#include "import/objects.h"
#include "ncsi/ncsi.h"
#include "output.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_NCSI = DA_OPTION_HELP + 1, OPTION_REMOTE_ACCESS, OPTION_OUTPUT };

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [OPTION_NCSI] = {.name = "ncsi", .argument = "FILE", .help = "client policy; \"-\" is standard input"},
    [OPTION_REMOTE_ACCESS] = {.name = "remote-access",
                              .argument = "FILE",
                              .help = "what the cmdlets of the servers print",
                              .repeatable = true},
    [OPTION_OUTPUT] = {.name = "output",
                       .argument = "PATH",
                       .fallback = "-",
                       .help = "file to make; \"-\" is standard output"},
    {0},
};

/* A draft, and what is to be said of it. */
struct drafted {
    char *text, *problems;
    size_t length, problems_length, problem_count;
};

static enum da_status read_files(struct da_run *run, struct da_objects *objects, struct da_ncsi *ncsi)
{
    const char *path = da_arguments_text(run->arguments, OPTION_NCSI);
    enum da_status status = DA_OK;
    size_t at = 0;

    if (path != NULL) {
        run->about = da_deployment_title(path);
        status = da_ncsi_load(path, ncsi, &run->error);
    }
    while (status == DA_OK && (path = da_arguments_next(run->arguments, OPTION_REMOTE_ACCESS, &at)) != NULL) {
        run->about = da_deployment_title(path);
        status = da_objects_load(path, objects, &run->error);
    }
    return status;
}

static enum da_status make_draft(const struct da_objects *objects, const struct da_ncsi *ncsi, struct drafted *drafted)
{
    FILE *text = open_memstream(&drafted->text, &drafted->length);
    FILE *problems = open_memstream(&drafted->problems, &drafted->problems_length);
    enum da_status status = DA_ERR_MEMORY;

    if (text != NULL && problems != NULL)
        status = da_draft_write(objects, ncsi, text, problems, &drafted->problem_count);
    if (text != NULL && fclose(text) != 0)
        status = DA_ERR_MEMORY;
    if (problems != NULL && fclose(problems) != 0)
        status = DA_ERR_MEMORY;
    return status;
}

static enum da_status write_draft(struct da_run *run, const struct drafted *drafted)
{
    const char *path = da_arguments_text(run->arguments, OPTION_OUTPUT);
    struct da_output output;

    if (strcmp(path, "-") == 0) {
        if (fwrite(drafted->text, 1, drafted->length, run->out) == drafted->length && fflush(run->out) == 0)
            return DA_OK;
        return da_run_write_failed(run, "standard output");
    }
    run->about = path;
    /* Somebody may have completed it by hand. */
    if (access(path, F_OK) == 0)
        return da_error_set(&run->error, DA_ERR_VALUE, NULL, "exists already; a draft takes no file's place");
    enum da_status status = da_output_open(path, &output, &run->error);
    if (status != DA_OK)
        return status;
    if (fwrite(drafted->text, 1, drafted->length, output.stream) == drafted->length)
        return da_output_commit(&output, &run->error);
    status = da_run_write_failed(run, path);
    da_output_discard(&output);
    return status;
}

/* Says what dadns check would. */
static enum da_status judge(struct da_run *run, const struct drafted *drafted)
{
    struct da_deployment *deployment = NULL;
    struct da_error error = {0};
    char text[DA_ERROR_PRINT_MAX];

    for (const char *line = drafted->problems; *line != '\0';) {
        const char *end = strchr(line, '\n');
        fprintf(run->err, "dadns: draft is incomplete: %.*s\n", (int)(end - line), line);
        line = end + 1;
    }
    run->about = "draft";
    enum da_status status = da_deployment_parse(drafted->text, drafted->length, &deployment, NULL, NULL, &error);
    da_deployment_free(deployment);
    if (drafted->problem_count > 0)
        return da_error_set(&run->error, DA_ERR_VALUE, NULL,
                            "incomplete: %zu value%s missing or in doubt; complete the draft, then run dadns check",
                            drafted->problem_count, drafted->problem_count == 1 ? " is" : "s are");
    if (status != DA_OK)
        return da_error_set(&run->error, status, NULL, "does not pass dadns check: %s",
                            da_error_print(&error, "draft", text, sizeof(text)));
    return DA_OK;
}

/* Standard input can be one file. */
static bool check_arguments(struct da_run *run)
{
    const char *path = da_arguments_text(run->arguments, OPTION_NCSI);
    size_t dashes = path != NULL && strcmp(path, "-") == 0, at = 0;

    if (path == NULL && !da_arguments_given(run->arguments, OPTION_REMOTE_ACCESS)) {
        da_error_set(&run->error, DA_ERR_SYNTAX, NULL, "option --ncsi or --remote-access is missing");
        return false;
    }
    while ((path = da_arguments_next(run->arguments, OPTION_REMOTE_ACCESS, &at)) != NULL)
        dashes += strcmp(path, "-") == 0;
    if (dashes > 1)
        da_error_set(&run->error, DA_ERR_SYNTAX, NULL, "standard input can be given once");
    return dashes <= 1;
}

static enum da_exit run_import(struct da_run *run)
{
    struct da_objects objects = {0};
    struct da_ncsi ncsi = {0};
    struct drafted drafted = {0};

    if (!check_arguments(run))
        return DA_EXIT_USAGE;
    enum da_status status = read_files(run, &objects, &ncsi);
    if (status == DA_OK)
        status = make_draft(&objects, da_arguments_given(run->arguments, OPTION_NCSI) ? &ncsi : NULL, &drafted);
    if (status == DA_OK)
        status = write_draft(run, &drafted);
    if (status == DA_OK)
        status = judge(run, &drafted);
    if (status != DA_OK)
        da_error_set(&run->error, status, NULL, "out of memory"); /* every other fault was recorded */
    free(drafted.text);
    free(drafted.problems);
    da_ncsi_clear(&ncsi);
    da_objects_clear(&objects);
    return status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
}

static void describe(FILE *out)
{
    da_text_wrap(
        out, "", "",
        "Drafts a deployment file. At least one of --ncsi and --remote-access is needed. --ncsi is the text of "
        "Get-NCSIPolicyConfiguration or a .reg export; --remote-access is what Get-RemoteAccess, "
        "Get-DAEntryPoint, Get-RemoteAccessLoadBalancer, Get-NetNatTransitionConfiguration and "
        "Get-NetIPAddress print, through Format-List or ConvertTo-Json. What is guessed has a comment; where "
        "something is missing, the draft is written all the same, and the exit status is 1. A file that exists "
        "is not replaced.");
    fputc('\n', out);
}

const struct da_command da_command_import = {
    .name = "import",
    .help = "draft a deployment from what Windows tells",
    .options = options,
    .operands = {.names = "", .least = 0, .most = 0},
    .run = run_import,
    .describe = describe,
};
