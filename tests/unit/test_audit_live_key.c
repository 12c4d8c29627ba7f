/* TSIG key files, and what names a server. */
#include "unit.h"

#include "audit/live.h"
#include "audit/live_endpoint.h"
#include "audit/live_tsig.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET      "c2VjcmV0IG9mIHRlc3Rz" /* "secret of tests" */
#define SECRET_TEXT "secret of tests"
#define WARNING_MAX 200

static char warning[WARNING_MAX];

static void keep_warning(void *arg, const char *path, const char *text)
{
    snprintf(arg, WARNING_MAX, "%s: %s", path, text);
}

/* Loads a key from a file of these octets. */
static enum da_status load(const char *text, size_t length, mode_t mode, struct da_tsig_key **key,
                           struct da_error *error)
{
    char path[] = "/tmp/directaccess-key-XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, length), (ssize_t)length);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    *key = NULL;
    *error = (struct da_error){0};
    warning[0] = '\0';
    enum da_status status = da_tsig_key_load(path, key, keep_warning, warning, error);
    unlink(path);
    return status;
}

static void good_keys(void **state)
{
    static const struct {
        const char *text, *name, *algorithm;
    } rows[] = {
        {"key \"operator\" { algorithm hmac-sha256; secret \"" SECRET "\"; };", "operator", "hmac-sha256"},
        {"key operator{algorithm hmac-sha384;secret " SECRET ";}", "operator", "hmac-sha384"},
        {"// of ns1\n# old\n/* two\n lines */ KEY \"Ops.Example.NET.\" {\n\tsecret \"" SECRET
         "\";\n\talgorithm \"HMAC-SHA512.\";\n};\n",
         "ops.example.net", "hmac-sha512"},
        {"key \"_tsig_1\" { algorithm hmac-md5; secret \"" SECRET "\"; };\r\n", "_tsig_1", "hmac-md5.sig-alg.reg.int"},
        {"key k { algorithm HMAC-MD5.SIG-ALG.REG.INT; secret \"" SECRET "\"; };", "k", "hmac-md5.sig-alg.reg.int"},
        {"operator:" SECRET "\n", "operator", "hmac-sha256"},
        {"operator:hmac-sha1:" SECRET, "operator", "hmac-sha1"},
        {"hmac-sha224:operator:" SECRET "\n", "operator", "hmac-sha224"},
        {"# comment\n\n  operator.:HMAC-SHA1:" SECRET "  # of ns1\n\n", "operator", "hmac-sha1"},
        {"hmac-sha1:hmac-sha256:" SECRET, "hmac-sha1", "hmac-sha256"}, /* the documented order first */
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_tsig_key *key;
        struct da_error error;
        uint8_t name[DA_NAME_MAX];
        if (load(rows[i].text, strlen(rows[i].text), 0600, &key, &error) != DA_OK)
            fail_msg("%s: %u: %s: %s", rows[i].text, error.line, error.path, error.text);
        assert_int_equal(key->name.length, wire_name(rows[i].name, name));
        assert_memory_equal(key->name.wire, name, key->name.length);
        assert_string_equal(key->algorithm->name, rows[i].algorithm);
        assert_int_equal(key->secret_length, strlen(SECRET_TEXT));
        assert_memory_equal(key->secret, SECRET_TEXT, strlen(SECRET_TEXT));
        assert_string_equal(warning, "");
        da_tsig_key_free(key);
    }
}

#define NONE "key \"NAME\" { algorithm ALGORITHM; secret \"SECRET\"; }; or NAME:ALGORITHM:SECRET is expected"

static void bad_keys(void **state)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *path, *message;
    } rows[] = {
        {"", 1, "", NONE},
        {"# nothing\n", 2, "", NONE},
        {SECRET "\n", 1, "", NONE},
        {"\"operator:" SECRET "\"", 1, "", NONE},
        {"key \"k\" { algorithm hmac-sha3; secret \"" SECRET "\"; };", 1, "algorithm",
         "\"hmac-sha3\" is none of " DA_TSIG_ALGORITHMS},
        {"k:hmac-sha3:" SECRET, 1, "algorithm", "it is none of " DA_TSIG_ALGORITHMS},
        {"k:" SECRET ":hmac-sha256", 1, "algorithm", "it is none of " DA_TSIG_ALGORITHMS},
        {SECRET "..:hmac-sha256", 1, "key", "it is no domain name"},
        {"key \"k\" {\n secret \"" SECRET "\";\n};", 1, "algorithm", "is missing"},
        {"\nkey \"k\" {\n algorithm hmac-sha256;\n};", 2, "secret", "is missing"},
        {"key \"k\" {\n algorithm hmac-sha256;\n secret \"" SECRET "!\";\n};", 3, "secret", "the secret is not base64"},
        {"k:" SECRET "!", 1, "secret", "the secret is not base64"},
        {"k:", 1, "secret", "the secret is empty"},
        {"key \"k\" {\n secret \"" SECRET "\";\n secret \"" SECRET "\"; };", 3, "secret", "is there twice"},
        {"key \"k\" {\n algorithm hmac-sha1; algorithm hmac-sha1; };", 2, "algorithm", "is there twice"},
        {"key \"k\" {\n algorithm hmac-sha256\n secret \"" SECRET "\"; };", 3, "", "\";\" is expected here"},
        {"key \"k\" {\n algorithm hmac-sha256;\n secret \"" SECRET "; };", 3, "",
         "a quoted string has no end on its line"},
        {"key \"k\" {\n algorithm hmac-sha256;\n secret " SECRET ";\n", 4, "",
         "\"algorithm\", \"secret\" or \"}\" is expected here"},
        {"key \"k\" { algorithm hmac-sha256; secret \"" SECRET "\"; port 53; };", 1, "",
         "\"algorithm\", \"secret\" or \"}\" is expected here"},
        {"key \"k\" " SECRET " { };", 1, "", "\"{\" is expected here"},
        {"key \"\" { algorithm hmac-sha256; secret \"" SECRET "\"; };", 1, "key", "\"\" is no domain name"},
        {"key \"a..b\" { algorithm hmac-sha256; secret \"" SECRET "\"; };", 1, "key", "\"a..b\" is no domain name"},
        {"key \"k\" { algorithm hmac-sha256; secret \"" SECRET "\"; };\nkey \"l\" { };", 2, "",
         "one key is expected, and nothing behind it"},
        {"k:" SECRET "\nl:" SECRET "\n", 2, "", "one key is expected, and nothing behind it"},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_tsig_key *key;
        struct da_error error;
        assert_int_equal(load(rows[i].text, strlen(rows[i].text), 0600, &key, &error), DA_ERR_SYNTAX);
        assert_null(key);
        assert_string_equal(error.text, rows[i].message);
        assert_string_equal(error.path, rows[i].path);
        if (error.line != rows[i].line)
            fail_msg("%s: line %u, not %u", rows[i].text, error.line, rows[i].line);
        assert_null(strstr(error.text, SECRET));
    }
}

/* Sizes, and files that are no text. */
static void odd_files(void **state)
{
    static char large[64 * 1024 + 1];
    char secret[1 + DA_TSIG_SECRET_MAX * 4 / 3 + 8] = "k:", *end;
    struct da_tsig_key *key = NULL;
    struct da_error error;
    (void)state;

    memset(large, ' ', sizeof(large));
    assert_int_equal(load(large, sizeof(large), 0600, &key, &error), DA_ERR_LIMIT);
    assert_int_equal(load(large, sizeof(large) - 1, 0600, &key, &error), DA_ERR_SYNTAX);
    assert_int_equal(load("k:\0" SECRET, 20, 0600, &key, &error), DA_ERR_SYNTAX);
    assert_string_equal(error.text, "is no key file: it has an octet of zero");

    end = secret + 2;
    memset(end, 'A', 680); /* 510 octets */
    strcpy(end + 680, "AAA=");
    assert_int_equal(load(secret, strlen(secret), 0600, &key, &error), DA_OK);
    assert_int_equal(key->secret_length, DA_TSIG_SECRET_MAX);
    da_tsig_key_free(key);
    strcpy(end + 680, "AAAA");
    assert_int_equal(load(secret, strlen(secret), 0600, &key, &error), DA_ERR_SYNTAX);
    assert_string_equal(error.text, "the secret is longer than 512 octets");

    error = (struct da_error){0};
    assert_int_equal(da_tsig_key_load("/nonexistent/key", &key, NULL, NULL, &error), DA_ERR_IO);
    assert_string_equal(error.text, "cannot be opened: No such file or directory");
    error = (struct da_error){0};
    assert_int_equal(da_tsig_key_load("/", &key, NULL, NULL, &error), DA_ERR_IO);
    da_tsig_key_free(NULL);
}

static void modes(void **state)
{
    static const struct {
        mode_t mode;
        const char *warning;
    } rows[] = {{0600, ""}, {0400, ""}, {0640, "mode is 0640"}, {0604, "mode is 0604"}, {0620, ""}};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_tsig_key *key;
        struct da_error error;
        assert_int_equal(load("k:" SECRET, strlen("k:" SECRET), rows[i].mode, &key, &error), DA_OK);
        assert_non_null(strstr(warning, rows[i].warning));
        assert_int_equal(warning[0] == '\0', rows[i].warning[0] == '\0');
        da_tsig_key_free(key);
    }
}

static void endpoints(void **state)
{
    static const struct {
        const char *text, *host, *port; /* host NULL = it is none */
        bool resolver;
    } rows[] = {
        {"192.0.2.1", "192.0.2.1", "53", true},
        {"192.0.2.1@5353", "192.0.2.1", "5353", true},
        {"2001:db8::1", "2001:db8::1", "53", true},
        {"2001:db8::1@65535", "2001:db8::1", "65535", true},
        {"fe80::1%eth0@53", "fe80::1%eth0", "53", true},
        {"ns1.example.net", "ns1.example.net", "53", false},
        {"ns1.example.net.@1", "ns1.example.net.", "1", false},
        {"localhost", "localhost", "53", false},
        {"", NULL, NULL, false},
        {"@53", NULL, NULL, false},
        {"192.0.2.1@", NULL, NULL, false},
        {"192.0.2.1@0", NULL, NULL, false},
        {"192.0.2.1@65536", NULL, NULL, false},
        {"192.0.2.1@+53", NULL, NULL, false},
        {"192.0.2.1@53@53", NULL, NULL, false},
        {"192.0.2.1:53", NULL, NULL, false},
        {"192.0.2.256", NULL, NULL, false},
        {"192.0.2", NULL, NULL, false},
        {"[2001:db8::1]", NULL, NULL, false},
        {"fe80::1%", NULL, NULL, false},
        {"192.0.2.1%eth0", NULL, NULL, false},
        {"ns1 example.net", NULL, NULL, false},
        {"-ns1.example.net", NULL, NULL, false},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_endpoint endpoint;
        if (da_live_is_server(rows[i].text, false) != (rows[i].host != NULL))
            fail_msg("%s", rows[i].text);
        assert_int_equal(da_live_is_server(rows[i].text, true), rows[i].resolver);
        if (rows[i].host == NULL)
            continue;
        assert_true(da_endpoint_parse(rows[i].text, &endpoint));
        assert_string_equal(endpoint.host, rows[i].host);
        assert_string_equal(endpoint.port, rows[i].port);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_keys), cmocka_unit_test(bad_keys),  cmocka_unit_test(odd_files),
        cmocka_unit_test(modes),     cmocka_unit_test(endpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
