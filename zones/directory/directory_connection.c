#include "directory/directory_connection.h"

#include "directory/login_password.h"

#include <errno.h>
#include <fcntl.h>
#include <openldap.h>
#include <sasl/sasl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* Without TLS Kerberos is to seal. 56 bits are what Cyrus SASL before 2.1.28 calls any sealing by GSSAPI; since then it
 * tells the cipher's, 256 for AES. Within TLS Active Directory refuses a second layer. */
#define SEALED "noanonymous,minssf=56"
#define IN_TLS "noanonymous,minssf=0,maxssf=0"

/* Where systems keep the certificates that they trust: Debian and its like, Red Hat's, SUSE's, Alpine and others. */
static const char *const system_certificates[] = {"/etc/ssl/certs/ca-certificates.crt",
                                                  "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                                                  "/etc/ssl/cert.pem"};

void da_directory_begin(struct da_directory *directory)
{
    da_directory_stream_begin(&directory->stream);
}

enum da_status da_directory_fail(struct da_directory *directory, int code, struct da_error *error, const char *format,
                                 ...)
{
    char what[DA_ERROR_TEXT_MAX - DA_EXPLANATION_MAX - 2], why[DA_EXPLANATION_MAX];
    char *diagnostic = NULL;
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    ldap_get_option(directory->ldap, LDAP_OPT_DIAGNOSTIC_MESSAGE, &diagnostic);
    const struct da_directory_fault fault = {.code = code,
                                             .diagnostic = diagnostic,
                                             .stream = &directory->stream,
                                             .in_tls = ldap_tls_inplace(directory->ldap) != 0,
                                             .by_keytab = directory->by_keytab};
    da_directory_explain(&fault, why);
    ldap_memfree(diagnostic);
    if (code == LDAP_NO_MEMORY)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    return da_error_set(error, directory->stream.end == DA_STREAM_TOO_MUCH ? DA_ERR_LIMIT : DA_ERR_IO, NULL, "%s: %s",
                        what, why);
}

/* ---- the handle ---- */

/* libldap would open a lost connection anew, without TLS and without a login. */
static int refuse_other(LDAP *ldap, Sockbuf *buffer, LDAPURLDesc *url, struct sockaddr *address,
                        struct ldap_conncb *callback)
{
    (void)ldap;
    (void)buffer;
    (void)url;
    (void)address;
    (void)callback;
    return LDAP_SERVER_DOWN;
}

static void forget_other(LDAP *ldap, Sockbuf *buffer, struct ldap_conncb *callback)
{
    (void)ldap;
    (void)buffer;
    (void)callback;
}

/* Sets what does not depend on the login. Returns LDAP_SUCCESS or another code. */
static int set_options(struct da_directory *directory)
{
    const struct timeval timeout = {.tv_sec = directory->stream.timeout};
    const int version = LDAP_VERSION3;
    LDAP *ldap = directory->ldap;

    directory->no_other = (ldap_conncb){.lc_add = refuse_other, .lc_del = forget_other};
    const struct {
        int option;
        const void *value;
    } options[] = {
        {LDAP_OPT_PROTOCOL_VERSION, &version},  {LDAP_OPT_REFERRALS, LDAP_OPT_OFF},
        {LDAP_OPT_RESTART, LDAP_OPT_ON},        {LDAP_OPT_TIMEOUT, &timeout},
        {LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON}, {LDAP_OPT_CONNECT_CB, &directory->no_other},
    };
    int code = LDAP_SUCCESS;
    for (size_t i = 0; i < sizeof(options) / sizeof(*options) && code == LDAP_SUCCESS; i++)
        code = ldap_set_option(ldap, options[i].option, options[i].value);
    return code;
}

/* Gives the stream to libldap. */
static enum da_status make_handle(struct da_directory *directory, struct da_error *error)
{
    ber_len_t most = DA_DIRECTORY_MESSAGE_MAX;
    Sockbuf *buffer = NULL;

    /* Settings of ldap.conf, of an ldaprc in the working directory or of the environment must not loosen anything. */
    if (setenv("LDAPNOINIT", "1", 1) != 0)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    int code = ldap_init_fd(directory->stream.fd, LDAP_PROTO_EXT, directory->url.text, &directory->ldap);
    if (code == LDAP_SUCCESS)
        code = ldap_get_option(directory->ldap, LDAP_OPT_SOCKBUF, &buffer);
    if (code == LDAP_SUCCESS &&
        (ber_sockbuf_add_io(buffer, &da_directory_stream_io, LBER_SBIOD_LEVEL_PROVIDER, &directory->stream) != 0 ||
         ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &most) != 1))
        code = LDAP_NO_MEMORY;
    if (code == LDAP_SUCCESS)
        code = set_options(directory);
    if (code != LDAP_SUCCESS)
        return da_error_set(error, DA_ERR_IO, NULL, "libldap cannot be set up: %s", ldap_err2string(code));
    return DA_OK;
}

/* ---- TLS ---- */

/* The certificates to trust. Returns NULL where the TLS library's own are to be. */
static const char *find_certificates(const struct da_login *login)
{
    if (login->ca_file != NULL)
        return login->ca_file;
    for (size_t i = 0; i < sizeof(system_certificates) / sizeof(*system_certificates); i++)
        if (access(system_certificates[i], R_OK) == 0)
            return system_certificates[i];
    return NULL;
}

/* Makes the TLS context. Returns LDAP_SUCCESS or another code. */
static int make_tls(LDAP *ldap, const char *certificates, int demand)
{
    const int oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2, binding = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT, client = 0;

    int code = ldap_set_option(ldap, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
    if (code == LDAP_SUCCESS)
        code = ldap_set_option(ldap, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest);
    if (code == LDAP_SUCCESS)
        code = ldap_set_option(ldap, LDAP_OPT_X_SASL_CBINDING, &binding);
    if (code == LDAP_SUCCESS && certificates != NULL)
        code = ldap_set_option(ldap, LDAP_OPT_X_TLS_CACERTFILE, certificates);
    return code == LDAP_SUCCESS ? ldap_set_option(ldap, LDAP_OPT_X_TLS_NEWCTX, &client) : code;
}

/* Begins TLS: by ldaps:// at once, else by StartTLS (RFC 4511 section 4.14). Returns LDAP_SUCCESS or another code. */
static int begin_tls(struct da_directory *directory)
{
    da_directory_begin(directory);
    if (directory->url.is_tls)
        return ldap_install_tls(directory->ldap);
    return ldap_start_tls_s(directory->ldap, NULL, NULL);
}

/* Whether it is for the certificate that TLS did not come about. The TLS library does not tell: a connection on which
 * nothing is sent finds out whether it would without looking at the certificate. */
static bool is_certificate_refused(const struct da_directory *directory)
{
    struct da_directory *other = calloc(1, sizeof(*other));

    if (other == NULL)
        return false;
    other->url = directory->url;
    other->stream.fd = -1;
    enum da_status status = da_directory_stream_open(&other->stream, &other->url, directory->stream.timeout, NULL);
    if (status == DA_OK)
        status = make_handle(other, NULL);
    bool would = status == DA_OK && make_tls(other->ldap, NULL, LDAP_OPT_X_TLS_NEVER) == LDAP_SUCCESS &&
                 begin_tls(other) == LDAP_SUCCESS;
    da_directory_stream_close(&other->stream); /* without a farewell */
    da_directory_close(other);
    return would;
}

/* TLS libraries pass over what they cannot read, such as the DER that Windows exports. */
static enum da_status check_ca_file(const char *path, struct da_error *error)
{
    FILE *file = fopen(path, "re");
    bool is_pem = false;
    size_t room = 0;
    char *line = NULL;

    if (file == NULL)
        return da_error_set(error, DA_ERR_IO, NULL, "--ca-file %s: cannot be opened: %s", path, strerror(errno));
    while (!is_pem && getline(&line, &room, file) >= 0)
        is_pem = strstr(line, "-----BEGIN ") != NULL && strstr(line, "CERTIFICATE-----") != NULL;
    free(line);
    fclose(file);
    if (!is_pem)
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "--ca-file %s: expected certificates in PEM form", path);
    return DA_OK;
}

static enum da_status start_tls(struct da_directory *directory, const struct da_login *login, struct da_error *error)
{
    const char *server = directory->url.server;
    const char *certificates = find_certificates(login);

    if (make_tls(directory->ldap, certificates, LDAP_OPT_X_TLS_DEMAND) != LDAP_SUCCESS)
        return da_error_set(error, DA_ERR_VALUE, NULL, "%s: expected certificates (PEM)",
                            certificates != NULL ? certificates : "the TLS library's certificates");
    int code = begin_tls(directory);
    if (code == LDAP_SUCCESS && ldap_tls_inplace(directory->ldap))
        return DA_OK;
    if (code == LDAP_CONNECT_ERROR && directory->stream.end == DA_STREAM_GOOD && is_certificate_refused(directory))
        return da_error_set(error, DA_ERR_IO, NULL,
                            "the certificate of %.110s is not trusted: it has expired, is for another name, or is not "
                            "signed by one of %s",
                            server, login->ca_file != NULL ? "--ca-file" : "the system's: see --ca-file");
    return da_directory_fail(directory, code, error, "no TLS with %.110s", server);
}

/* ---- logging in ---- */

/* SASL has nothing to ask of Kerberos; its questions get its own defaults. */
static int answer_sasl(LDAP *ldap, unsigned flags, void *defaults, void *questions)
{
    (void)ldap;
    (void)flags;
    (void)defaults;
    for (sasl_interact_t *question = questions; question->id != SASL_CB_LIST_END; question++) {
        question->result = question->defresult != NULL ? question->defresult : "";
        question->len = (unsigned)strlen(question->result);
    }
    return LDAP_SUCCESS;
}

/* Points MIT Kerberos to the keytab. Tickets that it gets are for this process alone. */
static enum da_status use_keytab(const char *path, struct da_error *error)
{
    char name[4096];

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return da_error_set(error, DA_ERR_IO, NULL, "--keytab %s: cannot be opened: %s", path, strerror(errno));
    close(fd);
    if ((size_t)snprintf(name, sizeof(name), "FILE:%s", path) >= sizeof(name))
        return da_error_set(error, DA_ERR_LIMIT, NULL, "--keytab: the path is too long");
    if (setenv("KRB5_CLIENT_KTNAME", name, 1) != 0 || setenv("KRB5CCNAME", "MEMORY:directaccess-dns", 1) != 0)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    return DA_OK;
}

static enum da_status log_in_by_kerberos(struct da_directory *directory, struct da_error *error)
{
    LDAP *ldap = directory->ldap;
    char *account = NULL;

    da_directory_begin(directory);
    int code = ldap_set_option(ldap, LDAP_OPT_X_SASL_SECPROPS, ldap_tls_inplace(ldap) ? IN_TLS : SEALED);
    if (code == LDAP_SUCCESS)
        code = ldap_sasl_interactive_bind_s(ldap, NULL, "GSSAPI", NULL, NULL, LDAP_SASL_QUIET, answer_sasl, NULL);
    if (code != LDAP_SUCCESS)
        return da_directory_fail(directory, code, error, "no login to %.110s", directory->url.server);
    ldap_get_option(ldap, LDAP_OPT_X_SASL_USERNAME, &account);
    if (account != NULL)
        snprintf(directory->account, sizeof(directory->account), "%s", account);
    ldap_memfree(account);
    return DA_OK;
}

static enum da_status log_in_by_password(struct da_directory *directory, const struct da_login *login, char *password,
                                         struct da_error *error)
{
    struct berval credentials = {.bv_len = strlen(password), .bv_val = password};

    da_directory_begin(directory);
    int code = ldap_sasl_bind_s(directory->ldap, login->user, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, NULL);
    if (code != LDAP_SUCCESS)
        return da_directory_fail(directory, code, error, "no login to %.110s", directory->url.server);
    snprintf(directory->account, sizeof(directory->account), "%s", login->user);
    return DA_OK;
}

/* Connects, and begins TLS where it is wanted. */
static enum da_status reach(struct da_directory *directory, const struct da_login *login, struct da_error *error)
{
    enum da_status status = da_directory_stream_open(&directory->stream, &directory->url, login->timeout, error);

    if (status == DA_OK)
        status = make_handle(directory, error);
    if (status == DA_OK && (directory->url.is_tls || login->start_tls))
        status = start_tls(directory, login, error);
    return status;
}

enum da_status da_directory_connect(struct da_directory *directory, const struct da_login *login,
                                    struct da_error *error)
{
    char password[DA_PASSWORD_MAX];
    enum da_status status = DA_OK;

    directory->by_keytab = login->keytab != NULL;
    if (login->ca_file != NULL)
        status = check_ca_file(login->ca_file, error);
    if (status == DA_OK && login->keytab != NULL)
        status = use_keytab(login->keytab, error);
    if (status == DA_OK && login->user != NULL)
        status = da_login_password(login, directory->url.server, password, error);
    if (status == DA_OK)
        status = reach(directory, login, error);
    if (status == DA_OK && login->user != NULL)
        status = log_in_by_password(directory, login, password, error);
    else if (status == DA_OK)
        status = log_in_by_kerberos(directory, error);
    explicit_bzero(password, sizeof(password));
    return status;
}
