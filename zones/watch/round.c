#include "watch/round.h"

#include "audit/report_words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- texts ---- */

const char *da_round_text(const struct da_round *round, uint32_t text)
{
    return round->pool + text;
}

/* Adds a text; offset 0 is "". */
static enum da_status put_text(struct da_round *round, const char *text, uint32_t *offset)
{
    size_t length = strlen(text) + 1;

    if (round->pool_length + length + 1 > round->pool_room) {
        size_t room = 2 * round->pool_room + length + 4096;
        char *grown = room < UINT32_MAX ? realloc(round->pool, room) : NULL;
        if (grown == NULL)
            return DA_ERR_MEMORY;
        round->pool = grown;
        round->pool_room = room;
    }
    if (round->pool_length == 0)
        round->pool[round->pool_length++] = '\0';
    *offset = length > 1 ? (uint32_t)round->pool_length : 0;
    if (length > 1) {
        memcpy(round->pool + round->pool_length, text, length);
        round->pool_length += length;
    }
    return DA_OK;
}

/* Where an item is to be written; NULL = out of memory. */
static struct da_round_item *add_item(struct da_round *round)
{
    if (round->item_count == round->item_room) {
        size_t room = 2 * round->item_room + 16;
        struct da_round_item *grown = realloc(round->items, room * sizeof(*grown));
        if (grown == NULL)
            return NULL;
        round->items = grown;
        round->item_room = room;
    }
    return &round->items[round->item_count++];
}

enum da_status da_round_keep(struct da_round *round, const struct da_round *other, const struct da_round_item *item)
{
    struct da_round_item *kept = add_item(round);

    if (kept == NULL)
        return DA_ERR_MEMORY;
    *kept = *item;
    uint32_t *const texts[] = {&kept->key, &kept->name, &kept->suffix, &kept->value, &kept->text};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (put_text(round, da_round_text(other, *texts[i]), texts[i]) != DA_OK)
            return DA_ERR_MEMORY;
    return DA_OK;
}

/* ---- items ---- */

/* Degrees of one thing, what may become of a record: the key of each says the first. */
static enum da_finding_code kind_of(enum da_finding_code code)
{
    switch (code) {
    case DA_FINDING_RECORD_DYNAMIC:
    case DA_FINDING_RECORD_STALE:
    case DA_FINDING_CORP_CONNECTIVITY_MISSING:
    case DA_FINDING_CORP_CONNECTIVITY_NO_A:
    case DA_FINDING_CORP_CONNECTIVITY_NO_AAAA:
    case DA_FINDING_WEB_PROBE_INCOMPLETE:
    case DA_FINDING_WEB_PROBE_MISSING:
    case DA_FINDING_NLS_INCOMPLETE:
    case DA_FINDING_NLS_MISSING:
    case DA_FINDING_ISATAP_ROUTER_INCOMPLETE:
    case DA_FINDING_ISATAP_ROUTER_MISSING:
        return DA_FINDING_RECORD_DYNAMIC;
    default:
        return code;
    }
}

static enum da_round_stage stage_of(const struct da_finding *finding, int64_t now)
{
    if (finding->code == DA_FINDING_RECORD_STALE)
        return DA_ROUND_STALE;
    if (finding->code != DA_FINDING_RECORD_DYNAMIC)
        return kind_of(finding->code) == DA_FINDING_RECORD_DYNAMIC ? DA_ROUND_MISSING : DA_ROUND_AGELESS;
    if (finding->stale_at == 0)
        return DA_ROUND_AGELESS;
    if (finding->stale_at - now <= DA_ROUND_NEXT)
        return DA_ROUND_IN_HOURS;
    return finding->stale_at - now <= DA_ROUND_SOON ? DA_ROUND_IN_DAYS : DA_ROUND_LATER;
}

/* Details that only something else than the clock changes, and that are worth a line. */
static const char *value_of(const struct da_finding *finding)
{
    switch (finding->code) {
    case DA_FINDING_STATIC_PARTLY:
    case DA_FINDING_NODE_OWNER:
    case DA_FINDING_ZONE_AGING:
        return finding->detail;
    default:
        return "";
    }
}

static void fold(char *text)
{
    for (; *text != '\0'; text++)
        *text = (char)da_name_fold((uint8_t)*text);
}

/* What a finding is about in words: as much as there is, the suffix at least. */
static void write_subject(const struct da_audit *audit, const struct da_finding *finding,
                          char subject[static DA_WORDS_SUBJECT_MAX])
{
    da_words_subject(finding, subject);
    if (subject[0] == '\0' && finding->suffix != DA_NO_SUFFIX)
        da_words_name(&audit->request.set->suffixes[finding->suffix], subject);
}

/* Sources are padded, so that keys are in the order of the command line, those about all sources last. */
static enum da_status put_key(struct da_round *round, const struct da_finding *finding, const char *subject,
                              struct da_round_item *item)
{
    bool is_doubt = finding->code == DA_FINDING_READING_UNCERTAIN;
    char *key = NULL;

    if (asprintf(&key, "%010u\n%s\n%s\n%s", item->source, subject, da_finding_kinds[kind_of(finding->code)].code,
                 is_doubt ? finding->detail : "") < 0)
        return DA_ERR_MEMORY;
    fold(key);
    enum da_status status = put_text(round, key, &item->key);
    free(key);
    return status;
}

/* SOURCE: SUBJECT: MESSAGE: DETAIL [CODE] */
static enum da_status put_words(struct da_round *round, const struct da_finding *finding, const char *subject,
                                struct da_round_item *item)
{
    const struct da_finding_kind *kind = &da_finding_kinds[finding->code];
    enum da_status status = DA_ERR_MEMORY;
    char *words = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&words, &length);

    if (out == NULL)
        return DA_ERR_MEMORY;
    if (finding->collection != NULL) {
        fprintf(out, "%s ", da_words_source(finding->collection));
        da_words_put(finding->collection->title, out);
    } else {
        fputs("all sources", out);
    }
    fprintf(out, ": %s%s%s", subject, subject[0] != '\0' ? ": " : "", kind->message);
    if (finding->detail[0] != '\0') {
        fputs(": ", out);
        da_words_put(finding->detail, out);
    }
    fprintf(out, " [%s]", kind->code);
    bool is_whole = !ferror(out);
    if (fclose(out) == 0 && is_whole)
        status = put_text(round, words, &item->text);
    free(words);
    return status;
}

static uint32_t source_of(const struct da_audit *audit, const struct da_collection *collection)
{
    for (size_t i = 0; i < audit->request.collection_count; i++)
        if (audit->request.collections[i] == collection)
            return (uint32_t)i;
    return DA_ROUND_ALL;
}

static enum da_status put_finding(struct da_round *round, const struct da_audit *audit,
                                  const struct da_finding *finding)
{
    char subject[DA_WORDS_SUBJECT_MAX], name[DA_NAME_TEXT_MAX] = "", suffix[DA_NAME_TEXT_MAX] = "";
    struct da_round_item *item = add_item(round);

    if (item == NULL)
        return DA_ERR_MEMORY;
    *item = (struct da_round_item){.code = finding->code,
                                   .severity = finding->severity,
                                   .stage = stage_of(finding, audit->request.now),
                                   .source = source_of(audit, finding->collection),
                                   .type = finding->type};
    if (finding->name.length > 0)
        da_words_name(&finding->name, name);
    if (finding->suffix != DA_NO_SUFFIX)
        da_words_name(&audit->request.set->suffixes[finding->suffix], suffix);
    fold(name);
    fold(suffix);
    write_subject(audit, finding, subject);
    enum da_status status = put_key(round, finding, subject, item);
    if (status == DA_OK)
        status = put_text(round, name, &item->name);
    if (status == DA_OK)
        status = put_text(round, suffix, &item->suffix);
    if (status == DA_OK)
        status = put_text(round, value_of(finding), &item->value);
    if (status == DA_OK)
        status = put_words(round, finding, subject, item);
    return status;
}

/* For qsort_r. */
static int compare_items(const void *left, const void *right, void *arg)
{
    const struct da_round_item *a = left, *b = right;
    const struct da_round *round = arg;
    int order = strcmp(da_round_text(round, a->key), da_round_text(round, b->key));

    return order != 0 ? order : strcmp(da_round_text(round, a->text), da_round_text(round, b->text));
}

/* ---- records ---- */

static void look_at_age(const struct da_check_request *request, const struct da_collection *collection,
                        const struct da_found *found, struct da_round_record *record)
{
    int64_t stale_at;

    if (found->aging == DA_AGING_DYNAMIC)
        record->aging = DA_AGING_DYNAMIC;
    else if (found->aging == DA_AGING_UNKNOWN && record->aging == DA_AGING_STATIC)
        record->aging = DA_AGING_UNKNOWN;
    if (da_stale_at(request, collection, found, &stale_at) && (record->stale_at == 0 || stale_at < record->stale_at))
        record->stale_at = stale_at;
}

static void look_at_record(const struct da_check_request *request, const struct da_collection *collection,
                           const struct da_rrset_cursor *cursor, struct da_round_record *record)
{
    uint16_t type = cursor->rrset->type;
    size_t count = 0;

    record->presence = da_presence_of(collection, &cursor->name, type);
    if (record->presence != DA_PRESENCE_RECORDS)
        return;
    record->right = true; /* until a finding says something else */
    record->aging = DA_AGING_STATIC;
    const struct da_found *found = da_collection_find(collection, &cursor->name, type, &count);
    for (size_t i = 0; i < count; i++)
        look_at_age(request, collection, &found[i], record);
}

/* That a record ages does not make it wrong. */
static bool is_about_right(const struct da_finding *finding)
{
    return finding->collection != NULL && finding->suffix != DA_NO_SUFFIX && finding->name.length > 0 &&
           finding->severity >= DA_SEVERITY_WARNING && da_finding_kinds[finding->code].remedy != DA_REMEDY_STATIC;
}

/* What a finding of another type says, of a CNAME for one, is about every type. */
static void judge(struct da_round *round, const struct da_audit *audit, const struct da_finding *finding)
{
    const struct da_record_set *set = audit->request.set;
    struct da_record_set one = *set;
    struct da_rrset_cursor cursor = {0};
    bool is_address = finding->type == DA_TYPE_A || finding->type == DA_TYPE_AAAA;

    if (!is_about_right(finding))
        return;
    one.suffixes = &set->suffixes[finding->suffix];
    one.suffix_count = 1;
    size_t each = round->record_count / round->source_count, rrsets = each / set->suffix_count;
    size_t at = source_of(audit, finding->collection) * each + finding->suffix * rrsets;
    for (; da_record_set_next(&one, &cursor); at++)
        if ((!is_address || cursor.rrset->type == finding->type) && da_name_equal(cursor.name.wire, finding->name.wire))
            round->records[at].right = false;
}

static size_t count_rrsets(const struct da_record_set *set)
{
    size_t count = 0;

    for (size_t i = 0; i < set->owner_count; i++)
        count += set->owners[i].rrset_count;
    return count * set->suffix_count;
}

static enum da_status put_records(struct da_round *round, const struct da_audit *audit)
{
    const struct da_check_request *request = &audit->request;
    size_t at = 0;

    round->record_count = request->collection_count * count_rrsets(request->set);
    round->records = calloc(round->record_count + 1, sizeof(*round->records));
    if (round->records == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < request->collection_count; i++) {
        struct da_rrset_cursor cursor = {0};
        while (da_record_set_next(request->set, &cursor))
            look_at_record(request, request->collections[i], &cursor, &round->records[at++]);
    }
    for (size_t i = 0; i < audit->finding_count; i++)
        judge(round, audit, &audit->findings[i]);
    return DA_OK;
}

/* ---- the whole ---- */

static enum da_status put_sources(struct da_round *round, const struct da_audit *audit)
{
    round->source_count = audit->request.collection_count;
    round->sources = calloc(round->source_count + 1, sizeof(*round->sources));
    if (round->sources == NULL)
        return DA_ERR_MEMORY;
    for (size_t i = 0; i < round->source_count; i++) {
        const struct da_collection *collection = audit->request.collections[i];
        round->sources[i].failed = collection->failed;
        snprintf(round->sources[i].failure, sizeof(round->sources[i].failure), "%s", collection->failure);
    }
    return DA_OK;
}

enum da_status da_round_make(const struct da_audit *audit, struct da_round *round)
{
    *round = (struct da_round){.now = audit->request.now, .worst = audit->worst, .exit = da_audit_exit(audit)};
    memcpy(round->counts, audit->counts, sizeof(round->counts));
    enum da_status status = put_sources(round, audit);
    for (size_t i = 0; status == DA_OK && i < audit->finding_count; i++) {
        enum da_finding_code code = audit->findings[i].code;
        if (code != DA_FINDING_SOURCE_FAILED && code != DA_FINDING_AGING_UNKNOWN)
            status = put_finding(round, audit, &audit->findings[i]);
    }
    if (status == DA_OK)
        status = put_records(round, audit);
    if (status == DA_OK && round->item_count > 1)
        qsort_r(round->items, round->item_count, sizeof(*round->items), compare_items, round);
    return status;
}

void da_round_clear(struct da_round *round)
{
    free(round->sources);
    free(round->items);
    free(round->records);
    free(round->pool);
    *round = (struct da_round){0};
}

/* ---- through a pipe ---- */

static bool write_all(int fd, const void *octets, size_t length)
{
    const char *from = octets;

    while (length > 0) {
        ssize_t written = write(fd, from, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        from += written;
        length -= (size_t)written;
    }
    return true;
}

/* The struct itself goes first, its pointers meaning nothing, then the arrays. */
bool da_round_write(const struct da_round *round, int fd)
{
    return write_all(fd, round, sizeof(*round)) &&
           write_all(fd, round->sources, round->source_count * sizeof(*round->sources)) &&
           write_all(fd, round->items, round->item_count * sizeof(*round->items)) &&
           write_all(fd, round->records, round->record_count * sizeof(*round->records)) &&
           write_all(fd, round->pool, round->pool_length);
}

struct reading {
    const char *octets;
    size_t length;
    enum da_status status;
};

/* A copy of the next `count` things of that size; NULL where it failed, the status says why. */
static void *take(struct reading *reading, size_t count, size_t size)
{
    size_t length = count * size;

    if (reading->status == DA_OK && (count > reading->length || length > reading->length))
        reading->status = DA_ERR_SYNTAX;
    void *copy = reading->status == DA_OK ? malloc(length + 1) : NULL;
    if (copy == NULL) {
        reading->status = reading->status == DA_OK ? DA_ERR_MEMORY : reading->status;
        return NULL;
    }
    if (length > 0)
        memcpy(copy, reading->octets, length);
    reading->octets += length;
    reading->length -= length;
    return copy;
}

enum da_status da_round_read(const char *octets, size_t length, struct da_round *round)
{
    struct reading reading = {octets, length, DA_OK};

    *round = (struct da_round){0};
    struct da_round *head = take(&reading, 1, sizeof(*head));
    if (head == NULL)
        return reading.status;
    *round = *head;
    free(head);
    round->sources = take(&reading, round->source_count, sizeof(*round->sources));
    round->items = take(&reading, round->item_count, sizeof(*round->items));
    round->records = take(&reading, round->record_count, sizeof(*round->records));
    round->pool = take(&reading, round->pool_length, 1);
    round->item_room = round->item_count;
    round->pool_room = round->pool_length;
    if (reading.status == DA_OK && reading.length > 0)
        reading.status = DA_ERR_SYNTAX;
    if (reading.status != DA_OK)
        da_round_clear(round);
    return reading.status;
}
