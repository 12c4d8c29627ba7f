/* Options of a login: URLs, what goes together, passwords from files. */
#include "unit.h"

#include "directory/directory_url.h"
#include "directory/login.h"
#include "directory/login_password.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct da_option options[] = {
    [DA_OPTION_HELP] = DA_OPTION_HELP_ENTRY, DA_LOGIN_OPTIONS(1), [1 + DA_LOGIN_OPTION_COUNT] = {0}};

static void good_urls(void **state)
{
    static const struct {
        const char *url, *server, *text;
    } rows[] = {
        {"ldap://dc1.corp.example.net", "dc1.corp.example.net:389", "ldap://dc1.corp.example.net:389"},
        {"LDAPS://DC1", "DC1:636", "ldaps://DC1:636"},
        {"ldaps://dc1/", "dc1:636", "ldaps://dc1:636"},
        {"ldap://10.0.0.1:3268", "10.0.0.1:3268", "ldap://10.0.0.1:3268"},
        {"ldap://[2001:db8::1]", "[2001:db8::1]:389", "ldap://[2001:db8::1]:389"},
        {"ldaps://[2001:db8::1]:1/", "[2001:db8::1]:1", "ldaps://[2001:db8::1]:1"},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_directory_url url;
        if (!da_directory_url_parse(rows[i].url, &url))
            fail_msg("%s is refused", rows[i].url);
        assert_true(da_login_is_url(rows[i].url));
        assert_string_equal(url.server, rows[i].server);
        assert_string_equal(url.text, rows[i].text);
        assert_int_equal(url.is_tls, rows[i].text[4] == 's');
    }
}

static void bad_urls(void **state)
{
    static const char *const rows[] = {
        "",
        "dc1",
        "ldap:dc1",
        "ldap://",
        "ldap:///",
        "ldap://:389",
        "ldapi://x",
        "http://dc1",
        "ldap://dc1:",
        "ldap://dc1:0",
        "ldap://dc1:65536",
        "ldap://dc1:389x",
        "ldap://a b",
        "ldap://dc1?",
        "ldap://dc1/DC=x",
        "ldap://dc1//",
        "ldap://me@dc1",
        "ldap://dc1:389@x",
        "ldap://[::1",
        "ldap://::1",
        "ldap://[dc1]",
        "ldap://[::1]x",
        "ldap://[10.0.0.1]",
        "ldap://dc1:389:1",
        "ldap://[]",
        " ldap://dc1",
        "ldap://dc1@53",
    };
    char longest[400] = "ldap://";
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        if (da_login_is_url(rows[i]))
            fail_msg("%s is accepted", rows[i]);
    memset(longest + strlen("ldap://"), 'x', 300);
    assert_false(da_login_is_url(longest));
}

/* What may go together, and where a password may go: one line of a command, and what is wrong with it. */
static void combinations(void **state)
{
    static const struct {
        const char *url;
        const char *words[6];
        const char *wrong; /* NULL = nothing */
    } rows[] = {
        {"ldap://dc1", {NULL}, NULL},
        {"ldap://dc1", {"--keytab", "k"}, NULL},
        {"ldap://dc1", {"--user", "u", "--start-tls"}, NULL},
        {"ldaps://dc1", {"--user", "u", "--password-file", "p"}, NULL},
        {"LdapS://dc1", {"--user", "u"}, NULL},
        {"ldaps://dc1", {"--keytab", "k", "--ca-file", "c"}, NULL},
        {"ldaps://dc1", {"--start-tls"}, NULL},
        {"ldap://dc1", {"--start-tls", "--ca-file", "c"}, NULL},
        {"ldap://dc1", {"--user", "u"}, "option --user: a password is not sent in clear"},
        {"LDAP://dc1", {"--user", "u", "--password-file", "p"}, "option --user: a password is not sent in clear"},
        {"ldap://dc1", {"--user", "u", "--ca-file", "c"}, "option --user: a password is not sent in clear"},
        {"ldap://dc1", {"--ca-file", "c"}, "option --ca-file: there is no TLS"},
        {"ldaps://dc1", {"--keytab", "k", "--user", "u"}, "options --keytab and --user"},
        {"ldaps://dc1", {"--password-file", "p"}, "option --password-file: expected beside --user"},
        {"ldaps//dc1", {NULL}, "expected ldap://HOST[:PORT] or ldaps://HOST[:PORT]"},
    };
    const struct da_operands operands = {0};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char *argv[8] = {(char *)"dadns"};
        struct da_arguments arguments;
        struct da_error error = {0};
        struct da_login login;
        int argc = 1;
        for (size_t word = 0; word < LENGTH_OF(rows[i].words) && rows[i].words[word] != NULL; word++)
            argv[argc++] = (char *)rows[i].words[word];
        assert_int_equal(da_arguments_parse(options, &operands, argc, argv, &arguments, &error), DA_OK);
        enum da_status status = da_login_read(&arguments, 1, &login, &error);
        if (status == DA_OK)
            status = da_login_check(&login, rows[i].url, &error);
        if (status != (rows[i].wrong == NULL ? DA_OK : DA_ERR_SYNTAX))
            fail_msg("row %zu: %s", i, error.text);
        if (rows[i].wrong != NULL && strstr(error.text, rows[i].wrong) == NULL)
            fail_msg("row %zu: %s", i, error.text);
        da_arguments_clear(&arguments);
    }
}

static void keep_warning(void *arg, const char *path, const char *text)
{
    snprintf(arg, 200, "%s: %s", path, text);
}

/* A file that others may read is used, with a warning that does not show what is in it. */
static void readable_by_others(void **state)
{
    static const struct {
        mode_t mode;
        const char *warning; /* "" = none */
    } rows[] = {{0600, ""}, {0400, ""}, {0640, "its mode is 0640"}, {0604, "its mode is 0604"}, {0611, ""}};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char path[] = "/tmp/directaccess-password-XXXXXX", password[DA_PASSWORD_MAX], warning[200] = "";
        const struct da_login login = {.user = "u", .password_file = path, .warn = keep_warning, .warn_arg = warning};
        struct da_error error = {0};
        int fd = mkstemp(path);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, "hush\n", 5), 5);
        assert_int_equal(fchmod(fd, rows[i].mode), 0);
        close(fd);
        enum da_status status = da_login_password(&login, "dc1", password, &error);
        unlink(path);
        assert_int_equal(status, DA_OK);
        assert_string_equal(password, "hush");
        assert_int_equal(warning[0] == '\0', rows[i].warning[0] == '\0');
        assert_non_null(strstr(warning, rows[i].warning));
        assert_null(strstr(warning, "hush"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_urls),
        cmocka_unit_test(bad_urls),
        cmocka_unit_test(combinations),
        cmocka_unit_test(readable_by_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
