/* The response policy zone: its records, its serial, and names that do not fit. */
#include "unit.h"

#include "generate/format.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <unistd.h>

#define ENTRY                                                                                                          \
    "network: ipv4-only\nentry-points: [{name: a, nat64-prefix: 'fd12:3456:789a:7777::/96', servers: [{name: s, "      \
    "address: 10.1.0.11}]}]\n"
#define NOW 1800000000U

static struct da_record_set *must_build(const char *yaml)
{
    struct da_deployment *deployment = must_parse(yaml);
    struct da_record_set *set = NULL;

    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    da_deployment_free(deployment);
    return set;
}

/* Writes the zone, which the caller frees; NULL where that fails, and error says why. */
static char *write_zone(const char *yaml, const char *zone, const char *replaced, struct da_error *error)
{
    struct da_record_set *set = must_build(yaml);
    struct da_format_request request = {.set = set, .now = NOW, .replaced = replaced, .error = error};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_int_equal(da_name_from_hostname(zone, &request.rpz_zone), DA_OK);
    enum da_status status = da_format_rpz.write(&da_format_rpz, &request, out);
    fclose(out);
    da_record_set_free(set);
    assert_int_equal(status, error->status);
    if (status == DA_OK)
        return text;
    assert_int_equal(size, 0); /* nothing is written of a zone that cannot be */
    free(text);
    return NULL;
}

/* The zone's records as ldns reads them, one a line, less those of the apex. */
static char *records_of(char *text)
{
    FILE *in = fmemopen(text, strlen(text), "r");
    ldns_zone *zone = NULL;
    char *lines = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&lines, &size);

    assert_non_null(in);
    assert_int_equal(ldns_zone_new_frm_fp(&zone, in, NULL, 0, LDNS_RR_CLASS_IN), LDNS_STATUS_OK);
    for (size_t i = 0; i < ldns_zone_rr_count(zone); i++) {
        const ldns_rr *rr = ldns_rr_list_rr(ldns_zone_rrs(zone), i);
        if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_NS)
            continue;
        char *line = ldns_rr2str(rr);
        fputs(line, out);
        free(line);
    }
    ldns_zone_deep_free(zone);
    fclose(in);
    fclose(out);
    return lines;
}

static void holds_the_policy(void **state)
{
    static const char yaml[] = "suffixes: [corp.example.net, b.example]\nttl: 60\nnegative-ttl: 30\n"
                               "block: [isatap, WPAD]\n" ENTRY;
    static const char expected[] =
        "isatap.da.rpz.\t30\tIN\tCNAME\t.\n"
        "*.isatap.da.rpz.\t30\tIN\tCNAME\t.\n"
        "WPAD.da.rpz.\t30\tIN\tCNAME\t.\n"
        "*.WPAD.da.rpz.\t30\tIN\tCNAME\t.\n"
        "directaccess-corpConnectivityHost.corp.example.net.da.rpz.\t60\tIN\tA\t127.0.0.1\n"
        "directaccess-corpConnectivityHost.corp.example.net.da.rpz.\t60\tIN\tAAAA\tfd12:3456:789a:7777::7f00:1\n"
        "directaccess-WebProbeHost.corp.example.net.da.rpz.\t60\tIN\tA\t10.1.0.11\n"
        "isatap.corp.example.net.da.rpz.\t30\tIN\tCNAME\t.\n"
        "*.isatap.corp.example.net.da.rpz.\t30\tIN\tCNAME\t.\n"
        "WPAD.corp.example.net.da.rpz.\t30\tIN\tCNAME\t.\n"
        "*.WPAD.corp.example.net.da.rpz.\t30\tIN\tCNAME\t.\n"
        "directaccess-corpConnectivityHost.b.example.da.rpz.\t60\tIN\tA\t127.0.0.1\n"
        "directaccess-corpConnectivityHost.b.example.da.rpz.\t60\tIN\tAAAA\tfd12:3456:789a:7777::7f00:1\n"
        "directaccess-WebProbeHost.b.example.da.rpz.\t60\tIN\tA\t10.1.0.11\n"
        "isatap.b.example.da.rpz.\t30\tIN\tCNAME\t.\n"
        "*.isatap.b.example.da.rpz.\t30\tIN\tCNAME\t.\n"
        "WPAD.b.example.da.rpz.\t30\tIN\tCNAME\t.\n"
        "*.WPAD.b.example.da.rpz.\t30\tIN\tCNAME\t.\n";
    struct da_error error = {0};

    (void)state;
    char *text = write_zone(yaml, "da.rpz", NULL, &error);
    assert_non_null(text);
    assert_non_null(strstr(text, "\n@\t30\tIN\tSOA\tlocalhost. nobody.invalid. 1800000000 600 120 2419200 30\n"
                                 "@\t30\tIN\tNS\tlocalhost.\n"));
    char *records = records_of(text);
    assert_string_equal(records, expected);
    free(records);
    free(text);
}

/* ---- serial ---- */

static uint32_t serial_of(const char *text)
{
    const char *at = strstr(text, "nobody.invalid. ");
    assert_non_null(at);
    return (uint32_t)strtoul(at + strlen("nobody.invalid. "), NULL, 10);
}

/* serial has as many digits as the one there. */
static void set_serial(char *text, const char *serial)
{
    char *at = strstr(text, "1800000000");

    assert_non_null(at);
    while (*serial != '\0')
        *at++ = *serial++;
}

/* Writes text to a file, and then the zone in its place. The serial; 0 where that fails. */
static uint32_t replace(const char *text, const char *yaml, const char *zone, struct da_error *error)
{
    char path[] = "/tmp/test_generate_rpz.XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    char *after = write_zone(yaml, zone, path, error);
    uint32_t serial = after != NULL ? serial_of(after) : 0;
    free(after);
    unlink(path);
    return serial;
}

#define ONE "suffixes: [corp.example.net]\n" ENTRY

static void keeps_or_raises_the_serial(void **state)
{
    struct da_error error = {0};

    (void)state;
    char *text = write_zone(ONE, "da.rpz", NULL, &error);
    set_serial(text, "4294967295");
    assert_int_equal(replace(text, ONE, "da.rpz", &error), 4294967295U);
    assert_int_equal(replace(text, "suffixes: [CORP.example.net]\n" ENTRY, "DA.rpz", &error), 4294967295U);
    assert_int_equal(replace(text, "ttl: 60\n" ONE, "da.rpz", &error), 1);
    assert_int_equal(replace(text, "negative-ttl: 60\n" ONE, "da.rpz", &error), 1);
    assert_int_equal(replace(text, "block: [wpad, isatap]\n" ONE, "da.rpz", &error), 1);
    assert_int_equal(replace(text, "network-location-server: true\n" ONE, "da.rpz", &error), 1);
    assert_int_equal(replace(text, "suffixes: [corp.example.org]\n" ENTRY, "da.rpz", &error), 1);
    assert_int_equal(replace(text, ONE, "other.rpz", &error), 1);
    assert_int_equal(replace("no zone\n", ONE, "da.rpz", &error), 0);
    assert_int_equal(error.status, DA_ERR_SYNTAX);
    free(text);
}

/* ---- names that do not fit ---- */

#define L60 "a23456789b123456789c123456789d123456789e123456789f1234567890"
#define L63 L60 "abc"

static void refuses_names_that_do_not_fit(void **state)
{
    /* 208 octets, so 241 with the longest label, 248 below da.rpz, and 258 below directaccess.rpz. */
    static const char suffix[] = "suffixes: [" L63 "." L63 "." L60 ".abcdefghijklm.net]\n" ENTRY;
    struct da_error error = {0};

    (void)state;
    char *text = write_zone(suffix, "da.rpz", NULL, &error);
    assert_non_null(text);
    free(text);
    assert_null(write_zone(suffix, "directaccess.rpz", NULL, &error));
    assert_int_equal(error.status, DA_ERR_LIMIT);
    assert_string_equal(error.text,
                        "\"directaccess-corpConnectivityHost." L63 "." L63 "." L60
                        ".abcdefghijklm.net.\" does not fit below the zone directaccess.rpz.: a name has 255 "
                        "octets at the most; choose a shorter --rpz-zone");
}

/* A blocked name that nobody can ask for is left out; one that can be asked for, or below which there can be names, is
 * not. */
static void leaves_out_impossible_names(void **state)
{
    static const char suffix[] = "suffixes: [" L63 "." L63 "." L60 ".abcdefghijklm.net]\n";
    char yaml[2048];
    struct da_error error = {0};

    (void)state;
    snprintf(yaml, sizeof(yaml), "%sblock: [isatap, %s]\n%s", suffix, L63, ENTRY);
    char *text = write_zone(yaml, "da.rpz", NULL, &error);
    assert_non_null(text);
    assert_null(strstr(text, "\n" L63 "." L63));
    assert_non_null(strstr(text, "\n" L63 "\t"));
    assert_non_null(strstr(text, "\n*.isatap." L63));
    free(text);
    snprintf(yaml, sizeof(yaml), "%sblock: [isatap, %.45s]\n%s", suffix, L60, ENTRY);
    assert_null(write_zone(yaml, "da.rpz", NULL, &error));
    assert_int_equal(error.status, DA_ERR_LIMIT);
}

static void refuses_other_triggers(void **state)
{
    struct da_error error = {0};

    (void)state;
    assert_null(write_zone("suffixes: [corp.example.net, corp.RPZ-ip]\n" ENTRY, "da.rpz", NULL, &error));
    assert_string_equal(error.text,
                        "the suffix corp.RPZ-ip: a response policy zone gives names below rpz-ip another meaning");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_the_policy),
        cmocka_unit_test(keeps_or_raises_the_serial),
        cmocka_unit_test(refuses_names_that_do_not_fit),
        cmocka_unit_test(leaves_out_impossible_names),
        cmocka_unit_test(refuses_other_triggers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
