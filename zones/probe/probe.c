#include "probe/probe.h"

#include "audit/live_endpoint.h"
#include "audit/sources.h"
#include "entry_point.h"
#include "probe/ask.h"
#include "probe/conclude.h"
#include "probe/fetch.h"
#include "probe/report.h"
#include "suffixes.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PORT_MAX    65535
#define SLOW_DIGITS 3       /* behind the point: milliseconds */
#define SLOW_MAX    300000U /* milliseconds */

enum {
    OPTION_RESOLVER = DA_OPTION_HELP + 1,
    OPTION_ENTRY_POINT,
    OPTION_SUFFIX,
    OPTION_DNS64,
    OPTION_NCSI,
    OPTION_PORT,
    OPTION_EXPECT_BODY,
    OPTION_TIMEOUT,
    OPTION_SLOW,
    OPTION_JSON,
};

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [OPTION_RESOLVER] = {.name = "resolver",
                         .argument = "ADDRESS",
                         .help = "ask this one, @PORT behind it or not, instead of the system's",
                         .repeatable = true},
    [OPTION_ENTRY_POINT] = {.name = "entry-point",
                            .argument = "NAME",
                            .help = "conclude about this one instead of all"},
    [OPTION_SUFFIX] = {.name = "suffix",
                       .argument = "SUFFIX",
                       .help = "ask below this suffix instead of all",
                       .repeatable = true},
    [OPTION_DNS64] = {.name = "dns64", .help = "the resolvers are a DNS64, as clients see it, or stand behind one"},
    [OPTION_NCSI] = {.name = "ncsi", .argument = "FILE", .help = "client policy to compare; \"-\" is standard input"},
    [OPTION_PORT] = {.name = "port",
                     .argument = "PORT",
                     .fallback = "80",
                     .help = "TCP port of the web probe; clients know only 80"},
    [OPTION_EXPECT_BODY] = {.name = "expect-body", .argument = "TEXT", .help = "what the right page has in it"},
    [OPTION_TIMEOUT] = {.name = "timeout",
                        .argument = "SECONDS",
                        .fallback = "5",
                        .help = "how long to wait for an answer or a page"},
    [OPTION_SLOW] = {.name = "slow",
                     .argument = "SECONDS",
                     .fallback = "1",
                     .help = "what takes longer is remarked on; 0.5 is half a second"},
    [OPTION_JSON] = {.name = "json", .help = "print JSON instead of text"},
    {0},
};

struct run {
    struct da_run *command;
    const char **resolvers;
    unsigned timeout; /* seconds */
    const char *policy_path;
    FILE *progress;
    struct da_fetching fetching;
    struct da_deployment *deployment;
    struct da_record_set *all, set; /* of all suffixes; of those asked about */
    struct da_expectations expectations;
    struct da_ncsi policy;
    struct da_ncsi_findings findings;
    struct da_view view;
    struct da_conclusions conclusions;
};

/* ---- the command line ---- */

static enum da_status read_resolvers(struct run *run)
{
    const struct da_arguments *arguments = run->command->arguments;
    struct da_endpoint endpoint;
    const char *text;
    size_t at = 0, count = 0;

    run->resolvers = calloc(arguments->given_count + 1, sizeof(*run->resolvers)); /* NULL is the system's */
    if (run->resolvers == NULL)
        return da_error_set(&run->command->error, DA_ERR_MEMORY, NULL, "out of memory");
    while ((text = da_arguments_next(arguments, OPTION_RESOLVER, &at)) != NULL) {
        if (!da_endpoint_parse(text, &endpoint) || !endpoint.is_address)
            return da_option_refuse(arguments, OPTION_RESOLVER, text, "an address, @PORT behind it or not",
                                    &run->command->error);
        run->resolvers[count++] = text;
    }
    run->view.resolvers = run->resolvers;
    run->view.resolver_count = count > 0 ? count : 1;
    return DA_OK;
}

static enum da_status read_port(struct run *run)
{
    const struct da_arguments *arguments = run->command->arguments;
    const char *text = da_arguments_text(arguments, OPTION_PORT);
    unsigned long port = strtoul(text, NULL, 10);

    if (text[strspn(text, "0123456789")] != '\0' || strlen(text) > 5 || port < 1 || port > PORT_MAX)
        return da_option_refuse(arguments, OPTION_PORT, text, "a port: 1 to 65535", &run->command->error);
    run->fetching.port = run->expectations.port = (unsigned)port;
    return DA_OK;
}

/* Digits, and up to three more behind a point. False where it is neither that nor a time that may be. */
static bool parse_slow(const char *text, unsigned *milliseconds)
{
    static const char digits[] = "0123456789";
    size_t whole = strspn(text, digits);
    const char *behind = text[whole] == '.' ? text + whole + 1 : "";
    size_t fraction = strspn(behind, digits);
    unsigned long value = strtoul(text, NULL, 10) * 1000;
    unsigned long unit = 1000;

    if (whole == 0 || whole > 3 || fraction > SLOW_DIGITS || (text[whole] == '.' && fraction == 0) ||
        (text[whole] != '.' && text[whole] != '\0') || behind[fraction] != '\0')
        return false;
    for (size_t i = 0; i < fraction; i++)
        value += (unsigned long)(behind[i] - '0') * (unit /= 10);
    *milliseconds = (unsigned)value;
    return value >= 1 && value <= SLOW_MAX;
}

static enum da_status read_settings(struct run *run)
{
    struct da_run *command = run->command;
    const struct da_arguments *arguments = command->arguments;
    const char *slow = da_arguments_text(arguments, OPTION_SLOW);

    run->policy_path = da_arguments_text(arguments, OPTION_NCSI);
    run->expectations.dns64 = run->fetching.dns64 = da_arguments_given(arguments, OPTION_DNS64);
    run->fetching.body = da_arguments_text(arguments, OPTION_EXPECT_BODY);
    run->progress = isatty(fileno(command->err)) ? command->err : NULL;
    enum da_status status = read_resolvers(run);
    if (status == DA_OK)
        status = read_port(run);
    if (status == DA_OK)
        status = da_option_timeout(arguments, OPTION_TIMEOUT, &run->timeout, &command->error);
    run->fetching.timeout = run->timeout;
    if (status == DA_OK && !parse_slow(slow, &run->expectations.slow))
        status = da_option_refuse(arguments, OPTION_SLOW, slow, "0.001 to 300 seconds", &command->error);
    if (status == DA_OK && run->fetching.body != NULL && run->fetching.body[0] == '\0')
        status = da_option_refuse(arguments, OPTION_EXPECT_BODY, "", "some text", &command->error);
    if (status == DA_OK && run->policy_path != NULL && strcmp(run->policy_path, "-") == 0 &&
        strcmp(arguments->operands[0], "-") == 0)
        status = da_error_set(&command->error, DA_ERR_SYNTAX, NULL,
                              "option --ncsi: standard input is the deployment already");
    return status;
}

/* ---- files ---- */

static enum da_status load_policy(struct run *run)
{
    if (run->policy_path == NULL)
        return DA_OK;
    run->command->about = da_deployment_title(run->policy_path);
    enum da_status status = da_ncsi_load(run->policy_path, &run->policy, &run->command->error);
    if (status == DA_OK)
        da_ncsi_check(&run->policy, run->deployment, run->all, &run->findings);
    return status;
}

static enum da_status load_files(struct run *run)
{
    struct da_run *command = run->command;

    enum da_status status = da_run_load(command, command->arguments->operands[0], &run->deployment);
    if (status == DA_OK)
        status = da_record_set_new(run->deployment, &run->all);
    if (status == DA_OK)
        status = da_suffixes_choose(command->arguments, OPTION_SUFFIX, run->all, &run->set, &command->error);
    if (status == DA_OK)
        status = da_entry_point_choose(command->arguments, OPTION_ENTRY_POINT, run->deployment,
                                       &run->expectations.entry_point, &command->error);
    if (status == DA_OK && run->expectations.dns64 && run->deployment->network == DA_NETWORK_IPV6)
        status = da_error_set(&command->error, DA_ERR_VALUE, "network",
                              "ipv6: expected ipv4-only with option --dns64: there is no NAT64 prefix");
    run->expectations.deployment = run->deployment;
    run->expectations.set = &run->set;
    return status == DA_OK ? load_policy(run) : status;
}

/* ---- the network, and what follows ---- */

static enum da_status look(struct run *run)
{
    run->command->about = "web probe";
    enum da_status status = da_probe_ask(&run->set, run->timeout, run->progress, &run->view);
    if (status == DA_OK)
        status =
            da_probe_fetch(run->deployment, &run->set, &run->fetching, run->progress, &run->view, &run->command->error);
    return status == DA_OK ? da_conclude(&run->expectations, &run->view, &run->conclusions) : status;
}

static enum da_monitored severity_of(const struct run *run)
{
    enum da_monitored worst = da_conclusions_severity(&run->conclusions);

    for (size_t i = 0; i < run->findings.count; i++)
        if (run->findings.findings[i].severity > worst)
            worst = run->findings.findings[i].severity;
    return worst;
}

static enum da_status report(struct run *run)
{
    struct da_run *command = run->command;
    int fd = fileno(command->out);
    const struct da_probe_report given = {
        .deployment = da_deployment_title(command->arguments->operands[0]),
        .expectations = &run->expectations,
        .view = &run->view,
        .conclusions = &run->conclusions,
        .policy = run->policy_path != NULL ? &run->policy : NULL,
        .policy_findings = &run->findings,
        .severity = severity_of(run),
        .colours = fd >= 0 && isatty(fd) && getenv("NO_COLOR") == NULL, /* no-color.org */
    };
    enum da_status status = da_arguments_given(command->arguments, OPTION_JSON)
                                ? da_probe_report_json(&given, command->out)
                                : da_probe_report_text(&given, command->out);

    command->monitored = given.severity;
    if (status == DA_ERR_IO)
        da_run_write_failed(command, "standard output");
    return status;
}

/* ---- the command ---- */

static void clear(struct run *run)
{
    da_conclusions_clear(&run->conclusions);
    da_view_clear(&run->view);
    da_ncsi_clear(&run->policy);
    da_suffixes_clear(run->all, &run->set);
    da_record_set_free(run->all);
    da_deployment_free(run->deployment);
    free(run->resolvers);
}

static enum da_exit run_probe(struct da_run *command)
{
    struct run run = {.command = command};
    enum da_exit exit = DA_EXIT_USAGE;

    if (read_settings(&run) == DA_OK) {
        enum da_status status = load_files(&run);
        if (status == DA_OK)
            status = look(&run);
        if (status == DA_OK)
            status = report(&run);
        if (status != DA_OK) /* other faults were recorded where they happened */
            da_error_set(&command->error, status, NULL, "out of memory");
        exit = status == DA_OK ? DA_EXIT_OK : DA_EXIT_FAILURE;
    }
    clear(&run);
    return exit;
}

static void describe(FILE *out)
{
    da_text_wrap(out, "", "",
                 "It asks each resolver what a DirectAccess client asks, fetches the page of the web probe from each "
                 "address it is given, and tells for each entry point what the client would conclude: Connected; "
                 "Connecting, for ever; or that the tunnel would be given up. It changes nothing.");
    fputc('\n', out);
}

const struct da_command da_command_probe = {
    .name = "probe",
    .help = "do what a DirectAccess client does, and say what it would conclude",
    .options = options,
    .operands = {.names = "DEPLOYMENT", .least = 1, .most = 1},
    .monitored = true,
    .run = run_probe,
    .describe = describe,
};
