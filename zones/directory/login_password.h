/* login_password.h - the password of a login: the first line of a file, or what is typed at the terminal. */
#ifndef DA_LOGIN_PASSWORD_H
#define DA_LOGIN_PASSWORD_H

#include "directory/login.h"

#define DA_PASSWORD_MAX 1024 /* octets, with the NUL */

/* Reads the password of login->user. A file that others than its owner may read is accepted with a warning. An empty
 * password is refused: a server takes it for an anonymous login (RFC 4513 section 5.1.2).
 *
 * server    for the prompt
 * password  whatever is returned, to be wiped by the caller
 * Returns DA_OK or what error holds, never the password. */
enum da_status da_login_password(const struct da_login *login, const char *server,
                                 char password[static DA_PASSWORD_MAX], struct da_error *error);

#endif
