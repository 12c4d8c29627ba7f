#include "directory/login.h"

#include "directory/directory_url.h"

enum da_status da_login_read(const struct da_arguments *arguments, size_t first, struct da_login *login,
                             struct da_error *error)
{
    *login = (struct da_login){
        .keytab = da_arguments_text(arguments, first + DA_LOGIN_KEYTAB),
        .user = da_arguments_text(arguments, first + DA_LOGIN_USER),
        .password_file = da_arguments_text(arguments, first + DA_LOGIN_PASSWORD_FILE),
        .ca_file = da_arguments_text(arguments, first + DA_LOGIN_CA_FILE),
        .start_tls = da_arguments_given(arguments, first + DA_LOGIN_START_TLS),
    };
    if (login->keytab != NULL && login->user != NULL)
        return da_error_set(error, DA_ERR_SYNTAX, NULL,
                            "options --keytab and --user: expected one of them: Kerberos or a password");
    if (login->password_file != NULL && login->user == NULL)
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "option --password-file: expected beside --user");
    return DA_OK;
}

bool da_login_is_url(const char *url)
{
    struct da_directory_url parsed;
    return da_directory_url_parse(url, &parsed);
}

enum da_status da_login_check(const struct da_login *login, const char *url, struct da_error *error)
{
    char quoted[DA_ERROR_QUOTE_MAX];
    struct da_directory_url parsed;

    if (!da_directory_url_parse(url, &parsed))
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "%s: expected " DA_LOGIN_URL_EXPECTED,
                            da_error_quote(url, quoted, sizeof(quoted)));
    if (parsed.is_tls || login->start_tls)
        return DA_OK;
    if (login->user != NULL)
        return da_error_set(error, DA_ERR_SYNTAX, NULL,
                            "option --user: a password is not sent in clear to %s: expected ldaps://, or --start-tls",
                            da_error_quote(url, quoted, sizeof(quoted)));
    if (login->ca_file != NULL)
        return da_error_set(error, DA_ERR_SYNTAX, NULL,
                            "option --ca-file: there is no TLS to %s: expected ldaps://, or --start-tls",
                            da_error_quote(url, quoted, sizeof(quoted)));
    return DA_OK;
}
