#include "probe/fetch.h"

#include "audit/live_progress.h"
#include "probe/transfer.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 32 /* fetches */

struct fetcher {
    const struct da_fetching *fetching;
    const struct da_record_set *set;
    struct da_view *view;
    struct da_progress progress;
    size_t next, done;
};

struct da_seen_address da_fetch_target(const struct da_deployment *deployment, bool dns64,
                                       const struct da_seen_address *address)
{
    struct da_seen_address target = {.length = DA_IPV4_LEN};
    struct da_ipv6 mapped;
    struct da_ipv4 inside;

    if (!dns64 || address->length != DA_IPV6_LEN)
        return *address;
    memcpy(mapped.octet, address->octets, DA_IPV6_LEN);
    for (size_t i = 0; i < deployment->entry_point_count; i++) {
        const struct da_prefix *prefix = &deployment->entry_points[i].nat64;
        if (prefix->length > 0 && da_prefix_extract(prefix, &mapped, &inside)) {
            memcpy(target.octets, inside.octet, DA_IPV4_LEN);
            return target;
        }
    }
    return *address;
}

/* ---- what is to be fetched ---- */

static int compare(const void *a, const void *b)
{
    const struct da_fetch *left = a, *right = b;

    if (left->suffix != right->suffix)
        return left->suffix < right->suffix ? -1 : 1;
    if (left->address.length != right->address.length)
        return left->address.length < right->address.length ? -1 : 1;
    return memcmp(left->address.octets, right->address.octets, left->address.length);
}

static size_t count_addresses(const struct da_view *view)
{
    size_t count = 0;

    for (size_t i = 0; i < view->seen_count; i++)
        if (view->seen[i].asked == DA_ASKED_WEB_PROBE)
            count += view->seen[i].address_count;
    return count;
}

/* Lists each suffix and address once, in order. */
static enum da_status list_fetches(const struct da_deployment *deployment, bool dns64, struct da_view *view)
{
    size_t most = count_addresses(view), count = 0, kept = 0;

    if (most == 0)
        return DA_OK;
    view->fetches = calloc(most, sizeof(*view->fetches));
    if (view->fetches == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < view->seen_count; i++) {
        const struct da_seen *seen = &view->seen[i];
        for (size_t j = 0; seen->asked == DA_ASKED_WEB_PROBE && j < seen->address_count; j++) {
            view->fetches[count].suffix = seen->suffix;
            view->fetches[count++].address = da_fetch_target(deployment, dns64, &seen->addresses[j]);
        }
    }
    qsort(view->fetches, count, sizeof(*view->fetches), compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || compare(&view->fetches[kept - 1], &view->fetches[i]) != 0)
            view->fetches[kept++] = view->fetches[i];
    view->fetch_count = kept;
    return DA_OK;
}

/* ---- all of it ---- */

/* A da_transfers.next. */
static struct da_fetch *next_fetch(void *arg, struct da_name *name)
{
    struct fetcher *fetcher = arg;
    struct da_view *view = fetcher->view;

    if (fetcher->next == view->fetch_count)
        return NULL;
    struct da_fetch *fetch = &view->fetches[fetcher->next++];
    /* A record set's owners fit in front of its suffixes. */
    da_name_prepend(da_label_web_probe, &fetcher->set->suffixes[fetch->suffix], name);
    return fetch;
}

/* A da_transfers.done. */
static void count_done(void *arg)
{
    struct fetcher *fetcher = arg;

    fetcher->done++;
    if (da_progress_is_due(&fetcher->progress))
        da_progress_show(&fetcher->progress, "dadns: %zu of %zu web probes", fetcher->done, fetcher->view->fetch_count);
}

enum da_status da_probe_fetch(const struct da_deployment *deployment, const struct da_record_set *set,
                              const struct da_fetching *fetching, FILE *progress, struct da_view *view,
                              struct da_error *error)
{
    struct fetcher fetcher = {.fetching = fetching, .set = set, .view = view, .progress = {.out = progress}};
    const struct da_transfers transfers = {
        .fetching = fetching, .next = next_fetch, .done = count_done, .arg = &fetcher, .at_once = AT_ONCE};

    enum da_status status = list_fetches(deployment, fetching->dns64, view);
    if (status == DA_OK && view->fetch_count > 0)
        status = da_transfers_run(&transfers, error);
    da_progress_end(&fetcher.progress);
    return status;
}
