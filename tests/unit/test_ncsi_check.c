/* What a client policy is told about: each rule by a value that breaks it, and right policies that have no finding. */
#include "unit.h"

#include "ncsi/ncsi.h"
#include "record_set.h"

#include <stdio.h>

#define SITE(name, prefix, address)                                                                                    \
    "  - {name: " name ", nat64-prefix: '" prefix "', servers: [{name: s" name ", address: " address "}]}\n"
#define SEATTLE SITE("seattle", "fd12:3456:789a:7777::/96", "10.1.0.11")
#define DUBLIN  SITE("dublin", "fd12:3456:789b:7777::/96", "10.2.0.11")

static const char single[] = "suffixes: [corp.example.net]\nnetwork: ipv4-only\nblock: [isatap, wpad]\n"
                             "isatap-router: router\nentry-points:\n" SEATTLE;
static const char multisite[] = "suffixes: [corp.example.net, emea.corp.example.net]\nnetwork: ipv4-only\n"
                                "network-location-server: true\nentry-points:\n" SEATTLE DUBLIN;
static const char native[] =
    "suffixes: [corp.example.net]\nnetwork: ipv6\nentry-points:\n"
    "  - {name: a, servers: [{name: s, address: 10.0.0.11, ipv6-address: '2001:db8:6::11'}]}\n";

#define HOST "directaccess-corpConnectivityHost.corp.example.net"
#define WEB  "http://directaccess-WebProbeHost.corp.example.net/"
#define NLS  "https://nls.example.com/"

/* A policy that is right for each deployment, but for one value. */
struct row {
    const char *yaml;
    enum da_ncsi_value value;
    const char *text;  /* NULL = the value is not there */
    const char *codes; /* "SEVERITY CODE, …": w or c; "" = no finding */
    const char *says;  /* part of the first text; may be NULL */
};

static const struct row rows[] = {
    /* The host name of the DNS probe. */
    {single, DA_NCSI_PROBE_HOST, HOST, "", NULL},
    {single, DA_NCSI_PROBE_HOST, "DIRECTACCESS-corpconnectivityhost.CORP.example.net.", "", NULL},
    {multisite, DA_NCSI_PROBE_HOST, "directaccess-corpConnectivityHost.emea.corp.example.net", "", NULL},
    {single, DA_NCSI_PROBE_HOST, "directaccess-corpConnectivityHost.emea.corp.example.net", "c policy-probe-host",
     "publishes " HOST ": correct"},
    {multisite, DA_NCSI_PROBE_HOST, "directaccess-corpConnectivityHost.example.net", "c policy-probe-host",
     HOST ", directaccess-corpConnectivityHost.emea.corp.example.net: correct"},
    {single, DA_NCSI_PROBE_HOST, "directaccess-WebProbeHost.corp.example.net", "c policy-probe-host", NULL},
    {single, DA_NCSI_PROBE_HOST, "directaccess-corpConnectivityHost", "c policy-probe-host", NULL},
    {single, DA_NCSI_PROBE_HOST, "not a name", "c policy-probe-host",
     "CorporateDNSProbeHostName is \"not a name\", which the deployment does not publish"},
    {single, DA_NCSI_PROBE_HOST, NULL, "w policy-probe-host-missing", "is not there; expected " HOST},

    /* The address it is to have. */
    {single, DA_NCSI_PROBE_ADDRESS, "fd12:3456:789a:7777::7f00:1", "", NULL},
    {single, DA_NCSI_PROBE_ADDRESS, "FD12:3456:789A:7777:0:0:127.0.0.1", "", NULL},
    {multisite, DA_NCSI_PROBE_ADDRESS, "fd12:3456:789b:7777::7f00:1", "", NULL},
    {single, DA_NCSI_PROBE_ADDRESS, "fd12:3456:789b:7777::7f00:1", "c policy-probe-address",
     "which is 127.0.0.1 within a prefix that no entry point has: every tunnel would be given up; expected "
     "fd12:3456:789a:7777::7f00:1 (seattle)"},
    {single, DA_NCSI_PROBE_ADDRESS, "::1", "c policy-probe-address", "the deployment has network: ipv4-only"},
    {single, DA_NCSI_PROBE_ADDRESS, "0:0:0:0:0:0:0:1", "c policy-probe-address", "network: ipv4-only"},
    {single, DA_NCSI_PROBE_ADDRESS, "127.0.0.1", "c policy-probe-address", "clients get IPv6 addresses alone"},
    {single, DA_NCSI_PROBE_ADDRESS, "2001:db8::1", "c policy-probe-address", "which the deployment does not publish"},
    {single, DA_NCSI_PROBE_ADDRESS, "fd12::/96", "c policy-probe-address", "which is no IPv6 address"},
    {single, DA_NCSI_PROBE_ADDRESS, NULL, "w policy-probe-address-missing", "expected fd12:3456:789a:7777::7f00:1"},
    {native, DA_NCSI_PROBE_ADDRESS, "::1", "", NULL},
    {native, DA_NCSI_PROBE_ADDRESS, "fd12:3456:789a:7777::7f00:1", "c policy-probe-address",
     "as for an IPv4-only network, but the deployment has network: ipv6: every tunnel would be given up; expected ::1"},
    {native, DA_NCSI_PROBE_ADDRESS, NULL, "w policy-probe-address-missing", "expected ::1"},

    /* Site prefixes. */
    {single, DA_NCSI_SITE_PREFIXES, "fd12:3456:789a::/48", "", NULL},
    {single, DA_NCSI_SITE_PREFIXES, "{2001:db8::/32, fd12:3456:789a:7777::/96}", "", NULL},
    {single, DA_NCSI_SITE_PREFIXES, "2001:db8::/32", "w policy-site-prefixes-uncovered",
     "does not cover fd12:3456:789a:7777::/96 (seattle)"},
    {single, DA_NCSI_SITE_PREFIXES, "fd12:3456:789a:7777:1::/96", "w policy-site-prefixes-uncovered", NULL},
    {multisite, DA_NCSI_SITE_PREFIXES, "fd12:3456:789a::/48", "w policy-site-prefixes-uncovered",
     "cover fd12:3456:789b:7777::/96 (dublin):"},
    {multisite, DA_NCSI_SITE_PREFIXES, "fd12:3456:789a::/47", "", NULL},
    {multisite, DA_NCSI_SITE_PREFIXES, "{fd12:3456:789a::/48...}", "w policy-site-prefixes-cut",
     "$FormatEnumerationLimit = -1"},
    {single, DA_NCSI_SITE_PREFIXES, "fd12:3456:789a::/48,10.0.0.0/8,fd12::1/16", "w policy-site-prefixes-syntax",
     "not \"10.0.0.0/8\", \"fd12::1/16\""},
    {single, DA_NCSI_SITE_PREFIXES, "corp", "w policy-site-prefixes-syntax, w policy-site-prefixes-uncovered", NULL},
    {single, DA_NCSI_SITE_PREFIXES, NULL, "w policy-site-prefixes-missing",
     "prefixes that cover fd12:3456:789a:7777::/96 (seattle)"},
    {native, DA_NCSI_SITE_PREFIXES, "2001:db8:6::/64", "", NULL},
    {native, DA_NCSI_SITE_PREFIXES, "2001:db8:7::/64", "w policy-site-prefixes-uncovered", "2001:db8:6::11 (a)"},

    /* The web probe. */
    {single, DA_NCSI_WEB_PROBE_URL, WEB, "", NULL},
    {single, DA_NCSI_WEB_PROBE_URL, "HTTP://DirectAccess-webprobehost.corp.example.net:80", "", NULL},
    {multisite, DA_NCSI_WEB_PROBE_URL, "http://directaccess-WebProbeHost.emea.corp.example.net/", "", NULL},
    {single, DA_NCSI_WEB_PROBE_URL, "http://directaccess-WebProbeHost.example.net/", "c policy-web-probe-host",
     "does not publish the host; expected " WEB},
    {single, DA_NCSI_WEB_PROBE_URL, "http://" HOST "/", "c policy-web-probe-host", "not that of the web probe"},
    {single, DA_NCSI_WEB_PROBE_URL, "http://isatap.corp.example.net/", "c policy-web-probe-host", "a blocked name"},
    {single, DA_NCSI_WEB_PROBE_URL, "http://x.wpad.y.corp.example.net/", "c policy-web-probe-host", "a blocked name"},
    {single, DA_NCSI_WEB_PROBE_URL, "http://wpad.example.com/", "w policy-web-probe-elsewhere", NULL},
    {single, DA_NCSI_WEB_PROBE_URL, "http://10.0.0.10/", "w policy-web-probe-elsewhere", NULL},
    {single, DA_NCSI_WEB_PROBE_URL, "https://directaccess-WebProbeHost.corp.example.net/", "c policy-web-probe-port",
     "over HTTP, on TCP port 80"},
    {single, DA_NCSI_WEB_PROBE_URL, "https://directaccess-WebProbeHost.corp.example.net:80/", "c policy-web-probe-port",
     NULL},
    {single, DA_NCSI_WEB_PROBE_URL, "http://directaccess-WebProbeHost.corp.example.net:8080/probe",
     "c policy-web-probe-port, w policy-web-probe-path", NULL},
    {single, DA_NCSI_WEB_PROBE_URL, "http://directaccess-WebProbeHost.corp.example.net/?a", "w policy-web-probe-path",
     NULL},
    {single, DA_NCSI_WEB_PROBE_URL, "directaccess-WebProbeHost.corp.example.net", "c policy-web-probe-url", NULL},
    {single, DA_NCSI_WEB_PROBE_URL, NULL, "w policy-web-probe-missing", "expected " WEB},

    /* The network location server. */
    {single, DA_NCSI_NLS_URL, NLS, "", NULL},
    {single, DA_NCSI_NLS_URL, "https://nls.corp.example.net/insideoutside", "", NULL},
    {multisite, DA_NCSI_NLS_URL, "https://directaccess-NLS.corp.example.net:62000/insideoutside", "", NULL},
    {single, DA_NCSI_NLS_URL, "https://directaccess-NLS.corp.example.net/", "c policy-nls-host",
     "set network-location-server: true"},
    {multisite, DA_NCSI_NLS_URL, "https://directaccess-nls.example.net/", "c policy-nls-host", "no suffix"},
    {single, DA_NCSI_NLS_URL, "https://directaccess-WebProbeHost.corp.example.net/", "c policy-nls-host",
     "remote clients have to resolve"},
    {single, DA_NCSI_NLS_URL, "https://router.corp.example.net/", "c policy-nls-host", NULL},
    {single, DA_NCSI_NLS_URL, "https://wpad.corp.example.net/", "c policy-nls-host", "a blocked name"},
    {single, DA_NCSI_NLS_URL, "https://wpad/", "c policy-nls-host", "a blocked name"},
    {single, DA_NCSI_NLS_URL, "http://nls.example.com/", "c policy-nls-scheme", NULL},
    {single, DA_NCSI_NLS_URL, "http://directaccess-NLS.corp.example.net/", "c policy-nls-scheme, c policy-nls-host",
     NULL},
    {single, DA_NCSI_NLS_URL, "https://10.0.0.10/", "w policy-nls-address", NULL},
    {single, DA_NCSI_NLS_URL, "https://[2001:db8::1]/", "w policy-nls-address", NULL},
    {single, DA_NCSI_NLS_URL, "nls.example.com", "c policy-nls-url", NULL},
    {single, DA_NCSI_NLS_URL, NULL, "", NULL},
    {multisite, DA_NCSI_NLS_URL, NULL, "w policy-nls-missing", "https://directaccess-NLS.corp.example.net/"},
};

static void set_right(const char *yaml, struct da_ncsi *ncsi)
{
    static const char *const right[] = {HOST, "fd12:3456:789a:7777::7f00:1", "fd12::/16", WEB, NLS};
    static const char *const right_native[] = {HOST, "::1", "2001:db8::/32", WEB, NLS};

    *ncsi = (struct da_ncsi){.title = strdup("policy")};
    for (size_t i = 0; i < DA_NCSI_VALUE_COUNT; i++) {
        ncsi->values[i] = strdup(yaml == native ? right_native[i] : right[i]);
        ncsi->lines[i] = i + 1;
    }
}

static void check_row(const struct row *row)
{
    struct da_deployment *deployment = must_parse(row->yaml);
    struct da_ncsi_findings findings;
    struct da_record_set *set;
    struct da_ncsi ncsi;
    char codes[256] = "";
    size_t used = 0;

    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    set_right(row->yaml, &ncsi);
    free(ncsi.values[row->value]);
    ncsi.values[row->value] = row->text != NULL ? strdup(row->text) : NULL;
    ncsi.lines[row->value] = row->text != NULL ? row->value + 1 : 0;
    da_ncsi_check(&ncsi, deployment, set, &findings);
    for (size_t i = 0; i < findings.count; i++) {
        const struct da_ncsi_finding *finding = &findings.findings[i];
        used += (size_t)snprintf(codes + used, sizeof(codes) - used, "%s%c %s", i > 0 ? ", " : "",
                                 finding->severity == DA_MONITORED_CRITICAL ? 'c' : 'w', finding->code);
        assert_int_equal(finding->value, row->value);
        assert_int_equal(finding->line, ncsi.lines[row->value]);
    }
    const char *text = row->text != NULL ? row->text : "(none)";
    if (strcmp(codes, row->codes) != 0)
        fail_msg("%s: %s; expected %s", text, codes, row->codes);
    if (row->says != NULL && (findings.count == 0 || strstr(findings.findings[0].text, row->says) == NULL))
        fail_msg("%s: %s", text, findings.count > 0 ? findings.findings[0].text : "no finding");
    da_ncsi_clear(&ncsi);
    da_record_set_free(set);
    da_deployment_free(deployment);
}

static void tells_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        check_row(&rows[i]);
}

/* Names of values are those of the file that they are from. */
static void names_registry_values(void **state)
{
    struct da_deployment *deployment = must_parse(single);
    struct da_ncsi ncsi = {.registry = true};
    struct da_ncsi_findings findings;
    struct da_record_set *set;

    (void)state;
    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    da_ncsi_check(&ncsi, deployment, set, &findings);
    assert_int_equal(findings.count, 4);
    for (size_t i = 0; i < findings.count; i++) {
        const char *name = da_ncsi_name(findings.findings[i].value, true);
        assert_int_equal(strncmp(findings.findings[i].text, name, strlen(name)), 0);
    }
    da_record_set_free(set);
    da_deployment_free(deployment);
}

/* A text never runs over, however long names and lists are. */
static void cuts_long_texts(void **state)
{
    struct da_deployment *deployment = must_parse(multisite);
    char value[2000];
    struct da_ncsi ncsi = {.title = NULL};
    struct da_ncsi_findings findings;
    struct da_record_set *set;

    (void)state;
    memset(value, '"', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    for (size_t i = 0; i < DA_NCSI_VALUE_COUNT; i++)
        ncsi.values[i] = value, ncsi.lines[i] = 1;
    da_ncsi_check(&ncsi, deployment, set, &findings);
    assert_true(findings.count >= DA_NCSI_VALUE_COUNT);
    for (size_t i = 0; i < findings.count; i++)
        assert_in_range(strnlen(findings.findings[i].text, sizeof(findings.findings[i].text)), 1,
                        sizeof(findings.findings[i].text) - 1);
    da_record_set_free(set);
    da_deployment_free(deployment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_wrong),
        cmocka_unit_test(names_registry_values),
        cmocka_unit_test(cuts_long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
