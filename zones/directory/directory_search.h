/* directory_search.h - searches in a directory, page by page (RFC 2696), and values of what is found. Private to
 * directory*.c. */
#ifndef DA_DIRECTORY_SEARCH_H
#define DA_DIRECTORY_SEARCH_H

#include "directory/directory_connection.h"

#define DA_SEARCH_PAGE  500  /* entries: half of what Active Directory gives at most */
#define DA_SEARCH_PAGES 2000 /* more are taken for a server that never ends */

struct da_search {
    const char *base;
    int scope; /* LDAP_SCOPE_… */
    const char *filter;
    const char *const *attributes; /* NULL ends them */
    bool owner;                    /* of nTSecurityDescriptor only the owner is wanted, which readers may see */
};

/* Looks at an entry. Returns DA_OK, or what ends the search; error is set then. */
typedef enum da_status da_entry_fn(void *arg, LDAPMessage *entry, struct da_error *error);

/* What the base came to, where DA_OK is returned. */
enum da_search_base {
    DA_SEARCH_THERE,
    DA_SEARCH_ABSENT,    /* it is not there, or not for us */
    DA_SEARCH_ELSEWHERE, /* other servers have it */
};

/* Gives each entry to fn. Returns DA_OK, what error holds, or what fn returned. */
enum da_status da_directory_search(struct da_directory *directory, const struct da_search *search, da_entry_fn *fn,
                                   void *arg, enum da_search_base *base, struct da_error *error);

/* The first value of an attribute as text. Freed with free(); NULL = it has none, or it has an octet of zero, or memory
 * is out. */
char *da_entry_text(struct da_directory *directory, LDAPMessage *entry, const char *attribute);

/* The entry's DN. Freed with free(); NULL = out of memory. */
char *da_entry_dn(struct da_directory *directory, LDAPMessage *entry);

#endif
