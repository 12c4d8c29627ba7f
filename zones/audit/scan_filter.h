/* scan_filter.h - whether a line begins with one of the filter's labels. Private to the scanner.
 *
 * Two steps: the first three octets turn nearly all lines away, a hash of the whole first label the rest. */
#ifndef DA_SCAN_FILTER_H
#define DA_SCAN_FILTER_H

#include "audit/scan.h"

#include <string.h>

struct da_scan_label {
    uint8_t length;
    uint8_t octets[DA_SCAN_LABEL_MAX]; /* folded; behind the length 0 */
};

struct da_scan_filter {
    /* By the first two octets of a line, as they lie in memory: the kinds, one a bit, that the third may be of for the
     * line to match; and the kinds of every octet. */
    uint8_t pairs[65536], kinds[256];
    uint64_t lengths;  /* bit n: a label has n octets */
    uint8_t fold[256]; /* an octet of a label in lower case; 0 = it ends one */
    size_t count;
    struct da_scan_label *labels; /* sorted */
    size_t slot_mask;
    uint32_t *slots; /* open addressing, at most a quarter full: number of a label from 1; 0 = a free slot */
};

enum da_scan_match {
    DA_SCAN_MATCH_NONE,
    DA_SCAN_MATCH_LABEL,   /* the first label is one of the filter's */
    DA_SCAN_MATCH_SPECIAL, /* what it is only its reader can tell: it is escaped, quoted, "@" or such */
};

/* 0 where da_scan_match() would not match; else that says little. Three octets can be read there. */
static inline unsigned da_scan_may_match(const struct da_scan_filter *filter, const char *line)
{
    uint16_t pair;

    memcpy(&pair, line, sizeof(pair));
    return filter->pairs[pair] & filter->kinds[(uint8_t)line[2]];
}

/* DA_SCAN_LABEL_MAX + 1 octets can be read there, or up to one that ends a label. */
enum da_scan_match da_scan_match(const struct da_scan_filter *filter, const char *line);

#endif
