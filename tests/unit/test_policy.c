/* The verdict on every kind of name, against a table and against a second, naive implementation. */
#include "unit.h"

#include "policy.h"

#include <stdio.h>

#define A     DA_TYPE_A
#define AAAA  DA_TYPE_AAAA
#define ANY   DA_TYPE_ANY
#define MX    15
#define SOA   DA_TYPE_SOA
#define HTTPS 65
#define IN    DA_CLASS_IN
#define CH    3

/* ---- allocations, counted through the linker's wrapping ---- */

static size_t allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *old);

void *__wrap_malloc(size_t size)
{
    allocations++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    allocations++;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    allocations++;
    return __real_realloc(old, size);
}

void __wrap_free(void *old)
{
    allocations++;
    __real_free(old);
}

static struct da_policy *must_build(const char *yaml)
{
    struct da_deployment *deployment = must_parse(yaml);
    struct da_policy *policy = NULL;

    assert_int_equal(da_policy_new(deployment, &policy), DA_OK);
    da_deployment_free(deployment);
    return policy;
}

#define CORP "directaccess-corpConnectivityHost."
#define WEB  "directaccess-WebProbeHost."
#define NLS  "directaccess-NLS."
#define IPV4                                                                                                           \
    "suffixes: [corp.example.net, sub.corp.example.net, other.org]\nblock: [isatap, wpad]\nnetwork: ipv4-only\n"       \
    "isatap-router: isatap-da\n"                                                                                       \
    "entry-points: [{name: a, nat64-prefix: 'fd00::/96', servers: [{name: s, address: 10.0.0.11}]}]\n"
#define IPV6                                                                                                           \
    "suffixes: [corp.example.net]\nnetwork: ipv6\nnetwork-location-server: true\n"                                     \
    "entry-points: [{name: a, servers: [{name: s, address: 10.0.0.11, ipv6-address: 'fd00::11'}]}]\n"

#define PREFIXED                                                                                                       \
    "suffixes: [corp.example.net]\nnetwork: ipv6\nblock: [isatap1, abcdef]\n"                                          \
    "entry-points: [{name: a, servers: [{name: s, address: 10.0.0.11}]}]\n"

static const struct {
    const char *yaml, *name;
    uint16_t type, class;
    enum da_verdict verdict;
    const char *more; /* ANSWER: its types; else the SOA's owner */
} decisions[] = {
    {IPV4, CORP "corp.example.net", A, IN, DA_ANSWER, "A"},
    {IPV4, "DIRECTACCESS-CORPCONNECTIVITYHOST.CORP.EXAMPLE.NET", A, IN, DA_ANSWER, "A"},
    {IPV4, "directaccess-corpconnectivityhost.Corp.example.net", AAAA, IN, DA_ANSWER, "AAAA"},
    {IPV4, CORP "corp.example.net", ANY, IN, DA_ANSWER, "A AAAA"},
    {IPV4, CORP "corp.example.net", MX, IN, DA_NODATA, "corp.example.net"},
    {IPV4, CORP "corp.example.net", HTTPS, IN, DA_NODATA, "corp.example.net"},
    {IPV4, CORP "corp.example.net", SOA, IN, DA_NODATA, "corp.example.net"},
    {IPV4, CORP "corp.example.net", A, CH, DA_PASS, NULL},
    {IPV4, CORP "corp.example.net", A, 255, DA_PASS, NULL},
    {IPV4, WEB "corp.example.net", A, IN, DA_ANSWER, "A"},
    {IPV4, WEB "corp.example.net", AAAA, IN, DA_NODATA, "corp.example.net"},
    {IPV4, WEB "corp.example.net", ANY, IN, DA_ANSWER, "A"},
    {IPV4, "isatap-da.other.org", A, IN, DA_ANSWER, "A"},
    {IPV4, "isatap-da.other.org", AAAA, IN, DA_NODATA, "other.org"},
    /* NLS is not published here */
    {IPV4, NLS "corp.example.net", A, IN, DA_PASS, NULL},
    /* the suffix below the other has names of its own, and the closest is the SOA's owner */
    {IPV4, WEB "sub.corp.example.net", A, IN, DA_ANSWER, "A"},
    {IPV4, WEB "Sub.corp.example.net", MX, IN, DA_NODATA, "Sub.corp.example.net"},
    {IPV4, "isatap.sub.corp.example.net", A, IN, DA_NXDOMAIN, "sub.corp.example.net"},
    {IPV4, "isatap.x.corp.example.net", A, IN, DA_NXDOMAIN, "corp.example.net"},
    /* our labels elsewhere, and below our names */
    {IPV4, WEB "example.net", A, IN, DA_PASS, NULL},
    {IPV4, WEB "x.corp.example.net", A, IN, DA_PASS, NULL},
    {IPV4, "x." WEB "corp.example.net", A, IN, DA_PASS, NULL},
    {IPV4, "directaccess-WebProbeHost", A, IN, DA_PASS, NULL},
    {IPV4, "directaccess-WebProbeHos.corp.example.net", A, IN, DA_PASS, NULL},
    {IPV4, "directaccess-WebProbeHostx.corp.example.net", A, IN, DA_PASS, NULL},
    /* blocked: bare, under a suffix at any depth, and all below */
    {IPV4, "isatap", A, IN, DA_NXDOMAIN, "isatap"},
    {IPV4, "ISATAP", ANY, IN, DA_NXDOMAIN, "ISATAP"},
    {IPV4, "x.y.Isatap", A, IN, DA_NXDOMAIN, "Isatap"},
    {IPV4, "wpad", MX, IN, DA_NXDOMAIN, "wpad"},
    {IPV4, "isatap.corp.example.net", A, IN, DA_NXDOMAIN, "corp.example.net"},
    {IPV4, "iSaTaP.corp.example.net", HTTPS, IN, DA_NXDOMAIN, "corp.example.net"},
    {IPV4, "isatap.a.b.c.corp.example.net", SOA, IN, DA_NXDOMAIN, "corp.example.net"},
    {IPV4, "x.isatap.corp.example.net", A, IN, DA_NXDOMAIN, "corp.example.net"},
    {IPV4, "x.isatap.y.wpad.corp.example.net", A, IN, DA_NXDOMAIN, "corp.example.net"},
    {IPV4, WEB "isatap.corp.example.net", A, IN, DA_NXDOMAIN, "corp.example.net"},
    {IPV4, "isatap.wpad", A, IN, DA_NXDOMAIN, "wpad"},
    {IPV4, "isatap." WEB "corp.example.net", A, IN, DA_NXDOMAIN, "corp.example.net"},
    {IPV4, "isatap", A, CH, DA_PASS, NULL},
    /* not blocked: other domains, other labels, the label within a name that is not ours */
    {IPV4, "isatap.example.net", A, IN, DA_PASS, NULL},
    {IPV4, "isatap.net", A, IN, DA_PASS, NULL},
    {IPV4, "isatapx.corp.example.net", A, IN, DA_PASS, NULL},
    {IPV4, "isata.corp.example.net", A, IN, DA_PASS, NULL},
    {IPV4, "corp.example.net", A, IN, DA_PASS, NULL},
    {IPV4, "www.corp.example.net", A, IN, DA_PASS, NULL},
    {IPV4, "isatap.xcorp.example.net", A, IN, DA_PASS, NULL},
    {IPV4, ".", A, IN, DA_PASS, NULL},
    {IPV4, "net", A, IN, DA_PASS, NULL},
    /* a native IPv6 network: no A for the connectivity host */
    {IPV6, CORP "corp.example.net", A, IN, DA_NODATA, "corp.example.net"},
    {IPV6, CORP "corp.example.net", AAAA, IN, DA_ANSWER, "AAAA"},
    {IPV6, WEB "corp.example.net", ANY, IN, DA_ANSWER, "A AAAA"},
    {IPV6, NLS "corp.example.net", AAAA, IN, DA_ANSWER, "AAAA"},
    {IPV6, "wpad", A, IN, DA_PASS, NULL},
    {IPV6, "isatap", A, IN, DA_NXDOMAIN, "isatap"},
    /* a label is blocked whole, not by its beginning */
    {PREFIXED, "isatap.corp.example.net", A, IN, DA_PASS, NULL},
    {PREFIXED, "isatap1.corp.example.net", A, IN, DA_NXDOMAIN, "corp.example.net"},
};

static void decides(void **state)
{
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(decisions); i++) {
        struct da_policy *policy = must_build(decisions[i].yaml);
        uint8_t name[DA_NAME_MAX], soa[DA_NAME_MAX];
        struct da_match match;
        size_t length = wire_name(decisions[i].name, name);

        da_policy_lookup(policy, name, length, decisions[i].type, decisions[i].class, &match);
        if (match.verdict != decisions[i].verdict)
            fail_msg("%s type %u: %s, expected %s", decisions[i].name, decisions[i].type,
                     da_verdict_text(match.verdict), da_verdict_text(decisions[i].verdict));
        if (match.verdict == DA_ANSWER) {
            char types[16] = "";
            for (size_t j = 0; j < match.rrset_count; j++) {
                strcat(types, j > 0 ? " " : "");
                strcat(types, match.rrsets[j]->type == A ? "A" : "AAAA");
            }
            assert_string_equal(types, decisions[i].more);
        } else {
            assert_int_equal(match.rrset_count, 0);
        }
        if (match.verdict == DA_NODATA || match.verdict == DA_NXDOMAIN) {
            wire_name(decisions[i].more, soa);
            if (strcmp((char *)name + match.soa_offset, (char *)soa) != 0)
                fail_msg("%s: another SOA owner than %s", decisions[i].name, decisions[i].more);
        }
        da_policy_free(policy);
    }
}

/* ---- the same rules, written down a second time as plainly as can be ---- */

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n == m ? strcmp(name, suffix) == 0 : n > m && name[n - m - 1] == '.' && strcmp(name + n - m, suffix) == 0;
}

struct naive {
    const char *const *suffixes, *const *owners, *const *blocked;
    size_t suffix_count, owner_count, blocked_count;
};

static bool naive_is_blocked(const struct naive *naive, const char *name)
{
    size_t label = strcspn(name, ".");
    const char *rest = name[label] == '.' ? name + label + 1 : "";

    for (size_t i = 0; i < naive->blocked_count; i++) {
        if (strlen(naive->blocked[i]) != label || strncmp(naive->blocked[i], name, label) != 0)
            continue;
        if (*rest == '\0')
            return true;
        for (size_t j = 0; j < naive->suffix_count; j++)
            if (ends_with(rest, naive->suffixes[j]))
                return true;
    }
    return *rest != '\0' && naive_is_blocked(naive, rest);
}

static enum da_verdict naive_verdict(const struct naive *naive, const char *name)
{
    for (size_t i = 0; i < naive->owner_count; i++)
        for (size_t j = 0; j < naive->suffix_count; j++) {
            size_t label = strlen(naive->owners[i]);
            if (strncmp(name, naive->owners[i], label) == 0 && name[label] == '.' &&
                strcmp(name + label + 1, naive->suffixes[j]) == 0)
                return DA_ANSWER;
        }
    return naive_is_blocked(naive, name) ? DA_NXDOMAIN : DA_PASS;
}

/* Names put together at random from the few labels that matter. */
static void equals_the_naive_rules(void **state)
{
    static const char *const suffixes[] = {"a", "b.a", "c.b.a", "isatap.x", "a.c"};
    static const char *const owners[] = {"directaccess-corpconnectivityhost", "directaccess-webprobehost", "b"};
    static const char *const blocked[] = {"isatap", "w"};
    static const char *const labels[] = {
        "a",     "b",      "c", "x", "isatap", "w", "directaccess-webprobehost", "directaccess-corpconnectivityhost",
        "isata", "isatapp"};
    const struct naive naive = {suffixes, owners, blocked, LENGTH_OF(suffixes), LENGTH_OF(owners), LENGTH_OF(blocked)};
    struct da_policy *policy = must_build(
        "suffixes: [a, b.a, c.b.a, isatap.x, a.c]\nblock: [isatap, w]\nnetwork: ipv4-only\nisatap-router: b\n"
        "entry-points: [{name: a, nat64-prefix: 'fd00::/96', servers: [{name: s, address: 10.0.0.11}]}]\n");
    size_t seen[DA_VERDICTS] = {0};
    (void)state;

    srand(1);
    for (size_t round = 0; round < 200000; round++) {
        char name[DA_NAME_MAX] = "";
        uint8_t wire[DA_NAME_MAX];
        struct da_match match;
        for (int n = 1 + rand() % 5; n > 0; n--) {
            strcat(name, name[0] ? "." : "");
            strcat(name, labels[(size_t)rand() % LENGTH_OF(labels)]);
        }
        da_policy_lookup(policy, wire, wire_name(name, wire), A, IN, &match);
        if (match.verdict != naive_verdict(&naive, name))
            fail_msg("%s: %s, expected %s", name, da_verdict_text(match.verdict),
                     da_verdict_text(naive_verdict(&naive, name)));
        seen[match.verdict]++;
    }
    assert_true(seen[DA_PASS] > 1000 && seen[DA_ANSWER] > 100 && seen[DA_NXDOMAIN] > 1000);
    da_policy_free(policy);
}

static void finds_each_of_many_suffixes(void **state)
{
    size_t size = 0;
    char *yaml = NULL;
    FILE *out = open_memstream(&yaml, &size);
    (void)state;

    fprintf(out, "network: ipv6\nentry-points: [{name: a, servers: [{name: s, address: 10.0.0.11}]}]\nsuffixes:\n");
    for (size_t i = 0; i < DA_MAX_SUFFIXES; i++)
        fprintf(out, " - s%zu.x%zu.example.net\n", i, i % 7);
    fclose(out);
    struct da_policy *policy = must_build(yaml);
    free(yaml);
    for (size_t i = 0; i < DA_MAX_SUFFIXES; i++) {
        char name[80];
        uint8_t wire[DA_NAME_MAX];
        struct da_match match;
        snprintf(name, sizeof(name), WEB "s%zu.x%zu.example.net", i, i % 7);
        da_policy_lookup(policy, wire, wire_name(name, wire), A, IN, &match);
        assert_int_equal(match.verdict, DA_ANSWER);
        snprintf(name, sizeof(name), WEB "s%zu.x%zu.example.net", i, (i + 1) % 7);
        da_policy_lookup(policy, wire, wire_name(name, wire), A, IN, &match);
        assert_int_equal(match.verdict, DA_PASS);
    }
    assert_true(da_policy_size(policy) > (size_t)10000 * 20);
    da_policy_free(policy);
}

static void allocates_nothing(void **state)
{
    static const char *const names[] = {"directaccess-webprobehost.corp.example.net", "isatap.x.y.corp.example.net",
                                        "isatap", "www.example.org", "x.isatap.example.org"};
    struct da_policy *policy = must_build(IPV4);
    uint8_t wire[DA_NAME_MAX];
    struct da_match match;
    (void)state;

    size_t before = allocations;
    assert_true(before > 0);
    for (size_t i = 0; i < LENGTH_OF(names); i++) {
        size_t length = wire_name(names[i], wire);
        da_policy_lookup(policy, wire, length, A, IN, &match);
        da_policy_lookup(policy, wire, length, ANY, IN, &match);
    }
    assert_int_equal(allocations, before);
    da_policy_free(policy);
}

/* A server hands over what it has checked; still, nothing is read past the length. */
static void survives_broken_names(void **state)
{
    struct da_policy *policy = must_build(IPV4);
    struct da_match match;
    (void)state;

    for (size_t length = 0; length < 40; length++) {
        uint8_t *wire = malloc(length + 1); /* the sanitizer watches its end */
        uint8_t whole[DA_NAME_MAX];
        wire_name("isatap." WEB "corp.example.net", whole);
        memcpy(wire, whole, length);
        da_policy_lookup(policy, wire, length, A, IN, &match);
        assert_int_equal(match.verdict, DA_PASS);
        free(wire);
    }
    uint8_t compressed[] = {6, 'i', 's', 'a', 't', 'a', 'p', 0xc0, 0};
    da_policy_lookup(policy, compressed, sizeof(compressed), A, IN, &match);
    assert_int_equal(match.verdict, DA_PASS);
    uint8_t endless[300];
    memset(endless, 1, sizeof(endless));
    da_policy_lookup(policy, endless, sizeof(endless), A, IN, &match);
    assert_int_equal(match.verdict, DA_PASS);
    /* the most labels a name can have */
    uint8_t many[DA_NAME_MAX] = {0};
    for (size_t i = 0; i + 1 < sizeof(many); i += 2)
        many[i] = 1;
    da_policy_lookup(policy, many, sizeof(many), A, IN, &match);
    assert_int_equal(match.verdict, DA_PASS);
    da_policy_free(policy);
    da_policy_free(NULL);
}

static void knows_what_was_added(void **state)
{
#define ENTRY "network: ipv6\nentry-points: [{name: a, servers: [{name: s, address: 10.0.0.%d}]}]\n"
    static const struct {
        const char *before, *after;
        bool covers;
    } rows[] = {
        {"suffixes: [a, b]\n", "suffixes: [B]\nttl: 5\n", true},
        {"suffixes: [a, b]\n", "suffixes: [a, c]\n", false},
        {"suffixes: [a]\n", "suffixes: [a]\nnetwork-location-server: true\n", false},
        {"suffixes: [a]\nnetwork-location-server: true\n", "suffixes: [a]\n", true},
        {"suffixes: [a]\n", "suffixes: [a]\nisatap-router: r\n", false},
        {"suffixes: [a]\n", "suffixes: [a]\nblock: [isatap, wpad]\n", false},
        {"suffixes: [a]\nblock: [isatap, wpad]\n", "suffixes: [a]\n", true},
        {"suffixes: [a.b]\n", "suffixes: [a.b, b]\n", false},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        char yaml[2][300];
        snprintf(yaml[0], sizeof(yaml[0]), "%s" ENTRY, rows[i].before, 1);
        snprintf(yaml[1], sizeof(yaml[1]), "%s" ENTRY, rows[i].after, 2);
        struct da_policy *before = must_build(yaml[0]), *after = must_build(yaml[1]);
        if (da_policy_covers(before, after) != rows[i].covers)
            fail_msg("%s then %s", rows[i].before, rows[i].after);
        da_policy_free(before);
        da_policy_free(after);
    }
#undef ENTRY
}

static void names_verdicts(void **state)
{
    (void)state;
    assert_string_equal(da_verdict_text(DA_PASS), "PASS");
    assert_string_equal(da_verdict_text(DA_ANSWER), "ANSWER");
    assert_string_equal(da_verdict_text(DA_NODATA), "NODATA");
    assert_string_equal(da_verdict_text(DA_NXDOMAIN), "NXDOMAIN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decides),
        cmocka_unit_test(equals_the_naive_rules),
        cmocka_unit_test(finds_each_of_many_suffixes),
        cmocka_unit_test(allocates_nothing),
        cmocka_unit_test(survives_broken_names),
        cmocka_unit_test(knows_what_was_added),
        cmocka_unit_test(names_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
