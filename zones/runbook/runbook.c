#include "runbook/runbook.h"

#include "address.h"
#include "audit/sources.h"
#include "output.h"
#include "record_set.h"
#include "runbook/chapters.h"
#include "runbook/document.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define TITLE_MAX  512
#define PREFIX_LEN 64 /* bits: an interface identifier is the other half (RFC 4291 section 2.5.1) */

enum {
    OPTION_FORMAT = DA_OPTION_HELP + 1,
    OPTION_DNS,
    OPTION_HYPERVISOR,
    OPTION_ISATAP_PREFIX,
    OPTION_OUTPUT,
};

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [OPTION_FORMAT] = {.name = "format", .argument = "FORMAT", .fallback = "text", .help = "text, markdown or html"},
    [OPTION_DNS] = {.name = "dns",
                    .argument = "WAY",
                    .fallback = "all",
                    .help = "unbound, bind, rpz, zone, pin, or all"},
    [OPTION_HYPERVISOR] = {.name = "hypervisor",
                           .argument = "NAME",
                           .help = "what the servers run on: hyper-v, vmware, or none"},
    [OPTION_ISATAP_PREFIX] = {.name = "isatap-prefix",
                              .argument = "PREFIX/64",
                              .help = "what the ISATAP router announces, to tell hosts' addresses"},
    [OPTION_OUTPUT] = {.name = "output",
                       .argument = "PATH",
                       .fallback = "-",
                       .help = "file to replace; \"-\" is standard output"},
    {0},
};

static const char *const formats[] = {
    [DA_DOCUMENT_TEXT] = "text", [DA_DOCUMENT_MARKDOWN] = "markdown", [DA_DOCUMENT_HTML] = "html", NULL};
static const char *const ways[] = {[DA_WAY_ALL] = "all",
                                   [DA_WAY_UNBOUND] = "unbound",
                                   [DA_WAY_BIND] = "bind",
                                   [DA_WAY_RPZ] = "rpz",
                                   [DA_WAY_ZONE] = "zone",
                                   [DA_WAY_PIN] = "pin",
                                   NULL};
static const char *const hypervisors[] = {[DA_HYPERVISOR_UNKNOWN] = "",
                                          [DA_HYPERVISOR_HYPER_V] = "hyper-v",
                                          [DA_HYPERVISOR_VMWARE] = "vmware",
                                          [DA_HYPERVISOR_NONE] = "none",
                                          NULL};

/* ---- the command line ---- */

/* Finds the word that an option has; an empty one stands for an option that is not given. */
static enum da_status read_word(struct da_run *run, size_t option, const char *const *words, unsigned *index)
{
    const char *text = da_arguments_text(run->arguments, option);
    char expected[64] = "";

    *index = 0;
    if (text == NULL)
        return DA_OK;
    for (; words[*index] != NULL; ++*index)
        if (*text != '\0' && strcmp(words[*index], text) == 0)
            return DA_OK;
    for (size_t i = 0, used = 0; words[i] != NULL && used < sizeof(expected); i++)
        if (*words[i] != '\0')
            used += (size_t)snprintf(expected + used, sizeof(expected) - used, "%s%s", used == 0 ? "one of " : ", ",
                                     words[i]);
    return da_option_refuse(run->arguments, option, text, expected, &run->error);
}

/* ADDRESS/64, and nothing set behind it. */
static bool parse_prefix(const char *text, struct da_prefix *prefix)
{
    static const struct da_ipv6 zero;
    char copy[64], *slash;

    snprintf(copy, sizeof(copy), "%s", text);
    slash = strchr(copy, '/');
    if (strlen(text) >= sizeof(copy) || slash == NULL || strcmp(slash, "/64") != 0)
        return false;
    *slash = '\0';
    *prefix = (struct da_prefix){.length = PREFIX_LEN};
    return da_ipv6_from_text(copy, &prefix->network) && da_ipv6_is_unicast(&prefix->network) &&
           memcmp(prefix->network.octet + PREFIX_LEN / 8, zero.octet, DA_IPV6_LEN - PREFIX_LEN / 8) == 0;
}

static enum da_status read_settings(struct da_run *run, enum da_document_format *format, struct da_prefix *prefix,
                                    struct da_runbook *runbook)
{
    const char *text = da_arguments_text(run->arguments, OPTION_ISATAP_PREFIX);
    unsigned chosen = 0, way = 0, hypervisor = 0;

    enum da_status status = read_word(run, OPTION_FORMAT, formats, &chosen);
    if (status == DA_OK)
        status = read_word(run, OPTION_DNS, ways, &way);
    if (status == DA_OK)
        status = read_word(run, OPTION_HYPERVISOR, hypervisors, &hypervisor);
    if (status == DA_OK && text != NULL && !parse_prefix(text, prefix))
        status = da_option_refuse(run->arguments, OPTION_ISATAP_PREFIX, text,
                                  "a prefix of 64 bits, such as 2001:db8:0:1::/64", &run->error);
    *format = (enum da_document_format)chosen;
    runbook->way = (enum da_way)way;
    runbook->hypervisor = (enum da_hypervisor)hypervisor;
    runbook->isatap_prefix = text != NULL ? prefix : NULL;
    return status;
}

/* ---- the document ---- */

static const char *shell_path(const char *path, char **quoted)
{
    size_t length;
    FILE *out = open_memstream(quoted, &length);

    if (out != NULL)
        da_text_shell_path(out, strcmp(path, "-") == 0 ? "deployment.yaml" : path);
    return out != NULL && fclose(out) == 0 ? *quoted : NULL;
}

static enum da_status write_document(enum da_document_format format, const struct da_runbook *runbook,
                                     const char *title, FILE *out)
{
    static void (*const chapters[])(const struct da_runbook *, struct da_document *) = {
        da_runbook_overview, da_runbook_nlb,      da_runbook_balancer, da_runbook_isatap,
        da_runbook_dns,      da_runbook_firewall, da_runbook_verify,
    };
    struct da_document *document = da_document_begin(format, title);

    for (size_t i = 0; document != NULL && i < sizeof(chapters) / sizeof(*chapters); i++)
        chapters[i](runbook, document);
    return da_document_end(document, out);
}

static enum da_status write_output(struct da_run *run, enum da_document_format format, const struct da_runbook *runbook)
{
    const char *path = da_arguments_text(run->arguments, OPTION_OUTPUT), *input = run->arguments->operands[0];
    struct da_output output;
    char title[TITLE_MAX];
    enum da_status status;

    snprintf(title, sizeof(title), "DirectAccess runbook for %s", da_deployment_title(input));
    if (strcmp(path, "-") == 0) {
        status = write_document(format, runbook, title, run->out);
        return status == DA_ERR_IO ? da_run_write_failed(run, "standard output") : status;
    }
    if (da_output_is(path, input))
        return da_error_set(&run->error, DA_ERR_VALUE, NULL, "the deployment itself cannot be the output");
    run->about = path;
    status = da_output_open(path, &output, &run->error);
    if (status != DA_OK)
        return status;
    status = write_document(format, runbook, title, output.stream);
    if (status == DA_OK)
        return da_output_commit(&output, &run->error);
    if (status == DA_ERR_IO)
        da_run_write_failed(run, path);
    da_output_discard(&output);
    return status;
}

static enum da_exit run_runbook(struct da_run *run)
{
    const char *path = run->arguments->operands[0];
    struct da_deployment *deployment = NULL;
    struct da_record_set *set = NULL;
    struct da_runbook runbook = {0};
    enum da_document_format format;
    struct da_prefix prefix;
    char *quoted = NULL;

    if (read_settings(run, &format, &prefix, &runbook) != DA_OK)
        return DA_EXIT_USAGE;
    enum da_status status = da_run_load(run, path, &deployment);
    if (status == DA_OK)
        status = da_record_set_new(deployment, &set);
    runbook.deployment = deployment;
    runbook.set = set;
    if (status == DA_OK && (runbook.path = shell_path(path, &quoted)) == NULL)
        status = DA_ERR_MEMORY;
    if (status == DA_OK)
        status = write_output(run, format, &runbook);
    if (status != DA_OK)
        da_error_set(&run->error, status, NULL, "out of memory"); /* every other fault was recorded where it happened */
    free(quoted);
    da_record_set_free(set);
    da_deployment_free(deployment);
    return status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
}

static void describe(FILE *out)
{
    da_text_wrap(out, "", "",
                 "What goes with the records, computed from the deployment: load balancing, with the cluster's MAC "
                 "addresses and what routers and switches need; ISATAP for manage-out; the ways into DNS; the "
                 "firewall; and how to verify it all. What stands in capitals, such as YOUR-DC, is for you to "
                 "replace. It asks nobody, and changes nothing.");
    fputc('\n', out);
}

const struct da_command da_command_runbook = {
    .name = "runbook",
    .help = "tell what goes with the records: load balancing, ISATAP, DNS, firewall",
    .options = options,
    .operands = {.names = "DEPLOYMENT", .least = 1, .most = 1},
    .run = run_runbook,
    .describe = describe,
};
