/* login.h - how to get into a directory: the options of the commands that do, and what they say.
 *
 * A command puts DA_LOGIN_OPTIONS(FIRST) into its table of options, and reads their values with da_login_read(). */
#ifndef DA_LOGIN_H
#define DA_LOGIN_H

#include "arguments.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>

/* Options, from the first of them on. */
enum da_login_option {
    DA_LOGIN_KEYTAB,
    DA_LOGIN_USER,
    DA_LOGIN_PASSWORD_FILE,
    DA_LOGIN_START_TLS,
    DA_LOGIN_CA_FILE,
    DA_LOGIN_OPTION_COUNT
};

#define DA_LOGIN_OPTIONS(first)                                                                                        \
    [(first) + DA_LOGIN_KEYTAB] = {.name = "keytab",                                                                   \
                                   .argument = "PATH",                                                                 \
                                   .help = "log in with this Kerberos keytab instead of your ticket"},                 \
               [(first) + DA_LOGIN_USER] = {.name = "user",                                                            \
                                            .argument = "NAME",                                                        \
                                            .help = "log in with a password, over TLS: a DN, or user@domain"},         \
               [(first) + DA_LOGIN_PASSWORD_FILE] = {.name = "password-file",                                          \
                                                     .argument = "PATH",                                               \
                                                     .help = "the password's file; it is asked for if not given"},     \
               [(first) + DA_LOGIN_START_TLS] = {.name = "start-tls", .help = "encrypt an ldap:// connection by TLS"}, \
               [(first) + DA_LOGIN_CA_FILE] = {.name = "ca-file",                                                      \
                                               .argument = "PATH",                                                     \
                                               .help = "certificates (PEM) that may sign the directory server's"}

#define DA_LOGIN_URL_EXPECTED "ldap://HOST[:PORT] or ldaps://HOST[:PORT]"

/* Texts are borrowed. */
struct da_login {
    const char *keytab;        /* NULL = the ticket of the user's credential cache */
    const char *user;          /* NULL = Kerberos */
    const char *password_file; /* NULL = asked for on the terminal */
    const char *ca_file;       /* NULL = the system's certificates */
    bool start_tls;
    unsigned timeout; /* seconds, of each connection, operation and reply; the caller's to set */

    da_warning_fn *warn; /* hears of a password file that others may read; the caller's to set; NULL = nobody does */
    void *warn_arg;
};

/* Reads the values, and refuses what does not go together: --keytab with --user, --password-file without --user.
 * Returns DA_OK or DA_ERR_SYNTAX. */
enum da_status da_login_read(const struct da_arguments *arguments, size_t first, struct da_login *login,
                             struct da_error *error);

/* True for a URL as DA_LOGIN_URL_EXPECTED says. */
bool da_login_is_url(const char *url);

/* Refuses what would send a password in clear: --user with an ldap:// URL and no --start-tls; and --ca-file where there
 * is no TLS. Returns DA_OK or DA_ERR_SYNTAX. */
enum da_status da_login_check(const struct da_login *login, const char *url, struct da_error *error);

#endif
