/* directory_connection.h - what a connection to a directory is made of. Private to directory*.c. */
#ifndef DA_DIRECTORY_CONNECTION_H
#define DA_DIRECTORY_CONNECTION_H

#include "directory/directory.h"
#include "directory/directory_explain.h"
#include "directory/directory_sid.h"
#include "directory/directory_stream.h"
#include "directory/directory_url.h"

#include <ldap.h>

#define DA_ACCOUNT_MAX 128 /* octets of "DOMAIN\NAME", with the NUL */
#define DA_HOLDERS     32  /* accounts whose names are kept */

/* An account that was looked up. */
struct da_holder {
    struct da_sid sid; /* length 0: none */
    char account[DA_ACCOUNT_MAX];
};

struct da_directory {
    LDAP *ldap;
    struct da_directory_url url;
    struct da_directory_stream stream;
    bool by_keytab;
    ldap_conncb no_other;         /* refuses what libldap would open by itself */
    char *domain, *forest;        /* DNs of the domain, and of the forest's root domain */
    char *configuration;          /* DN; NULL = not told */
    char account[DA_ACCOUNT_MAX]; /* who we are */
    bool short_name_is_known;
    char short_name[32]; /* of the domain: "CORP"; "" = not told */
    struct da_holder holders[DA_HOLDERS];
    size_t holder_next; /* the one that makes room for another */
};

/* Connects as da_directory_open() does, and logs in, but reads nothing yet. To be ended with da_directory_close()
 * whatever is returned. */
enum da_status da_directory_connect(struct da_directory *directory, const struct da_login *login,
                                    struct da_error *error);

/* Begins an operation: the time for it runs from now. */
void da_directory_begin(struct da_directory *directory);

/* Records that an operation failed: "WHAT: WHY". Returns DA_ERR_MEMORY, DA_ERR_LIMIT or DA_ERR_IO. */
enum da_status da_directory_fail(struct da_directory *directory, int code, struct da_error *error, const char *format,
                                 ...) __attribute__((format(printf, 4, 5)));

/* The name of the account that owns an object, from the value of nTSecurityDescriptor; "" = it is not told. Freed with
 * free(); NULL = out of memory. */
char *da_directory_holder(struct da_directory *directory, const struct berval *descriptor);

/* The DN of the node of an owner, be it there or not. Freed with free(). Returns DA_OK or what error holds. */
enum da_status da_directory_node_dn(const struct da_directory_zone *zone, const struct da_name *owner, char **dn,
                                    struct da_error *error);

#endif
