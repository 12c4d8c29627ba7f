/* Every format, read back by another reader than it was written with, holds exactly the records of the set. */
#include "unit.h"

#include "generate/format.h"

#include <errno.h>
#include <jansson.h>
#include <ldns/ldns.h>
#include <stdio.h>

#define ENTRY4 "{name: a, nat64-prefix: 'fd12:3456:789a:7777::/96', "
#define ENTRY4B                                                                                                        \
    "{name: b, nat64-prefix: 'fd12:3456:789b::/48', servers: [{name: t, address: 10.2.0.11}, {name: u, address: "      \
    "10.2.0.12}], load-balancer: {kind: external, vip: 10.2.0.10}}"
#define ONE4 ENTRY4 "servers: [{name: s, address: 10.1.0.11}]}"
#define TWO4                                                                                                           \
    ENTRY4 "servers: [{name: s, address: 10.1.0.11}, {name: t, address: 10.1.0.12}], load-balancer: {kind: nlb, vip: " \
           "10.1.0.10}}"
#define DUAL6 "{name: a, servers: [{name: s, address: 10.1.0.11, ipv6-address: '2001:db8::11'}]}"

/* A blocked label of 63 octets in front of the long suffix is longer than a name may be. */
#define BLOCKED63 "b" L62
#define L62       "a23456789b123456789c123456789d123456789e123456789f123456789012"

static const char *const deployments[] = {
    "suffixes: [corp.example.net]\nnetwork: ipv4-only\nentry-points: [" ONE4 "]\n",
    "suffixes: [corp.example.net]\nnetwork: ipv4-only\nttl: 1\nnegative-ttl: 10800\nisatap-router: ISATAP-da\n"
    "entry-points: [" TWO4 "]\n",
    "suffixes: [a.Corp.example.net, corp.example.net]\nnetwork: ipv4-only\nttl: 86400\nnegative-ttl: 1\n"
    "network-location-server: true\nblock: [isatap, WPAD]\nentry-points: [" ONE4 ", " ENTRY4B "]\n",
    "suffixes: [corp.example.net]\nnetwork: ipv6\nnetwork-location-server: true\nentry-points: [" DUAL6 "]\n",
    "suffixes: [" L62 "." L62 "." L62 ".net, net]\nnetwork: ipv4-only\nblock: [isatap, " BLOCKED63 "]\n"
    "entry-points: [" ONE4 "]\n",
};

/* ---- records as sorted wire form ---- */

#define RECORD_MAX (DA_NAME_MAX + 10 + DA_SOA_RDATA_LENGTH)

struct record {
    size_t length;
    uint8_t wire[RECORD_MAX]; /* as in a message: owner, type, class, TTL, length and data */
};

struct records {
    size_t count, room;
    struct record *list;
};

static struct record *add_record(struct records *records)
{
    if (records->count == records->room) {
        records->room = records->room > 0 ? 2 * records->room : 16;
        records->list = realloc(records->list, records->room * sizeof(*records->list));
        assert_non_null(records->list);
    }
    struct record *record = &records->list[records->count++];
    memset(record, 0, sizeof(*record));
    return record;
}

static void put(struct record *record, uint32_t value, size_t octets)
{
    while (octets-- > 0)
        record->wire[record->length++] = (uint8_t)(value >> (8 * octets));
}

static void put_octets(struct record *record, const uint8_t *octets, size_t length)
{
    memcpy(record->wire + record->length, octets, length);
    record->length += length;
}

/* Adds a record that was read, and frees it. */
static void add_rr(struct records *records, ldns_rr *rr)
{
    struct record *record = add_record(records);
    uint8_t *wire = NULL;
    size_t length = 0;

    assert_int_equal(ldns_rr2wire(&wire, rr, LDNS_SECTION_ANSWER, &length), LDNS_STATUS_OK);
    assert_true(length <= sizeof(record->wire));
    put_octets(record, wire, length);
    free(wire);
    ldns_rr_free(rr);
}

/* What the set holds, written here octet by octet: ldns is not asked. */
static struct records records_of(const struct da_record_set *set)
{
    struct da_rrset_cursor cursor = {0};
    struct records records = {0};

    while (da_record_set_next(set, &cursor)) {
        for (size_t i = 0; i < cursor.rrset->count; i++) {
            struct record *record = add_record(&records);
            put_octets(record, cursor.name.wire, cursor.name.length);
            put(record, cursor.rrset->type, 2);
            put(record, 1, 2);
            put(record, set->ttl, 4);
            put(record, cursor.rrset->rdata_length, 2);
            put_octets(record, cursor.rrset->rdata + i * cursor.rrset->rdata_length, cursor.rrset->rdata_length);
        }
    }
    return records;
}

static void add_soa(struct records *records, const struct da_name *owner, uint32_t minimum)
{
    struct record *record = add_record(records);
    uint8_t rdata[DA_SOA_RDATA_LENGTH];

    da_soa_rdata(minimum, rdata);
    put_octets(record, owner->wire, owner->length);
    put(record, DA_TYPE_SOA, 2);
    put(record, 1, 2);
    put(record, minimum, 4);
    put(record, sizeof(rdata), 2);
    put_octets(record, rdata, sizeof(rdata));
}

static int compare_records(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct record));
}

/* Compares and frees both. */
static void assert_same_records(struct records *read, struct records *expected)
{
    assert_int_equal(read->count, expected->count);
    if (read->list == NULL || expected->list == NULL) {
        fail_msg("no records, and no deployment is without");
        return;
    }
    qsort(read->list, read->count, sizeof(*read->list), compare_records);
    qsort(expected->list, expected->count, sizeof(*expected->list), compare_records);
    for (size_t i = 0; i < read->count; i++)
        assert_memory_equal(&read->list[i], &expected->list[i], sizeof(struct record));
    free(read->list);
    free(expected->list);
}

/* ---- what a format writes ---- */

static struct da_record_set *must_build(const char *yaml)
{
    struct da_deployment *deployment = must_parse(yaml);
    struct da_record_set *set = NULL;

    assert_int_equal(da_record_set_new(deployment, &set), DA_OK);
    da_deployment_free(deployment);
    return set;
}

static struct da_format_request request_for(const struct da_record_set *set)
{
    struct da_format_request request = {.set = set, .serial = {DA_SERIAL_NUMBER, 7}};

    assert_int_equal(da_name_from_hostname(DA_RPZ_ZONE_DEFAULT, &request.rpz_zone), DA_OK);
    return request;
}

/* The caller frees it. */
static char *must_write(const char *name, const struct da_format_request *request)
{
    const struct da_format *format = da_format_find(name);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(format);
    assert_int_equal(format->write(format, request, out), DA_OK);
    fclose(out);
    assert_true(size > 0 && text[size - 1] == '\n' && text[size - 2] != '\n');
    return text;
}

/* ---- zone ---- */

/* Reads a master file by ldns, for which an origin that it is not told of is the root. */
static struct records read_zone(char *text)
{
    struct records records = {0};
    ldns_rdf *origin = NULL, *previous = NULL;
    uint32_t ttl = 3600;
    FILE *in = fmemopen(text, strlen(text), "r");

    assert_non_null(in);
    while (!feof(in)) {
        ldns_rr *rr = NULL;
        ldns_status status = ldns_rr_new_frm_fp(&rr, in, &ttl, &origin, &previous);
        if (status == LDNS_STATUS_OK)
            add_rr(&records, rr);
        else if (status != LDNS_STATUS_SYNTAX_ORIGIN && status != LDNS_STATUS_SYNTAX_EMPTY)
            fail_msg("%s", ldns_get_errorstr_by_id(status));
    }
    fclose(in);
    ldns_rdf_deep_free(origin);
    ldns_rdf_deep_free(previous);
    return records;
}

static void zone_rereads(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH_OF(deployments); i++) {
        struct da_record_set *set = must_build(deployments[i]);
        struct da_format_request request = request_for(set);
        char *text = must_write("zone", &request);
        struct records read = read_zone(text), expected = records_of(set);

        assert_same_records(&read, &expected);
        free(text);
        da_record_set_free(set);
    }
}

/* ---- unbound ---- */

/* The local zones there must be, as text of lines "NAME TYPE", and their SOA records. */
static void expect_local_zones(const struct da_record_set *set, struct records *records, FILE *zones)
{
    static const struct da_name root = {.length = 1};
    struct da_name name;
    char text[DA_NAME_TEXT_MAX];

    for (size_t i = 0; i <= set->suffix_count; i++) {
        const struct da_name *parent = i == 0 ? &root : &set->suffixes[i - 1];
        for (size_t j = 0; j < set->block_count; j++) {
            if (1 + strlen(set->block[j]) + parent->length > DA_NAME_MAX)
                continue;
            assert_int_equal(da_name_prepend(set->block[j], parent, &name), DA_OK);
            fprintf(zones, "\"%s\" always_nxdomain\n", da_name_to_text(&name, text));
            add_soa(records, &name, set->negative_ttl);
        }
        for (size_t j = 0; i > 0 && j < set->owner_count; j++) {
            assert_int_equal(da_name_prepend(set->owners[j].label, parent, &name), DA_OK);
            fprintf(zones, "\"%s\" transparent\n", da_name_to_text(&name, text));
            add_soa(records, &name, set->negative_ttl);
        }
    }
}

/* Takes the include apart: local-data to records, local-zone to lines. */
static struct records read_unbound(char *text, FILE *zones)
{
    static const char zone[] = "    local-zone: ", data[] = "    local-data: \"";
    struct records records = {0};
    size_t servers = 0;

    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        ldns_rr *rr = NULL;
        if (strncmp(line, zone, strlen(zone)) == 0) {
            fprintf(zones, "%s\n", line + strlen(zone));
        } else if (strncmp(line, data, strlen(data)) == 0) {
            char *quote = strrchr(line, '"');
            assert_string_equal(quote, "\"");
            *quote = '\0';
            assert_int_equal(ldns_rr_new_frm_str(&rr, line + strlen(data), 0, NULL, NULL), LDNS_STATUS_OK);
            add_rr(&records, rr);
        } else if (strcmp(line, "server:") == 0) {
            servers++;
        } else {
            assert_int_equal(line[strspn(line, " ")], '#');
        }
    }
    assert_int_equal(servers, 1);
    return records;
}

static void unbound_rereads(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH_OF(deployments); i++) {
        struct da_record_set *set = must_build(deployments[i]);
        struct da_format_request request = request_for(set);
        char *text = must_write("unbound", &request), *got = NULL, *wanted = NULL;
        size_t got_size = 0, wanted_size = 0;
        FILE *got_zones = open_memstream(&got, &got_size), *wanted_zones = open_memstream(&wanted, &wanted_size);
        struct records read = read_unbound(text, got_zones), expected = records_of(set);

        expect_local_zones(set, &expected, wanted_zones);
        fclose(got_zones);
        fclose(wanted_zones);
        assert_string_equal(got, wanted);
        assert_same_records(&read, &expected);
        free(got);
        free(wanted);
        free(text);
        da_record_set_free(set);
    }
}

/* ---- json ---- */

static void assert_members(const json_t *object, const char *const *names, size_t count)
{
    size_t i = 0;

    assert_int_equal(json_object_size(object), count);
    for (void *at = json_object_iter((json_t *)object); at != NULL; at = json_object_iter_next((json_t *)object, at))
        assert_string_equal(json_object_iter_key(at), names[i++]); /* jansson keeps the order of the text */
}

static struct records read_json(const json_t *root)
{
    static const char *const members[] = {"owner", "type", "ttl", "rdata"};
    struct records records = {0};
    const json_t *rrset, *rdata;
    size_t i, j;

    json_array_foreach(json_object_get(root, "records"), i, rrset)
    {
        assert_members(rrset, members, LENGTH_OF(members));
        json_array_foreach(json_object_get(rrset, "rdata"), j, rdata)
        {
            char line[2048];
            ldns_rr *rr = NULL;
            snprintf(line, sizeof(line), "%s %lld IN %s %s", json_string_value(json_object_get(rrset, "owner")),
                     (long long)json_integer_value(json_object_get(rrset, "ttl")),
                     json_string_value(json_object_get(rrset, "type")), json_string_value(rdata));
            assert_int_equal(ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL), LDNS_STATUS_OK);
            add_rr(&records, rr);
        }
    }
    return records;
}

static void assert_json_facts(const json_t *root, const struct da_record_set *set)
{
    const json_t *suffixes = json_object_get(root, "suffixes"), *block = json_object_get(root, "block");
    char text[DA_NAME_TEXT_MAX];

    assert_int_equal(json_integer_value(json_object_get(root, "format")), 1);
    assert_string_equal(json_string_value(json_object_get(root, "generator")), "directaccess-dns " DA_VERSION);
    assert_string_equal(json_string_value(json_object_get(root, "fingerprint")), set->fingerprint);
    assert_int_equal(json_integer_value(json_object_get(root, "ttl")), set->ttl);
    assert_int_equal(json_integer_value(json_object_get(root, "negative-ttl")), set->negative_ttl);
    assert_int_equal(json_array_size(suffixes), set->suffix_count);
    for (size_t i = 0; i < set->suffix_count; i++)
        assert_string_equal(json_string_value(json_array_get(suffixes, i)), da_name_to_text(&set->suffixes[i], text));
    assert_int_equal(json_array_size(block), set->block_count);
    for (size_t i = 0; i < set->block_count; i++)
        assert_string_equal(json_string_value(json_array_get(block, i)), set->block[i]);
}

static void json_rereads(void **state)
{
    static const char *const members[] = {"format",       "generator", "fingerprint", "ttl",
                                          "negative-ttl", "suffixes",  "block",       "records"};
    (void)state;
    for (size_t i = 0; i < LENGTH_OF(deployments); i++) {
        struct da_record_set *set = must_build(deployments[i]);
        struct da_format_request request = request_for(set);
        char *text = must_write("json", &request);
        json_error_t error;
        json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

        if (root == NULL)
            fail_msg("%d:%d: %s", error.line, error.column, error.text);
        assert_members(root, members, LENGTH_OF(members));
        assert_json_facts(root, set);
        struct records read = read_json(root), expected = records_of(set);
        assert_same_records(&read, &expected);
        json_decref(root);
        free(text);
        da_record_set_free(set);
    }
}

/* ---- all of them ---- */

/* A stream that can take a few octets only, as a disk that is nearly full. */
static ssize_t take_few(void *cookie, const char *octets, size_t length)
{
    size_t *room = cookie;

    (void)octets;
    if (length > *room) {
        errno = ENOSPC;
        return 0;
    }
    *room -= length;
    return (ssize_t)length;
}

static void reports_a_full_disk(void **state)
{
    struct da_deployment *deployment = must_parse(deployments[2]);
    struct da_record_set *set = must_build(deployments[2]);
    struct da_format_request request = request_for(set);

    (void)state;
    request.deployment = deployment;
    request.entry_point = &deployment->entry_points[1];
    for (size_t i = 0; i < da_format_count; i++) {
        char *text = must_write(da_formats[i]->name, &request);
        for (size_t room = 0; room < strlen(text); room += 97) {
            size_t left = room;
            FILE *out = fopencookie(&left, "w", (cookie_io_functions_t){.write = take_few});
            setvbuf(out, NULL, _IONBF, 0);
            errno = 0;
            enum da_status status = da_formats[i]->write(da_formats[i], &request, out);
            if (status != DA_ERR_IO || errno != ENOSPC)
                fail_msg("%s with %zu octets of room: %d, %s", da_formats[i]->name, room, status, strerror(errno));
            fclose(out);
        }
        free(text);
    }
    da_record_set_free(set);
    da_deployment_free(deployment);
}

/* Lines of help and of head comments fit a terminal, and every format says of itself what the table promises. */
static void describes_formats(void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_null(da_format_find("Zone"));
    assert_null(da_format_find(""));
    da_format_help(out);
    fclose(out);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_in_range(strlen(line), 1, 80);
    free(text);
    for (size_t i = 0; i < da_format_count; i++) {
        assert_ptr_equal(da_format_find(da_formats[i]->name), da_formats[i]);
        assert_true(da_formats[i]->purpose && da_formats[i]->loading && da_formats[i]->expresses);
        assert_true(da_formats[i]->limits && da_formats[i]->checked && da_formats[i]->write);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zone_rereads),        cmocka_unit_test(unbound_rereads),   cmocka_unit_test(json_rereads),
        cmocka_unit_test(reports_a_full_disk), cmocka_unit_test(describes_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
