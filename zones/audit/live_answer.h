/* live_answer.h - the answer section of a resolver's reply, as a client reads it: aliases first, then addresses.
 *
 * Records of another class than IN are passed over. Everything returns DA_OK, DA_ERR_SYNTAX where the message is
 * malformed, or DA_ERR_MEMORY. */
#ifndef DA_LIVE_ANSWER_H
#define DA_LIVE_ANSWER_H

#include "audit/live_message.h"

/* Goes to the next record of an owner and type in the answer section, from a zeroed record on. found: whether there is
 * one; else record is not set. */
enum da_status da_answer_next(const struct da_message *message, const struct da_name *owner, uint16_t type,
                              struct da_record *record, bool *found);

/* Follows the aliases (CNAME) of a name, within the section: at, which is the name at first, becomes the last one's
 * target. first: the name's own, where count is more than 0. */
enum da_status da_answer_follow(const struct da_message *message, struct da_name *at, struct da_record *first,
                                size_t *count);

#endif
