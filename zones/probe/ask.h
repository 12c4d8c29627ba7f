/* ask.h - the questions of a probe: fills da_view.seen. */
#ifndef DA_PROBE_ASK_H
#define DA_PROBE_ASK_H

#include "probe/view.h"
#include "record_set.h"

#include <stdio.h>

/* Asks every resolver for A and AAAA of: "isatap" and the blocked labels bare; and under every suffix of the set
 * corpConnectivityHost, WebProbeHost, "isatap" and the blocked labels. view->resolvers is set; the rest is filled.
 * timeout: seconds a question. progress: a line for a terminal, or NULL. Returns DA_OK or DA_ERR_MEMORY. */
enum da_status da_probe_ask(const struct da_record_set *set, unsigned timeout, FILE *progress, struct da_view *view);

#endif
