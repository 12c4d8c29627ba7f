#include "watch/settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { OPTION_INTERVAL = DA_SOURCE_OPTION_NEXT, OPTION_METRICS, OPTION_ONCE };

const struct da_option da_watch_options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY,
    DA_SOURCE_OPTIONS,
    [OPTION_INTERVAL] = {.name = "interval",
                         .argument = "SECONDS",
                         .fallback = "300",
                         .help = "look so often; 5m are minutes, 1h is an hour"},
    [OPTION_METRICS] = {.name = "metrics",
                        .argument = "PATH",
                        .help = "keep metrics for Prometheus in this file, replacing it whole"},
    [OPTION_ONCE] = {.name = "once", .help = "look once, and exit as audit does"},
    {0},
};

bool da_watch_parse_interval(const char *text, unsigned *seconds)
{
    static const struct {
        const char *text;
        unsigned long seconds;
    } units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}};
    size_t digits = strspn(text, "0123456789");
    unsigned long number = strtoul(text, NULL, 10);

    if (digits == 0 || digits > 5)
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        unsigned long value = number * units[i].seconds;
        if (strcmp(text + digits, units[i].text) != 0)
            continue;
        if (value < 1 || value > DA_WATCH_INTERVAL_MAX)
            return false;
        *seconds = (unsigned)value;
        return true;
    }
    return false;
}

/* What is read every round must be there every round. */
/* What the watch itself reads: whoever waits at a pipe cannot be told to end. */
static bool is_no_file(const char *path)
{
    struct stat st;
    return path != NULL && stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static enum da_status check_files(const struct da_arguments *arguments, const struct da_source_settings *from,
                                  struct da_error *error)
{
    static const char expected[] = "a regular file, which is read again and again";
    char quoted[DA_ERROR_QUOTE_MAX];

    if (is_no_file(arguments->operands[0]))
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "DEPLOYMENT: %s: expected %s",
                            da_error_quote(arguments->operands[0], quoted, sizeof(quoted)), expected);
    if (is_no_file(from->key_file))
        return da_option_refuse(arguments, DA_SOURCE_OPTION_KEY_FILE, from->key_file, expected, error);
    if (is_no_file(from->severities))
        return da_option_refuse(arguments, DA_SOURCE_OPTION_SEVERITIES, from->severities, expected, error);
    return DA_OK;
}

static enum da_status check_again(const struct da_arguments *arguments, const struct da_watch_settings *settings,
                                  struct da_error *error)
{
    const struct da_source_settings *from = &settings->from;

    if (strcmp(arguments->operands[0], "-") == 0)
        return da_error_set(error, DA_ERR_SYNTAX, NULL,
                            "DEPLOYMENT: \"-\": expected a file, which is read again and "
                            "again; standard input cannot be");
    for (size_t i = 0; i < from->count; i++)
        if (from->sources[i].is_input)
            return da_option_refuse(arguments, DA_SOURCE_OPTION_ZONE_FILE, from->sources[i].text,
                                    "a file, which is read again and again; standard input cannot be", error);
    if (from->login.user != NULL && from->login.password_file == NULL)
        return da_error_set(error, DA_ERR_SYNTAX, NULL,
                            "option --user: expected --password-file beside it, because a "
                            "watch cannot ask for the password at every look");
    return check_files(arguments, from, error);
}

static bool is_same(const struct da_source_setting *a, const struct da_source_setting *b)
{
    return a->kind == b->kind && a->remote == b->remote && strcmp(a->text, b->text) == 0 &&
           a->origin.length == b->origin.length && da_name_equal(a->origin.wire, b->origin.wire);
}

/* Metrics are told apart by these. */
static enum da_status check_distinct(const struct da_source_settings *from, struct da_error *error)
{
    char quoted[DA_ERROR_QUOTE_MAX];

    for (size_t i = 0; i < from->count; i++)
        for (size_t j = 0; j < i; j++)
            if (is_same(&from->sources[i], &from->sources[j]))
                return da_error_set(error, DA_ERR_SYNTAX, NULL, "%s: expected as a source once, not twice",
                                    da_error_quote(from->sources[i].text, quoted, sizeof(quoted)));
    return DA_OK;
}

enum da_status da_watch_settings_read(const struct da_arguments *arguments, struct da_watch_settings *settings,
                                      struct da_error *error)
{
    const char *interval = da_arguments_text(arguments, OPTION_INTERVAL);

    *settings = (struct da_watch_settings){.metrics = da_arguments_text(arguments, OPTION_METRICS),
                                           .once = da_arguments_given(arguments, OPTION_ONCE)};
    enum da_status status = da_source_settings_read(arguments, &settings->from, error);
    if (status != DA_OK)
        return status;
    if (!da_watch_parse_interval(interval, &settings->interval))
        return da_option_refuse(arguments, OPTION_INTERVAL, interval, "1 second to 1 day, such as 300, 5m or 1h",
                                error);
    if (settings->once && da_arguments_given(arguments, OPTION_INTERVAL))
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "options --once and --interval: expected one of them");
    if (settings->metrics != NULL && strcmp(settings->metrics, "-") == 0)
        return da_option_refuse(arguments, OPTION_METRICS, settings->metrics, "the path of a file", error);
    status = check_again(arguments, settings, error);
    return status == DA_OK ? check_distinct(&settings->from, error) : status;
}

void da_watch_settings_clear(struct da_watch_settings *settings)
{
    da_source_settings_clear(&settings->from);
    *settings = (struct da_watch_settings){0};
}
