#include "generate/generate.h"

#include "entry_point.h"
#include "generate/format.h"
#include "output.h"
#include "record_set.h"
#include "suffixes.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    OPTION_FORMAT = DA_OPTION_HELP + 1,
    OPTION_OUTPUT,
    OPTION_SUFFIX,
    OPTION_RPZ_ZONE,
    OPTION_SERIAL,
    OPTION_REPLACE,
    OPTION_ENTRY_POINT
};

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [OPTION_FORMAT] = {.name = "format", .argument = "FORMAT", .help = "one of those below", .required = true},
    [OPTION_OUTPUT] = {.name = "output",
                       .argument = "PATH",
                       .fallback = "-",
                       .help = "file to replace; \"-\" is standard output"},
    [OPTION_SUFFIX] = {.name = "suffix",
                       .argument = "NAME",
                       .help = "only this suffix of the deployment",
                       .repeatable = true},
    [OPTION_RPZ_ZONE] = {.name = "rpz-zone",
                         .argument = "NAME",
                         .fallback = DA_RPZ_ZONE_DEFAULT,
                         .help = "rpz: name of the zone"},
    [OPTION_SERIAL] = {.name = "serial",
                       .argument = "SERIAL",
                       .fallback = "auto",
                       .help = "rpz: auto, unixtime, or a number"},
    [OPTION_REPLACE] = {.name = "replace", .help = "nsupdate, dnscmd: also delete wrong addresses"},
    [OPTION_ENTRY_POINT] = {.name = "entry-point",
                            .argument = "NAME",
                            .help = "ncsi-reg: whose clients the policy is for"},
    {0},
};

/* Options that only some formats take. */
static const struct {
    size_t option;
    unsigned format_option;
} format_options[] = {
    {OPTION_RPZ_ZONE, DA_FORMAT_RPZ_ZONE},
    {OPTION_SERIAL, DA_FORMAT_SERIAL},
    {OPTION_REPLACE, DA_FORMAT_REPLACE},
    {OPTION_ENTRY_POINT, DA_FORMAT_ENTRY_POINT},
};

/* Writes the names of the formats that take an option; all formats where option is 0. Returns text. */
static const char *list_formats(unsigned option, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < da_format_count && used < size; i++)
        if ((da_formats[i]->options & option) == option)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", da_formats[i]->name);
    return text;
}

static const struct da_format *choose_format(struct da_run *run)
{
    const char *name = da_arguments_text(run->arguments, OPTION_FORMAT);
    const struct da_format *format = da_format_find(name);
    char quoted[80], list[DA_ERROR_TEXT_MAX];

    if (format == NULL)
        da_error_set(&run->error, DA_ERR_SYNTAX, NULL, "no such format: %s; there are %s",
                     da_error_quote(name, quoted, sizeof(quoted)), list_formats(0, list, sizeof(list)));
    for (size_t i = 0; format != NULL && i < sizeof(format_options) / sizeof(format_options[0]); i++) {
        unsigned option = format_options[i].format_option;
        if (!da_arguments_given(run->arguments, format_options[i].option) || (format->options & option) != 0)
            continue;
        da_error_set(&run->error, DA_ERR_SYNTAX, NULL, "option --%s is not for the format %s, only for %s",
                     options[format_options[i].option].name, name, list_formats(option, list, sizeof(list)));
        return NULL;
    }
    return format;
}

/* Reads the options that formats take. Returns DA_OK or DA_ERR_SYNTAX. */
static enum da_status read_format_options(struct da_run *run, struct da_format_request *request)
{
    const char *zone = da_arguments_text(run->arguments, OPTION_RPZ_ZONE);
    const char *serial = da_arguments_text(run->arguments, OPTION_SERIAL);
    char quoted[DA_ERROR_QUOTE_MAX];

    if (da_name_from_hostname(zone, &request->rpz_zone) != DA_OK)
        return da_error_set(&run->error, DA_ERR_SYNTAX, NULL, "option --rpz-zone: %s: expected a domain name",
                            da_error_quote(zone, quoted, sizeof(quoted)));
    if (!da_serial_rule_from_text(serial, &request->serial))
        return da_error_set(&run->error, DA_ERR_SYNTAX, NULL,
                            "option --serial: %s: expected auto, unixtime or a number from 1 to 4294967295",
                            da_error_quote(serial, quoted, sizeof(quoted)));
    request->now = (uint32_t)time(NULL);
    request->replace = da_arguments_given(run->arguments, OPTION_REPLACE);
    request->error = &run->error;
    return DA_OK;
}

static enum da_status choose_entry_point(struct da_run *run, struct da_format_request *request)
{
    size_t index;

    enum da_status status =
        da_entry_point_choose(run->arguments, OPTION_ENTRY_POINT, request->deployment, &index, &run->error);
    if (status == DA_OK && index != SIZE_MAX)
        request->entry_point = &request->deployment->entry_points[index];
    return status;
}

static enum da_status write_stdout(struct da_run *run, const struct da_format *format,
                                   const struct da_format_request *request)
{
    enum da_status status = format->write(format, request, run->out);
    if (status == DA_ERR_IO)
        da_run_write_failed(run, "standard output");
    return status;
}

static enum da_status write_file(struct da_run *run, const struct da_format *format, struct da_format_request *request,
                                 const char *path)
{
    struct da_output output;

    /* It is what all else comes from: a slip of the hand must not overwrite it. */
    if (da_output_is(path, run->arguments->operands[0]))
        return da_error_set(&run->error, DA_ERR_VALUE, NULL, "the deployment itself cannot be the output");
    run->about = path;
    enum da_status status = da_output_open(path, &output, &run->error);
    if (status != DA_OK)
        return status;
    request->replaced = access(output.target, F_OK) == 0 ? output.target : NULL;
    status = format->write(format, request, output.stream);
    request->replaced = NULL;
    if (status == DA_OK)
        return da_output_commit(&output, &run->error);
    if (status == DA_ERR_IO)
        da_run_write_failed(run, path); /* unless the format has said what failed */
    da_output_discard(&output);
    return status;
}

static enum da_exit run_generate(struct da_run *run)
{
    const char *path = da_arguments_text(run->arguments, OPTION_OUTPUT);
    const struct da_format *format = choose_format(run);
    struct da_format_request request = {0};
    struct da_deployment *deployment = NULL;
    struct da_record_set *set = NULL, view = {0};

    if (format == NULL || read_format_options(run, &request) != DA_OK)
        return DA_EXIT_USAGE;
    enum da_status status = da_run_load(run, run->arguments->operands[0], &deployment);
    if (status == DA_OK)
        status = da_record_set_new(deployment, &set);
    if (status == DA_OK)
        status = da_suffixes_choose(run->arguments, OPTION_SUFFIX, set, &view, &run->error);
    request.set = &view;
    request.deployment = deployment;
    if (status == DA_OK)
        status = choose_entry_point(run, &request);
    if (status == DA_OK)
        status = strcmp(path, "-") == 0 ? write_stdout(run, format, &request) : write_file(run, format, &request, path);
    if (status != DA_OK)
        da_error_set(&run->error, status, NULL, "out of memory"); /* every other fault was recorded where it happened */
    da_suffixes_clear(set, &view);
    da_record_set_free(set);
    da_deployment_free(deployment);
    return status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
}

const struct da_command da_command_generate = {
    .name = "generate",
    .help = "write the records in the format of another program",
    .options = options,
    .operands = {.names = "DEPLOYMENT", .least = 1, .most = 1},
    .run = run_generate,
    .describe = da_format_help,
};
