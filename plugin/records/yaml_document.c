#include "yaml_document.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

/* ---- what libcyaml says when it fails, kept for the error ---- */

#define FRAMES_MAX 8 /* deeper than any schema nests */

struct frame {
    char key[64];   /* a mapping's field; "" = a sequence's entry, or no field known */
    unsigned index; /* a sequence's entry, from 0 */
    bool in_sequence;
};

struct report {
    char message[256];
    struct frame frames[FRAMES_MAX]; /* innermost first */
    size_t frame_count;
    unsigned line, column;
};

static void report_frame(struct report *report, const char *text)
{
    struct frame frame = {0};
    unsigned line, column, entry;

    if (report->frame_count == FRAMES_MAX)
        return;
    if (sscanf(text, " in mapping field '%63[^']' (line: %u, column: %u)", frame.key, &line, &column) == 3)
        ;
    else if (sscanf(text, " in sequence entry '%u' (line: %u, column: %u)", &entry, &line, &column) == 3)
        frame.in_sequence = true, frame.index = entry > 0 ? entry - 1 : 0; /* libcyaml has counted it already */
    else if (sscanf(text, " in mapping (line: %u, column: %u)", &line, &column) != 2)
        return;
    if (report->frame_count == 0)
        report->line = line, report->column = column;
    report->frames[report->frame_count++] = frame;
}

/* A cyaml_log_fn_t: the first line is the message, the others are where it happened, innermost first. */
static void report_log(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
    struct report *report = ctx;
    char text[256];
    (void)level;

    vsnprintf(text, sizeof(text), format, args);
    text[strcspn(text, "\n")] = '\0';
    if (report->message[0] == '\0')
        memcpy(report->message, text, sizeof(text));
    else
        report_frame(report, text);
}

/* Writes the field path of the frames from the outermost down to, not including, frame `end`. */
static void report_path(const struct report *report, size_t end, char *path, size_t size)
{
    size_t used = 0;

    path[0] = '\0';
    for (size_t i = report->frame_count; i-- > end && used < size;) {
        const struct frame *frame = &report->frames[i];
        if (frame->in_sequence)
            used += (size_t)snprintf(path + used, size - used, "[%u]", frame->index);
        else if (frame->key[0] != '\0')
            used += (size_t)snprintf(path + used, size - used, "%s%s", used ? "." : "", frame->key);
    }
}

/* The keys of the mapping the report is about, as "a, b, c". */
static void report_keys(const struct report *report, const cyaml_schema_value_t *schema, char *keys, size_t size)
{
    const cyaml_schema_field_t *fields = schema->mapping.fields;
    size_t used = 0;

    for (size_t i = report->frame_count; i-- > 0;) {
        const cyaml_schema_field_t *field = fields;
        while (field->key != NULL && strcmp(field->key, report->frames[i].key) != 0)
            field++;
        if (field->key == NULL)
            continue;
        if (field->value.type == CYAML_MAPPING)
            fields = field->value.mapping.fields;
        else if (field->value.type == CYAML_SEQUENCE && field->value.sequence.entry->type == CYAML_MAPPING)
            fields = field->value.sequence.entry->mapping.fields;
    }
    for (; fields->key != NULL && used < size; fields++)
        used += (size_t)snprintf(keys + used, size - used, "%s%s", used ? ", " : "", fields->key);
}

/* The word for a node, from libcyaml's name of its type or of the event that begins it. */
static const char *node_name(const char *type)
{
    if (strncmp(type, "MAP", 3) == 0)
        return "a mapping";
    return strncmp(type, "SEQ", 3) == 0 ? "a list" : "a single value";
}

/* Follows the events to the one the report names, and from there to the key it is about. */
struct key_search {
    const char *key;
    unsigned line, column; /* what the report says */
    int depth;             /* collections open */
    int from, to;          /* depths the key can be at, once the reported event was met */
    bool met, found;
};

static void search_event(struct key_search *search, const yaml_event_t *event)
{
    unsigned line = (unsigned)event->start_mark.line + 1, column = (unsigned)event->start_mark.column + 1;
    bool begins = event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT;

    if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT) {
        search->depth--;
    } else if (search->met) {
        search->found = event->type == YAML_SCALAR_EVENT && search->depth >= search->from &&
                        search->depth <= search->to && strcmp((const char *)event->data.scalar.value, search->key) == 0;
        if (search->found)
            search->line = line, search->column = column;
    } else if ((begins || event->type == YAML_SCALAR_EVENT) &&
               (line > search->line || (line == search->line && column >= search->column))) {
        search->met = true;
        search->from = search->depth;
        /* a mapping may be the one the key is in, or a value in front of the key */
        search->to = search->depth + (event->type == YAML_MAPPING_START_EVENT);
    }
    search->depth += begins;
}

/* libcyaml names a key it refuses, but places it at the value before. */
static void report_find_key(struct report *report, const char *key, const char *text, size_t length)
{
    struct key_search search = {.key = key, .line = report->line, .column = report->column};
    yaml_parser_t parser;
    yaml_event_t event;
    bool end = false;

    if (!yaml_parser_initialize(&parser))
        return;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    while (!end && !search.found && yaml_parser_parse(&parser, &event)) {
        end = event.type == YAML_STREAM_END_EVENT;
        search_event(&search, &event);
        yaml_event_delete(&event);
    }
    if (search.found)
        report->line = search.line, report->column = search.column;
    yaml_parser_delete(&parser);
}

/* A key that the schema does not have. */
static enum da_status unknown_key(const struct report *report, const struct da_yaml_language *language, const char *key,
                                  const char *path, struct da_error *error)
{
    char keys[256], quoted[DA_ERROR_QUOTE_MAX];

    da_error_quote(key, quoted, sizeof(quoted));
    if (language->unknown_key != NULL)
        return da_error_set(error, DA_ERR_SYNTAX, path, "%s: %s", quoted, language->unknown_key);
    report_keys(report, language->schema, keys, sizeof(keys));
    return da_error_set(error, DA_ERR_SYNTAX, path, "%s: unknown key; expected one of %s", quoted, keys);
}

/* Turns libcyaml's report into an error in the file's terms. */
static enum da_status report_error(struct report *report, cyaml_err_t failure, const struct da_yaml_language *language,
                                   const char *input, size_t length, struct da_error *error)
{
    char path[DA_ERROR_PATH_MAX], text[256], wanted[16], found[16];
    unsigned most;
    enum da_status status;

    /* check_events() has been through the text: the parser can fail now for lack of memory only */
    if (failure == CYAML_ERR_OOM || failure == CYAML_ERR_LIBYAML_PARSER || failure == CYAML_ERR_LIBYAML_PARSER_INIT)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    bool of_list = failure == CYAML_ERR_SEQUENCE_ENTRIES_MIN || failure == CYAML_ERR_SEQUENCE_ENTRIES_MAX;
    report_path(report, of_list ? 1 : 0, path, sizeof(path));
    if (sscanf(report->message, "Load: Unexpected key: %255[^\n]", text) == 1) {
        report_find_key(report, text, input, length);
        status = unknown_key(report, language, text, path, error);
    } else if (strncmp(report->message, "Load: Mapping field already seen", 32) == 0) {
        report_find_key(report, report->frames[0].key, input, length);
        status = da_error_set(error, DA_ERR_SYNTAX, path, "repeated key; expected it once");
    } else if (sscanf(report->message, "Load: Expecting %15[A-Z_], got event: %15[A-Z_]", wanted, found) == 2) {
        status = da_error_set(error, DA_ERR_SYNTAX, path, "%s; expected %s", node_name(found), node_name(wanted));
    } else if (failure == CYAML_ERR_SEQUENCE_ENTRIES_MIN) {
        status = da_error_set(error, DA_ERR_VALUE, path, "empty list; expected at least one entry");
    } else if (sscanf(report->message, "Load: Excessive entries (%u", &most) == 1) {
        status = da_error_set(error, DA_ERR_LIMIT, path, "too many entries; expected at most %u", most);
    } else { /* a list or a mapping as a key: libcyaml has no words for it */
        status =
            da_error_set(error, DA_ERR_SYNTAX, NULL, "not %s; expected a mapping of keys to values", language->noun);
    }
    if (error != NULL && error->line == 0)
        error->line = report->line, error->column = report->column;
    return status;
}

/* ---- what libcyaml does not look at ---- */

static enum da_status error_at(struct da_error *error, const yaml_mark_t *mark, const char *text)
{
    da_error_set(error, DA_ERR_SYNTAX, NULL, "%s", text);
    if (error != NULL && error->line == 0)
        error->line = (unsigned)mark->line + 1, error->column = (unsigned)mark->column + 1;
    return DA_ERR_SYNTAX;
}

static enum da_status syntax_error(const yaml_parser_t *parser, struct da_error *error)
{
    char text[DA_ERROR_TEXT_MAX];

    if (parser->error == YAML_MEMORY_ERROR)
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    if (parser->error == YAML_READER_ERROR) /* the text itself: no mark, but an octet's place */
        return da_error_set(error, DA_ERR_SYNTAX, NULL, "not YAML: %s at octet %zu", parser->problem,
                            parser->problem_offset);
    snprintf(text, sizeof(text), "not YAML: %s", parser->problem);
    return error_at(error, &parser->problem_mark, text);
}

/* What was met on the way through the events. */
struct tally {
    unsigned documents, depth;
};

/* Judges one event. */
static enum da_status check_event(const yaml_event_t *event, const char *noun, struct tally *tally,
                                  struct da_error *error)
{
    const yaml_mark_t *at = &event->start_mark;
    char text[DA_ERROR_TEXT_MAX];

    switch (event->type) {
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        /* libyaml takes time with the square of the depth */
        if (++tally->depth <= FRAMES_MAX)
            return DA_OK;
        snprintf(text, sizeof(text), "nested too deeply; expected %s", noun);
        return error_at(error, at, text);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        tally->depth--;
        return DA_OK;
    case YAML_DOCUMENT_START_EVENT:
        if (++tally->documents > 1)
            return error_at(error, at, "a second document; expected one");
        return DA_OK;
    case YAML_ALIAS_EVENT:
        return error_at(error, at, "an alias; expected the value written out");
    case YAML_SCALAR_EVENT:
        if (memchr(event->data.scalar.value, '\0', event->data.scalar.length) != NULL)
            return error_at(error, at, "a value with a NUL; expected printable text");
        return DA_OK;
    default:
        return DA_OK;
    }
}

/* Goes through the whole text once, for what libcyaml would pass over in silence (a second document, a NUL within a
 * value) or report without its place (a syntax error). empty is set where there is no document at all. */
static enum da_status check_events(const char *text, size_t length, const struct da_yaml_language *language,
                                   bool *empty, struct da_error *error)
{
    yaml_parser_t parser;
    struct tally tally = {0};
    bool end = false;
    enum da_status status = DA_OK;

    if (!yaml_parser_initialize(&parser))
        return da_error_set(error, DA_ERR_MEMORY, NULL, "out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    while (status == DA_OK && !end) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = syntax_error(&parser, error);
            break;
        }
        end = event.type == YAML_STREAM_END_EVENT;
        status = check_event(&event, language->noun, &tally, error);
        yaml_event_delete(&event);
    }
    *empty = tally.documents == 0;
    if (status == DA_OK && *empty && !language->may_be_empty)
        status = da_error_set(error, DA_ERR_SYNTAX, NULL, "empty; expected %s", language->noun);
    yaml_parser_delete(&parser);
    return status;
}

static cyaml_config_t config_for(struct report *report)
{
    return (cyaml_config_t){
        .log_level = CYAML_LOG_ERROR,
        .log_fn = report_log,
        .log_ctx = report,
        .mem_fn = cyaml_mem,
        .flags = CYAML_CFG_NO_ALIAS,
    };
}

enum da_status da_yaml_read(const char *text, size_t length, const struct da_yaml_language *language, void **data,
                            struct da_error *error)
{
    struct report report = {0};
    cyaml_config_t config = config_for(&report);
    cyaml_data_t *read = NULL;
    bool empty = false;

    enum da_status status = check_events(text, length, language, &empty, error);
    if (status != DA_OK)
        return status;
    if (!empty) {
        cyaml_err_t failure = cyaml_load_data((const uint8_t *)text, length, &config, language->schema, &read, NULL);
        if (failure != CYAML_OK)
            return report_error(&report, failure, language, text, length, error);
    }
    *data = read;
    return DA_OK;
}

void da_yaml_free(const struct da_yaml_language *language, void *data)
{
    struct report ignored = {0};
    cyaml_config_t config = config_for(&ignored);

    if (data != NULL)
        cyaml_free(&config, language->schema, data, 0);
}
