/* scan_masks.h - what the vector ways see of a block of 64 octets: masks with bit n for octet n. Private to the
 * scanner.
 */
#ifndef DA_SCAN_MASKS_H
#define DA_SCAN_MASKS_H

#include "audit/scan_state.h"

/* What is asked of every block. */
struct look {
    uint64_t lf, quote;
    bool rest; /* it has an octet of struct look_closer */
};

/* What is asked where there is any of it. */
struct look_closer {
    uint64_t cr, escape; /* CR, "\" */
    uint64_t hard;       /* NUL, "(" and ")" */
};

/* By the mode of walk(), the octets that matter in it. */
struct marks {
    uint64_t in[DA_SCAN_MODES];
};

#endif
