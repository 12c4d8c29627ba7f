#include "import/draft_entries.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char da_draft_command_nat[] = "Get-NetNatTransitionConfiguration | Format-List PSComputerName, PrefixMapping";
const char da_draft_command_address[] = "Get-NetIPAddress -InterfaceAlias (Get-RemoteAccess).InternalInterface";
const char da_draft_command_balancer[] = "Get-RemoteAccessLoadBalancer | Format-List";
const char da_draft_command_servers[] = "Get-DAEntryPoint | Format-List";
const char da_draft_command_policy[] = "Get-NCSIPolicyConfiguration";

/* ---- telling ---- */

void da_draft_problem(struct da_draft *draft, const char *path, const char *format, ...)
{
    va_list args;

    fprintf(draft->problems, "%s: ", path);
    va_start(args, format);
    vfprintf(draft->problems, format, args);
    va_end(args);
    fputc('\n', draft->problems);
    draft->count++;
}

const char *da_draft_place(const char *name, const char *value, const char *file, size_t line,
                           char buffer[static DA_DRAFT_NOTE_MAX])
{
    char quoted[128], title[128];

    da_error_quote(value, quoted, sizeof(quoted));
    da_error_quote(file, title, sizeof(title));
    if (line > 0)
        snprintf(buffer, DA_DRAFT_NOTE_MAX, "%s %s (%s line %zu)", name, quoted, title, line);
    else
        snprintf(buffer, DA_DRAFT_NOTE_MAX, "%s %s (%s)", name, quoted, title);
    return buffer;
}

const char *da_draft_place_of(const struct da_object *object, const char *name, char buffer[static DA_DRAFT_NOTE_MAX])
{
    const struct da_property *property = da_object_find(object, name);

    return da_draft_place(name, property->count > 0 ? property->values[0] : "", object->file, property->line, buffer);
}

const char *da_draft_place_of_policy(const struct da_draft *draft, enum da_ncsi_value value,
                                     char buffer[static DA_DRAFT_NOTE_MAX])
{
    const struct da_ncsi *ncsi = draft->ncsi;

    return da_draft_place(da_ncsi_name(value, ncsi->registry), ncsi->values[value], ncsi->title, ncsi->lines[value],
                          buffer);
}

const char *da_draft_policy(const struct da_draft *draft, enum da_ncsi_value value)
{
    return draft->ncsi != NULL ? draft->ncsi->values[value] : NULL;
}

/* ---- names ---- */

/* Makes a label of a name: its leftmost label where it is that of a host. False where nothing is left. */
static bool make_label(const char *name, bool host, char label[DA_LABEL_MAX + 1])
{
    size_t used = 0;

    for (; *name != '\0' && used < DA_LABEL_MAX - 5 && !(host && *name == '.'); name++) {
        if (isalnum((unsigned char)*name) && (unsigned char)*name < 128)
            label[used++] = (char)tolower((unsigned char)*name);
        else if (used > 0 && label[used - 1] != '-')
            label[used++] = '-';
    }
    while (used > 0 && label[used - 1] == '-')
        used--;
    label[used] = '\0';
    return used > 0;
}

static bool is_address(const char *text)
{
    struct da_ipv4 ipv4;
    struct da_ipv6 ipv6;

    return da_ipv4_from_text(text, &ipv4) || da_ipv6_from_text(text, &ipv6);
}

/* Names of one machine, of which one may be qualified. */
static bool same_host(const char *a, const char *b)
{
    size_t m = strcspn(a, "."), n = strcspn(b, ".");

    if (strcasecmp(a, b) == 0)
        return true;
    return !is_address(a) && !is_address(b) && m == n && strncasecmp(a, b, n) == 0 && (a[m] == '\0' || b[n] == '\0');
}

struct da_draft_entry *da_draft_add_entry(struct da_draft *draft, const char *name)
{
    for (size_t i = 0; i < draft->entry_count; i++)
        if (name != NULL && draft->entries[i].name != NULL && strcasecmp(draft->entries[i].name, name) == 0)
            return &draft->entries[i];
    struct da_draft_entry *entries = realloc(draft->entries, (draft->entry_count + 1) * sizeof(*entries));
    if (entries == NULL) {
        draft->failed = true;
        return NULL;
    }
    draft->entries = entries;
    struct da_draft_entry *entry = &entries[draft->entry_count++];
    *entry = (struct da_draft_entry){.name = name};
    if (name == NULL || !make_label(name, false, entry->label))
        snprintf(entry->label, sizeof(entry->label), "entry-point-%zu", draft->entry_count);
    for (size_t i = 0; i + 1 < draft->entry_count; i++)
        if (strcmp(entries[i].label, entry->label) == 0) {
            size_t length = strlen(entry->label);
            snprintf(entry->label + length, sizeof(entry->label) - length, "-%zu", draft->entry_count);
            break;
        }
    return entry;
}

struct da_draft_server *da_draft_add_server(struct da_draft *draft, struct da_draft_entry *entry, const char *host)
{
    for (size_t i = 0; i < entry->server_count; i++)
        if (host != NULL && entry->servers[i].host != NULL && same_host(entry->servers[i].host, host))
            return &entry->servers[i];
    struct da_draft_server *servers = realloc(entry->servers, (entry->server_count + 1) * sizeof(*servers));
    if (servers == NULL) {
        draft->failed = true;
        return NULL;
    }
    entry->servers = servers;
    struct da_draft_server *server = &servers[entry->server_count++];
    *server = (struct da_draft_server){.host = host};
    if (host == NULL || is_address(host) || !make_label(host, true, server->label))
        snprintf(server->label, sizeof(server->label), "server-%zu", entry->server_count);
    for (size_t i = 0; i + 1 < entry->server_count; i++)
        if (strcmp(servers[i].label, server->label) == 0) {
            size_t length = strlen(server->label);
            snprintf(server->label + length, sizeof(server->label) - length, "-%zu", entry->server_count);
            break;
        }
    return server;
}

struct da_draft_entry *da_draft_entry_of(struct da_draft *draft, const char *host, struct da_draft_server **server)
{
    *server = NULL;
    for (size_t i = 0; host != NULL && i < draft->entry_count; i++)
        for (size_t n = 0; n < draft->entries[i].server_count; n++) {
            struct da_draft_server *known = &draft->entries[i].servers[n];
            if (known->host == NULL || !same_host(known->host, host))
                continue;
            *server = known;
            return &draft->entries[i];
        }
    return draft->entry_count == 1 ? &draft->entries[0] : NULL;
}
