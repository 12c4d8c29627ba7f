#include "directory/ad_record.h"

#include "name.h"
#include "record_set.h"

#include "audit/collection.h"

#include <string.h>

#define SOA_NUMBERS           20 /* octets of serial, refresh, retry, expire, minimum */
#define TOMBSTONE_LENGTH      8  /* octets: a FILETIME */
#define FILETIME_SECOND       10000000
#define SECONDS_FROM_FILETIME INT64_C(11644473600) /* 1601-01-01 until 1970-01-01 */

/* Where fields are. */
enum {
    AT_LENGTH = 0,
    AT_TYPE = 2,
    AT_VERSION = 4,
    AT_RANK = 5,
    AT_FLAGS = 6,
    AT_SERIAL = 8,
    AT_TTL = 12,
    AT_STAMP = 20,
};

/* ---- numbers ---- */

static uint16_t read_u16(const uint8_t *octets)
{
    return (uint16_t)(octets[0] | octets[1] << 8);
}

static uint32_t read_u32(const uint8_t *octets)
{
    return read_u16(octets) | (uint32_t)read_u16(octets + 2) << 16;
}

static uint32_t read_u32_big_endian(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 | octets[3];
}

static void write_u16(uint8_t *octets, uint16_t number)
{
    octets[0] = (uint8_t)number;
    octets[1] = (uint8_t)(number >> 8);
}

static void write_u32(uint8_t *octets, uint32_t number)
{
    write_u16(octets, (uint16_t)number);
    write_u16(octets + 2, (uint16_t)(number >> 16));
}

static void write_u32_big_endian(uint8_t *octets, uint32_t number)
{
    for (unsigned i = 0; i < 4; i++)
        octets[i] = (uint8_t)(number >> (24 - 8 * i));
}

/* ---- values ---- */

const char *da_ad_record_read(const uint8_t *value, size_t length, struct da_ad_record *record)
{
    if (length < DA_AD_HEADER_LENGTH)
        return "it is shorter than its header";
    if (value[AT_VERSION] != DA_AD_VERSION)
        return "its version is not 5";
    *record = (struct da_ad_record){
        .type = read_u16(value + AT_TYPE),
        .rank = value[AT_RANK],
        .flags = read_u16(value + AT_FLAGS),
        .serial = read_u32(value + AT_SERIAL),
        .ttl = read_u32_big_endian(value + AT_TTL),
        .stamp = read_u32(value + AT_STAMP),
        .data_length = read_u16(value + AT_LENGTH),
        .data = value + DA_AD_HEADER_LENGTH,
    };
    if (record->data_length != length - DA_AD_HEADER_LENGTH)
        return "its data is not as long as it says";
    return NULL;
}

size_t da_ad_record_write(const struct da_ad_record *record, uint8_t value[static DA_AD_ADDRESS_MAX])
{
    memset(value, 0, DA_AD_HEADER_LENGTH);
    write_u16(value + AT_LENGTH, record->data_length);
    write_u16(value + AT_TYPE, record->type);
    value[AT_VERSION] = DA_AD_VERSION;
    value[AT_RANK] = record->rank;
    write_u32(value + AT_SERIAL, record->serial);
    write_u32_big_endian(value + AT_TTL, record->ttl);
    write_u32(value + AT_STAMP, record->stamp);
    memcpy(value + DA_AD_HEADER_LENGTH, record->data, record->data_length);
    return DA_AD_HEADER_LENGTH + (size_t)record->data_length;
}

/* ---- data ---- */

struct rest {
    const uint8_t *at;
    size_t length;
};

/* Data as it is written. */
struct written {
    uint8_t *at;
    size_t size, length;
};

static const char *put(struct written *written, const uint8_t *octets, size_t length)
{
    if (length > written->size - written->length)
        return "it does not fit";
    memcpy(written->at + written->length, octets, length);
    written->length += length;
    return NULL;
}

/* True where these octets, of which there are 1 to 255, are a name on the wire of so many labels, to the last. */
static bool is_name(const uint8_t *wire, size_t length, unsigned labels)
{
    size_t at = 0;

    for (; labels > 0; labels--) {
        if (at >= length || wire[at] == 0 || wire[at] > DA_LABEL_MAX)
            return false;
        at += 1u + wire[at];
    }
    return at == length - 1 && wire[at] == 0;
}

/* Length, number of labels, and the name as on the wire; of the root it may be nothing. */
static const char *put_name(struct rest *rest, struct written *written)
{
    static const uint8_t root[] = {0};

    if (rest->length < 2)
        return "a name is cut off";
    size_t length = rest->at[0];
    unsigned labels = rest->at[1];
    const uint8_t *wire = rest->at + 2;
    if (length > rest->length - 2)
        return "a name is longer than the data";
    rest->at += 2 + length;
    rest->length -= 2 + length;
    if (length == 0 && labels == 0)
        return put(written, root, sizeof(root));
    if (length == 0 || !is_name(wire, length, labels))
        return "the lengths in a name do not agree";
    return put(written, wire, length);
}

static const char *put_address(const struct da_ad_record *record, size_t length, struct written *written)
{
    if (record->data_length != length)
        return length == DA_IPV4_LEN ? "an IPv4 address is not of 4 octets" : "an IPv6 address is not of 16 octets";
    return put(written, record->data, length);
}

static const char *put_one_name(const struct da_ad_record *record, struct written *written)
{
    struct rest rest = {record->data, record->data_length};
    const char *fault = put_name(&rest, written);

    return fault == NULL && rest.length > 0 ? "there is more behind the name" : fault;
}

/* The numbers stand in front of the names, and are big-endian. */
static const char *put_soa(const struct da_ad_record *record, struct written *written)
{
    struct rest rest = {record->data + SOA_NUMBERS, 0};

    if (record->data_length < SOA_NUMBERS)
        return "an SOA is cut off";
    rest.length = record->data_length - (size_t)SOA_NUMBERS;
    const char *fault = put_name(&rest, written);
    if (fault == NULL)
        fault = put_name(&rest, written);
    if (fault == NULL && rest.length > 0)
        fault = "there is more behind the names";
    return fault != NULL ? fault : put(written, record->data, SOA_NUMBERS);
}

const char *da_ad_record_rdata(const struct da_ad_record *record, uint8_t *rdata, size_t size, size_t *length)
{
    struct written written = {.at = rdata, .size = size};
    const char *fault = NULL;

    switch (record->type) {
    case DA_TYPE_A:
        fault = put_address(record, DA_IPV4_LEN, &written);
        break;
    case DA_TYPE_AAAA:
        fault = put_address(record, DA_IPV6_LEN, &written);
        break;
    case DA_TYPE_NS:
    case DA_TYPE_CNAME:
    case DA_TYPE_DNAME:
        fault = put_one_name(record, &written);
        break;
    case DA_TYPE_SOA:
        fault = put_soa(record, &written);
        break;
    default:
        break;
    }
    *length = fault == NULL ? written.length : 0;
    return fault;
}

const char *da_ad_record_deleted(const struct da_ad_record *record, int64_t *unix_time)
{
    if (record->data_length != TOMBSTONE_LENGTH)
        return "the time of its deletion is not of 8 octets";
    uint64_t ticks = read_u32(record->data) | (uint64_t)read_u32(record->data + 4) << 32;
    *unix_time = (int64_t)(ticks / FILETIME_SECOND) - SECONDS_FROM_FILETIME;
    return NULL;
}
