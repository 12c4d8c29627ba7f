/* rr.h - records of the shared set as ldns resource records, and as lines of a zone file.
 *
 * A line is "owner TTL IN TYPE rdata" without newline, owner absolute; separator stands between its fields, a blank
 * between the parts of an SOA's rdata. NULL always means out of memory. */
#ifndef DA_RR_H
#define DA_RR_H

#include "name.h"
#include "record_set.h"

#include <ldns/ldns.h>
#include <stddef.h>
#include <stdint.h>

/* Octets of any address as text, with its NUL. */
#define DA_ADDRESS_TEXT_MAX 46

/* Writes address number index of an RRset, IPv6 as RFC 5952 has it. Returns text. */
const char *da_rr_address(const struct da_rrset *rrset, size_t index, char text[static DA_ADDRESS_TEXT_MAX]);

/* "A" or "AAAA". */
const char *da_rr_type(const struct da_rrset *rrset);

/* Makes address number index of the RRset that the cursor is at. Freed with ldns_rr_free(). */
ldns_rr *da_rr_new(const struct da_record_set *set, const struct da_rrset_cursor *cursor, size_t index);

/* The same as a line. Freed with free(). */
char *da_rr_line(const struct da_record_set *set, const struct da_rrset_cursor *cursor, size_t index, char separator);

/* The SOA that negative answers carry, as a line; negative_ttl in seconds. Freed with free(). */
char *da_rr_soa_line(const struct da_name *owner, uint32_t negative_ttl, char separator);

#endif
