#include "ncsi/reader.h"

#include "audit/input.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The key, DnsProbeHost and WebProbeURL are used by Windows' own troubleshooting scripts. The key and the type, text,
 * of all five are documented, as "Policy CSP - ADMX_NCSI" (MicrosoftDocs/windows-itpro-docs); there the policies are
 * called NCSI_CorpDnsProbeHost, NCSI_CorpWebProbeUrl, NCSI_CorpDnsProbeContent, NCSI_CorpSitePrefixes and
 * NCSI_DomainLocationDeterminationUrl. The names of the other three values follow from those as the known two do; no
 * source was found that spells them. */
static const struct {
    const char *property, *registry;
} names[DA_NCSI_VALUE_COUNT] = {
    [DA_NCSI_PROBE_HOST] = {"CorporateDNSProbeHostName", "DnsProbeHost"},
    [DA_NCSI_PROBE_ADDRESS] = {"CorporateDNSProbeHostAddress", "DnsProbeContent"},
    [DA_NCSI_SITE_PREFIXES] = {"CorporateSitePrefixList", "SitePrefixes"},
    [DA_NCSI_WEB_PROBE_URL] = {"CorporateWebsiteProbeURL", "WebProbeUrl"},
    [DA_NCSI_NLS_URL] = {"DomainLocationDeterminationURL", "DomainLocationDeterminationUrl"},
};

const char *da_ncsi_name(enum da_ncsi_value value, bool registry)
{
    return registry ? names[value].registry : names[value].property;
}

enum da_ncsi_value da_ncsi_find(const char *name, size_t length, bool registry)
{
    enum da_ncsi_value value = 0;

    for (; value < DA_NCSI_VALUE_COUNT; value++) {
        const char *wanted = da_ncsi_name(value, registry);
        if (strlen(wanted) == length && strncasecmp(wanted, name, length) == 0)
            break;
    }
    return value;
}

enum da_status da_ncsi_fault(struct da_error *error, enum da_status status, size_t line, const char *path,
                             const char *format, ...)
{
    char text[DA_ERROR_TEXT_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (error != NULL && error->status == DA_OK)
        error->line = (unsigned)line;
    return da_error_set(error, status, path, "%s", text);
}

enum da_status da_ncsi_keep(struct da_ncsi *ncsi, enum da_ncsi_value value, const char *text, size_t length,
                            size_t line, struct da_error *error)
{
    char first[DA_ERROR_QUOTE_MAX], second[DA_ERROR_QUOTE_MAX];

    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    while (length > 0 && isspace((unsigned char)*text))
        text++, length--;
    if (length == 0)
        return DA_OK;
    char *kept = strndup(text, length);
    if (kept == NULL)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    if (ncsi->values[value] == NULL) {
        ncsi->values[value] = kept;
        ncsi->lines[value] = line;
        return DA_OK;
    }
    enum da_status status = DA_OK;
    if (strcmp(ncsi->values[value], kept) != 0)
        status = da_ncsi_fault(error, DA_ERR_VALUE, line, da_ncsi_name(value, ncsi->registry),
                               "%s, but %s in line %zu; expected one policy, or several that agree",
                               da_error_quote(kept, second, sizeof(second)),
                               da_error_quote(ncsi->values[value], first, sizeof(first)), ncsi->lines[value]);
    free(kept);
    return status;
}

void da_ncsi_drop(struct da_ncsi *ncsi, enum da_ncsi_value value)
{
    free(ncsi->values[value]);
    ncsi->values[value] = NULL;
    ncsi->lines[value] = 0;
}

size_t da_ncsi_blanks(const char *text, size_t length)
{
    size_t n = 0;

    while (n < length && isspace((unsigned char)text[n]))
        n++;
    return n;
}

bool da_ncsi_take_line(struct da_ncsi_text *text, const char **line, size_t *length)
{
    if (text->at == text->end)
        return false;
    const char *end = memchr(text->at, '\n', (size_t)(text->end - text->at));
    *line = text->at;
    *length = (size_t)((end != NULL ? end : text->end) - text->at);
    text->at += *length + (end != NULL);
    text->line += end != NULL;
    return true;
}

/* ---- the file ---- */

/* Which version of .reg a first line is of; 0 = none. regedit looks for one of these. */
static unsigned registry_version(const char *line, size_t length)
{
    static const struct {
        const char *head;
        unsigned version;
    } heads[] = {{"Windows Registry Editor Version 5.00", 5}, {"REGEDIT4", 4}};

    while (length > 0 && isspace((unsigned char)line[length - 1]))
        length--;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        if (strlen(heads[i].head) == length && strncasecmp(line, heads[i].head, length) == 0)
            return heads[i].version;
    return 0;
}

static enum da_status read_text(const char *octets, size_t size, struct da_ncsi *ncsi, struct da_error *error)
{
    struct da_ncsi_text text = {.at = octets, .end = octets + size, .line = 1};
    const struct da_ncsi_text whole = text;
    const char *line, *nul = memchr(octets, '\0', size);
    size_t length, lines = 1;

    if (nul != NULL) {
        for (const char *at = octets; at < nul; at++)
            lines += *at == '\n';
        return da_ncsi_fault(error, DA_ERR_SYNTAX, lines, NULL, "an octet 0; expected text");
    }
    for (lines = 1; da_ncsi_take_line(&text, &line, &length); lines = text.line) {
        if (da_ncsi_blanks(line, length) == length)
            continue;
        unsigned version = registry_version(line, length);
        ncsi->registry = version != 0;
        if (version != 0)
            return da_ncsi_read_registry(text, version, ncsi, error);
        if (*line == '[' || (length >= 23 && strncasecmp(line, "Windows Registry Editor", 23) == 0))
            return da_ncsi_fault(error, DA_ERR_SYNTAX, lines, NULL,
                                 "expected \"Windows Registry Editor Version 5.00\" or \"REGEDIT4\", as regedit does");
        break;
    }
    return da_ncsi_read_properties(whole, ncsi, error);
}

static enum da_status check_any(const struct da_ncsi *ncsi, struct da_error *error)
{
    for (size_t i = 0; i < DA_NCSI_VALUE_COUNT; i++)
        if (ncsi->values[i] != NULL)
            return DA_OK;
    if (ncsi->registry)
        return da_error_set(error, DA_ERR_VALUE, NULL,
                            "no value of the client policy; expected the key HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\"
                            "Microsoft\\Windows\\NetworkConnectivityStatusIndicator\\CorporateConnectivity with %s, %s "
                            "and others",
                            names[DA_NCSI_PROBE_HOST].registry, names[DA_NCSI_WEB_PROBE_URL].registry);
    return da_error_set(error, DA_ERR_VALUE, NULL,
                        "no value of the client policy; expected what Get-NCSIPolicyConfiguration prints (\"%s : ...\" "
                        "and others), or a .reg export",
                        names[DA_NCSI_PROBE_HOST].property);
}

enum da_status da_ncsi_load(const char *path, struct da_ncsi *ncsi, struct da_error *error)
{
    struct da_ncsi read = {.title = strdup(da_deployment_title(path))};
    enum da_status status = DA_OK;
    char *octets = NULL;
    size_t length = 0;

    if (read.title == NULL)
        status = da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    if (status == DA_OK)
        status = da_input_load(path, DA_NCSI_MAX_FILE, "an export of one key", &octets, &length, error);
    if (status == DA_OK)
        status = read_text(octets, length, &read, error);
    if (status == DA_OK)
        status = check_any(&read, error);
    free(octets);
    if (status == DA_OK)
        *ncsi = read;
    else
        da_ncsi_clear(&read);
    return status;
}

void da_ncsi_clear(struct da_ncsi *ncsi)
{
    for (size_t i = 0; i < DA_NCSI_VALUE_COUNT; i++)
        free(ncsi->values[i]);
    free(ncsi->title);
    *ncsi = (struct da_ncsi){0};
}
