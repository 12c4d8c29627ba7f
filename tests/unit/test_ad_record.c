/* dnsRecord values of Active Directory: taken apart, as wire rdata, and written. */
#include "unit.h"

#include "audit/aging.h"
#include "audit/collection.h"
#include "directory/ad_record.h"

#include <stdio.h>

#define VALUE_MAX 400

/* Octets from hexadecimal digits; blanks between them do not matter. */
static size_t from_hex(const char *hex, uint8_t octets[static VALUE_MAX])
{
    size_t length = 0;

    for (; *hex != '\0'; hex++) {
        unsigned octet = 0;
        if (*hex == ' ')
            continue;
        assert_true(length < VALUE_MAX && sscanf(hex, "%2x", &octet) == 1);
        octets[length++] = (uint8_t)octet;
        hex++;
    }
    return length;
}

/* A value as a directory kept it: A 10.0.0.10, TTL 1200, stamp 3733307. */
static const char kept[] = "04 00 01 00 05 f0 00 00 6e 00 00 00 00 00 04 b0 00 00 00 00 3b f7 38 00 0a 00 00 0a";

static void takes_apart(void **state)
{
    static const uint8_t address[] = {10, 0, 0, 10};
    uint8_t value[VALUE_MAX];
    struct da_ad_record record;
    (void)state;

    size_t length = from_hex(kept, value);
    assert_null(da_ad_record_read(value, length, &record));
    assert_int_equal(record.type, DA_TYPE_A);
    assert_int_equal(record.rank, DA_AD_RANK_ZONE);
    assert_int_equal(record.flags, 0);
    assert_int_equal(record.serial, 110);
    assert_int_equal(record.ttl, 1200);
    assert_int_equal(record.stamp, 3733307);
    assert_int_equal(record.data_length, 4);
    assert_memory_equal(record.data, address, sizeof(address));
}

/* Each field has octets that differ, so that none can be taken for another or in another order. */
static void every_field(void **state)
{
    uint8_t value[VALUE_MAX];
    struct da_ad_record record;
    (void)state;

    size_t length = from_hex("0300 1234 05 82 5678 9abcdef0 01020304 ffffffff 11223344 aabbcc", value);
    assert_null(da_ad_record_read(value, length, &record));
    assert_int_equal(record.type, 0x3412);
    assert_int_equal(record.rank, 0x82);
    assert_int_equal(record.flags, 0x7856);
    assert_int_equal(record.serial, 0xf0debc9a);
    assert_int_equal(record.ttl, 0x01020304);
    assert_int_equal(record.stamp, 0x44332211);
    assert_int_equal(record.data_length, 3);
    assert_ptr_equal(record.data, value + DA_AD_HEADER_LENGTH);
}

static void stamps(void **state)
{
    static const struct {
        const char *stamp;
        const char *text;
    } rows[] = {
        {"72063700", "2012-05-21T10:00:00Z"},
        {"94243700", "2013-04-07T20:00:00Z"},
        {"ad733700", "2015-07-30T13:00:00Z"},
        {"56a83800", "2024-08-03T22:00:00Z"},
    };
    char text[DA_AGING_TEXT_MAX], hex[VALUE_MAX];
    uint8_t value[VALUE_MAX];
    struct da_ad_record record;
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        snprintf(hex, sizeof(hex), "0400010005f000006e000000000004b000000000%s0a00000a", rows[i].stamp);
        size_t length = from_hex(hex, value);
        assert_null(da_ad_record_read(value, length, &record));
        assert_string_equal(da_aging_text(da_aging_time(record.stamp), text), rows[i].text);
    }
}

static void refuses(void **state)
{
    static const struct {
        const char *hex;
        const char *fault;
    } rows[] = {
        {"", "it is shorter than its header"},
        {"04", "it is shorter than its header"},
        {"0000 0000 05f00000 00000000 00000000 00000000 000000", "it is shorter than its header"},
        {"0400 0100 04f00000 00000000 00000000 00000000 00000000 0a00000a", "its version is not 5"},
        {"0400 0100 06f00000 00000000 00000000 00000000 00000000 0a00000a", "its version is not 5"},
        {"0400 0100 05f00000 00000000 00000000 00000000 00000000 0a0000", "its data is not as long as it says"},
        {"0400 0100 05f00000 00000000 00000000 00000000 00000000 0a00000a00", "its data is not as long as it says"},
        {"0401 0100 05f00000 00000000 00000000 00000000 00000000 0a00000a", "its data is not as long as it says"},
        {"0400 0100 05f00000 00000000 00000000 00000000 00000000", "its data is not as long as it says"},
    };
    uint8_t value[VALUE_MAX];
    struct da_ad_record record;
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        size_t length = from_hex(rows[i].hex, value);
        const char *fault = da_ad_record_read(value, length, &record);
        assert_non_null(fault);
        assert_string_equal(fault, rows[i].fault);
    }
}

#define NUMBERS "00000007 00000384 00000258 00015180 00000e10"
#define A_B     "0502 0161 0162 00"

static void rdata(void **state)
{
    static const struct {
        uint16_t type;
        const char *data;
        const char *rdata; /* NULL = refused */
        const char *fault;
    } rows[] = {
        {DA_TYPE_A, "0a00000a", "0a00000a", NULL},
        {DA_TYPE_A, "", NULL, "an IPv4 address is not of 4 octets"},
        {DA_TYPE_A, "0a0000", NULL, "an IPv4 address is not of 4 octets"},
        {DA_TYPE_A, "0a00000a00", NULL, "an IPv4 address is not of 4 octets"},
        {DA_TYPE_AAAA, "fd123456789a777700000000 7f000001", "fd123456789a777700000000 7f000001", NULL},
        {DA_TYPE_AAAA, "0a00000a", NULL, "an IPv6 address is not of 16 octets"},
        {DA_TYPE_NS, A_B, "0161 0162 00", NULL},
        {DA_TYPE_CNAME, A_B, "0161 0162 00", NULL},
        {DA_TYPE_DNAME, "0301 0161 00", "0161 00", NULL},
        {DA_TYPE_NS, "0000", "00", NULL},
        {DA_TYPE_NS, "0100 00", "00", NULL},
        {DA_TYPE_NS, "", NULL, "a name is cut off"},
        {DA_TYPE_NS, "05", NULL, "a name is cut off"},
        {DA_TYPE_NS, "0502 0161 0162", NULL, "a name is longer than the data"},
        {DA_TYPE_NS, "0502", NULL, "a name is longer than the data"},
        {DA_TYPE_NS, "0001", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0101 00", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0100 01", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0402 0161 0162", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0502 0161 0162 01", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0502 0161 0262 00", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0501 0161 0162 00", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0503 0161 0162 00", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0602 0161 0162 0000", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0303 0000 00", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0302 0000 00", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, "0502 0161 c062 00", NULL, "the lengths in a name do not agree"},
        {DA_TYPE_NS, A_B "00", NULL, "there is more behind the name"},
        {DA_TYPE_SOA, NUMBERS A_B "0301 0163 00", "0161 0162 00 0163 00" NUMBERS, NULL},
        {DA_TYPE_SOA, NUMBERS "0000 0000", "0000" NUMBERS, NULL},
        {DA_TYPE_SOA, "", NULL, "an SOA is cut off"},
        {DA_TYPE_SOA, "00000007 00000384 00000258 00015180 00000e", NULL, "an SOA is cut off"},
        {DA_TYPE_SOA, NUMBERS, NULL, "a name is cut off"},
        {DA_TYPE_SOA, NUMBERS A_B, NULL, "a name is cut off"},
        {DA_TYPE_SOA, NUMBERS A_B "0602 0161 0162 00", NULL, "a name is longer than the data"},
        {DA_TYPE_SOA, NUMBERS A_B A_B "00", NULL, "there is more behind the names"},
        {16, "03616263", "", NULL},
        {DA_AD_TOMBSTONE, "0080fe4b65e5d901", "", NULL},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        uint8_t data[VALUE_MAX], got[VALUE_MAX], expected[VALUE_MAX];
        struct da_ad_record record = {.type = rows[i].type, .data = data};
        size_t length = 99;
        record.data_length = (uint16_t)from_hex(rows[i].data, data);
        const char *fault = da_ad_record_rdata(&record, got, sizeof(got), &length);
        if (rows[i].rdata == NULL) {
            assert_non_null(fault);
            assert_string_equal(fault, rows[i].fault);
            continue;
        }
        assert_null(fault);
        assert_int_equal(length, from_hex(rows[i].rdata, expected));
        assert_memory_equal(got, expected, length);
    }
}

/* A name of 255 octets, which is as long as one can be, and labels of 63 octets and of 64. */
static void long_names(void **state)
{
    uint8_t data[2 + 255] = {255, 4}, got[255];
    struct da_ad_record record = {.type = DA_TYPE_NS, .data_length = sizeof(data), .data = data};
    size_t length;
    (void)state;

    memset(data + 2, 'a', 254);
    for (size_t i = 0; i < 3; i++)
        data[2 + i * 64] = 63;
    data[2 + 192] = 61;
    assert_null(da_ad_record_rdata(&record, got, sizeof(got), &length));
    assert_int_equal(length, 255);
    assert_memory_equal(got, data + 2, 255);

    for (uint8_t label = 63; label <= 64; label++) {
        data[0] = (uint8_t)(label + 2);
        data[1] = 1;
        data[2] = label;
        memset(data + 3, 'a', label);
        data[3 + label] = 0;
        record.data_length = (uint16_t)(label + 4);
        assert_int_equal(da_ad_record_rdata(&record, got, sizeof(got), &length) == NULL, label == 63);
    }
}

static void never_writes_over_the_end(void **state)
{
    uint8_t data[VALUE_MAX], got[VALUE_MAX];
    struct da_ad_record record = {.type = DA_TYPE_SOA, .data = data};
    size_t length;
    (void)state;

    record.data_length = (uint16_t)from_hex(NUMBERS A_B "0301 0163 00", data);
    for (size_t size = 0; size <= 28; size++) {
        memset(got, 0xee, sizeof(got));
        const char *fault = da_ad_record_rdata(&record, got, size, &length);
        assert_true((fault == NULL) == (size == 28));
        assert_int_equal(length, fault == NULL ? 28 : 0);
        for (size_t i = size; i < sizeof(got); i++)
            assert_int_equal(got[i], 0xee);
    }
}

static void writes(void **state)
{
    uint8_t value[VALUE_MAX], again[DA_AD_ADDRESS_MAX];
    struct da_ad_record record;
    (void)state;

    size_t length = from_hex(kept, value);
    assert_null(da_ad_record_read(value, length, &record));
    assert_int_equal(da_ad_record_write(&record, again), length);
    assert_memory_equal(again, value, length);

    length = from_hex("1000 1c00 05f00000 12345678 00000e10 00000000 00000000 fd123456789a7777000000007f000001", value);
    assert_null(da_ad_record_read(value, length, &record));
    assert_int_equal(da_ad_record_write(&record, again), DA_AD_ADDRESS_MAX);
    assert_memory_equal(again, value, length);
}

static void deleted(void **state)
{
    static const struct {
        const char *data;
        const char *text; /* NULL = refused */
    } rows[] = {
        {"008025f9aedada01", "2024-07-20T14:13:20Z"},
        {"0100000000000000", "1601-01-01T00:00:00Z"}, /* older Samba: deleted, but nobody knows when */
        {"00803ed5deb19d01", "1970-01-01T00:00:00Z"},
        {"ffffffffffffffff", "60056-05-28T05:36:10Z"},
        {"00803ed5deb19d", NULL},
        {"00803ed5deb19d0100", NULL},
        {"", NULL},
    };
    char text[DA_AGING_TEXT_MAX];
    uint8_t data[VALUE_MAX];
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        struct da_ad_record record = {.type = DA_AD_TOMBSTONE, .data = data};
        int64_t time = 0;
        record.data_length = (uint16_t)from_hex(rows[i].data, data);
        const char *fault = da_ad_record_deleted(&record, &time);
        if (rows[i].text == NULL) {
            assert_non_null(fault);
            continue;
        }
        assert_null(fault);
        assert_string_equal(da_aging_text(time, text), rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_apart), cmocka_unit_test(every_field), cmocka_unit_test(stamps),
        cmocka_unit_test(refuses),     cmocka_unit_test(rdata),       cmocka_unit_test(long_names),
        cmocka_unit_test(writes),      cmocka_unit_test(deleted),     cmocka_unit_test(never_writes_over_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
