/* Client policies as PowerShell and the registry editor write them, and the parts of their values. */
#include "unit.h"

#include "ncsi/ncsi.h"
#include "ncsi/parts.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define KEY "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\NetworkConnectivityStatusIndicator"
#define OUR "[" KEY "\\CorporateConnectivity]\n"
#define V5  "Windows Registry Editor Version 5.00\n\n"

/* What was read, as "NAME@LINE=VALUE;" for each value that is there, or the message. */
static void load(const void *octets, size_t length, char *text, size_t size)
{
    struct da_error error = {0};
    struct da_ncsi ncsi = {0};
    char path[32], message[DA_ERROR_PRINT_MAX];
    size_t used = 0;

    int fd = memfd_create("policy", MFD_CLOEXEC);
    assert_int_equal(write(fd, octets, length), length);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    enum da_status status = da_ncsi_load(path, &ncsi, &error);
    assert_int_equal(status, error.status);
    close(fd);
    if (status != DA_OK) {
        snprintf(text, size, "%s", da_error_print(&error, "f", message, sizeof(message)));
        return;
    }
    assert_string_equal(ncsi.title, path);
    text[0] = '\0';
    for (size_t i = 0; i < DA_NCSI_VALUE_COUNT; i++) {
        assert_int_equal(ncsi.values[i] == NULL, ncsi.lines[i] == 0);
        if (ncsi.values[i] != NULL)
            used += (size_t)snprintf(text + used, size - used, "%s@%zu=%s;",
                                     da_ncsi_name((enum da_ncsi_value)i, ncsi.registry), ncsi.lines[i], ncsi.values[i]);
    }
    da_ncsi_clear(&ncsi);
}

struct row {
    const char *text, *read; /* "f…": a message begins so */
};

static void expect(const struct row *rows, size_t count)
{
    char read[4096];

    for (size_t i = 0; i < count; i++) {
        load(rows[i].text, strlen(rows[i].text), read, sizeof(read));
        bool message = strncmp(rows[i].read, "f:", 2) == 0;
        if (message ? strncmp(read, rows[i].read, strlen(rows[i].read)) != 0 : strcmp(read, rows[i].read) != 0)
            fail_msg("%s\nread: %s\nexpected: %s", rows[i].text, read, rows[i].read);
    }
}

static void reads_properties(void **state)
{
    static const struct row rows[] = {
        {"PS C:\\> Get-NCSIPolicyConfiguration -PolicyStore \"contoso\\davidchew\"\r\n"
         "\r\n"
         "Description                    : NCSI Configuration\r\n"
         "CorporateDNSProbeHostAddress   : 2001:4898:1337:1337:1337::1337\r\n"
         "CorporateDNSProbeHostName      : corp.contoso.com\r\n"
         "CorporateSitePrefixList        : 2001:4898::/32,2006:1601::/32,2a01:0110::/31\r\n"
         "CorporateWebsiteProbeURL       : http://web.contoso.com\r\n"
         "DomainLocationDeterminationURL : https://io.contoso.com\r\n",
         "CorporateDNSProbeHostName@5=corp.contoso.com;CorporateDNSProbeHostAddress@4=2001:4898:1337:1337:1337::1337;"
         "CorporateSitePrefixList@6=2001:4898::/32,2006:1601::/32,2a01:0110::/31;"
         "CorporateWebsiteProbeURL@7=http://web.contoso.com;DomainLocationDeterminationURL@8=https://io.contoso.com;"},
        /* In a narrow window: broken at blanks, or in the middle. */
        {"CorporateDNSProbeHostName      : directaccess-corpConnectivit\n"
         "                                 yHost.corp.example.net\n"
         "CorporateSitePrefixList        : {fd12:3456:789a:7777::/96, \n"
         "                                 fd12:3456:789a::/48}\n",
         "CorporateDNSProbeHostName@1=directaccess-corpConnectivityHost.corp.example.net;"
         "CorporateSitePrefixList@3={fd12:3456:789a:7777::/96,fd12:3456:789a::/48};"},
        /* A line that goes on may look like a property. */
        {"CorporateDNSProbeHostAddress   : fd12:3456\n"
         "                                 : 7777::1\n",
         "CorporateDNSProbeHostAddress@1=fd12:3456: 7777::1;"},
        {"Description                    : NCSI\n"
         "                                 Configuration\n"
         "  corporatednsprobehostname : a.b\n"
         "  CorporateDNSProbeHostAddress : ::1\n",
         "CorporateDNSProbeHostName@3=a.b;CorporateDNSProbeHostAddress@4=::1;"},
        {"CorporateDNSProbeHostName:a.b\n\n                                   c\n", "CorporateDNSProbeHostName@1=a.b;"},
        {"CorporateDNSProbeHostName : a.b", "CorporateDNSProbeHostName@1=a.b;"},
        {"CorporateDNSProbeHostName : a.b\nCorporateSitePrefixList : {}\nCorporateWebsiteProbeURL :\n",
         "CorporateDNSProbeHostName@1=a.b;"},
        /* Of several stores. */
        {"CorporateDNSProbeHostName : a.b\nPolicyStore : x\n\nCorporateDNSProbeHostName : a.b\nPolicyStore : y\n",
         "CorporateDNSProbeHostName@1=a.b;"},
        {"CorporateDNSProbeHostName : a.b\nPolicyStore : x\n\nCorporateDNSProbeHostName : c.d\n",
         "f:4: CorporateDNSProbeHostName: \"c.d\", but \"a.b\" in line 1; expected one policy"},
        {"CorporateDNSProbeHostName :\n", "f: no value of the client policy; expected what Get-NCSI"},
        {"DnsProbeHost : a.b\n", "f: no value of the client policy; expected what Get-NCSI"},
        {"", "f: no value of the client policy; expected what Get-NCSI"},
        {"{\"CorporateDNSProbeHostName\": \"a.b\"}", "f: no value of the client policy; expected what Get-NCSI"},
    };

    (void)state;
    expect(rows, LENGTH_OF(rows));
}

static void reads_registry_files(void **state)
{
    static const struct row rows[] = {
        {V5 OUR "\"DnsProbeHost\"=\"a.b\"\n\"DnsProbeContent\"=\"::1\"\n\"SitePrefixes\"=\"2001:db8::/32\"\n"
                "\"WebProbeUrl\"=\"http://c/\"\n\"DomainLocationDeterminationUrl\"=\"https://d/\"\n",
         "DnsProbeHost@4=a.b;DnsProbeContent@5=::1;SitePrefixes@6=2001:db8::/32;WebProbeUrl@7=http://c/;"
         "DomainLocationDeterminationUrl@8=https://d/;"},
        {"REGEDIT4\r\n\r\n[hklm\\software\\policies\\MICROSOFT\\windows\\networkConnectivityStatusIndicator\\"
         "corporateconnectivity]\r\n\"dnsprobehost\" = \"a.b\" ; so\r\n",
         "DnsProbeHost@4=a.b;"},
        /* Octets: UTF-16LE in version 5, over lines; in version 4 they are characters. */
        {V5 OUR "\"DnsProbeHost\"=hex(1):61,00,\\\n  2e,00,62,00,\\\r\n  00,00\n\"SitePrefixes\"=hex(2):78,0,79,0\n",
         "DnsProbeHost@4=a.b;SitePrefixes@7=xy;"},
        {V5 OUR "\"WebProbeUrl\"=HEX(2):E9,00,AC,20,3d,d8,00,de,00,00,78,00\n", "WebProbeUrl@4=\xc3\xa9\xe2\x82\xac"
                                                                                "\xf0\x9f\x98\x80;"},
        {"REGEDIT4\n" OUR "\"DnsProbeHost\"=hex(2):61,2e,62,00\n", "DnsProbeHost@3=a.b;"},
        {V5 OUR "\"DnsProbeHost\"=\"a\\\\b\\\"c\"\n", "DnsProbeHost@4=a\\b\"c;"},
        /* Other keys, below, above and beside, and the one of 32-bit programs. */
        {V5
         "[" KEY "]\n\"DnsProbeHost\"=\"x\"\n" OUR "\"DnsProbeHost\"=\"a.b\"\n[" KEY
         "\\CorporateConnectivity\\x]\n\"DnsProbeHost\"=\"y\"\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\Policies\\"
         "Microsoft\\Windows\\NetworkConnectivityStatusIndicator\\CorporateConnectivity]\n\"DnsProbeHost\"=\"z\"\n"
         "[HKEY_CURRENT_USER\\SOFTWARE\\Policies\\Microsoft\\Windows\\NetworkConnectivityStatusIndicator\\"
         "CorporateConnectivity]\n\"DnsProbeHost\"=\"z\"\n",
         "DnsProbeHost@6=a.b;"},
        /* A text of another key that goes on over lines and looks like ours; other types; the value without a name. */
        {V5 "[HKEY_LOCAL_MACHINE\\x]\n@=\"one\n" OUR "\\\"DnsProbeHost\\\"=\\\"x\\\"\"\n\"a\"=dword:00000001\n"
            "\"b\"=hex:00,\\\n  01\n; \"c\n" OUR "\"DnsProbeHost\"=\"a.b\"\n@=\"\"\n\"Other\"=dword:1\n",
         "DnsProbeHost@12=a.b;"},
        /* What is deleted is not there, unless it is set afterwards. */
        {V5 "[-" KEY "]\n" OUR "\"DnsProbeHost\"=-\n\"DnsProbeHost\"=\"a.b\"\n", "DnsProbeHost@6=a.b;"},
        {V5 OUR "\"DnsProbeHost\"=\"a.b\"\n\"DnsProbeContent\"=\"::1\"\n\"DnsProbeHost\"=-\n",
         "DnsProbeContent@5=::1;"},
        {V5 OUR "\"DnsProbeHost\"=\"a.b\"\n[-" KEY "]\n", "f: no value of the client policy; expected the key HKEY_"},
        {V5 OUR "\"DnsProbeHost\"=\"a.b\"\n[-" KEY "\\Corporate]\n[-" KEY "\\CorporateConnectivity\\x]\n",
         "DnsProbeHost@4=a.b;"},
        {V5 "[-" KEY "\\CorporateConnectivity]\n\"DnsProbeHost\"=\"a.b\"\n", "f: no value of the client policy"},
        {V5 OUR "\"DnsProbeHost\"=\"a.b\"\n" OUR "\"DnsProbeHost\"=\"A.b\"\n",
         "f:6: DnsProbeHost: \"A.b\", but \"a.b\" in line 4"},
        {V5 OUR "\"DnsProbeHost\"=dword:00000001\n", "f:4: DnsProbeHost: expected a text (REG_SZ)"},
        {V5 OUR "\"DnsProbeHost\"=hex(7):61,00\n", "f:4: DnsProbeHost: expected a text (REG_SZ)"},
        {V5 OUR "\"DnsProbeHost\"=", "f:4: DnsProbeHost: expected a text (REG_SZ)"},
        {V5 OUR "\"DnsProbeHost\":\"a\"\n", "f:4: DnsProbeHost: expected \"=\""},
        {V5 OUR "\"DnsProbeHost\"=hex(1):61,00,\\\n  620\n", "f:5: DnsProbeHost: expected pairs of hexadecimal digits"},
        {V5 OUR "\"DnsProbeHost\"=hex(1):061,00\n", "f:4: DnsProbeHost: expected pairs of hexadecimal digits"},
        {V5 "[SOFTWARE\\Policies\\Microsoft\\Windows\\NetworkConnectivityStatusIndicator\\CorporateConnectivity]\n"
            "\"DnsProbeHost\"=\"a.b\"\n",
         "f: no value of the client policy"},
        {V5 OUR "\"DnsProbeHost\"=hex(1):61 00\n", "f:4: DnsProbeHost: expected pairs of hexadecimal digits"},
        {V5 OUR "\"DnsProbeHost\"=hex(1):61\n", "f:4: DnsProbeHost: expected pairs of hexadecimal digits"},
        {V5 OUR "\"DnsProbeHost\"=\"a.b\n", "f:4: a text that is not closed"},
        {V5 OUR "\"DnsProbeHost\"=\"a.b\\", "f:4: a text that is not closed"},
        {V5 "[" KEY "\n\"DnsProbeHost\"=\"a.b\"\n", "f:3: a key that is not closed; expected \"]\""},
        {OUR "\"DnsProbeHost\"=\"a.b\"\n", "f:1: expected \"Windows Registry Editor Version 5.00\" or"},
        {"\nWindows Registry Editor Version 6.00\n" OUR, "f:2: expected \"Windows Registry Editor Version 5.00\" or"},
    };

    (void)state;
    expect(rows, LENGTH_OF(rows));
}

/* As the registry editor writes it: UTF-16LE, a byte order mark, CR LF. */
static void reads_utf16(void **state)
{
    static const char text[] = "Windows Registry Editor Version 5.00\r\n\r\n[" KEY "\\CorporateConnectivity]\r\n"
                               "\"DnsProbeHost\"=\"a.b\"\r\n\r\n";
    uint8_t octets[2 * sizeof(text)];
    size_t length = 0;
    char read[256];

    (void)state;
    octets[length++] = 0xff, octets[length++] = 0xfe;
    for (size_t i = 0; i < sizeof(text) - 1; i++)
        octets[length++] = (uint8_t)text[i], octets[length++] = 0;
    load(octets, length, read, sizeof(read));
    assert_string_equal(read, "DnsProbeHost@4=a.b;");
    load(octets, length - 1, read, sizeof(read));
    assert_string_equal(read, "f: it is UTF-16 and ends in half a character");
    load("a\nb\0c", 5, read, sizeof(read));
    assert_string_equal(read, "f:2: an octet 0; expected text");
}

static void refuses_what_is_too_large(void **state)
{
    char *text = malloc(DA_NCSI_MAX_FILE + 1), read[256];

    (void)state;
    memset(text, '\n', DA_NCSI_MAX_FILE + 1);
    text[sprintf(text, "CorporateDNSProbeHostName : a")] = '\n';
    load(text, DA_NCSI_MAX_FILE, read, sizeof(read));
    assert_string_equal(read, "CorporateDNSProbeHostName@1=a;");
    load(text, DA_NCSI_MAX_FILE + 1, read, sizeof(read));
    assert_string_equal(read, "f: larger than 16 MiB; expected an export of one key");
    free(text);
}

static void tells_what_cannot_be_opened(void **state)
{
    struct da_error error = {0};
    struct da_ncsi ncsi = {0};

    (void)state;
    assert_int_equal(da_ncsi_load("/nonexistent/policy", &ncsi, &error), DA_ERR_IO);
    assert_string_equal(error.text, "No such file or directory");
    assert_null(ncsi.title);
}

static void takes_names_apart(void **state)
{
    static const struct {
        const char *host, *suffix; /* NULL = it is no name of the probe */
    } rows[] = {
        {"directaccess-corpConnectivityHost.corp.example.net", "corp.example.net."},
        {"DIRECTACCESS-CORPCONNECTIVITYHOST.Corp.Example.Net.", "Corp.Example.Net."},
        {"directaccess-corpConnectivityHost", NULL},
        {"directaccess-corpConnectivityHos.corp.example.net", NULL},
        {"x.directaccess-corpConnectivityHost.corp.example.net", NULL},
        {"directaccess-corpConnectivityHost..net", NULL},
        {"", NULL},
    };
    char text[DA_NAME_TEXT_MAX];
    struct da_name suffix;

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        bool right = da_ncsi_probe_suffix(rows[i].host, &suffix);
        if (right != (rows[i].suffix != NULL))
            fail_msg("%s", rows[i].host);
        if (right)
            assert_string_equal(da_name_to_text(&suffix, text), rows[i].suffix);
    }
}

static void takes_urls_apart(void **state)
{
    static const struct {
        const char *url, *parts; /* "scheme host port root"; NULL = no URL of ours */
    } rows[] = {
        {"http://a.example.net/", "http a.example.net 80 root"},
        {"http://a.example.net", "http a.example.net 80 root"},
        {"HTTP://A.example.net:8080/x", "http A.example.net 8080 other"},
        {"https://a.example.net./?q", "https a.example.net. 443 other"},
        {"https://a.example.net:80/", "https a.example.net 80 root"},
        {"https://[2001:db8::1]/", "https [2001:db8::1] 443 root"},
        {"http://10.0.0.10/", "http 10.0.0.10 80 root"},
        {"ftp://a.example.net/", NULL},
        {"http:/a.example.net/", NULL},
        {"http:///a.example.net/", NULL},
        {"http://user:password@a.example.net/", NULL},
        {"http://a.example.net:99999/", NULL},
        {"http://a b/", NULL},
        {"http://", NULL},
        {"a.example.net", NULL},
        {"", NULL},
    };
    char parts[400], host[DA_URL_HOST_MAX];
    struct da_url url;

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        bool right = da_url_parse(rows[i].url, &url);
        if (right)
            snprintf(parts, sizeof(parts), "%s %s %u %s", url.secure ? "https" : "http", url.host, url.port,
                     url.root ? "root" : "other");
        if (right != (rows[i].parts != NULL) || (right && strcmp(parts, rows[i].parts) != 0))
            fail_msg("%s: %s", rows[i].url, right ? parts : "no URL");
        assert_int_equal(da_ncsi_url_host(rows[i].url, host, sizeof(host)), right);
        if (right) {
            assert_string_equal(host, url.host);
            assert_true(da_ncsi_url_host(rows[i].url, host, strlen(url.host) + 1));
            assert_false(da_ncsi_url_host(rows[i].url, host, strlen(url.host)));
        }
    }
}

static void takes_prefixes_apart(void **state)
{
    static const struct {
        const char *list, *kinds; /* r = right, w = wrong, c = cut */
    } rows[] = {
        {"2001:4898::/32,2006:1601::/32,2a01:0110::/31", "rrr"},
        {"{2001:db8::/32, fd12::/16}", "rr"},
        {"2001:db8::/32; fd12::/16 ::/0", "rrr"},
        {"{2001:db8::/32, fd12::/16...}", "rrc"},
        {"{2001:db8::/32, fd12::/16, ...}", "rrc"},
        {"{2001:db8::/32\xe2\x80\xa6}", "rc"},
        {"2001:db8::/128", "r"},
        {"2001:db8::1/64,2001:db8::", "ww"},
        {"2001:db8::/129,2001:db8::/,2001:db8::/-1,10.0.0.0/8,x,/32,2001:db8::/32x", "wwwwwww"},
        {"", ""},
        {" ,{} ", ""},
    };
    struct da_site_prefix prefix;
    enum da_site_prefix_kind kind;

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const char *at = rows[i].list;
        char kinds[16] = "";
        size_t n = 0;
        while (n < sizeof(kinds) - 1 && (kind = da_site_prefix_next(&at, &prefix, NULL, NULL)) != DA_SITE_PREFIX_END)
            kinds[n++] = " rwc"[kind];
        if (strcmp(kinds, rows[i].kinds) != 0)
            fail_msg("%s: %s", rows[i].list, kinds);
    }
}

static void knows_what_prefixes_cover(void **state)
{
    static const struct {
        const char *prefix, *address;
        unsigned length;
        bool covers;
    } rows[] = {
        {"fd12:3456:789a:7777::/96", "fd12:3456:789a:7777::", 96, true},
        {"fd12:3456:789a::/48", "fd12:3456:789a:7777::", 96, true},
        {"fd12:3456:789a:7776::/63", "fd12:3456:789a:7777::", 96, true},
        {"fd12:3456:789a:7774::/63", "fd12:3456:789a:7777::", 96, false},
        {"fd12:3456:789a:7777::/97", "fd12:3456:789a:7777::", 96, false},
        {"fd12:3456:789b::/48", "fd12:3456:789a:7777::", 96, false},
        {"::/0", "fd12:3456:789a:7777::", 96, true},
        {"2001:db8::1/128", "2001:db8::1", 128, true},
        {"2001:db8::1/128", "2001:db8::2", 128, false},
    };
    struct da_site_prefix prefix;
    struct da_ipv6 address;

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const char *at = rows[i].prefix;
        assert_int_equal(da_site_prefix_next(&at, &prefix, NULL, NULL), DA_SITE_PREFIX_RIGHT);
        assert_true(da_ipv6_from_text(rows[i].address, &address));
        if (da_site_prefix_covers(&prefix, &address, rows[i].length) != rows[i].covers)
            fail_msg("%s %s", rows[i].prefix, rows[i].address);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_properties),
        cmocka_unit_test(reads_registry_files),
        cmocka_unit_test(reads_utf16),
        cmocka_unit_test(refuses_what_is_too_large),
        cmocka_unit_test(tells_what_cannot_be_opened),
        cmocka_unit_test(takes_names_apart),
        cmocka_unit_test(takes_urls_apart),
        cmocka_unit_test(takes_prefixes_apart),
        cmocka_unit_test(knows_what_prefixes_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
