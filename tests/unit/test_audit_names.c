/* Which names an audit looks at: zones/audit/names.h. */
#include "audit_names.h"

static const char yaml[] = "suffixes: [Corp.Example.Net, emea.corp.example.net, lab.test]\n"
                           "network: ipv4-only\n"
                           "entry-points:\n"
                           "  - name: seattle\n"
                           "    nat64-prefix: fd12:3456:789a:7777::/96\n"
                           "    servers: [{name: da1, address: 10.0.0.11}]\n"
                           "isatap-router: isatap-da\n"
                           "block: [isatap, WPAD]\n";

/* As above without a router. */
static const char without_router[] = "suffixes: [corp.example.net]\n"
                                     "network: ipv4-only\n"
                                     "entry-points:\n"
                                     "  - name: seattle\n"
                                     "    nat64-prefix: fd12:3456:789a:7777::/96\n"
                                     "    servers: [{name: da1, address: 10.0.0.11}]\n";

static void knows_why_a_name_matters(void **state)
{
    static const struct {
        const char *name;
        unsigned interest;
        size_t suffix;
    } rows[] = {
        {"directaccess-CorpConnectivityHost.corp.example.net", DA_INTEREST_LABEL, 0},
        {"DIRECTACCESS-WEBPROBEHOST.EMEA.CORP.EXAMPLE.NET", DA_INTEREST_LABEL, 1},
        {"directaccess-NLS.lab.test", DA_INTEREST_LABEL, 2},
        {"isatap-da.corp.example.net", DA_INTEREST_LABEL, 0},
        {"directaccess-NLS.example.net", 0, SIZE_MAX},
        {"directaccess-NLS.x.corp.example.net", 0, 0},
        {"directaccess-NLS", 0, SIZE_MAX},
        {"x.directaccess-NLS.lab.test", 0, 2},
        {"isatap.corp.example.net", DA_INTEREST_BLOCKED, 0},
        {"Wpad.a.b.corp.example.net", DA_INTEREST_BLOCKED, 0},
        {"wpad.a.b.emea.corp.example.net", DA_INTEREST_BLOCKED, 1},
        {"isatap", DA_INTEREST_BLOCKED, SIZE_MAX},
        {"isatap.example.net", 0, SIZE_MAX},
        {"x.isatap.corp.example.net", 0, 0},
        {"isatapx.corp.example.net", 0, 0},
        {"corp.example.net", DA_INTEREST_ABOVE, 0},
        {"emea.corp.example.net", DA_INTEREST_ABOVE, 1},
        {"example.net", DA_INTEREST_ABOVE, SIZE_MAX},
        {"NET", DA_INTEREST_ABOVE, SIZE_MAX},
        {"test", DA_INTEREST_ABOVE, SIZE_MAX},
        {".", DA_INTEREST_ABOVE, SIZE_MAX},
        {"apac.corp.example.net", 0, 0},
        {"*.corp.example.net", DA_INTEREST_WILDCARD, 0},
        {"*.net", DA_INTEREST_WILDCARD, SIZE_MAX},
        {"*", DA_INTEREST_WILDCARD, SIZE_MAX},
        {"*.x.corp.example.net", 0, 0},
        {"*.org", 0, SIZE_MAX},
    };
    struct audit_names made;
    uint8_t wire[DA_NAME_MAX];
    (void)state;

    audit_names_open(&made, yaml, NULL);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        wire_name(rows[i].name, wire);
        unsigned interest = da_names_interest(made.names, wire);
        size_t suffix = da_names_suffix(made.names, wire);
        if (interest != rows[i].interest || suffix != rows[i].suffix)
            fail_msg("%s: interest %u, suffix %zu", rows[i].name, interest, suffix);
    }
    audit_names_close(&made);
}

static void knows_which_names_are_told_beforehand(void **state)
{
    static const struct {
        const char *name;
        bool is_known;
    } rows[] = {
        {"directaccess-NLS.corp.example.net", true},
        {"isatap.CORP.example.net", true},
        {"WPAD.lab.test", true},
        {"isatap", true},
        {"*.net", true},
        {"example.net", true},
        {"isatap.x.corp.example.net", false},
        {"host.corp.example.net", false},
        {"isatap.example.net", false},
    };
    struct audit_names made;
    uint8_t wire[DA_NAME_MAX];
    (void)state;

    audit_names_open(&made, yaml, NULL);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        wire_name(rows[i].name, wire);
        if (da_names_is_known(made.names, wire) != rows[i].is_known)
            fail_msg("%s", rows[i].name);
    }
    audit_names_close(&made);
}

static bool has_first(const struct da_names *names, const char *label)
{
    size_t count;
    const char *const *labels = da_names_first_labels(names, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(labels[i], label) == 0)
            return true;
    return false;
}

static void first_labels_are_those_of_all_names(void **state)
{
    static const char *const expected[] = {
        "directaccess-corpconnectivityhost",
        "directaccess-webprobehost",
        "directaccess-nls",
        "isatap-da",
        "isatap",
        "wpad",
        "*",
        "corp",
        "emea",
        "example",
        "net",
        "lab",
        "test",
    };
    struct audit_names made;
    size_t count;
    (void)state;

    audit_names_open(&made, yaml, NULL);
    for (size_t i = 0; i < LENGTH_OF(expected); i++)
        if (!has_first(made.names, expected[i]))
            fail_msg("%s is not there", expected[i]);
    da_names_first_labels(made.names, &count);
    assert_int_equal(count, LENGTH_OF(expected));
    audit_names_close(&made);
}

static void a_router_may_be_named_where_the_deployment_names_none(void **state)
{
    struct audit_names made;
    uint8_t wire[DA_NAME_MAX];
    (void)state;

    wire_name("old-router.corp.example.net", wire);
    audit_names_open(&made, without_router, NULL);
    assert_int_equal(da_names_interest(made.names, wire), 0);
    audit_names_close(&made);
    audit_names_open(&made, without_router, "old-router");
    assert_int_equal(da_names_interest(made.names, wire), DA_INTEREST_LABEL);
    assert_int_equal(made.names->label_count, 4);
    assert_null(made.names->labels[3].owner);
    audit_names_close(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_why_a_name_matters),
        cmocka_unit_test(knows_which_names_are_told_beforehand),
        cmocka_unit_test(first_labels_are_those_of_all_names),
        cmocka_unit_test(a_router_may_be_named_where_the_deployment_names_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
