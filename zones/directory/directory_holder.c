#include "directory/directory_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BUILTIN "S-1-5-32-" /* in front of the number of a group that every domain has: [MS-DTYP] section 2.4.2.4 */
#define SYSTEM  "S-1-5-18"  /* Local System: a domain controller itself */

/* What the directory says of an account. */
struct account {
    struct da_directory *directory;
    char *name; /* NULL = it does not know it */
};

static enum da_status take_account(void *arg, LDAPMessage *entry, struct da_error *error)
{
    struct account *account = arg;

    (void)error;
    if (account->name == NULL)
        account->name = da_entry_text(account->directory, entry, "sAMAccountName");
    return DA_OK;
}

static enum da_status take_short_name(void *arg, LDAPMessage *entry, struct da_error *error)
{
    struct da_directory *directory = arg;
    char *text = da_entry_text(directory, entry, "nETBIOSName");

    (void)error;
    if (text != NULL)
        snprintf(directory->short_name, sizeof(directory->short_name), "%s", text);
    free(text);
    return DA_OK;
}

/* The domain's short name is kept beside the forest's partitions. Whoever may not see it does without. */
static void find_short_name(struct da_directory *directory)
{
    static const char *const attributes[] = {"nETBIOSName", NULL};
    char base[512], filter[1024], *end = filter;
    enum da_search_base came;

    directory->short_name_is_known = true;
    if (directory->configuration == NULL || strlen(directory->domain) > sizeof(filter) / 4)
        return;
    if ((size_t)snprintf(base, sizeof(base), "CN=Partitions,%s", directory->configuration) >= sizeof(base))
        return;
    end += sprintf(end, "(&(objectClass=crossRef)(nCName=");
    for (const char *at = directory->domain; *at != '\0'; at++)
        end += sprintf(end, strchr("()*\\", *at) != NULL ? "\\%02x" : "%c", (unsigned)(unsigned char)*at);
    sprintf(end, "))");
    const struct da_search search = {
        .base = base, .scope = LDAP_SCOPE_ONELEVEL, .filter = filter, .attributes = attributes};
    da_directory_search(directory, &search, take_short_name, directory, &came, NULL);
}

/* Looks an account up by its SID, which the directory knows in its own domain alone. */
static char *find_account(struct da_directory *directory, const struct da_sid *sid)
{
    static const char *const attributes[] = {"sAMAccountName", NULL};
    char filter[sizeof("(objectSid=)") + (size_t)3 * DA_SID_MAX];
    struct account account = {.directory = directory};
    enum da_search_base came;

    char *end = filter + sprintf(filter, "(objectSid=");
    for (size_t i = 0; i < sid->length; i++)
        end += sprintf(end, "\\%02x", sid->octets[i]);
    sprintf(end, ")");
    const struct da_search search = {
        .base = directory->domain, .scope = LDAP_SCOPE_SUBTREE, .filter = filter, .attributes = attributes};
    da_directory_search(directory, &search, take_account, &account, &came, NULL);
    return account.name;
}

static void name_account(struct da_directory *directory, struct da_holder *holder)
{
    char sid[DA_SID_TEXT_MAX];
    char *name = NULL;

    da_sid_to_text(&holder->sid, sid);
    if (!directory->short_name_is_known)
        find_short_name(directory);
    if (strcmp(sid, SYSTEM) == 0)
        snprintf(holder->account, sizeof(holder->account), "NT AUTHORITY\\SYSTEM");
    else if ((name = find_account(directory, &holder->sid)) == NULL)
        snprintf(holder->account, sizeof(holder->account), "%.*s", (int)sizeof(holder->account) - 1, sid);
    else if (strncmp(sid, BUILTIN, strlen(BUILTIN)) == 0)
        snprintf(holder->account, sizeof(holder->account), "BUILTIN\\%s", name);
    else
        snprintf(holder->account, sizeof(holder->account), "%s%s%s", directory->short_name,
                 directory->short_name[0] != '\0' ? "\\" : "", name);
    free(name);
}

static const char *look_up(struct da_directory *directory, const struct da_sid *sid)
{
    for (size_t i = 0; i < DA_HOLDERS; i++) {
        struct da_holder *known = &directory->holders[i];
        if (known->sid.length == sid->length && memcmp(known->sid.octets, sid->octets, sid->length) == 0)
            return known->account;
    }
    struct da_holder *holder = &directory->holders[directory->holder_next];
    directory->holder_next = (directory->holder_next + 1) % DA_HOLDERS;
    *holder = (struct da_holder){.sid = *sid};
    name_account(directory, holder);
    return holder->account;
}

char *da_directory_holder(struct da_directory *directory, const struct berval *descriptor)
{
    struct da_sid sid = {0};

    if (!da_sid_of_owner((const uint8_t *)descriptor->bv_val, descriptor->bv_len, &sid))
        return strdup("");
    return strdup(look_up(directory, &sid));
}
