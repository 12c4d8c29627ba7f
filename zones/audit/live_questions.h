/* live_questions.h - what a server or a resolver is asked: a list that is never written out. Private to the live
 * sources. */
#ifndef DA_LIVE_QUESTIONS_H
#define DA_LIVE_QUESTIONS_H

#include "audit/live_message.h"
#include "audit/names.h"

struct da_questions {
    const struct da_names *names;
    bool authoritative; /* for a server that holds the zone: SOA and wildcards too, bare names not */
    size_t per_suffix;
    size_t count;
};

struct da_questions da_questions_of(const struct da_names *names, bool authoritative);

/* Gives question number index. Order: suffix as in the deployment; SOA; labels; blocked labels; "*"; A before AAAA; the
 * bare blocked names last. */
void da_questions_get(const struct da_questions *questions, size_t index, struct da_question *question);

#endif
