#include "audit/collection.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define NONE SIZE_MAX

/* An owner that records were added for. */
struct owner {
    struct da_name name; /* as first spelled */
    size_t last;         /* index of the record added last; those before it by struct chain */
    size_t count;        /* of records */
    bool is_known;       /* the deployment tells the name beforehand */
    bool is_over;        /* there were more than DA_COLLECTION_RECORDS of them: no other is looked at */
    bool is_zone;        /* of the directory: told already */
    bool is_node;
    struct owner *bucket; /* the next in the same bucket */
};

/* What is beside a record until the collection is finished. */
struct chain {
    size_t before; /* the owner's record before this one; NONE = none */
};

struct file {
    struct file *next;
    char path[];
};

struct da_collection_store {
    struct owner **buckets; /* a power of two, grown so that they hold about one each */
    size_t bucket_count;
    size_t owner_count;
    size_t unknown_count; /* records of owners that the deployment does not tell beforehand */
    struct chain *chains; /* beside the records */
    size_t record_room, reply_room, doubt_room, zone_room, node_room;
    struct file *files;
};

enum da_status da_collection_new(enum da_source_kind kind, const char *title, const struct da_names *names,
                                 struct da_collection **result)
{
    struct da_collection *collection = calloc(1, sizeof(*collection));

    if (collection == NULL)
        return DA_ERR_MEMORY;
    collection->kind = kind;
    collection->names = names;
    collection->title = strdup(title);
    collection->store = calloc(1, sizeof(*collection->store));
    if (collection->title == NULL || collection->store == NULL) {
        da_collection_free(collection);
        return DA_ERR_MEMORY;
    }
    *result = collection;
    return DA_OK;
}

static void free_store(struct da_collection_store *store)
{
    for (size_t i = 0; i < store->bucket_count; i++) {
        for (struct owner *owner = store->buckets[i], *next; owner != NULL; owner = next) {
            next = owner->bucket;
            free(owner);
        }
    }
    for (struct file *file = store->files, *next; file != NULL; file = next) {
        next = file->next;
        free(file);
    }
    free(store->buckets);
    free(store->chains);
    free(store);
}

void da_collection_free(struct da_collection *collection)
{
    if (collection == NULL)
        return;
    for (size_t i = 0; i < collection->record_count; i++)
        free((void *)collection->records[i].rdata);
    if (collection->store != NULL)
        free_store(collection->store);
    free(collection->records);
    free(collection->replies);
    free(collection->doubts);
    free(collection->zones);
    free(collection->nodes);
    free(collection->title);
    free(collection);
}

const char *da_collection_file(struct da_collection *collection, const char *path)
{
    struct da_collection_store *store = collection->store;

    for (const struct file *file = store->files; file != NULL; file = file->next)
        if (strcmp(file->path, path) == 0)
            return file->path;
    struct file *file = malloc(sizeof(*file) + strlen(path) + 1);
    if (file == NULL)
        return NULL;
    strcpy(file->path, path);
    file->next = store->files;
    store->files = file;
    return file->path;
}

/* Makes room for one more of count elements; NULL = out of memory, and the array stays. */
static void *grow(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    size_t more = *room > 0 ? *room * 2 : 16;
    void *grown = realloc(array, more * size);
    if (grown != NULL)
        *room = more;
    return grown;
}

/* ---- owners ---- */

/* FNV-1a over the folded name; a zone that makes many collide slows its own audit, and only as far as the limits go. */
static size_t hash_name(const struct da_name *name)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < name->length; i++)
        hash = (hash ^ da_name_fold(name->wire[i])) * 0x100000001b3u;
    return (size_t)(hash ^ hash >> 32);
}

static struct owner *find_owner(const struct da_collection_store *store, const struct da_name *name)
{
    if (store->bucket_count == 0)
        return NULL;
    struct owner *owner = store->buckets[hash_name(name) & (store->bucket_count - 1)];
    while (owner != NULL && !da_name_equal(owner->name.wire, name->wire))
        owner = owner->bucket;
    return owner;
}

static void put_owner(struct owner **buckets, size_t bucket_count, struct owner *owner)
{
    struct owner **bucket = &buckets[hash_name(&owner->name) & (bucket_count - 1)];

    owner->bucket = *bucket;
    *bucket = owner;
}

static enum da_status grow_buckets(struct da_collection_store *store)
{
    size_t count = store->bucket_count > 0 ? store->bucket_count * 2 : 64;
    struct owner **buckets = calloc(count, sizeof(struct owner *));

    if (buckets == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < store->bucket_count; i++) {
        for (struct owner *owner = store->buckets[i], *next; owner != NULL; owner = next) {
            next = owner->bucket;
            put_owner(buckets, count, owner);
        }
    }
    free(store->buckets);
    store->buckets = buckets;
    store->bucket_count = count;
    return DA_OK;
}

/* NULL = out of memory. */
static struct owner *add_owner(struct da_collection_store *store, const struct da_name *name, bool is_known)
{
    if (store->owner_count == store->bucket_count && grow_buckets(store) != DA_OK)
        return NULL;
    struct owner *owner = calloc(1, sizeof(*owner));
    if (owner == NULL)
        return NULL;
    owner->name = *name;
    owner->last = NONE;
    owner->is_known = is_known;
    put_owner(store->buckets, store->bucket_count, owner);
    store->owner_count++;
    return owner;
}

/* ---- records ---- */

static bool is_wanted(unsigned interest, uint16_t type)
{
    if ((interest & (DA_INTEREST_LABEL | DA_INTEREST_BLOCKED | DA_INTEREST_WILDCARD)) != 0)
        return true;
    return (interest & DA_INTEREST_ABOVE) != 0 && (type == DA_TYPE_SOA || type == DA_TYPE_NS || type == DA_TYPE_DNAME);
}

static bool is_same_record(const struct da_found *a, const struct da_found *b)
{
    return a->type == b->type && a->has_ttl == b->has_ttl && a->ttl == b->ttl && a->aging == b->aging &&
           a->stamp == b->stamp && a->place.file == b->place.file && a->rdata_length == b->rdata_length &&
           (a->rdata_length == 0 || memcmp(a->rdata, b->rdata, a->rdata_length) == 0);
}

static bool has_record(const struct da_collection *collection, const struct owner *owner, const struct da_found *found)
{
    for (size_t i = owner->last; i != NONE; i = collection->store->chains[i].before)
        if (is_same_record(&collection->records[i], found))
            return true;
    return false;
}

static enum da_status append_record(struct da_collection *collection, struct owner *owner, const struct da_found *found)
{
    struct da_collection_store *store = collection->store;
    size_t count = collection->record_count, room = store->record_room;
    uint8_t *rdata = NULL;

    struct da_found *records = grow(collection->records, count, &room, sizeof(*records));
    if (records == NULL)
        return DA_ERR_MEMORY;
    collection->records = records;
    struct chain *chains = grow(store->chains, count, &store->record_room, sizeof(*chains));
    if (chains == NULL)
        return DA_ERR_MEMORY;
    store->chains = chains;
    if (found->rdata_length > 0) {
        rdata = malloc(found->rdata_length);
        if (rdata == NULL)
            return DA_ERR_MEMORY;
        memcpy(rdata, found->rdata, found->rdata_length);
    }
    records[count] = *found;
    records[count].owner = &owner->name;
    records[count].rdata = rdata;
    chains[count].before = owner->last;
    owner->last = count;
    owner->count++;
    collection->record_count++;
    return DA_OK;
}

static enum da_status doubt_limit(struct da_collection *collection, const struct da_found *found, const char *text)
{
    struct da_doubt doubt = {.one_name = true, .name = *found->owner, .place = found->place};

    strcpy(doubt.text, text);
    return da_collection_doubt(collection, &doubt);
}

enum da_status da_collection_add(struct da_collection *collection, const struct da_found *found)
{
    struct da_collection_store *store = collection->store;
    unsigned interest = da_names_interest(collection->names, found->owner->wire);

    if (!is_wanted(interest, found->type))
        return DA_OK;
    struct owner *owner = find_owner(store, found->owner);
    bool is_known = owner != NULL ? owner->is_known : da_names_is_known(collection->names, found->owner->wire);
    if (owner != NULL && (owner->is_over || has_record(collection, owner, found)))
        return DA_OK;
    if (!is_known && store->unknown_count == DA_COLLECTION_UNKNOWN)
        return da_collection_doubt_all(collection, &found->place, "more blocked names than are looked at");
    if (owner == NULL)
        owner = add_owner(store, found->owner, is_known);
    if (owner == NULL)
        return DA_ERR_MEMORY;
    owner->is_over = owner->count == DA_COLLECTION_RECORDS;
    if (owner->is_over)
        return doubt_limit(collection, found, "more records of the name than are looked at");
    store->unknown_count += !is_known;
    return append_record(collection, owner, found);
}

/* ---- doubts and replies ---- */

static bool is_same_doubt(const struct da_doubt *a, const struct da_doubt *b)
{
    return a->one_name == b->one_name && (!a->one_name || da_name_equal(a->name.wire, b->name.wire)) &&
           strcmp(a->text, b->text) == 0;
}

static enum da_status append_doubt(struct da_collection *collection, const struct da_doubt *doubt)
{
    struct da_doubt *doubts =
        grow(collection->doubts, collection->doubt_count, &collection->store->doubt_room, sizeof(*doubts));

    if (doubts == NULL)
        return DA_ERR_MEMORY;
    collection->doubts = doubts;
    doubts[collection->doubt_count++] = *doubt;
    return DA_OK;
}

enum da_status da_collection_doubt(struct da_collection *collection, const struct da_doubt *doubt)
{
    struct da_doubt more = {.place = doubt->place, .text = "and more of this kind than are told"};

    for (size_t i = 0; i < collection->doubt_count; i++)
        if (is_same_doubt(&collection->doubts[i], doubt))
            return DA_OK;
    if (collection->doubt_count < DA_COLLECTION_DOUBTS)
        return append_doubt(collection, doubt);
    return collection->doubt_count == DA_COLLECTION_DOUBTS ? append_doubt(collection, &more) : DA_OK;
}

enum da_status da_collection_doubt_all(struct da_collection *collection, const struct da_place *place, const char *text)
{
    struct da_doubt doubt = {.place = *place};

    strncpy(doubt.text, text, sizeof(doubt.text) - 1);
    return da_collection_doubt(collection, &doubt);
}

enum da_status da_collection_reply(struct da_collection *collection, const struct da_reply *reply)
{
    struct da_reply *replies =
        grow(collection->replies, collection->reply_count, &collection->store->reply_room, sizeof(*replies));

    if (replies == NULL)
        return DA_ERR_MEMORY;
    collection->replies = replies;
    replies[collection->reply_count++] = *reply;
    return DA_OK;
}

/* ---- of the directory ---- */

/* What is known of a name; owner is set to NULL where it is not one of those that the deployment tells beforehand. */
static enum da_status know_name(struct da_collection *collection, const struct da_name *name, struct owner **owner)
{
    *owner = NULL;
    if (!da_names_is_known(collection->names, name->wire))
        return DA_OK;
    *owner = find_owner(collection->store, name);
    if (*owner == NULL)
        *owner = add_owner(collection->store, name, true);
    return *owner != NULL ? DA_OK : DA_ERR_MEMORY;
}

enum da_status da_collection_zone(struct da_collection *collection, const struct da_zone_aging *zone)
{
    struct owner *owner;
    enum da_status status = know_name(collection, &zone->zone, &owner);

    if (owner == NULL || owner->is_zone)
        return status;
    struct da_zone_aging *zones =
        grow(collection->zones, collection->zone_count, &collection->store->zone_room, sizeof(*zones));
    if (zones == NULL)
        return DA_ERR_MEMORY;
    collection->zones = zones;
    zones[collection->zone_count++] = *zone;
    owner->is_zone = true;
    return DA_OK;
}

enum da_status da_collection_node(struct da_collection *collection, const struct da_node *node)
{
    struct owner *owner;
    enum da_status status = know_name(collection, &node->owner, &owner);

    if (owner == NULL || owner->is_node)
        return status;
    struct da_node *nodes =
        grow(collection->nodes, collection->node_count, &collection->store->node_room, sizeof(*nodes));
    if (nodes == NULL)
        return DA_ERR_MEMORY;
    collection->nodes = nodes;
    nodes[collection->node_count++] = *node;
    owner->is_node = true;
    return DA_OK;
}

void da_collection_fail(struct da_collection *collection, const char *format, ...)
{
    va_list args;

    if (collection->failed)
        return;
    collection->failed = true;
    va_start(args, format);
    vsnprintf(collection->failure, sizeof(collection->failure), format, args);
    va_end(args);
}

/* ---- finished ---- */

static int compare_records(const void *left, const void *right)
{
    const struct da_found *a = left, *b = right;
    size_t common = a->rdata_length < b->rdata_length ? a->rdata_length : b->rdata_length;

    int order = a->owner == b->owner ? 0 : da_name_compare(a->owner->wire, b->owner->wire);
    if (order == 0)
        order = (a->type > b->type) - (a->type < b->type);
    if (order == 0 && common > 0)
        order = memcmp(a->rdata, b->rdata, common);
    if (order == 0)
        order = (a->rdata_length > b->rdata_length) - (a->rdata_length < b->rdata_length);
    return order != 0 ? order : (a->place.line > b->place.line) - (a->place.line < b->place.line);
}

static int compare_question(const struct da_reply *reply, const struct da_name *name, uint16_t type)
{
    int order = da_name_compare(reply->name.wire, name->wire);
    return order != 0 ? order : (reply->type > type) - (reply->type < type);
}

static int compare_replies(const void *left, const void *right)
{
    const struct da_reply *a = left, *b = right;
    int order = compare_question(a, &b->name, b->type);
    return order != 0 ? order : (a->outcome > b->outcome) - (a->outcome < b->outcome);
}

static int compare_zones(const void *left, const void *right)
{
    const struct da_zone_aging *a = left, *b = right;
    return da_name_compare(a->zone.wire, b->zone.wire);
}

static int compare_nodes(const void *left, const void *right)
{
    const struct da_node *a = left, *b = right;
    return da_name_compare(a->owner.wire, b->owner.wire);
}

static void keep_better_replies(struct da_collection *collection)
{
    size_t kept = 0;

    for (size_t i = 0; i < collection->reply_count; i++) {
        struct da_reply *reply = &collection->replies[i];
        if (kept == 0 || compare_question(&collection->replies[kept - 1], &reply->name, reply->type) != 0)
            collection->replies[kept++] = *reply;
    }
    collection->reply_count = kept;
}

void da_collection_finish(struct da_collection *collection)
{
    if (collection->record_count > 0)
        qsort(collection->records, collection->record_count, sizeof(*collection->records), compare_records);
    if (collection->reply_count > 0)
        qsort(collection->replies, collection->reply_count, sizeof(*collection->replies), compare_replies);
    if (collection->zone_count > 0)
        qsort(collection->zones, collection->zone_count, sizeof(*collection->zones), compare_zones);
    if (collection->node_count > 0)
        qsort(collection->nodes, collection->node_count, sizeof(*collection->nodes), compare_nodes);
    keep_better_replies(collection);
}

bool da_collection_is_contents(const struct da_collection *collection)
{
    return collection->kind == DA_SOURCE_ZONE_FILE || collection->kind == DA_SOURCE_TRANSFER ||
           collection->kind == DA_SOURCE_DIRECTORY;
}

/* The first record at or behind owner and type. */
static size_t lower_bound(const struct da_collection *collection, const struct da_name *owner, uint16_t type)
{
    size_t from = 0, to = collection->record_count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct da_found *record = &collection->records[middle];
        int order = da_name_compare(record->owner->wire, owner->wire);
        if (order < 0 || (order == 0 && record->type < type))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

const struct da_found *da_collection_find(const struct da_collection *collection, const struct da_name *owner,
                                          uint16_t type, size_t *count)
{
    size_t first = lower_bound(collection, owner, type);
    size_t end = first;

    while (end < collection->record_count && (type == 0 || collection->records[end].type == type) &&
           da_name_equal(collection->records[end].owner->wire, owner->wire))
        end++;
    *count = end - first;
    return end > first ? &collection->records[first] : NULL;
}

const struct da_reply *da_collection_reply_to(const struct da_collection *collection, const struct da_name *name,
                                              uint16_t type)
{
    size_t from = 0, to = collection->reply_count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare_question(&collection->replies[middle], name, type);
        if (order == 0)
            return &collection->replies[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

const struct da_doubt *da_collection_doubt_of(const struct da_collection *collection, const struct da_name *name)
{
    for (size_t i = 0; i < collection->doubt_count; i++)
        if (!collection->doubts[i].one_name || da_name_equal(collection->doubts[i].name.wire, name->wire))
            return &collection->doubts[i];
    return NULL;
}

/* The name without its leftmost label; it has one. */
static void cut_label(struct da_name *name)
{
    uint8_t length = (uint8_t)(1 + name->wire[0]);

    name->length = (uint8_t)(name->length - length);
    memmove(name->wire, name->wire + length, name->length);
}

static const struct da_zone_aging *find_zone(const struct da_collection *collection, const struct da_name *name)
{
    size_t from = 0, to = collection->zone_count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = da_name_compare(collection->zones[middle].zone.wire, name->wire);
        if (order == 0)
            return &collection->zones[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

bool da_collection_apex(const struct da_collection *collection, const struct da_name *name, struct da_name *apex)
{
    struct da_name at = *name;
    size_t count;

    for (;;) {
        if (da_collection_find(collection, &at, DA_TYPE_SOA, &count) != NULL || find_zone(collection, &at) != NULL) {
            *apex = at;
            return true;
        }
        if (at.length == 1)
            break;
        cut_label(&at);
    }
    if (collection->origin.length == 0 || !da_name_is_below(name, &collection->origin))
        return false;
    *apex = collection->origin;
    return true;
}

const struct da_zone_aging *da_collection_zone_of(const struct da_collection *collection, const struct da_name *name)
{
    struct da_name at = *name;

    for (;; cut_label(&at)) {
        const struct da_zone_aging *zone = find_zone(collection, &at);
        if (zone != NULL || at.length == 1)
            return zone;
    }
}

const struct da_node *da_collection_node_of(const struct da_collection *collection, const struct da_name *owner)
{
    size_t from = 0, to = collection->node_count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = da_name_compare(collection->nodes[middle].owner.wire, owner->wire);
        if (order == 0)
            return &collection->nodes[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}
