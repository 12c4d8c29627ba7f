/* What pinning plans for one node. A row says what is at the node, and what comes of each record.
 *
 * A node is "none", "deleted" or "there", and values in front of semicolons:
 *   A|AAAA ADDRESS static|dynamic [TTL]
 *   TXT | CNAME | NS | TOMBSTONE | BAD
 * A plan is its state and, a line each, ACT TYPE ADDRESS, or ACT TYPE where it is no address. */
#include "unit.h"

#include "audit/collection.h"
#include "directory/pin_plan.h"

#include <arpa/inet.h>
#include <stdio.h>

#define STAMP      3733307
#define SERIAL     4711
#define TTL        1200
#define VALUES_MAX 16
#define VALUE_MAX  64

static const char ipv4_only[] = "suffixes: [corp.example.net]\n"
                                "network: ipv4-only\n"
                                "entry-points:\n"
                                "  - name: seattle\n"
                                "    nat64-prefix: fd12:3456:789a:7777::/96\n"
                                "    servers: [{name: da1, address: 10.0.0.11}]\n"
                                "  - name: oslo\n"
                                "    nat64-prefix: fd12:3456:789a:8888::/96\n"
                                "    servers: [{name: da2, address: 10.0.0.12}]\n";

/* ---- nodes from text ---- */

struct made {
    struct da_directory_node node;
    struct da_octets values[VALUES_MAX];
    uint8_t octets[VALUES_MAX][VALUE_MAX];
};

static size_t make_address(const char *type, char *rest, uint8_t value[static VALUE_MAX])
{
    uint8_t data[16];
    struct da_ad_record record = {.rank = DA_AD_RANK_ZONE, .serial = 110, .ttl = TTL, .data = data};
    bool is_a = strcmp(type, "A") == 0;

    const char *address = strtok(rest, " "), *aging = strtok(NULL, " "), *ttl = strtok(NULL, " ");
    assert_int_equal(inet_pton(is_a ? AF_INET : AF_INET6, address, data), 1);
    record.type = is_a ? DA_TYPE_A : DA_TYPE_AAAA;
    record.data_length = is_a ? 4 : 16;
    record.stamp = strcmp(aging, "dynamic") == 0 ? STAMP : 0;
    if (ttl != NULL)
        record.ttl = (uint32_t)strtoul(ttl, NULL, 10);
    size_t length = da_ad_record_write(&record, value);
    value[6] = 0x08; /* flags, and what is reserved, stay as they are, too */
    value[16] = 0x77;
    return length;
}

/* A value of another type: header and data. */
static size_t make_other(uint16_t type, const char *data, size_t length, uint8_t value[static VALUE_MAX])
{
    memset(value, 0, DA_AD_HEADER_LENGTH);
    value[0] = (uint8_t)length;
    value[2] = (uint8_t)type;
    value[4] = DA_AD_VERSION;
    memcpy(value + DA_AD_HEADER_LENGTH, data, length);
    return DA_AD_HEADER_LENGTH + length;
}

static size_t make_value(char *text, uint8_t value[static VALUE_MAX])
{
    char *type = strsep(&text, " ");

    if (strcmp(type, "A") == 0 || strcmp(type, "AAAA") == 0)
        return make_address(type, text, value);
    if (strcmp(type, "TXT") == 0)
        return make_other(16, "\3abc", 4, value);
    if (strcmp(type, "CNAME") == 0)
        return make_other(DA_TYPE_CNAME, "\x03\x01\x01x", 5, value);
    if (strcmp(type, "NS") == 0)
        return make_other(DA_TYPE_NS, "\x03\x01\x01y", 5, value);
    if (strcmp(type, "TOMBSTONE") == 0)
        return make_other(DA_AD_TOMBSTONE, "\0\0\0\0\0\0\0\1", 8, value);
    if (strcmp(type, "BADNAME") == 0)
        return make_other(DA_TYPE_NS, "\x03\x02\x01y", 5, value);
    assert_string_equal(type, "BAD");
    return make_other(DA_TYPE_A, "abc", 3, value);
}

static void make_node(const char *text, struct made *made)
{
    char copy[1024], *rest = copy;
    static char dn[] = "DC=directaccess-x,DC=corp.example.net";

    *made = (struct made){0};
    snprintf(copy, sizeof(copy), "%s", text);
    const char *state = strsep(&rest, ";");
    made->node.dn = strcmp(state, "none") == 0 ? NULL : dn;
    made->node.is_tombstoned = strcmp(state, "deleted") == 0;
    made->node.values = made->values;
    for (char *value; (value = strsep(&rest, ";")) != NULL;) {
        size_t i = made->node.value_count++;
        assert_true(i < VALUES_MAX);
        made->values[i] = (struct da_octets){make_value(value + strspn(value, " "), made->octets[i]), made->octets[i]};
    }
}

/* ---- plans as text ---- */

static void print_record(const struct da_pin_record *record, FILE *out)
{
    static const char *const acts[] = {"keep", "static", "add", "leave", "delete", "merge", "bury"};
    char text[INET6_ADDRSTRLEN] = "";

    switch (record->is.type) {
    case DA_TYPE_A:
        fprintf(out, "%s A %s\n", acts[record->act], inet_ntop(AF_INET, record->is.data, text, sizeof(text)));
        break;
    case DA_TYPE_AAAA:
        fprintf(out, "%s AAAA %s\n", acts[record->act], inet_ntop(AF_INET6, record->is.data, text, sizeof(text)));
        break;
    default:
        fprintf(out, "%s TYPE%u\n", acts[record->act], record->is.type);
        break;
    }
}

static void print_plan(const struct da_pin_plan *plan, char *text, size_t size)
{
    static const char *const states[] = {"done", "change", "create", "revive", "refuse"};
    FILE *out = fmemopen(text, size, "w");

    assert_non_null(out);
    fprintf(out, "%s\n", states[plan->state]);
    for (size_t i = 0; i < plan->record_count; i++)
        print_record(&plan->records[i], out);
    if (plan->others > 0)
        fprintf(out, "others %zu\n", plan->others);
    fclose(out);
}

/* ---- what is true of every plan ---- */

static bool is_same(const struct da_octets *a, const struct da_octets *b)
{
    return a->length == b->length && memcmp(a->octets, b->octets, a->length) == 0;
}

static bool is_among(const struct da_octets *value, const struct da_octets *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_same(value, &values[i]))
            return true;
    return false;
}

/* What the directory has once a plan is carried out: it deletes none that is not there, and adds none that is. */
static void carry_out(const struct made *before, const struct da_pin_plan *plan, struct made *after)
{
    static char dn[] = "after";

    *after = (struct made){.node = {.dn = dn}};
    after->node.values = after->values;
    for (size_t i = 0; i < plan->old_count; i++)
        assert_true(is_among(&plan->old[i], before->node.values, before->node.value_count));
    for (size_t i = 0; i < before->node.value_count; i++)
        if (!is_among(&before->values[i], plan->old, plan->old_count))
            after->values[after->node.value_count++] = before->values[i];
    for (size_t i = 0; i < plan->fresh_count; i++) {
        assert_false(is_among(&plan->fresh[i], after->values, after->node.value_count));
        after->values[after->node.value_count++] = plan->fresh[i];
    }
}

/* Right addresses at a node, and how many are static. */
static void count_good(const struct da_directory_node *node, const struct da_owner *owner, size_t *good, size_t *fixed)
{
    *good = *fixed = 0;
    for (size_t i = 0; i < owner->rrset_count; i++)
        for (size_t k = 0; k < owner->rrsets[i].count; k++) {
            const struct da_rrset *rrset = &owner->rrsets[i];
            bool is_good = false, is_fixed = false;
            for (size_t n = 0; n < node->value_count && !node->is_tombstoned; n++) {
                struct da_ad_record record;
                assert_null(da_ad_record_read(node->values[n].octets, node->values[n].length, &record));
                if (record.type != rrset->type ||
                    memcmp(record.data, rrset->rdata + k * rrset->rdata_length, rrset->rdata_length) != 0)
                    continue;
                is_good = true;
                is_fixed = is_fixed || record.stamp == 0;
            }
            *good += is_good;
            *fixed += is_fixed;
        }
}

static void check_carried_out(const struct made *before, const struct da_pin_terms *terms, const struct da_owner *owner,
                              const struct da_pin_plan *plan)
{
    size_t good, fixed, good_after, fixed_after;
    struct da_pin_plan again;
    struct made after;

    carry_out(before, plan, &after);
    count_good(&before->node, owner, &good, &fixed);
    count_good(&after.node, owner, &good_after, &fixed_after);
    assert_true(good_after >= good && fixed_after >= fixed);
    if (plan->state == DA_PIN_REFUSE) {
        assert_int_equal(plan->old_count + plan->fresh_count, 0);
        assert_non_null(plan->refusal);
        return;
    }
    assert_int_equal(good_after, fixed_after);
    assert_int_equal(good_after, owner->rrsets[0].count + (owner->rrset_count > 1 ? owner->rrsets[1].count : 0));
    assert_int_equal(da_pin_plan(terms, owner, &after.node, &again, NULL), DA_OK);
    assert_int_equal(again.state, DA_PIN_DONE);
    da_pin_plan_clear(&again);
}

/* ---- rows ---- */

struct row {
    const char *title;
    const char *label;
    const char *node;
    bool replace;
    const char *plan;
};

#define CORP  "directaccess-corpConnectivityHost"
#define PROBE "directaccess-WebProbeHost"

static const struct row rows[] = {
    {"all is well", PROBE, "there; A 10.0.0.11 static; A 10.0.0.12 static", false,
     "done\nkeep A 10.0.0.11\nkeep A 10.0.0.12\n"},
    {"no order is needed", PROBE, "there; A 10.0.0.12 static; A 10.0.0.11 static", false,
     "done\nkeep A 10.0.0.11\nkeep A 10.0.0.12\n"},
    {"another TTL is no reason to write", PROBE, "there; A 10.0.0.11 static 60; A 10.0.0.12 static", false,
     "done\nkeep A 10.0.0.11\nkeep A 10.0.0.12\n"},
    {"both dynamic", PROBE, "there; A 10.0.0.11 dynamic; A 10.0.0.12 dynamic", false,
     "change\nstatic A 10.0.0.11\nstatic A 10.0.0.12\n"},
    {"one dynamic", PROBE, "there; A 10.0.0.11 static; A 10.0.0.12 dynamic 600", false,
     "change\nkeep A 10.0.0.11\nstatic A 10.0.0.12\n"},
    {"one missing", PROBE, "there; A 10.0.0.12 static", false, "change\nadd A 10.0.0.11\nkeep A 10.0.0.12\n"},
    {"one missing, one dynamic", PROBE, "there; A 10.0.0.12 dynamic", false,
     "change\nadd A 10.0.0.11\nstatic A 10.0.0.12\n"},
    {"a node without values", PROBE, "there", false, "change\nadd A 10.0.0.11\nadd A 10.0.0.12\n"},
    {"no node", PROBE, "none", false, "create\nadd A 10.0.0.11\nadd A 10.0.0.12\n"},
    {"no node, two types", CORP, "none", false,
     "create\nadd A 127.0.0.1\nadd AAAA fd12:3456:789a:7777::7f00:1\nadd AAAA fd12:3456:789a:8888::7f00:1\n"},
    {"one type of two", CORP, "there; AAAA fd12:3456:789a:7777::7f00:1 dynamic", false,
     "change\nadd A 127.0.0.1\nstatic AAAA fd12:3456:789a:7777::7f00:1\nadd AAAA fd12:3456:789a:8888::7f00:1\n"},

    {"wrong beside right: left", PROBE, "there; A 10.0.0.11 static; A 10.0.0.99 dynamic; A 10.0.0.12 static", false,
     "done\nkeep A 10.0.0.11\nkeep A 10.0.0.12\nleave A 10.0.0.99\n"},
    {"wrong beside right: replaced", PROBE, "there; A 10.0.0.11 static; A 10.0.0.99 dynamic; A 10.0.0.12 static", true,
     "change\nkeep A 10.0.0.11\nkeep A 10.0.0.12\ndelete A 10.0.0.99\n"},
    {"only wrong: left", PROBE, "there; A 10.0.0.99 static", false,
     "change\nadd A 10.0.0.11\nadd A 10.0.0.12\nleave A 10.0.0.99\n"},
    {"only wrong: replaced", PROBE, "there; A 10.0.0.99 static", true,
     "change\nadd A 10.0.0.11\nadd A 10.0.0.12\ndelete A 10.0.0.99\n"},
    {"a type that the name is not to have: left", PROBE,
     "there; A 10.0.0.11 static; A 10.0.0.12 static; AAAA fd00::1 static", false,
     "done\nkeep A 10.0.0.11\nkeep A 10.0.0.12\nleave AAAA fd00::1\n"},
    {"a type that the name is not to have: replaced", PROBE,
     "there; A 10.0.0.11 static; A 10.0.0.12 static; AAAA fd00::1 static", true,
     "change\nkeep A 10.0.0.11\nkeep A 10.0.0.12\ndelete AAAA fd00::1\n"},

    {"twice, one static: that one", PROBE, "there; A 10.0.0.11 dynamic 60; A 10.0.0.11 static; A 10.0.0.12 static",
     false, "change\nkeep A 10.0.0.11\nmerge A 10.0.0.11\nkeep A 10.0.0.12\n"},
    {"twice, with two TTLs", PROBE, "there; A 10.0.0.11 static; A 10.0.0.11 static 60; A 10.0.0.12 static", false,
     "change\nkeep A 10.0.0.11\nmerge A 10.0.0.11\nkeep A 10.0.0.12\n"},
    {"twice, both dynamic", PROBE, "there; A 10.0.0.11 dynamic; A 10.0.0.11 dynamic 60; A 10.0.0.12 static", false,
     "change\nstatic A 10.0.0.11\nmerge A 10.0.0.11\nkeep A 10.0.0.12\n"},

    {"other types stay", PROBE, "there; TXT; A 10.0.0.11 dynamic; A 10.0.0.12 static", true,
     "change\nstatic A 10.0.0.11\nkeep A 10.0.0.12\nothers 1\n"},
    {"other types alone", PROBE, "there; TXT", false, "change\nadd A 10.0.0.11\nadd A 10.0.0.12\nothers 1\n"},
    {"alias", PROBE, "there; CNAME", true, "refuse\n"},
    {"alias beside an address", PROBE, "there; A 10.0.0.11 dynamic; CNAME", false, "refuse\n"},
    {"delegated", PROBE, "there; NS; A 10.0.0.11 dynamic", false, "refuse\n"},

    {"deleted", PROBE, "deleted; TOMBSTONE", false, "revive\nadd A 10.0.0.11\nadd A 10.0.0.12\nbury TYPE0\n"},
    {"deleted, and no value", PROBE, "deleted", false, "revive\nadd A 10.0.0.11\nadd A 10.0.0.12\n"},
    {"deleted, with right ones left over", PROBE, "deleted; TOMBSTONE; A 10.0.0.11 dynamic; A 10.0.0.12 static", false,
     "revive\nstatic A 10.0.0.11\nkeep A 10.0.0.12\nbury TYPE0\n"},
    {"deleted: nothing else comes back", PROBE, "deleted; A 10.0.0.99 static; TXT; CNAME", false,
     "revive\nadd A 10.0.0.11\nadd A 10.0.0.12\nbury A 10.0.0.99\nbury TYPE5\nbury TYPE16\n"},
    {"deleted and back, with the tombstone left over", PROBE,
     "there; TOMBSTONE; A 10.0.0.11 dynamic; A 10.0.0.12 static", false,
     "change\nstatic A 10.0.0.11\nkeep A 10.0.0.12\nbury TYPE0\n"},
    {"a tombstone left over alone is no reason to write", PROBE,
     "there; TOMBSTONE; A 10.0.0.11 static; A 10.0.0.12 static", false, "done\nkeep A 10.0.0.11\nkeep A 10.0.0.12\n"},
};

static const struct da_owner *owner_of(const struct da_record_set *set, const char *label)
{
    for (size_t i = 0; i < set->owner_count; i++)
        if (strcmp(set->owners[i].label, label) == 0)
            return &set->owners[i];
    fail();
    return NULL;
}

static int open_set(void **state)
{
    struct da_deployment *deployment = must_parse(ipv4_only);
    struct da_record_set *set = NULL;

    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    da_deployment_free(deployment);
    *state = set;
    return 0;
}

static int close_set(void **state)
{
    da_record_set_free(*state);
    return 0;
}

static void plans(void **state)
{
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const struct da_owner *owner = owner_of(*state, rows[i].label);
        struct da_pin_terms terms = {.ttl = TTL, .serial = SERIAL, .replace = rows[i].replace};
        struct da_error error = {0};
        struct da_pin_plan plan;
        struct made made;
        char text[1024];
        make_node(rows[i].node, &made);
        if (da_pin_plan(&terms, owner, &made.node, &plan, &error) != DA_OK)
            fail_msg("%s: %s", rows[i].title, error.text);
        print_plan(&plan, text, sizeof(text));
        if (strcmp(text, rows[i].plan) != 0)
            fail_msg("%s: expected\n%sgot\n%s", rows[i].title, rows[i].plan, text);
        check_carried_out(&made, &terms, owner, &plan);
        da_pin_plan_clear(&plan);
    }
}

/* Of a record that is made static nothing changes but the time stamp; one that is added has the serial as told. */
static void values(void **state)
{
    const struct da_owner *owner = owner_of(*state, PROBE);
    const struct da_pin_terms terms = {.ttl = 77, .serial = SERIAL};
    static const uint8_t added[] = {4, 0,    1, 0, 5, 0xf0, 0, 0, 0x67, 0x12, 0,  0, 0, 0,
                                    2, 0x58, 0, 0, 0, 0,    0, 0, 0,    0,    10, 0, 0, 11};
    struct da_pin_plan plan;
    struct made made;
    uint8_t expected[VALUE_MAX];

    make_node("there; A 10.0.0.12 dynamic 600", &made);
    assert_int_equal(da_pin_plan(&terms, owner, &made.node, &plan, NULL), DA_OK);
    assert_int_equal(plan.fresh_count, 2);
    assert_int_equal(plan.fresh[0].length, sizeof(added));
    assert_memory_equal(plan.fresh[0].octets, added, sizeof(added));
    memcpy(expected, made.octets[0], made.values[0].length);
    memset(expected + 20, 0, 4);
    assert_int_equal(plan.fresh[1].length, made.values[0].length);
    assert_memory_equal(plan.fresh[1].octets, expected, made.values[0].length);
    da_pin_plan_clear(&plan);
}

/* What is added has the TTL of what stays of its type. */
static void ttls(void **state)
{
    static const struct {
        const char *node;
        bool replace;
        uint32_t ttl;
    } nodes[] = {
        {"none", false, TTL},
        {"there; TXT", false, TTL},
        {"there; AAAA fd00::1 static 60", false, TTL},
        {"there; A 10.0.0.12 dynamic 60", true, 60},
        {"there; A 10.0.0.99 static 60", false, 60},
        {"there; A 10.0.0.99 static 60", true, TTL},
        {"there; A 10.0.0.1 static 30; A 10.0.0.12 static 60", true, 60},
        {"deleted; A 10.0.0.99 static 60", false, TTL},
        {"deleted; A 10.0.0.12 static 60", false, 60},
    };
    const struct da_owner *owner = owner_of(*state, PROBE);

    for (size_t i = 0; i < LENGTH_OF(nodes); i++) {
        const struct da_pin_terms terms = {.ttl = TTL, .serial = SERIAL, .replace = nodes[i].replace};
        struct da_pin_plan plan;
        struct made made;
        make_node(nodes[i].node, &made);
        assert_int_equal(da_pin_plan(&terms, owner, &made.node, &plan, NULL), DA_OK);
        assert_int_equal(plan.records[0].act, DA_PIN_ADD);
        assert_int_equal(plan.records[0].is.ttl, nodes[i].ttl);
        da_pin_plan_clear(&plan);
    }
}

static void malformed(void **state)
{
    static const struct {
        const char *node;
        const char *text;
    } bad[] = {
        {"there; A 10.0.0.11 dynamic; BAD", "DC=directaccess-x,DC=corp.example.net: malformed dnsRecord value "
                                            "030001000500000000000000000000000000000000000000616263: an IPv4 address "
                                            "is not of 4 octets"},
        {"there; BADNAME", "DC=directaccess-x,DC=corp.example.net: malformed dnsRecord value "
                           "0500020005000000000000000000000000000000000000000302017900: the lengths in a name do not "
                           "agree"},
        {"deleted; BAD", "DC=directaccess-x,DC=corp.example.net: malformed dnsRecord value "
                         "030001000500000000000000000000000000000000000000616263: an IPv4 address is not of 4 octets"},
    };
    const struct da_owner *owner = owner_of(*state, PROBE);
    const struct da_pin_terms terms = {.ttl = TTL, .serial = SERIAL};

    for (size_t i = 0; i < LENGTH_OF(bad); i++) {
        struct da_error error = {0};
        struct da_pin_plan plan;
        struct made made;
        bool has;
        make_node(bad[i].node, &made);
        assert_int_equal(da_pin_plan(&terms, owner, &made.node, &plan, &error), DA_ERR_VALUE);
        assert_string_equal(error.text, bad[i].text);
        da_pin_plan_clear(&plan);
        assert_int_equal(da_pin_node_has(&made.node, DA_TYPE_A, &has, NULL), DA_ERR_VALUE);
    }
}

static void has_types(void **state)
{
    static const struct {
        const char *node;
        uint16_t type;
        bool has;
    } nodes[] = {
        {"there; NS; TXT", DA_TYPE_NS, true},     {"there; TXT; NS", DA_TYPE_NS, true},
        {"there; TXT", DA_TYPE_NS, false},        {"there", DA_TYPE_NS, false},
        {"deleted; NS", DA_TYPE_NS, false},       {"none", DA_TYPE_NS, false},
        {"there; NS; TXT", DA_TYPE_CNAME, false},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(nodes); i++) {
        struct made made;
        bool has = !nodes[i].has;
        make_node(nodes[i].node, &made);
        assert_int_equal(da_pin_node_has(&made.node, nodes[i].type, &has, NULL), DA_OK);
        assert_int_equal(has, nodes[i].has);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans),     cmocka_unit_test(values),    cmocka_unit_test(ttls),
        cmocka_unit_test(malformed), cmocka_unit_test(has_types),
    };
    return cmocka_run_group_tests(tests, open_set, close_set);
}
