#include "directory/directory_search.h"

#include <stdlib.h>
#include <string.h>

#define SD_FLAGS "1.2.840.113556.1.4.801" /* LDAP_SERVER_SD_FLAGS_OID, [MS-ADTS] section 3.1.1.3.4.1.11 */

/* The value of the control: SEQUENCE { INTEGER 1 }, OWNER_SECURITY_INFORMATION. */
static char owner_flags[] = {0x30, 0x03, 0x02, 0x01, 0x01};

struct paging {
    struct berval cookie; /* bv_val NULL: the first page */
    bool is_last;
};

/* Keeps the cookie for the next page. A reply without the control is whole. */
static int read_cookie(LDAP *ldap, LDAPMessage *reply, struct paging *paging)
{
    LDAPControl **controls = NULL;
    ber_int_t estimate;
    int code = LDAP_SUCCESS;

    ldap_memfree(paging->cookie.bv_val);
    paging->cookie = (struct berval){0};
    int parsed = ldap_parse_result(ldap, reply, &code, NULL, NULL, NULL, &controls, 0);
    LDAPControl *control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
    if (parsed == LDAP_SUCCESS && control != NULL)
        parsed = ldap_parse_pageresponse_control(ldap, control, &estimate, &paging->cookie);
    ldap_controls_free(controls);
    paging->is_last = paging->cookie.bv_len == 0;
    return parsed;
}

/* Asks for one page. Returns LDAP_SUCCESS or another code; reply is freed with ldap_msgfree() either way. */
static int ask(struct da_directory *directory, const struct da_search *search, struct paging *paging,
               LDAPMessage **reply)
{
    LDAPControl owner = {.ldctl_oid = (char *)SD_FLAGS,
                         .ldctl_value = {.bv_len = sizeof(owner_flags), .bv_val = owner_flags},
                         .ldctl_iscritical = 0};
    LDAPControl *controls[3] = {NULL}, *page = NULL;
    size_t count = 0;
    int code = LDAP_SUCCESS;

    if (search->owner)
        controls[count++] = &owner;
    if (search->scope != LDAP_SCOPE_BASE) {
        code = ldap_create_page_control(directory->ldap, DA_SEARCH_PAGE,
                                        paging->cookie.bv_val != NULL ? &paging->cookie : NULL, 1, &page);
        controls[count] = page;
    }
    da_directory_begin(directory);
    if (code == LDAP_SUCCESS)
        code = ldap_search_ext_s(directory->ldap, search->base, search->scope, search->filter,
                                 (char **)search->attributes, 0, controls, NULL, NULL, LDAP_NO_LIMIT, reply);
    if (page != NULL)
        ldap_control_free(page);
    return code;
}

static enum da_status give_entries(struct da_directory *directory, LDAPMessage *reply, da_entry_fn *fn, void *arg,
                                   struct da_error *error)
{
    enum da_status status = DA_OK;

    for (LDAPMessage *entry = ldap_first_entry(directory->ldap, reply); entry != NULL && status == DA_OK;
         entry = ldap_next_entry(directory->ldap, entry))
        status = fn(arg, entry, error);
    return status;
}

/* Asks for a page and gives its entries. */
static enum da_status search_page(struct da_directory *directory, const struct da_search *search, struct paging *paging,
                                  da_entry_fn *fn, void *arg, enum da_search_base *base, struct da_error *error)
{
    LDAPMessage *reply = NULL;
    enum da_status status = DA_OK;

    int code = ask(directory, search, paging, &reply);
    paging->is_last = true;
    if (code == LDAP_NO_SUCH_OBJECT)
        *base = DA_SEARCH_ABSENT;
    else if (code == LDAP_REFERRAL)
        *base = DA_SEARCH_ELSEWHERE;
    else if (code == LDAP_SUCCESS)
        code = read_cookie(directory->ldap, reply, paging);
    if (code != LDAP_SUCCESS && *base == DA_SEARCH_THERE)
        status = da_directory_fail(directory, code, error, "search of %.200s",
                                   search->base[0] != '\0' ? search->base : "the root DSE");
    else if (*base == DA_SEARCH_THERE)
        status = give_entries(directory, reply, fn, arg, error);
    ldap_msgfree(reply);
    return status;
}

enum da_status da_directory_search(struct da_directory *directory, const struct da_search *search, da_entry_fn *fn,
                                   void *arg, enum da_search_base *base, struct da_error *error)
{
    struct paging paging = {0};
    enum da_status status = DA_OK;
    unsigned pages = 0;

    *base = DA_SEARCH_THERE;
    while (status == DA_OK && !paging.is_last) {
        if (pages++ == DA_SEARCH_PAGES)
            status = da_error_set(error, DA_ERR_LIMIT, NULL, "search of %.200s: more than %d pages of %d entries",
                                  search->base, DA_SEARCH_PAGES, DA_SEARCH_PAGE);
        else
            status = search_page(directory, search, &paging, fn, arg, base, error);
    }
    ldap_memfree(paging.cookie.bv_val);
    return status;
}

char *da_entry_text(struct da_directory *directory, LDAPMessage *entry, const char *attribute)
{
    struct berval **values = ldap_get_values_len(directory->ldap, entry, attribute);
    char *text = NULL;

    if (values != NULL && values[0] != NULL && memchr(values[0]->bv_val, '\0', values[0]->bv_len) == NULL)
        text = strndup(values[0]->bv_val, values[0]->bv_len);
    ldap_value_free_len(values);
    return text;
}

char *da_entry_dn(struct da_directory *directory, LDAPMessage *entry)
{
    char *of_libldap = ldap_get_dn(directory->ldap, entry);
    char *dn = of_libldap != NULL ? strdup(of_libldap) : NULL;

    ldap_memfree(of_libldap);
    return dn;
}
