/* Values of dnsRecord and dNSProperty for libFuzzer: whatever the octets are, reading stays within them, data that is
 * read is rdata to ldns too, and an address that is written is the value that was read. */
#include "audit/collection.h"
#include "directory/ad_property.h"
#include "directory/ad_record.h"
#include "fuzz_names.h"

#include <ldns/ldns.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the format has no place for in a value that we write. */
static bool is_plain(const struct da_ad_record *record)
{
    static const uint8_t reserved[4];

    return record->flags == 0 && memcmp(record->data - 8, reserved, sizeof(reserved)) == 0;
}

static void check_address(const uint8_t *value, size_t length, const struct da_ad_record *record)
{
    uint8_t again[DA_AD_ADDRESS_MAX];

    if (!is_plain(record))
        return;
    promise(da_ad_record_write(record, again) == length);
    promise(memcmp(again, value, length) == 0);
}

/* ldns takes all of the rdata for what it is. */
static void check_rdata(uint16_t type, const uint8_t *rdata, size_t length)
{
    static uint8_t wire[2 + 65535];
    size_t used = 0;

    wire[0] = (uint8_t)(length >> 8);
    wire[1] = (uint8_t)length;
    memcpy(wire + 2, rdata, length);
    ldns_rr *rr = ldns_rr_new();
    promise(rr != NULL);
    ldns_rr_set_type(rr, (ldns_rr_type)type);
    promise(ldns_wire2rdf(rr, wire, 2 + length, &used) == LDNS_STATUS_OK && used == 2 + length);
    ldns_rr_free(rr);
}

static void read_record(const uint8_t *value, size_t length)
{
    static uint8_t rdata[65535];
    struct da_ad_record record;
    size_t rdata_length = 0;
    int64_t time;

    if (da_ad_record_read(value, length, &record) != NULL)
        return;
    promise(record.data == value + DA_AD_HEADER_LENGTH && record.data + record.data_length == value + length);
    const char *fault = da_ad_record_rdata(&record, rdata, sizeof(rdata), &rdata_length);
    promise(fault == NULL || rdata_length == 0);
    if (rdata_length > 0)
        check_rdata(record.type, rdata, rdata_length);
    if (rdata_length > 0 && (record.type == DA_TYPE_A || record.type == DA_TYPE_AAAA))
        check_address(value, length, &record);
    da_ad_record_deleted(&record, &time);
}

static void read_property(const uint8_t *value, size_t length)
{
    struct da_zone_aging aging = {0};

    da_ad_property_defaults(&aging);
    da_ad_property_read(value, length, &aging);
    promise(aging.intervals.no_refresh != 0 && aging.intervals.refresh != 0);
    promise(aging.updates <= DA_UPDATES_SECURE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    if ((data[0] & 1) == 0)
        read_record(data + 1, size - 1);
    else
        read_property(data + 1, size - 1);
    return 0;
}
