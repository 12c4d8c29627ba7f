#include "audit/zone_file.h"

#include "audit/windows_export.h"
#include "audit/zone_head.h"
#include "audit/zone_name.h"
#include "audit/zone_reader.h"

#include <string.h>

/* ---- reading one source ---- */

static const char *doubt_text(enum da_scan_doubt doubt)
{
    switch (doubt) {
    case DA_SCAN_UNCLOSED_QUOTE:
        return "a quoted string has no end on its line";
    case DA_SCAN_UNCLOSED_PAREN:
        return "a parenthesis that opens here is not closed";
    case DA_SCAN_STRAY_PAREN:
        return "a parenthesis closes that did not open";
    case DA_SCAN_NUL:
        return "there is an octet of value 0";
    case DA_SCAN_LONE_CR:
        return "there is a CR without LF, which some servers take for the end of the line";
    case DA_SCAN_ESCAPED_LINE_END:
        return "there is a backslash in front of the end of the line";
    case DA_SCAN_CUT:
        break;
    }
    return "an entry is too long to be read whole";
}

static void hear_doubt(void *arg, enum da_scan_doubt doubt, uint64_t line)
{
    struct da_zone_reader *reader = arg;

    if (doubt != DA_SCAN_CUT) /* which matters where the entry is ours: da_zone_record() sees to it */
        da_zone_doubt(reader, line - reader->source->primed, NULL, "%s", doubt_text(doubt));
}

/* Entries that are followed by ones without an owner must go on being given; in the second reading all must. */
static bool hear_entry(void *arg, const struct da_scan_entry *entry)
{
    struct da_zone_reader *reader = arg;
    struct da_zone_source *source = reader->source;

    if (reader->status == DA_OK && entry->line > source->primed) {
        if (entry->length > 0 && entry->text[0] == '$' && !entry->suspect)
            da_zone_directive(reader, entry);
        else
            da_zone_record(reader, entry);
    }
    bool go_on = reader->thorough || source->follow;
    reader->ttl.has_last = reader->ttl.has_last && go_on;
    return go_on;
}

/* An entry that makes the scanner give the one behind it: the first of the file, which may have no owner. */
static const char primer[] = "@\n";

struct primed {
    struct da_input *input;
    bool is_done;
};

static ssize_t read_primed(void *arg, void *buffer, size_t size)
{
    struct primed *primed = arg;

    if (primed->is_done || size < sizeof(primer))
        return da_input_read(primed->input, buffer, size);
    primed->is_done = true;
    memcpy(buffer, primer, sizeof(primer) - 1);
    return (ssize_t)(sizeof(primer) - 1);
}

void da_zone_read_source(struct da_zone_reader *reader)
{
    struct da_zone_source *source = reader->source;
    const struct da_scan_handler handler = {.entry = hear_entry, .doubt = hear_doubt, .arg = reader};
    bool is_primed = source->follow || reader->thorough;
    struct primed primed = {.input = source->input};
    uint64_t lines = 0;

    source->primed = is_primed ? 1 : 0;
    enum da_status status =
        is_primed ? da_scan(da_scan_way(), reader->filter, read_primed, &primed, &handler, &lines)
                  : da_scan(da_scan_way(), reader->filter, da_input_read, source->input, &handler, &lines);
    if (status == DA_OK)
        reader->lines += lines - source->primed;
    else if (status == DA_ERR_IO)
        da_zone_doubt(reader, 0, NULL, "it cannot be read to its end: %s", da_input_error(source->input)->text);
    else if (reader->status == DA_OK)
        reader->status = status;
}

/* ---- the zone's name ---- */

/* Tries the file's name less "db." in front and ever more extensions behind. */
static bool origin_from_path(const char *path, const struct da_names *names, struct da_name *origin)
{
    static const struct da_name root = {.length = 1, .wire = {0}};
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    struct da_token token = {.text = base, .length = strlen(base)};

    if (strcmp(path, "-") == 0)
        return false;
    if (strncmp(base, "db.", 3) == 0) {
        token.text += 3;
        token.length -= 3;
    }
    while (token.length > 0) {
        if (da_zone_name(&token, &root, DA_ESCAPES_DECIMAL, origin) == DA_OK && origin->length > 1 &&
            (da_names_interest(names, origin->wire) & DA_INTEREST_ABOVE) != 0)
            return true;
        while (token.length > 0 && token.text[--token.length] != '.')
            ;
    }
    return false;
}

static void find_origin(const struct da_zone_head *head, const char *path, struct da_collection *collection)
{
    if (collection->origin.length != 0)
        return;
    if (head->zone.length != 0) {
        collection->origin = head->zone;
        collection->origin_from = head->zone_from;
    } else if (origin_from_path(path, collection->names, &collection->origin)) {
        collection->origin_from = "the file's name";
    } else {
        collection->origin.length = 0;
    }
}

/* ---- reading a zone file ---- */

/* Makes the reader forget what it must learn again, and reads. */
static void read_once(struct da_zone_reader *reader, const struct da_zone_source *source)
{
    reader->top = *source;
    reader->source = &reader->top;
    reader->ttl = (struct da_zone_ttl){0};
    reader->files = 1;
    reader->generate_steps = 0;
    da_zone_read_source(reader);
}

static enum da_status settle(struct da_zone_reader *reader)
{
    const struct da_pending_facts facts = {.windows = reader->windows,
                                           .has_minimum = reader->has_minimum && (reader->windows || reader->thorough),
                                           .minimum = reader->minimum,
                                           .read_again = reader->can_read_again && !reader->thorough};

    return reader->status == DA_OK ? da_pending_settle(&reader->pending, reader->collection, &facts) : reader->status;
}

/* dnscmd /EnumRecords lists a node, or a type, as it lists the whole zone. */
static enum da_status doubt_part(struct da_collection *collection, const char *file)
{
    const struct da_place place = {.file = file, .line = 1};

    for (size_t i = 0; i < collection->record_count; i++)
        if (collection->records[i].type == DA_TYPE_SOA)
            return DA_OK;
    return da_collection_doubt_all(collection, &place, "no SOA: the listing does not have all records of the zone");
}

static enum da_status collect(struct da_zone_reader *reader, struct da_input *input, const char *file)
{
    struct da_collection *collection = reader->collection;
    struct da_zone_head head;
    size_t length, count;
    const char *text = da_input_peek(input, &length);

    da_zone_head_read(text, length, &head);
    find_origin(&head, reader->request->path, collection);
    reader->windows = head.windows;
    const char *const *labels = da_names_first_labels(collection->names, &count);
    enum da_status status = da_scan_filter_new(labels, count, &reader->filter);
    if (status != DA_OK)
        return status;

    const struct da_zone_source source = {.input = input,
                                          .path = reader->request->path,
                                          .file = file,
                                          .origin = collection->origin,
                                          .first_record = head.first_record};
    read_once(reader, &source);
    collection->lines += reader->lines;
    collection->ages = collection->ages || reader->windows;
    status = settle(reader);
    if (status == DA_OK && reader->pending.left_out && da_input_rewind(input)) {
        reader->thorough = true;
        read_once(reader, &source);
        status = settle(reader);
    }
    if (status == DA_OK && head.listing)
        status = doubt_part(collection, file);
    return status;
}

enum da_status da_zone_file_collect(const struct da_zone_file *request, struct da_collection *collection)
{
    struct da_input *input = NULL;
    struct da_error error = {0};
    enum da_status status = da_input_open(request->path, &input, &error);
    size_t length;

    if (status != DA_OK) {
        if (status == DA_ERR_IO)
            da_collection_fail(collection, "%s", error.text);
        return status == DA_ERR_IO ? DA_OK : status;
    }
    struct da_zone_reader reader = {.request = request, .collection = collection};
    reader.can_read_again = da_input_rewind(input);
    const char *head = da_input_peek(input, &length);
    const char *file = da_collection_file(collection, collection->title);
    if (file == NULL)
        status = DA_ERR_MEMORY;
    else if (length == 0 && da_input_error(input)->status != DA_OK)
        da_collection_fail(collection, "%s", da_input_error(input)->text);
    else if (length == 0)
        da_collection_fail(collection, "it is empty");
    else if (da_windows_is_json(head, length))
        status = da_windows_json_collect(input, file, collection);
    else if (da_windows_is_csv(head, length))
        status = da_windows_csv_collect(input, file, collection);
    else
        status = collect(&reader, input, file);
    da_pending_clear(&reader.pending);
    da_scan_filter_free(reader.filter);
    da_input_close(input);
    return status;
}
