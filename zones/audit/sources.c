#include "audit/sources.h"

#include "audit/live.h"

#include <stdlib.h>
#include <string.h>

enum da_status da_option_refuse(const struct da_arguments *arguments, size_t option, const char *text,
                                const char *expected, struct da_error *error)
{
    char quoted[DA_ERROR_QUOTE_MAX];
    return da_error_set(error, DA_ERR_SYNTAX, NULL, "option --%s: %s: expected %s", arguments->options[option].name,
                        da_error_quote(text, quoted, sizeof(quoted)), expected);
}

static bool is_source(size_t option, enum da_source_kind *kind)
{
    switch (option) {
    case DA_SOURCE_OPTION_ZONE_FILE:
        *kind = DA_SOURCE_ZONE_FILE;
        return true;
    case DA_SOURCE_OPTION_TRANSFER:
        *kind = DA_SOURCE_TRANSFER;
        return true;
    case DA_SOURCE_OPTION_DIRECTORY:
        *kind = DA_SOURCE_DIRECTORY;
        return true;
    case DA_SOURCE_OPTION_SERVER:
        *kind = DA_SOURCE_SERVER;
        return true;
    case DA_SOURCE_OPTION_RESOLVER:
    case DA_SOURCE_OPTION_REMOTE_RESOLVER:
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

/* What is wrong with the text of a source is said by what was expected; NULL = nothing. */
static const char *expected_source(const char *text, enum da_source_kind kind)
{
    switch (kind) {
    case DA_SOURCE_ZONE_FILE:
        return NULL;
    case DA_SOURCE_DIRECTORY:
        return da_login_is_url(text) ? NULL : DA_LOGIN_URL_EXPECTED;
    case DA_SOURCE_RESOLVER:
        return da_live_is_server(text, true) ? NULL : "an address, or ADDRESS@PORT";
    case DA_SOURCE_TRANSFER:
    case DA_SOURCE_SERVER:
        break;
    }
    return da_live_is_server(text, false) ? NULL : "an address or a host's name, @PORT behind it or not";
}

static enum da_status check_source(const struct da_arguments *arguments, const struct da_source_settings *settings,
                                   const struct da_given *given, enum da_source_kind kind, struct da_error *error)
{
    const char *expected = expected_source(given->text, kind);

    if (expected != NULL)
        return da_option_refuse(arguments, given->option, given->text, expected, error);
    if (kind == DA_SOURCE_DIRECTORY)
        return da_login_check(&settings->login, given->text, error);
    for (size_t i = 0; is_input(given, kind) && i < settings->count; i++)
        if (settings->sources[i].is_input)
            return da_error_set(error, DA_ERR_SYNTAX, NULL, "standard input cannot be read twice");
    return DA_OK;
}

static enum da_status read_origin(const struct da_arguments *arguments, struct da_source_settings *settings,
                                  const char *text, struct da_error *error)
{
    struct da_source_setting *source = settings->count > 0 ? &settings->sources[settings->count - 1] : NULL;

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
        return da_option_refuse(arguments, DA_SOURCE_OPTION_ORIGIN, text, "the name of a zone", error);
    return DA_OK;
}

static enum da_status read_sources(const struct da_arguments *arguments, struct da_source_settings *settings,
                                   struct da_error *error)
{
    enum da_status status = DA_OK;
    enum da_source_kind kind;

    settings->sources = calloc(arguments->given_count + 1, sizeof(*settings->sources));
    if (settings->sources == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    for (size_t i = 0; status == DA_OK && i < arguments->given_count; i++) {
        const struct da_given *given = &arguments->given[i];
        if (given->option == DA_SOURCE_OPTION_ORIGIN) {
            status = read_origin(arguments, settings, given->text, error);
        } else if (is_source(given->option, &kind)) {
            status = check_source(arguments, settings, given, kind, error);
            settings->sources[settings->count++] =
                (struct da_source_setting){.kind = kind,
                                           .text = given->text,
                                           .is_input = is_input(given, kind),
                                           .remote = given->option == DA_SOURCE_OPTION_REMOTE_RESOLVER};
        }
    }
    if (status == DA_OK && settings->count == 0)
        return da_error_set(error, DA_ERR_SYNTAX, NULL,
                            "a source is missing: --zone-file, --transfer, --directory, --server, --resolver or "
                            "--remote-resolver");
    return status;
}

enum da_status da_option_timeout(const struct da_arguments *arguments, size_t option, unsigned *timeout,
                                 struct da_error *error)
{
    const char *text = da_arguments_text(arguments, option);
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);

    if (text[strspn(text, "0123456789")] != '\0' || seconds < 1 || seconds > DA_LIVE_TIMEOUT_MAX)
        return da_option_refuse(arguments, option, text, "1 to 300 seconds", error);
    *timeout = (unsigned)seconds;
    return DA_OK;
}

static enum da_status read_interval(const struct da_arguments *arguments, size_t option, uint32_t *hours,
                                    struct da_error *error)
{
    const char *text = da_arguments_text(arguments, option);

    if (!da_aging_parse_hours(text, hours))
        return da_option_refuse(arguments, option, text, "1 to 87600 hours, or days such as 7d", error);
    return DA_OK;
}

/* Options of a directory mean nothing without one: a slip of the hand. */
static enum da_status check_login_is_used(const struct da_arguments *arguments,
                                          const struct da_source_settings *settings, struct da_error *error)
{
    for (size_t i = 0; i < settings->count; i++)
        if (settings->sources[i].kind == DA_SOURCE_DIRECTORY)
            return DA_OK;
    for (size_t option = 0; option < DA_LOGIN_OPTION_COUNT; option++)
        if (da_arguments_given(arguments, DA_SOURCE_OPTION_LOGIN + option))
            return da_error_set(error, DA_ERR_SYNTAX, NULL, "option --%s: expected beside --directory",
                                arguments->options[DA_SOURCE_OPTION_LOGIN + option].name);
    return DA_OK;
}

enum da_status da_source_settings_read(const struct da_arguments *arguments, struct da_source_settings *settings,
                                       struct da_error *error)
{
    *settings = (struct da_source_settings){
        .include_root = da_arguments_text(arguments, DA_SOURCE_OPTION_INCLUDE_ROOT),
        .key_file = da_arguments_text(arguments, DA_SOURCE_OPTION_KEY_FILE),
        .severities = da_arguments_text(arguments, DA_SOURCE_OPTION_SEVERITIES),
        .router = da_arguments_text(arguments, DA_SOURCE_OPTION_ISATAP_ROUTER),
    };
    if (settings->router != NULL && !da_name_is_label(settings->router))
        return da_option_refuse(arguments, DA_SOURCE_OPTION_ISATAP_ROUTER, settings->router,
                                "a label: letters, digits and inner hyphens", error);
    enum da_status status = da_login_read(arguments, DA_SOURCE_OPTION_LOGIN, &settings->login, error);
    if (status == DA_OK)
        status = read_sources(arguments, settings, error);
    if (status == DA_OK)
        status = check_login_is_used(arguments, settings, error);
    if (status == DA_OK)
        status = read_interval(arguments, DA_SOURCE_OPTION_NO_REFRESH, &settings->intervals.no_refresh, error);
    if (status == DA_OK)
        status = read_interval(arguments, DA_SOURCE_OPTION_REFRESH, &settings->intervals.refresh, error);
    if (status == DA_OK)
        status = da_option_timeout(arguments, DA_SOURCE_OPTION_TIMEOUT, &settings->timeout, error);
    settings->login.timeout = settings->timeout;
    return status;
}

void da_source_settings_clear(struct da_source_settings *settings)
{
    free(settings->sources);
    *settings = (struct da_source_settings){0};
}
