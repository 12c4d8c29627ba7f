#include "audit/settings.h"

#include <string.h>
#include <time.h>

enum { OPTION_NOW = DA_SOURCE_OPTION_NEXT, OPTION_ALL, OPTION_JSON, OPTION_HTML, OPTION_FIX };

const struct da_option da_audit_options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    DA_SOURCE_OPTIONS,
    [OPTION_NOW] = {.name = "now",
                    .argument = "TIME",
                    .help = "take it for now: 2026-11-23T06:00Z, or @ and Unix seconds"},
    [OPTION_ALL] = {.name = "all", .help = "show suffixes that are right, too"},
    [OPTION_JSON] = {.name = "json", .help = "print JSON instead of text"},
    [OPTION_HTML] = {.name = "html", .argument = "PATH", .help = "also write a page to this file, replacing it"},
    [OPTION_FIX] = {.name = "fix",
                    .argument = "DIALECT",
                    .help = "print commands that repair, instead of text: nsupdate, powershell, dnscmd"},
    {0},
};

static enum da_status read_now(const struct da_arguments *arguments, struct da_audit_settings *settings,
                               struct da_error *error)
{
    const char *now = da_arguments_text(arguments, OPTION_NOW);

    settings->now = (int64_t)time(NULL);
    if (now != NULL && !da_aging_parse_time(now, &settings->now))
        return da_option_refuse(arguments, OPTION_NOW, now, "a time such as 2026-11-23T06:00Z, or @ and Unix seconds",
                                error);
    return DA_OK;
}

static enum da_status read_output(const struct da_arguments *arguments, struct da_audit_settings *settings,
                                  struct da_error *error)
{
    const char *fix = da_arguments_text(arguments, OPTION_FIX);
    bool json = da_arguments_given(arguments, OPTION_JSON);
    char names[80];

    settings->html = da_arguments_text(arguments, OPTION_HTML);
    settings->all = da_arguments_given(arguments, OPTION_ALL);
    if (settings->html != NULL && strcmp(settings->html, "-") == 0)
        return da_option_refuse(arguments, OPTION_HTML, settings->html, "the path of a file", error);
    if (json && fix != NULL)
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "options --json and --fix: expected one of them");
    if (fix != NULL && (settings->fix = da_fix_find(fix)) == NULL)
        return da_option_refuse(arguments, OPTION_FIX, fix, da_fix_names(names, sizeof(names)), error);
    settings->output = json ? DA_AUDIT_JSON : fix != NULL ? DA_AUDIT_FIX : DA_AUDIT_TEXT;
    return DA_OK;
}

enum da_status da_audit_settings_read(const struct da_arguments *arguments, struct da_audit_settings *settings,
                                      struct da_error *error)
{
    *settings = (struct da_audit_settings){0};
    enum da_status status = da_source_settings_read(arguments, &settings->from, error);
    if (status == DA_OK)
        status = read_now(arguments, settings, error);
    if (status == DA_OK)
        status = read_output(arguments, settings, error);
    return status;
}

void da_audit_settings_clear(struct da_audit_settings *settings)
{
    da_source_settings_clear(&settings->from);
    *settings = (struct da_audit_settings){0};
}
