/* transfer.h - HTTP by libcurl's multi interface: some fetches at once, on one thread. Private to fetch.c. */
#ifndef DA_PROBE_TRANSFER_H
#define DA_PROBE_TRANSFER_H

#include "error.h"
#include "name.h"
#include "probe/fetch.h"
#include "probe/view.h"

struct da_transfers {
    const struct da_fetching *fetching;
    /* Gives the next fetch, of which suffix and address are set, and the name of its host; NULL = there are no more. */
    struct da_fetch *(*next)(void *arg, struct da_name *name);
    void (*done)(void *arg); /* one more has ended */
    void *arg;
    size_t at_once; /* the most */
};

/* Fills all fetches in. Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO where libcurl cannot be used. */
enum da_status da_transfers_run(const struct da_transfers *transfers, struct da_error *error);

/* True where a redirect leads to the same host, scheme and port as the URL it came from. */
bool da_transfer_stays(const char *from, const char *to);

/* Looks for text in octets that come in pieces. */
struct da_searching {
    const char *text;
    size_t matched; /* octets of text at the end of what came; all of them = found */
};
void da_search(struct da_searching *searching, const char *octets, size_t length);
bool da_search_found(const struct da_searching *searching);

#endif
