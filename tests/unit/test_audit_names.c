/* Which names an audit looks at: zones/audit/names.h. */
#include "unit.h"

#include "audit/names.h"

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

struct fixture {
    struct da_deployment *deployment;
    struct da_record_set *set;
    struct da_names *names;
};

static void set_up(struct fixture *fixture, const char *text, const char *router)
{
    fixture->deployment = must_parse(text);
    assert_int_equal(da_record_set_new(fixture->deployment, &fixture->set), DA_OK);
    assert_int_equal(da_names_new(fixture->deployment, fixture->set, router, &fixture->names), DA_OK);
}

static void tear_down(struct fixture *fixture)
{
    da_names_free(fixture->names);
    da_record_set_free(fixture->set);
    da_deployment_free(fixture->deployment);
}

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
    struct fixture fixture;
    uint8_t wire[DA_NAME_MAX];
    (void)state;

    set_up(&fixture, yaml, NULL);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        wire_name(rows[i].name, wire);
        unsigned interest = da_names_interest(fixture.names, wire);
        size_t suffix = da_names_suffix(fixture.names, wire);
        if (interest != rows[i].interest || suffix != rows[i].suffix)
            fail_msg("%s: interest %u, suffix %zu", rows[i].name, interest, suffix);
    }
    tear_down(&fixture);
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
    struct fixture fixture;
    uint8_t wire[DA_NAME_MAX];
    (void)state;

    set_up(&fixture, yaml, NULL);
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        wire_name(rows[i].name, wire);
        if (da_names_is_known(fixture.names, wire) != rows[i].is_known)
            fail_msg("%s", rows[i].name);
    }
    tear_down(&fixture);
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
    struct fixture fixture;
    size_t count;
    (void)state;

    set_up(&fixture, yaml, NULL);
    for (size_t i = 0; i < LENGTH_OF(expected); i++)
        if (!has_first(fixture.names, expected[i]))
            fail_msg("%s is not there", expected[i]);
    da_names_first_labels(fixture.names, &count);
    assert_int_equal(count, LENGTH_OF(expected));
    tear_down(&fixture);
}

static void a_router_may_be_named_where_the_deployment_names_none(void **state)
{
    struct fixture fixture;
    uint8_t wire[DA_NAME_MAX];
    (void)state;

    wire_name("old-router.corp.example.net", wire);
    set_up(&fixture, without_router, NULL);
    assert_int_equal(da_names_interest(fixture.names, wire), 0);
    tear_down(&fixture);
    set_up(&fixture, without_router, "old-router");
    assert_int_equal(da_names_interest(fixture.names, wire), DA_INTEREST_LABEL);
    assert_int_equal(fixture.names->label_count, 4);
    assert_null(fixture.names->labels[3].owner);
    tear_down(&fixture);
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
