/* serial.h - the serial of a generated zone.
 *
 * A secondary takes a zone over only where its serial is higher, in the arithmetic of RFC 1982, than the one it has. So
 * a zone that changes needs a higher serial, and one that does not change keeps its own. What a zone was before is read
 * from the file that is about to be replaced. */
#ifndef DA_SERIAL_H
#define DA_SERIAL_H

#include "error.h"
#include "generate/zone_digest.h"

#include <stdbool.h>
#include <stdint.h>

enum da_serial_choice {
    DA_SERIAL_AUTO,     /* as it was where the records are the same, else one higher; the Unix time for a new file */
    DA_SERIAL_UNIXTIME, /* the Unix time */
    DA_SERIAL_NUMBER,   /* the number given */
};

struct da_serial_rule {
    enum da_serial_choice choice;
    uint32_t number; /* DA_SERIAL_NUMBER: 1 … 2^32-1 */
};

/* Reads "auto", "unixtime" or a number. Returns false, and leaves the rule alone, on anything else. */
bool da_serial_rule_from_text(const char *text, struct da_serial_rule *rule);

/* True where serial a is higher than b: RFC 1982 section 3.2. Serials half the circle apart are not comparable: false.
 */
bool da_serial_is_higher(uint32_t a, uint32_t b);

/* Chooses the serial of a zone that takes the place of another. 0 is never chosen: some programs take it for none.
 *
 * now     Unix time
 * before  what the zone was; NULL = there was none
 * after   what it becomes
 * serial  set on success only
 * error   names the two serials
 * Returns DA_OK, or DA_ERR_VALUE where the rule's serial would keep secondaries from taking the zone: it is lower than
 * the one before, or the same while the records are not. */
enum da_status da_serial_choose(const struct da_serial_rule *rule, uint32_t now, const struct da_zone_digest *before,
                                const struct da_zone_digest *after, uint32_t *serial, struct da_error *error);

#endif
