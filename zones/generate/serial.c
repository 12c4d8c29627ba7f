#include "generate/serial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool da_serial_rule_from_text(const char *text, struct da_serial_rule *rule)
{
    char *end;

    if (strcmp(text, "auto") == 0) {
        rule->choice = DA_SERIAL_AUTO;
        return true;
    }
    if (strcmp(text, "unixtime") == 0) {
        rule->choice = DA_SERIAL_UNIXTIME;
        return true;
    }
    if (text[strspn(text, "0123456789")] != '\0')
        return false;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno != 0 || number < 1 || number > UINT32_MAX)
        return false;
    *rule = (struct da_serial_rule){DA_SERIAL_NUMBER, (uint32_t)number};
    return true;
}

bool da_serial_is_higher(uint32_t a, uint32_t b)
{
    uint32_t distance = a - b;
    return distance != 0 && distance < UINT32_C(1) << 31;
}

static uint32_t not_zero(uint32_t serial)
{
    return serial != 0 ? serial : 1;
}

enum da_status da_serial_choose(const struct da_serial_rule *rule, uint32_t now, const struct da_zone_digest *before,
                                const struct da_zone_digest *after, uint32_t *serial, struct da_error *error)
{
    bool same = before != NULL && da_zone_digest_equal(before, after);
    uint32_t chosen = rule->choice == DA_SERIAL_NUMBER ? rule->number : not_zero(now);

    if (before != NULL && rule->choice == DA_SERIAL_AUTO)
        chosen = same && before->serial != 0 ? before->serial : not_zero(before->serial + 1);
    else if (before != NULL && !da_serial_is_higher(chosen, before->serial) && !(same && chosen == before->serial))
        return da_error_set(
            error, DA_ERR_VALUE, NULL,
            "serial %u is not higher (RFC 1982) than %u, which the file has: secondaries would not take "
            "the zone; give a higher --serial, or leave it to --serial auto",
            chosen, before->serial);
    *serial = chosen;
    return DA_OK;
}
