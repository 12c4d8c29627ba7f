#include "probe/view.h"

#include <stdlib.h>
#include <string.h>

void da_view_clear(struct da_view *view)
{
    for (size_t i = 0; view->seen != NULL && i < view->seen_count; i++) {
        free(view->seen[i].addresses);
        free(view->seen[i].why);
    }
    free(view->seen);
    free(view->fetches);
    view->seen = NULL;
    view->fetches = NULL;
    view->seen_count = view->fetch_count = 0;
}

const struct da_seen *da_view_seen(const struct da_view *view, size_t resolver, size_t suffix, enum da_asked asked,
                                   const char *label, uint16_t type)
{
    size_t index;

    if (view->seen == NULL || !da_probe_question_find(&view->questions, suffix, asked, label, type, &index))
        return NULL;
    return &view->seen[resolver * view->questions.count + index];
}

static int compare(const struct da_fetch *fetch, size_t suffix, const struct da_seen_address *address)
{
    if (fetch->suffix != suffix)
        return fetch->suffix < suffix ? -1 : 1;
    if (fetch->address.length != address->length)
        return fetch->address.length < address->length ? -1 : 1;
    return memcmp(fetch->address.octets, address->octets, address->length);
}

const struct da_fetch *da_view_fetch(const struct da_view *view, size_t suffix, const struct da_seen_address *address)
{
    size_t low = 0;
    size_t high = view->fetch_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(&view->fetches[middle], suffix, address);
        if (order == 0)
            return &view->fetches[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
