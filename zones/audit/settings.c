#include "audit/settings.h"

#include "audit/live.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    OPTION_ZONE_FILE = DA_OPTION_HELP + 1,
    OPTION_TRANSFER,
    OPTION_ORIGIN,
    OPTION_SERVER,
    OPTION_RESOLVER,
    OPTION_REMOTE_RESOLVER,
    OPTION_INCLUDE_ROOT,
    OPTION_KEY_FILE,
    OPTION_TIMEOUT,
    OPTION_NO_REFRESH,
    OPTION_REFRESH,
    OPTION_NOW,
    OPTION_ISATAP_ROUTER,
    OPTION_SEVERITIES,
    OPTION_ALL,
    OPTION_JSON,
    OPTION_HTML,
    OPTION_FIX
};

const struct da_option da_audit_options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    [OPTION_ZONE_FILE] = {.name = "zone-file",
                          .argument = "PATH",
                          .help = "source: a zone file or a Windows export; \"-\" is standard input",
                          .repeatable = true},
    [OPTION_TRANSFER] = {.name = "transfer",
                         .argument = "SERVER",
                         .help = "source: the zones of the suffixes, by transfer (AXFR)",
                         .repeatable = true},
    [OPTION_ORIGIN] = {.name = "origin",
                       .argument = "NAME",
                       .help = "behind a zone file or transfer: its zone",
                       .repeatable = true},
    [OPTION_SERVER] = {.name = "server",
                       .argument = "SERVER",
                       .help = "source: an authoritative server, asked name by name",
                       .repeatable = true},
    [OPTION_RESOLVER] = {.name = "resolver", .argument = "ADDRESS", .help = "source: a resolver", .repeatable = true},
    [OPTION_REMOTE_RESOLVER] = {.name = "remote-resolver",
                                .argument = "ADDRESS",
                                .help = "source: a resolver that remote clients use",
                                .repeatable = true},
    [OPTION_INCLUDE_ROOT] = {.name = "include-root",
                             .argument = "DIR",
                             .help = "no $INCLUDE of a zone file leads out of it"},
    [OPTION_KEY_FILE] = {.name = "key-file", .argument = "PATH", .help = "TSIG key for transfers and servers"},
    [OPTION_TIMEOUT] = {.name = "timeout",
                        .argument = "SECONDS",
                        .fallback = "5",
                        .help = "how long a server may be silent"},
    [OPTION_NO_REFRESH] = {.name = "no-refresh",
                           .argument = "HOURS",
                           .fallback = "168",
                           .help = "the zone's no-refresh interval; 7d are days"},
    [OPTION_REFRESH] = {.name = "refresh",
                        .argument = "HOURS",
                        .fallback = "168",
                        .help = "the zone's refresh interval"},
    [OPTION_NOW] = {.name = "now",
                    .argument = "TIME",
                    .help = "take it for now: 2026-11-23T06:00Z, or @ and Unix seconds"},
    [OPTION_ISATAP_ROUTER] = {.name = "isatap-router",
                              .argument = "LABEL",
                              .help = "a router name that hosts use though the deployment has none"},
    [OPTION_SEVERITIES] = {.name = "severities",
                           .argument = "PATH",
                           .help = "YAML file that changes severities, code: severity"},
    [OPTION_ALL] = {.name = "all", .help = "show suffixes that are right, too"},
    [OPTION_JSON] = {.name = "json", .help = "print JSON instead of text"},
    [OPTION_HTML] = {.name = "html", .argument = "PATH", .help = "also write a page to this file, replacing it"},
    [OPTION_FIX] = {.name = "fix",
                    .argument = "DIALECT",
                    .help = "print commands that repair, instead of text: nsupdate, powershell, dnscmd"},
    {0},
};

static enum da_status refuse(struct da_error *error, size_t option, const char *text, const char *expected)
{
    char quoted[DA_ERROR_QUOTE_MAX];
    return da_error_set(error, DA_ERR_SYNTAX, NULL, "option --%s: %s: expected %s", da_audit_options[option].name,
                        da_error_quote(text, quoted, sizeof(quoted)), expected);
}

static bool is_source(size_t option, enum da_source_kind *kind)
{
    switch (option) {
    case OPTION_ZONE_FILE:
        *kind = DA_SOURCE_ZONE_FILE;
        return true;
    case OPTION_TRANSFER:
        *kind = DA_SOURCE_TRANSFER;
        return true;
    case OPTION_SERVER:
        *kind = DA_SOURCE_SERVER;
        return true;
    case OPTION_RESOLVER:
    case OPTION_REMOTE_RESOLVER:
        *kind = DA_SOURCE_RESOLVER;
        return true;
    default:
        return false;
    }
}

static bool is_input(const struct da_given *given, enum da_source_kind kind)
{
    return kind == DA_SOURCE_ZONE_FILE && strcmp(given->text, "-") == 0;
}

static enum da_status check_source(const struct da_audit_settings *settings, const struct da_given *given,
                                   enum da_source_kind kind, struct da_error *error)
{
    bool resolver = kind == DA_SOURCE_RESOLVER;

    if (kind != DA_SOURCE_ZONE_FILE && !da_live_is_server(given->text, resolver))
        return refuse(error, given->option, given->text,
                      resolver ? "an address, or ADDRESS@PORT" : "an address or a host's name, @PORT behind it or not");
    for (size_t i = 0; is_input(given, kind) && i < settings->source_count; i++)
        if (settings->sources[i].is_input)
            return da_error_set(error, DA_ERR_SYNTAX, NULL, "standard input cannot be read twice");
    return DA_OK;
}

static enum da_status read_origin(struct da_audit_settings *settings, const char *text, struct da_error *error)
{
    struct da_source_setting *source =
        settings->source_count > 0 ? &settings->sources[settings->source_count - 1] : NULL;

    if (source == NULL || (source->kind != DA_SOURCE_ZONE_FILE && source->kind != DA_SOURCE_TRANSFER))
        return da_error_set(error, DA_ERR_SYNTAX, NULL,
                            "option --origin: expected behind the --zone-file or --transfer that it is for");
    if (source->origin.length > 0)
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "option --origin is given more than once for one source");
    if (strcmp(text, ".") == 0) {
        source->origin = (struct da_name){.length = 1};
        return DA_OK;
    }
    if (da_name_from_hostname(text, &source->origin) != DA_OK)
        return refuse(error, OPTION_ORIGIN, text, "the name of a zone");
    return DA_OK;
}

static enum da_status read_sources(const struct da_arguments *arguments, struct da_audit_settings *settings,
                                   struct da_error *error)
{
    enum da_status status = DA_OK;
    enum da_source_kind kind;

    settings->sources = calloc(arguments->given_count + 1, sizeof(*settings->sources));
    if (settings->sources == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    for (size_t i = 0; status == DA_OK && i < arguments->given_count; i++) {
        const struct da_given *given = &arguments->given[i];
        if (given->option == OPTION_ORIGIN) {
            status = read_origin(settings, given->text, error);
        } else if (is_source(given->option, &kind)) {
            status = check_source(settings, given, kind, error);
            settings->sources[settings->source_count++] =
                (struct da_source_setting){.kind = kind,
                                           .text = given->text,
                                           .is_input = is_input(given, kind),
                                           .remote = given->option == OPTION_REMOTE_RESOLVER};
        }
    }
    if (status == DA_OK && settings->source_count == 0)
        return da_error_set(error, DA_ERR_SYNTAX, NULL,
                            "a source is missing: --zone-file, --transfer, --server, --resolver or --remote-resolver");
    return status;
}

static enum da_status read_timeout(const char *text, unsigned *timeout, struct da_error *error)
{
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);

    if (text[strspn(text, "0123456789")] != '\0' || seconds < 1 || seconds > DA_LIVE_TIMEOUT_MAX)
        return refuse(error, OPTION_TIMEOUT, text, "1 to 300 seconds");
    *timeout = (unsigned)seconds;
    return DA_OK;
}

static enum da_status read_times(const struct da_arguments *arguments, struct da_audit_settings *settings,
                                 struct da_error *error)
{
    const char *no_refresh = da_arguments_text(arguments, OPTION_NO_REFRESH);
    const char *refresh = da_arguments_text(arguments, OPTION_REFRESH);
    const char *now = da_arguments_text(arguments, OPTION_NOW);

    settings->now = (int64_t)time(NULL);
    if (!da_aging_parse_hours(no_refresh, &settings->intervals.no_refresh))
        return refuse(error, OPTION_NO_REFRESH, no_refresh, "1 to 87600 hours, or days such as 7d");
    if (!da_aging_parse_hours(refresh, &settings->intervals.refresh))
        return refuse(error, OPTION_REFRESH, refresh, "1 to 87600 hours, or days such as 7d");
    if (now != NULL && !da_aging_parse_time(now, &settings->now))
        return refuse(error, OPTION_NOW, now, "a time such as 2026-11-23T06:00Z, or @ and Unix seconds");
    return read_timeout(da_arguments_text(arguments, OPTION_TIMEOUT), &settings->timeout, error);
}

static enum da_status read_output(const struct da_arguments *arguments, struct da_audit_settings *settings,
                                  struct da_error *error)
{
    const char *fix = da_arguments_text(arguments, OPTION_FIX);
    bool json = da_arguments_given(arguments, OPTION_JSON);
    char names[80];

    if (json && fix != NULL)
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "options --json and --fix: expected one of them");
    if (fix != NULL && (settings->fix = da_fix_find(fix)) == NULL)
        return refuse(error, OPTION_FIX, fix, da_fix_names(names, sizeof(names)));
    settings->output = json ? DA_AUDIT_JSON : fix != NULL ? DA_AUDIT_FIX : DA_AUDIT_TEXT;
    return DA_OK;
}

enum da_status da_audit_settings_read(const struct da_arguments *arguments, struct da_audit_settings *settings,
                                      struct da_error *error)
{
    *settings = (struct da_audit_settings){
        .include_root = da_arguments_text(arguments, OPTION_INCLUDE_ROOT),
        .key_file = da_arguments_text(arguments, OPTION_KEY_FILE),
        .severities = da_arguments_text(arguments, OPTION_SEVERITIES),
        .router = da_arguments_text(arguments, OPTION_ISATAP_ROUTER),
        .html = da_arguments_text(arguments, OPTION_HTML),
        .all = da_arguments_given(arguments, OPTION_ALL),
    };
    if (settings->router != NULL && !da_name_is_label(settings->router))
        return refuse(error, OPTION_ISATAP_ROUTER, settings->router, "a label: letters, digits and inner hyphens");
    if (settings->html != NULL && strcmp(settings->html, "-") == 0)
        return refuse(error, OPTION_HTML, settings->html, "the path of a file");
    enum da_status status = read_sources(arguments, settings, error);
    if (status == DA_OK)
        status = read_times(arguments, settings, error);
    if (status == DA_OK)
        status = read_output(arguments, settings, error);
    return status;
}

void da_audit_settings_clear(struct da_audit_settings *settings)
{
    free(settings->sources);
    *settings = (struct da_audit_settings){0};
}
