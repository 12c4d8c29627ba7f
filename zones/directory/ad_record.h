/* ad_record.h - values of the attribute dnsRecord, as Active Directory keeps DNS records.
 *
 * Layout: [MS-DNSP] section 2.3.2.2: little-endian but for the TTL; names in data as DNS_COUNT_NAME
 * (section 2.2.2.2.2). A value comes from whoever may write to the directory, so that every length is checked. Nothing
 * allocates; any thread may call. */
#ifndef DA_AD_RECORD_H
#define DA_AD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DA_AD_HEADER_LENGTH 24    /* octets in front of the data */
#define DA_AD_VALUE_MAX     65559 /* octets: the header, and data of 16 bits of length */
#define DA_AD_ADDRESS_MAX   40    /* octets of the value of an A or AAAA record */
#define DA_AD_TOMBSTONE     0     /* the type of a value that says when its node was deleted */
#define DA_AD_VERSION       5
#define DA_AD_RANK_ZONE     0xf0 /* data of the zone: section 2.2.2.2.4 … DNS_RPC_RECORD ranks */

/* A value taken apart. */
struct da_ad_record {
    uint16_t type; /* as in DNS; DA_AD_TOMBSTONE */
    uint8_t rank;
    uint16_t flags;
    uint32_t serial;
    uint32_t ttl;         /* seconds */
    uint32_t stamp;       /* hours since 1601-01-01 00:00 UTC; 0 = static */
    uint16_t data_length; /* octets */
    const uint8_t *data;  /* within the value */
};

/* Takes a value apart. Returns NULL, or what is wrong with it, as a phrase; record is then not to be looked at. */
const char *da_ad_record_read(const uint8_t *value, size_t length, struct da_ad_record *record);

/* Writes the data of a record as wire rdata, names not compressed: of A, AAAA, NS, CNAME, DNAME and SOA.
 *
 * rdata   room for size octets; 65535 are always enough
 * length  set to the octets written; 0 where the type is none of these
 * Returns NULL, or what is wrong with the data, as a phrase. */
const char *da_ad_record_rdata(const struct da_ad_record *record, uint8_t *rdata, size_t size, size_t *length);

/* When the node of a tombstone was deleted, as Unix time. Returns NULL, or what is wrong with the data. */
const char *da_ad_record_deleted(const struct da_ad_record *record, int64_t *unix_time);

/* Writes the value of an A or AAAA record: type, rank, serial, ttl, stamp and data of record; flags are 0. Returns its
 * length in octets. */
size_t da_ad_record_write(const struct da_ad_record *record, uint8_t value[static DA_AD_ADDRESS_MAX]);

#endif
