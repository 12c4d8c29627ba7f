/* Reports of an audit and commands that repair: what they say of findings, and that nothing of a zone or a path gets
 * out of its place in them. The manual's table of findings is compared, too. */
#include "audit_case.h"

#include "audit/fix.h"
#include "audit/report_words.h"

#include <jansson.h>
#include <stdio.h>

#define CORP   "directaccess-corpConnectivityHost.corp.example.net"
#define PROBE  "directaccess-WebProbeHost.corp.example.net"
#define NLS    "directaccess-NLS.corp.example.net"
#define ROUTER "isatap-da.corp.example.net"

static const char yaml[] = "suffixes: [corp.example.net]\n"
                           "network: ipv4-only\n"
                           "entry-points:\n"
                           "  - name: seattle\n"
                           "    nat64-prefix: fd12:3456:789a:7777::/96\n"
                           "    servers: [{name: da1, address: 10.0.0.11}, {name: da2, address: 10.0.0.12}]\n"
                           "    load-balancer: {kind: nlb, vip: 10.0.0.10}\n"
                           "isatap-router: isatap-da\n"
                           "block: [isatap, wpad]\n";

/* ---- writing to memory ---- */

typedef enum da_status writer_fn(const struct da_audit *audit, const void *options, FILE *out);

/* Not inlined: gcc 12 takes what it returns for a pointer to its own variable. */
__attribute__((noinline)) static char *written(writer_fn *writer, const struct da_audit *audit, const void *options)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);

    assert_non_null(memory);
    assert_int_equal(writer(audit, options, memory), DA_OK);
    assert_int_equal(fclose(memory), 0);
    return text;
}

static enum da_status write_text(const struct da_audit *audit, const void *options, FILE *out)
{
    static const struct da_report_options plain = {0};
    return da_report_text(audit, options != NULL ? options : &plain, out);
}

static enum da_status write_json(const struct da_audit *audit, const void *options, FILE *out)
{
    (void)options;
    return da_report_json(audit, out);
}

static enum da_status write_html(const struct da_audit *audit, const void *options, FILE *out)
{
    (void)options;
    return da_report_html(audit, out);
}

/* options: the dialect's name. */
static enum da_status write_fix(const struct da_audit *audit, const void *options, FILE *out)
{
    return da_fix_write(da_fix_find(options), audit, out);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        count++;
    return count;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("not there: \"%s\" in:\n%s", part, text);
}

static void assert_has_not(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("there: \"%s\" in:\n%s", part, text);
}

/* ---- an audit with a bit of everything ---- */

static void add_right(struct da_collection *source)
{
    case_add(source, "corp.example.net", "SOA", "", 0, 1);
    case_add(source, CORP, "A", "127.0.0.1", 0, 10);
    case_add(source, CORP, "AAAA", "fd12:3456:789a:7777::7f00:1", CASE_STAMP(75), 11);
    case_add(source, PROBE, "A", "10.0.0.11", CASE_STAMP(-30), 12);
    case_add(source, ROUTER, "A", "10.0.0.10", 0, 13);
    case_add(source, ROUTER, "A", "10.0.0.11", 0, 14);
    case_add(source, "isatap.corp.example.net", "A", "10.0.0.9", 0, 15);
    case_add(source, "wpad.corp.example.net", "TXT", "", 0, 16);
}

static void find_all(struct audit_case *audit_case, struct da_collection *source)
{
    struct da_finding *finding = case_finding(audit_case, DA_FINDING_RECORD_DYNAMIC, source, CORP, DA_TYPE_AAAA);

    case_about(finding, 0);
    finding = case_finding(audit_case, DA_FINDING_WEB_PROBE_MISSING, source, PROBE, DA_TYPE_A);
    case_means(finding, "10.0.0.10");
    finding = case_finding(audit_case, DA_FINDING_SERVER_ADDRESS, source, PROBE, DA_TYPE_A);
    case_about(finding, 0);
    strcpy(finding->detail, "that of da1");
    finding = case_finding(audit_case, DA_FINDING_RECORD_STALE, source, PROBE, DA_TYPE_A);
    case_about(finding, 0);
    finding = case_finding(audit_case, DA_FINDING_ISATAP_ROUTER_INCOMPLETE, source, ROUTER, DA_TYPE_A);
    case_means(finding, "10.0.0.12");
    finding = case_finding(audit_case, DA_FINDING_BLOCKED_PRESENT, source, "isatap.corp.example.net", DA_TYPE_A);
    case_about(finding, 0);
}

static void open_full(struct audit_case *audit_case)
{
    case_open(audit_case, yaml);
    struct da_collection *source = case_source(audit_case, DA_SOURCE_ZONE_FILE, "corp.dns");
    add_right(source);
    case_finish(audit_case);
    find_all(audit_case, source);
}

/* ---- an audit of a directory, as the checks make it ---- */

#define HOLDER          "CORP\\DA1$"
#define DC              "ldap://dc1.corp.example.net"
#define PERIOD          (48 + 24)                             /* hours: the zone's own, not the options' */
#define STAMP(in_hours) (CASE_STAMP(in_hours) + 336 - PERIOD) /* becomes stale so many hours from now */

static void keep(void *arg, const struct da_finding *finding)
{
    struct audit_case *audit_case = arg;
    *case_finding(audit_case, finding->code, finding->collection, NULL, finding->type) = *finding;
}

static void add_node(struct da_collection *source, const char *owner, int64_t deleted_at, const char *holder)
{
    struct da_node node = {.owner = case_name(owner), .is_tombstoned = deleted_at != 0, .deleted_at = deleted_at};

    snprintf(node.holder, sizeof(node.holder), "%s", holder);
    assert_int_equal(da_collection_node(source, &node), DA_OK);
}

/* enabled: of the zone's aging. holder: of the node that was deleted. */
static void open_directory(struct audit_case *audit_case, bool enabled, const char *holder)
{
    struct da_zone_aging zone = {.zone = case_name("corp.example.net"),
                                 .enabled = enabled,
                                 .intervals = {.no_refresh = 48, .refresh = 24},
                                 .scavenged_from = CASE_NOW - 86400,
                                 .updates = DA_UPDATES_SECURE};
    static const char *const router[] = {"10.0.0.10", "10.0.0.11"}; /* 10.0.0.12 is missing */

    case_open(audit_case, yaml);
    struct da_collection *source = case_source(audit_case, DA_SOURCE_DIRECTORY, DC);
    source->ages = true;
    assert_int_equal(da_collection_zone(source, &zone), DA_OK);
    case_add(source, CORP, "A", "127.0.0.1", 0, 0);
    case_add(source, CORP, "AAAA", "fd12:3456:789a:7777::7f00:1", STAMP(60), 0);
    for (size_t i = 0; i < LENGTH_OF(router); i++)
        case_add(source, ROUTER, "A", router[i], STAMP(-1), 0);
    add_node(source, CORP, 0, "");
    add_node(source, PROBE, CASE_NOW - 5 * 86400, holder);
    add_node(source, ROUTER, 0, holder);
    case_finish(audit_case);
    for (size_t i = 0; i < source->record_count; i++)
        source->records[i].place.file = NULL; /* it is no file */
    assert_int_equal(da_checks_run(&audit_case->audit.request, keep, audit_case), DA_OK);
}

/* ---- words ---- */

static void test_harmless(void **state)
{
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"", ""},
        {"/etc/bind/corp.zone", "/etc/bind/corp.zone"},
        {"a\tb\nc\033[2J\177", "a\\x09b\\x0ac\\x1b[2J\\x7f"},
        {"z\303\274rich \346\235\261", "z\303\274rich \346\235\261"},
        {"\303", "\\xc3"},                                         /* cut */
        {"\300\257 \355\240\200", "\\xc0\\xaf \\xed\\xa0\\x80"},   /* overlong, a surrogate */
        {"\364\220\200\200", "\\xf4\\x90\\x80\\x80"},              /* over U+10FFFF */
        {"a\342\200\256b\302\205", "a\\xe2\\x80\\xaeb\\xc2\\x85"}, /* right-to-left override, next line */
        {"\357\273\277x\357\277\276", "\\xef\\xbb\\xbfx\\xef\\xbf\\xbe"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char *text = NULL;
        size_t length;
        FILE *memory = open_memstream(&text, &length);
        assert_non_null(memory);
        da_words_put(rows[i].text, memory);
        fclose(memory);
        assert_string_equal(text, rows[i].shown);
        free(text);
    }
}

static void test_counts(void **state)
{
    static const struct {
        uint64_t count;
        const char *text;
    } rows[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {9997, "9,997"}, {1234567, "1,234,567"}};
    char text[DA_WORDS_COUNT_MAX];

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++)
        assert_string_equal(da_words_count(rows[i].count, text), rows[i].text);
}

static void test_types(void **state)
{
    char text[DA_WORDS_TYPE_MAX];

    (void)state;
    assert_string_equal(da_words_type(28, text), "AAAA");
    assert_string_equal(da_words_type(33, text), "SRV");
    assert_string_equal(da_words_type(65281, text), "TYPE65281");
}

/* ---- the summary line ---- */

static void test_summary(void **state)
{
    static const struct {
        const char *text;
        size_t count;
        enum da_finding_code codes[3];
        int exit;
    } rows[] = {
        {"DIRECTACCESS OK - all is right under corp.example.net | critical=0 warning=0 unknown=0 dynamic=0", 0, {0}, 0},
        {"DIRECTACCESS OK - all is right under corp.example.net, 2 notes | critical=0 warning=0 unknown=0 dynamic=0",
         2,
         {DA_FINDING_TTL_DIFFERS, DA_FINDING_AGING_UNKNOWN},
         0},
        {"DIRECTACCESS WARNING - 1 warning, 1 note; " PROBE " A: the network location server's name has none of its "
         "addresses | critical=0 warning=1 unknown=0 dynamic=0",
         2,
         {DA_FINDING_TTL_DIFFERS, DA_FINDING_NLS_MISSING},
         1},
        {"DIRECTACCESS UNKNOWN - 1 unknown, 1 warning; " PROBE " A: no source says anything about the suffix | "
         "critical=0 warning=1 unknown=1 dynamic=0",
         2,
         {DA_FINDING_NLS_MISSING, DA_FINDING_NOT_COVERED},
         3},
        {"DIRECTACCESS CRITICAL - 2 critical, 1 unknown; " PROBE " A: a CNAME record where addresses belong | "
         "critical=2 warning=0 unknown=1 dynamic=0",
         3,
         {DA_FINDING_NOT_COVERED, DA_FINDING_ALIAS, DA_FINDING_ALIAS},
         2},
    };
    char text[DA_SUMMARY_MAX];

    (void)state;
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct audit_case audit_case;
        case_open(&audit_case, yaml);
        for (size_t j = 0; j < rows[i].count; j++)
            case_finding(&audit_case, rows[i].codes[j], NULL, PROBE, DA_TYPE_A);
        assert_string_equal(da_audit_summary(&audit_case.audit, text), rows[i].text);
        assert_int_equal(da_audit_exit(&audit_case.audit), rows[i].exit);
        case_close(&audit_case);
    }
}

static void test_summary_of_stale(void **state)
{
    struct audit_case audit_case;
    char text[DA_SUMMARY_MAX];

    (void)state;
    open_full(&audit_case);
    da_audit_summary(&audit_case.audit, text);
    assert_has(text, " dynamic=2 'next stale'=-108000s");
    case_close(&audit_case);
}

/* A monitoring system takes what is behind the first bar for figures, and what is behind a newline for more text. */
static void test_summary_is_one_line(void **state)
{
    struct audit_case audit_case;
    struct da_name name = {.length = 0};
    char text[DA_SUMMARY_MAX];

    (void)state;
    case_open(&audit_case, yaml);
    struct da_finding *finding = case_finding(&audit_case, DA_FINDING_BLOCKED_PRESENT, NULL, "isatap", DA_TYPE_A);
    for (size_t label = 0; label < 3; label++) { /* three labels of 63 bars and newlines, escaped they are longer */
        name.wire[name.length++] = 63;
        for (size_t i = 0; i < 63; i++)
            name.wire[name.length++] = i % 2 ? '|' : '\n';
    }
    name.wire[name.length++] = 0;
    finding->name = name;
    da_audit_summary(&audit_case.audit, text);
    assert_int_equal(count_of(text, "|"), 1);
    assert_null(strchr(text, '\n'));
    assert_has(text, "... | critical=1 warning=0 unknown=0 dynamic=0");
    case_close(&audit_case);
}

/* ---- text ---- */

static void test_text_table(void **state)
{
    static const char *const lines[] = {
        "\ncorp.example.net  zone file corp.dns\n",
        "  NAME                               TYPE  IS                           SHOULD BE\n",
        "  directaccess-corpConnectivityHost  A     127.0.0.1                    127.0.0.1                    ok, "
        "static\n",
        "                                     AAAA  fd12:3456:789a:7777::7f00:1  fd12:3456:789a:7777::7f00:1  stale in "
        "3 "
        "days\n",
        "  directaccess-WebProbeHost          A     10.0.0.11                    10.0.0.10                    a "
        "server's own address, stale for 30 hours\n",
        "                                     A     -                            10.0.0.12                    "
        "missing\n",
        "  isatap                             A     10.0.0.9                     -                            must not "
        "be there\n",
        "  wpad                               TXT   there                        -                            ok\n",
        "  corp.dns:12: " PROBE " A 10.0.0.11: that of da1\n",
        "CRITICAL  a server's own address where the VIP belongs  [server-address]\n",
    };
    struct audit_case audit_case;

    (void)state;
    open_full(&audit_case);
    char *text = written(write_text, &audit_case.audit, NULL);
    assert_int_equal(strncmp(text, "DIRECTACCESS CRITICAL - ", 24), 0);
    for (size_t i = 0; i < LENGTH_OF(lines); i++)
        assert_has(text, lines[i]);
    assert_null(strchr(text, '\033'));
    free(text);
    case_close(&audit_case);
}

/* Of a resolver of remote clients only that is said which is judged, and the network location server is to be nothing
 * there, though the deployment publishes it. */
static void test_text_table_of_remote(void **state)
{
    char text[sizeof(yaml) + 64];
    struct audit_case audit_case;

    (void)state;
    snprintf(text, sizeof(text), "%snetwork-location-server: true\n", yaml);
    case_open(&audit_case, text);
    struct da_collection *source = case_source(&audit_case, DA_SOURCE_RESOLVER, "192.0.2.53");
    source->remote = true;
    case_add(source, NLS, "A", "10.0.0.10", 0, 0);
    case_finish(&audit_case);
    case_about(case_finding(&audit_case, DA_FINDING_NLS_RESOLVABLE, source, NLS, DA_TYPE_A), 0);
    char *report = written(write_text, &audit_case.audit, NULL);
    assert_has(report, "  directaccess-NLS  A     10.0.0.10  -          must not resolve\n");
    assert_has(report, "  isatap ");
    assert_has_not(report, "WebProbeHost");
    assert_has_not(report, ROUTER);
    free(report);
    case_close(&audit_case);
}

/* What the directory tells stands beside the records: static ones, and the deleted node. */
static void test_text_table_of_directory(void **state)
{
    static const char *const lines[] = {
        "DIRECTACCESS CRITICAL - 3 critical, 6 warnings, 1 note; " PROBE " A 10.0.0.10: WebProbeHost has none of "
        "its addresses | critical=3 warning=6 unknown=0 dynamic=3 'next stale'=-3600s\n",
        "\ncorp.example.net  directory " DC "\n",
        "127.0.0.1                    127.0.0.1                    ok, static\n",
        "fd12:3456:789a:7777::7f00:1  fd12:3456:789a:7777::7f00:1  stale in 2 days\n",
        "  directaccess-WebProbeHost          A     -                            10.0.0.10                    deleted, "
        "another's node, missing\n",
        "10.0.0.10                    10.0.0.10                    stale for 60 minutes\n",
        "  -                            10.0.0.12                    another's node, missing\n",
        "\n  " DC ": " PROBE ": deleted on 2026-11-18T00:00:00Z, 5 days ago\n",
        "\n  " DC ": " PROBE ": held by " HOLDER
        ": only that account or a DNS administrator can restore it by update\n",
        "\n  " DC ": " CORP ": 0 of 1 A and 1 of 1 AAAA records are dynamic\n",
        "\n  " DC ": corp.example.net: aging is on; no-refresh 48 hours, refresh 24 hours; scavenging allowed from "
        "2026-11-22T00:00:00Z on; dynamic updates: secure only\n",
    };
    struct audit_case audit_case;

    (void)state;
    open_directory(&audit_case, true, HOLDER);
    char *report = written(write_text, &audit_case.audit, NULL);
    for (size_t i = 0; i < LENGTH_OF(lines); i++)
        assert_has(report, lines[i]);
    free(report);
    case_close(&audit_case);
}

/* Nothing is lost as things are: no time is told. */
static void test_text_of_aging_off(void **state)
{
    struct audit_case audit_case;

    (void)state;
    open_directory(&audit_case, false, "");
    char *report = written(write_text, &audit_case.audit, NULL);
    assert_has(report, " | critical=1 warning=6 unknown=0 dynamic=3\n");
    assert_has(report, "fd12:3456:789a:7777::7f00:1  dynamic\n");
    assert_has(report, ": aging is off in the zone; were it on: stale from 2026-11-25T12:00:00Z\n");
    assert_has_not(report, "another's node");
    free(report);
    report = written(write_html, &audit_case.audit, NULL);
    assert_has_not(report, "<svg");
    assert_has_not(report, "becomes stale in");
    free(report);
    case_close(&audit_case);
}

/* A name that the deployment does not publish, and that nothing was found of, is not said to be nothing. */
static void test_text_table_of_unpublished(void **state)
{
    struct audit_case audit_case;

    (void)state;
    case_open(&audit_case, yaml);
    struct da_collection *source = case_source(&audit_case, DA_SOURCE_ZONE_FILE, "corp.dns");
    add_right(source);
    case_add(source, NLS, "A", "10.0.0.20", 0, 17);
    case_finish(&audit_case);
    char *report = written(write_text, &audit_case.audit, NULL);
    assert_has(report, "  directaccess-WebProbeHost ");
    assert_has_not(report, "10.0.0.20");
    free(report);
    case_close(&audit_case);
}

static void test_text_narrow(void **state)
{
    static const struct da_report_options narrow = {.width = 80};
    struct audit_case audit_case;

    (void)state;
    open_full(&audit_case);
    char *text = written(write_text, &audit_case.audit, &narrow);
    assert_has(text, "  directaccess-WebProbeHost\n"
                     "    A     10.0.0.11                  \n" /* the verdict would end in column 81 */
                     "          a server's own address, stale for 30 hours\n"
                     "          should be 10.0.0.10\n");
    assert_has(text, "    AAAA  fd12:3456:789a:7777::7f00:1  stale in 3 days\n");
    const char *table_end = strstr(text, "\n\nCRITICAL");
    assert_non_null(table_end);
    for (const char *line = strchr(text, '\n') + 1; line < table_end; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 80);
    free(text);
    case_close(&audit_case);
}

static void test_text_colours(void **state)
{
    static const struct da_report_options colour = {.colour = true};
    struct audit_case audit_case;

    (void)state;
    open_full(&audit_case);
    char *text = written(write_text, &audit_case.audit, &colour);
    assert_has(text, "\033[1;31ma server's own address, stale for 30 hours\033[0m\n");
    assert_has(text, "\033[32mok\033[0m\n");
    assert_int_equal(count_of(text, "\033[") % 2, 0); /* each is ended */
    free(text);
    case_close(&audit_case);
}

/* A deployment of that many suffixes s0.example, s1.example, … */
static char *many_suffixes(size_t count)
{
    char *text = NULL;
    size_t length;
    FILE *memory = open_memstream(&text, &length);

    assert_non_null(memory);
    fputs("suffixes: [", memory);
    for (size_t i = 0; i < count; i++)
        fprintf(memory, "%ss%zu.example", i > 0 ? ", " : "", i);
    fputs("]\nnetwork: ipv4-only\nentry-points: [{name: a, nat64-prefix: 'fd12:3456:789a:7777::/96', servers: [{name: "
          "s, address: 10.0.0.11}]}]\n",
          memory);
    fclose(memory);
    return text;
}

/* Every suffix but the first lacks its WebProbeHost, and has a dynamic record. */
static void open_many(struct audit_case *audit_case, size_t count)
{
    char name[80], *text = many_suffixes(count);

    case_open(audit_case, text);
    free(text);
    struct da_collection *source = case_source(audit_case, DA_SOURCE_ZONE_FILE, "example.zone");
    case_add(source, "example", "SOA", "", 0, 1);
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof(name), "directaccess-corpConnectivityHost.s%zu.example", i);
        case_add(source, name, "A", "127.0.0.1", i > 0 ? CASE_STAMP((int64_t)i % 300) : 0, i);
    }
    case_finish(audit_case);
    for (size_t i = 1; i < count; i++) {
        snprintf(name, sizeof(name), "directaccess-corpConnectivityHost.s%zu.example", i);
        case_about(case_finding(audit_case, DA_FINDING_RECORD_DYNAMIC, source, name, DA_TYPE_A), 0);
        snprintf(name, sizeof(name), "directaccess-WebProbeHost.s%zu.example", i);
        case_means(case_finding(audit_case, DA_FINDING_WEB_PROBE_MISSING, source, name, DA_TYPE_A), "10.0.0.11");
    }
}

static void test_text_many(void **state)
{
    static const struct da_report_options all = {.all = true};
    struct audit_case audit_case;

    (void)state;
    open_many(&audit_case, 3000);
    char *text = written(write_text, &audit_case.audit, NULL);
    assert_has(text, "\n2,987 more with findings: --all shows them.\n");
    assert_has(text, "\n1 right and not shown: --all shows it.\n");
    assert_has(text, "  and 2,991 more, under 2,999 suffixes in all\n");
    assert_true(strlen(text) < 16000);
    free(text);
    text = written(write_text, &audit_case.audit, &all);
    assert_has_not(text, " more");
    assert_int_equal(count_of(text, "\n  NAME"), 3000);
    free(text);
    case_close(&audit_case);
}

/* ---- JSON ---- */

static const char *string_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));

    if (text == NULL)
        fail_msg("no member \"%s\"", member);
    return text;
}

static void test_json(void **state)
{
    struct audit_case audit_case;
    json_error_t error;

    (void)state;
    open_full(&audit_case);
    char *text = written(write_json, &audit_case.audit, NULL);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(root);
    assert_int_equal(json_integer_value(json_object_get(root, "format")), 1);
    assert_string_equal(string_of(root, "now"), "2026-11-23T00:00:00Z");
    assert_string_equal(string_of(root, "status"), "critical");
    assert_int_equal(json_integer_value(json_object_get(root, "exit")), 2);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "counts"), "warning")), 2);
    assert_string_equal(string_of(json_array_get(json_object_get(root, "sources"), 0), "kind"), "zone-file");
    assert_string_equal(string_of(json_array_get(json_object_get(root, "suffixes"), 0), "worst"), "critical");
    const json_t *findings = json_object_get(root, "findings");
    assert_int_equal(json_array_size(findings), audit_case.audit.finding_count);
    const json_t *stale = json_array_get(findings, 3);
    assert_string_equal(string_of(stale, "code"), "record-stale");
    assert_string_equal(string_of(stale, "found"), "10.0.0.11");
    assert_string_equal(string_of(stale, "aging"), "dynamic");
    assert_string_equal(string_of(stale, "stale-at"), "2026-11-21T18:00:00Z");
    assert_string_equal(string_of(stale, "stamp"), "2026-11-07T18:00:00Z");
    assert_string_equal(string_of(stale, "remedy"), "static");
    assert_int_equal(json_integer_value(json_object_get(stale, "line")), 12);
    assert_string_equal(string_of(json_array_get(findings, 1), "expected"), "10.0.0.10");
    json_decref(root);
    free(text);
    case_close(&audit_case);
}

static void test_json_of_directory(void **state)
{
    struct audit_case audit_case;

    (void)state;
    open_directory(&audit_case, true, HOLDER);
    char *text = written(write_json, &audit_case.audit, NULL);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    const json_t *source = json_array_get(json_object_get(root, "sources"), 0);
    assert_string_equal(string_of(source, "kind"), "directory");
    const json_t *zone = json_array_get(json_object_get(source, "zones"), 0);
    assert_string_equal(string_of(zone, "name"), "corp.example.net.");
    assert_true(json_is_true(json_object_get(zone, "aging")));
    assert_int_equal(json_integer_value(json_object_get(zone, "no-refresh")), 48);
    assert_int_equal(json_integer_value(json_object_get(zone, "refresh")), 24);
    assert_string_equal(string_of(zone, "scavenged-from"), "2026-11-22T00:00:00Z");
    assert_string_equal(string_of(zone, "updates"), "secure-only");
    const json_t *nodes = json_object_get(source, "nodes"), *records = json_object_get(root, "records");
    assert_int_equal(json_array_size(nodes), 3);
    assert_true(json_is_false(json_object_get(json_array_get(nodes, 0), "tombstoned")));
    assert_null(json_object_get(json_array_get(nodes, 0), "holder"));
    assert_true(json_is_true(json_object_get(json_array_get(nodes, 1), "tombstoned")));
    assert_string_equal(string_of(json_array_get(nodes, 1), "deleted-at"), "2026-11-18T00:00:00Z");
    assert_string_equal(string_of(json_array_get(nodes, 1), "holder"), HOLDER);
    assert_int_equal(json_array_size(records), 4);
    assert_string_equal(string_of(json_array_get(records, 0), "aging"), "static");
    assert_null(json_object_get(json_array_get(records, 0), "stale-at"));
    assert_string_equal(string_of(json_array_get(records, 1), "found"), "fd12:3456:789a:7777::7f00:1");
    assert_string_equal(string_of(json_array_get(records, 1), "stale-at"), "2026-11-25T12:00:00Z");
    json_decref(root);
    free(text);
    case_close(&audit_case);
}

/* ---- text of others ---- */

#define HOSTILE "<img src=x onerror=\"alert('1')\">&\377\033[2J\n$(id)`id`%PATH%'; Stop-Computer #"

/* A name below the suffix with all of that in its first label, behind a blocked one. */
static struct da_name hostile_name(void)
{
    struct da_name suffix = case_name("corp.example.net"), name = {.length = 0};
    const char text[] = HOSTILE;

    name.wire[name.length++] = 6;
    memcpy(name.wire + name.length, "isatap", 6);
    name.length += 6;
    name.wire[name.length++] = (uint8_t)(sizeof(text) - 1 > 63 ? 63 : sizeof(text) - 1);
    memcpy(name.wire + name.length, text + (sizeof(text) - 1 > 63 ? sizeof(text) - 1 - 63 : 0),
           name.wire[name.length - 1]);
    name.length = (uint8_t)(name.length + name.wire[name.length - 1]);
    memcpy(name.wire + name.length, suffix.wire, suffix.length);
    name.length = (uint8_t)(name.length + suffix.length);
    return name;
}

static void open_hostile(struct audit_case *audit_case)
{
    struct da_name name = hostile_name();

    case_open(audit_case, yaml);
    audit_case->audit.deployment_title = HOSTILE;
    struct da_collection *source = case_source(audit_case, DA_SOURCE_ZONE_FILE, HOSTILE);
    case_add(source, "corp.example.net", "SOA", "", 0, 1);
    case_finish(audit_case);
    da_collection_fail(source, "%s", HOSTILE);
    for (int code = 0; code < DA_FINDING_CODES; code++) {
        struct da_finding *finding = case_finding(audit_case, code, source, "isatap.corp.example.net", DA_TYPE_A);
        finding->name = name;
        strcpy(finding->detail, HOSTILE);
        finding->place = (struct da_place){.file = HOSTILE, .line = 1};
        case_means(finding, "10.0.0.10");
    }
}

static void test_hostile_text(void **state)
{
    struct audit_case audit_case;

    (void)state;
    open_hostile(&audit_case);
    char *text = written(write_text, &audit_case.audit, NULL);
    for (const char *at = text; *at != '\0'; at++)
        assert_true(*at == '\n' || ((uint8_t)*at >= 0x20 && (uint8_t)*at < 0x7f));
    assert_has_not(text, "\n$(id)");
    free(text);
    case_close(&audit_case);
}

static void test_hostile_json(void **state)
{
    struct audit_case audit_case;
    json_error_t error;

    (void)state;
    open_hostile(&audit_case);
    char *text = written(write_json, &audit_case.audit, NULL);
    json_t *root = json_loads(text, 0, &error);
    assert_non_null(root);
    assert_has(string_of(root, "deployment"), "&\\xff\\x1b[2J\\x0a$(id)");
    json_decref(root);
    free(text);
    case_close(&audit_case);
}

static void test_hostile_html(void **state)
{
    struct audit_case audit_case;

    (void)state;
    open_hostile(&audit_case);
    char *text = written(write_html, &audit_case.audit, NULL);
    assert_has_not(text, "<img");
    assert_has_not(text, "onerror=\"");
    assert_has_not(text, "\033");
    assert_has_not(text, "\377");
    assert_has(text, "&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;\\xff\\x1b[2J\\x0a");
    free(text);
    case_close(&audit_case);
}

/* Nothing of it is in a line that a program reads; in comments it means nothing to any. */
static void test_hostile_fix(void **state)
{
    static const struct {
        const char *dialect, *mark, *known;
    } rows[] = {{"nsupdate", ";", ""}, {"powershell", "#", "}"}, {"dnscmd", "::", "set \"TTL=1200\""}};
    struct audit_case audit_case;

    (void)state;
    open_hostile(&audit_case);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char *text = written(write_fix, &audit_case.audit, rows[i].dialect);
        assert_has(text, "a name that no command can hold safely");
        assert_has_not(text, "Stop-Computer #");
        assert_has_not(text, "%PATH%");
        assert_has_not(text, "$(id)");
        assert_has_not(text, "`id`");
        for (char *line = strtok(text, "\r\n"); line != NULL; line = strtok(NULL, "\r\n"))
            if (strstr(line, "Stop-Computer") != NULL || strstr(line, "alert") != NULL)
                assert_int_equal(strncmp(line, rows[i].mark, strlen(rows[i].mark)), 0);
        free(text);
    }
    case_close(&audit_case);
}

/* ---- the page ---- */

static void test_html(void **state)
{
    static const char *const parts[] = {
        "<!DOCTYPE html>\n<html lang=\"en\">",
        "<h1>DirectAccess clients are at risk: 4 critical faults under corp.example.net.</h1>",
        "The next record becomes stale in 3 days, on 26 November 2026, 03:00 UTC",
        "<span class=\"word critical\">a server's own address, stale for 30 hours</span>",
        "aria-labelledby=\"axis-title axis-desc\"",
        "2 dynamic records, of which 1 is stale now.",
        ">30 hours ago</text>",
        "</html>\n",
    };
    static const char *const never[] = {"<script", "http-equiv", "src=", "href=", "url(", "@import"};
    struct audit_case audit_case;

    (void)state;
    open_full(&audit_case);
    char *text = written(write_html, &audit_case.audit, NULL);
    for (size_t i = 0; i < LENGTH_OF(parts); i++)
        assert_has(text, parts[i]);
    for (size_t i = 0; i < LENGTH_OF(never); i++)
        assert_has_not(text, never[i]);
    free(text);
    case_close(&audit_case);
}

static const char directory_row[] =
    "<tr><th scope=\"row\">directory</th><td class=\"data\">" DC "</td>"
    "<td data-label=\"zone\" class=\"data\">corp.example.net</td><td>3 nodes read, 1 of them deleted</td></tr>";

static void test_html_of_directory(void **state)
{
    static const char *const parts[] = {
        "The next record becomes stale in 2 days, on 25 November 2026, 12:00 UTC",
        "3 dynamic records, of which 2 are stale now.",
        "<span class=\"word ok\">ok, static</span>",
        directory_row,
        "in the directory with the zone&#39;s own.</p>",
        "held by &#60;img src=x",
    };
    struct audit_case audit_case;

    (void)state;
    open_directory(&audit_case, true, HOSTILE);
    char *text = written(write_html, &audit_case.audit, NULL);
    for (size_t i = 0; i < LENGTH_OF(parts); i++)
        assert_has(text, parts[i]);
    assert_has_not(text, "<img");
    free(text);
    case_close(&audit_case);
}

/* The picture reaches as far as the zone's own intervals do: what they put off for long is no arrow at its end. */
static void test_html_of_long_intervals(void **state)
{
    struct da_zone_aging zone = {.zone = case_name("corp.example.net"),
                                 .enabled = true,
                                 .intervals = {.no_refresh = 2000, .refresh = 2000},
                                 .updates = DA_UPDATES_SECURE};
    struct audit_case audit_case;

    (void)state;
    case_open(&audit_case, yaml);
    struct da_collection *source = case_source(&audit_case, DA_SOURCE_DIRECTORY, DC);
    assert_int_equal(da_collection_zone(source, &zone), DA_OK);
    case_add(source, PROBE, "A", "10.0.0.10", CASE_STAMP(336 - 4000 + 60 * 24), 0);
    case_finish(&audit_case);
    assert_int_equal(da_checks_run(&audit_case.audit.request, keep, &audit_case), DA_OK);
    char *text = written(write_html, &audit_case.audit, NULL);
    assert_has(text, "becomes stale in 60 days");
    assert_int_equal(count_of(text, "<circle"), 1);
    assert_int_equal(count_of(text, "<path"), 0);
    free(text);
    case_close(&audit_case);
}

static void test_html_of_nothing(void **state)
{
    struct audit_case audit_case;

    (void)state;
    case_open(&audit_case, yaml);
    char *text = written(write_html, &audit_case.audit, NULL);
    assert_has(text, "<h1>All DirectAccess names are as they should be.</h1>");
    assert_has_not(text, "<svg");
    free(text);
    case_close(&audit_case);
}

static void test_html_many(void **state)
{
    struct audit_case audit_case;

    (void)state;
    open_many(&audit_case, 3000);
    char *text = written(write_html, &audit_case.audit, NULL);
    assert_has(text, "under 2,999 of 3,000 suffixes.");
    assert_has(text, "all 2,999 dynamic records");
    assert_has(text, "The 20 that become stale first are shown; 2,979 more follow, the last on 5 December 2026");
    assert_has(text, "2,979 more tables with findings are not shown.");
    assert_int_equal(count_of(text, "<circle") + count_of(text, "<path"), 20);
    assert_true(strlen(text) < 150000);
    free(text);
    case_close(&audit_case);
}

/* ---- repairs ---- */

static void test_fix_commands(void **state)
{
    static const struct {
        const char *dialect;
        const char *commands[10]; /* in this order */
    } rows[] = {
        {"nsupdate",
         {"zone corp.example.net.\n", "update add " PROBE ". 1200 A 10.0.0.10\n",
          "update delete " PROBE ". A 10.0.0.11\n", "update add " ROUTER ". 1200 A 10.0.0.12\n",
          "update delete isatap.corp.example.net. A 10.0.0.9\n", "send\n"}},
        {"powershell",
         {"$Ttl = [TimeSpan]::FromSeconds(1200)\r\n",
          "Set-Static 'corp.example.net' 'directaccess-corpConnectivityHost' 'AAAA' 'fd12:3456:789a:7777::7f00:1'\r\n",
          "Add-Address 'corp.example.net' 'directaccess-WebProbeHost' 'A' '10.0.0.10'\r\n",
          "Remove-Address 'corp.example.net' 'directaccess-WebProbeHost' 'A' '10.0.0.11'\r\n",
          "Add-Address 'corp.example.net' 'isatap-da' 'A' '10.0.0.12'\r\n",
          "Remove-Address 'corp.example.net' 'isatap' 'A' '10.0.0.9'\r\n"}},
        {"dnscmd",
         {"set \"TTL=1200\"\r\n",
          "call :delete corp.example.net directaccess-corpConnectivityHost AAAA fd12:3456:789a:7777::7f00:1 || exit /b "
          "1\r\n",
          "call :add corp.example.net directaccess-corpConnectivityHost AAAA fd12:3456:789a:7777::7f00:1 || exit /b "
          "1\r\n",
          "call :add corp.example.net directaccess-WebProbeHost A 10.0.0.10 || exit /b 1\r\n",
          "call :delete corp.example.net directaccess-WebProbeHost A 10.0.0.11 || exit /b 1\r\n",
          "call :delete corp.example.net isatap A 10.0.0.9 || exit /b 1\r\n", "echo Done.\r\n"}},
    };
    struct audit_case audit_case;

    (void)state;
    open_full(&audit_case);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char *text = written(write_fix, &audit_case.audit, rows[i].dialect);
        const char *at = text;
        for (size_t j = 0; at != NULL && j < LENGTH_OF(rows[i].commands) && rows[i].commands[j] != NULL; j++) {
            at = strstr(at, rows[i].commands[j]);
            if (at == NULL)
                fail_msg("%s: not there, or not in order: %s", rows[i].dialect, rows[i].commands[j]);
        }
        free(text);
    }
    case_close(&audit_case);
}

/* An alias goes before what is added, and TTLs are set by what is right. */
static void test_fix_alias_and_ttl(void **state)
{
    struct audit_case audit_case;

    (void)state;
    case_open(&audit_case, yaml);
    struct da_collection *source = case_source(&audit_case, DA_SOURCE_ZONE_FILE, "corp.dns");
    case_add(source, "example.net", "SOA", "", 0, 1);
    case_add(source, PROBE, "CNAME", "host.example.net", 0, 2);
    case_add(source, ROUTER, "A", "10.0.0.10", 0, 3);
    case_add(source, ROUTER, "A", "10.0.0.99", 0, 4);
    case_finish(&audit_case);
    case_means(case_finding(&audit_case, DA_FINDING_WEB_PROBE_MISSING, source, PROBE, DA_TYPE_A), "10.0.0.10");
    case_about(case_finding(&audit_case, DA_FINDING_ALIAS, source, PROBE, DA_TYPE_CNAME), 0);
    case_about(case_finding(&audit_case, DA_FINDING_TTL_DIFFERS, source, ROUTER, DA_TYPE_A), 0);
    char *text = written(write_fix, &audit_case.audit, "nsupdate");
    assert_has(text, "zone example.net.\n");
    const char *alias = strstr(text, "update delete " PROBE ". CNAME\n");
    assert_non_null(alias);
    assert_non_null(strstr(alias, "update add " PROBE ". 1200 A 10.0.0.10\n"));
    assert_has(text, "update add " ROUTER ". 1200 A 10.0.0.10\n");
    assert_has_not(text, "10.0.0.99");
    free(text);
    text = written(write_fix, &audit_case.audit, "powershell");
    assert_has(text, "Remove-All 'example.net' 'directaccess-WebProbeHost.corp' 'CNAME'\r\n");
    assert_has(text, "Set-Ttl 'example.net' 'isatap-da.corp' 'A' '10.0.0.10'\r\n");
    free(text);
    case_close(&audit_case);
}

/* What several sources show is repaired once, in the zone that one of them tells; a resolver's findings are not. */
static void test_fix_once(void **state)
{
    struct audit_case audit_case;

    (void)state;
    case_open(&audit_case, yaml);
    struct da_collection *file = case_source(&audit_case, DA_SOURCE_ZONE_FILE, "corp.dns");
    struct da_collection *server = case_source(&audit_case, DA_SOURCE_SERVER, "10.0.0.2");
    struct da_collection *resolver = case_source(&audit_case, DA_SOURCE_RESOLVER, "10.0.0.3");
    case_add(file, "example.net", "SOA", "", 0, 1);
    case_finish(&audit_case);
    case_means(case_finding(&audit_case, DA_FINDING_WEB_PROBE_MISSING, file, PROBE, DA_TYPE_A), "10.0.0.10");
    case_means(case_finding(&audit_case, DA_FINDING_WEB_PROBE_MISSING, server, PROBE, DA_TYPE_A), "10.0.0.10");
    case_means(case_finding(&audit_case, DA_FINDING_ISATAP_ROUTER_MISSING, resolver, ROUTER, DA_TYPE_A), "10.0.0.12");
    char *text = written(write_fix, &audit_case.audit, "nsupdate");
    assert_int_equal(count_of(text, "\nupdate "), 1);
    assert_int_equal(count_of(text, "\nzone example.net.\n"), 1);
    assert_has(text, "; isatap-router-missing: " ROUTER " A 10.0.0.12 (10.0.0.3)\n");
    free(text);
    case_close(&audit_case);
}

/* A server alone does not tell its zones: that is said. An address that is not the deployment's is never added, and one
 * that is not told is not deleted. */
static void test_fix_limits(void **state)
{
    struct audit_case audit_case;

    (void)state;
    case_open(&audit_case, yaml);
    struct da_collection *server = case_source(&audit_case, DA_SOURCE_SERVER, "10.0.0.2");
    case_add(server, ROUTER, "A", "", 0, 0);
    case_finish(&audit_case);
    case_means(case_finding(&audit_case, DA_FINDING_WEB_PROBE_MISSING, server, PROBE, DA_TYPE_A), "10.0.0.10");
    case_means(case_finding(&audit_case, DA_FINDING_WEB_PROBE_INCOMPLETE, server, PROBE, DA_TYPE_A), "10.0.0.66");
    case_about(case_finding(&audit_case, DA_FINDING_WRONG_ADDRESS, server, ROUTER, DA_TYPE_A), 0);
    case_finding(&audit_case, DA_FINDING_BLOCKED_RESOLVES, server, "isatap", DA_TYPE_A);
    char *text = written(write_fix, &audit_case.audit, "nsupdate");
    assert_has(text, "; Taken for a zone of its own: write the zone's name where it is not.\nzone corp.example.net.\n");
    assert_int_equal(count_of(text, "\nupdate "), 1);
    assert_has(text, "not repaired: the source does not tell which address\n");
    assert_has(text, "not repaired: in no zone that is known\n");
    free(text);
    case_close(&audit_case);
}

/* A directory's findings are repaired as a zone file's are; one about all of a name calls for each of its records, even
 * where nobody wants to know of the single ones. */
static void test_fix_directory(void **state)
{
    struct audit_case audit_case;

    (void)state;
    open_directory(&audit_case, true, HOLDER);
    char *text = written(write_fix, &audit_case.audit, "powershell");
    assert_int_equal(count_of(text, "\nAdd-Address 'corp.example.net' 'directaccess-WebProbeHost' 'A' '10.0.0.10'\r"),
                     1);
    assert_int_equal(count_of(text, "\nSet-Static "), 3);
    assert_has(text, "# node-owner: " PROBE " (" DC ")\r\n");
    assert_has_not(text, "# static-partly: " PROBE);
    free(text);
    size_t kept = 0;
    for (size_t i = 0; i < audit_case.audit.finding_count; i++)
        if (audit_case.findings[i].type == 0 && audit_case.findings[i].code != DA_FINDING_ZONE_AGING)
            audit_case.findings[kept++] = audit_case.findings[i];
    audit_case.audit.finding_count = kept;
    text = written(write_fix, &audit_case.audit, "powershell");
    assert_int_equal(count_of(text, "\nAdd-Address '"), 1);
    assert_int_equal(count_of(text, "\nSet-Static "), 1);
    assert_has(text, "\nSet-Static 'corp.example.net' 'directaccess-corpConnectivityHost' 'AAAA' ");
    free(text);
    case_close(&audit_case);
}

/* An update has to fit a DNS message. */
static void test_fix_many(void **state)
{
    struct audit_case audit_case;

    (void)state;
    open_many(&audit_case, 3000);
    char *text = written(write_fix, &audit_case.audit, "nsupdate");
    assert_int_equal(count_of(text, "\nupdate add "), 2999);
    assert_int_equal(count_of(text, "\nzone example.\n"), 30);
    assert_int_equal(count_of(text, "\nsend\n"), 30);
    free(text);
    case_close(&audit_case);
}

static void test_fix_nothing(void **state)
{
    struct audit_case audit_case;
    char names[64];

    (void)state;
    case_open(&audit_case, yaml);
    char *text = written(write_fix, &audit_case.audit, "nsupdate");
    assert_has(text, "\n; There is nothing that commands could repair.\n");
    assert_has_not(text, "\nsend");
    free(text);
    case_close(&audit_case);
    assert_null(da_fix_find("bind"));
    assert_string_equal(da_fix_names(names, sizeof(names)), "nsupdate, powershell, dnscmd");
}

/* ---- the manual ---- */

/* From where this file is. Freed by the caller. */
static char *read_manual(void)
{
    char path[4096], *text = NULL;
    size_t room = 0;

    snprintf(path, sizeof(path), "%.*s../../packaging/manual/audit.md", (int)(strrchr(__FILE__, '/') + 1 - __FILE__),
             __FILE__);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("%s cannot be read", path);
    assert_true(getdelim(&text, &room, '\0', file) > 0);
    fclose(file);
    return text;
}

static void test_manual_findings(void **state)
{
    char row[512], *manual = read_manual();

    (void)state;
    for (int code = 0; code < DA_FINDING_CODES; code++) {
        const struct da_finding_kind *kind = &da_finding_kinds[code];
        snprintf(row, sizeof(row), "\n| `%s` | %s | %s |", kind->code, da_severity_text(kind->severity), kind->message);
        assert_has(manual, row);
    }
    assert_int_equal(count_of(manual, " | critical | ") + count_of(manual, " | warning | ") +
                         count_of(manual, " | unknown | ") + count_of(manual, " | note | "),
                     DA_FINDING_CODES);
    free(manual);
}

/* Each member that JSON has, wherever it is. */
static void check_members(json_t *value, const char *manual)
{
    char row[128];

    for (size_t i = 0; i < json_array_size(value); i++)
        check_members(json_array_get(value, i), manual);
    for (void *member = json_object_iter(value); member != NULL; member = json_object_iter_next(value, member)) {
        snprintf(row, sizeof(row), "`%s`", json_object_iter_key(member));
        assert_has(manual, row);
        check_members(json_object_iter_value(member), manual);
    }
}

static void test_manual_members(void **state)
{
    struct audit_case audit_case;
    char *manual = read_manual();

    (void)state;
    for (int i = 0; i < 3; i++) {
        if (i == 0)
            open_full(&audit_case);
        else if (i == 1)
            open_hostile(&audit_case);
        else
            open_directory(&audit_case, true, HOLDER);
        char *text = written(write_json, &audit_case.audit, NULL);
        json_t *root = json_loads(text, 0, NULL);
        assert_non_null(root);
        check_members(root, manual);
        json_decref(root);
        free(text);
        case_close(&audit_case);
    }
    free(manual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_harmless),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_summary_of_stale),
        cmocka_unit_test(test_summary_is_one_line),
        cmocka_unit_test(test_text_table),
        cmocka_unit_test(test_text_table_of_remote),
        cmocka_unit_test(test_text_of_aging_off),
        cmocka_unit_test(test_text_table_of_directory),
        cmocka_unit_test(test_text_table_of_unpublished),
        cmocka_unit_test(test_text_narrow),
        cmocka_unit_test(test_text_colours),
        cmocka_unit_test(test_text_many),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_of_directory),
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_hostile_json),
        cmocka_unit_test(test_hostile_html),
        cmocka_unit_test(test_hostile_fix),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_html_of_directory),
        cmocka_unit_test(test_html_of_long_intervals),
        cmocka_unit_test(test_html_of_nothing),
        cmocka_unit_test(test_html_many),
        cmocka_unit_test(test_fix_commands),
        cmocka_unit_test(test_fix_alias_and_ttl),
        cmocka_unit_test(test_fix_once),
        cmocka_unit_test(test_fix_limits),
        cmocka_unit_test(test_fix_directory),
        cmocka_unit_test(test_fix_many),
        cmocka_unit_test(test_fix_nothing),
        cmocka_unit_test(test_manual_findings),
        cmocka_unit_test(test_manual_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
