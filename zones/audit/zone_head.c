#include "audit/zone_head.h"

#include "audit/zone_entry.h"
#include "audit/zone_name.h"

#include <string.h>
#include <strings.h>

static const struct da_name no_origin = {.length = 0};

/* Where word is in text, letters folded; NULL = nowhere. */
static const char *find(const char *text, const char *end, const char *word)
{
    size_t length = strlen(word);

    while ((size_t)(end - text) >= length && strncasecmp(text, word, length) != 0)
        text++;
    return (size_t)(end - text) >= length ? text : NULL;
}

/* ";  Database file corp.example.net.dns for corp.example.net zone." */
static void read_comment(const char *text, const char *end, struct da_zone_head *head)
{
    const char *file = find(text, end, "Database file "), *name = NULL;
    struct da_tokens tokens;
    struct da_token token, zone;
    struct da_name read;

    for (const char *at = file; at != NULL && (at = find(at, end, " for ")) != NULL; at++)
        name = at + strlen(" for ");
    tokens = (struct da_tokens){.at = name, .end = end};
    if (name == NULL || !da_token_next(&tokens, &token) || !da_token_next(&tokens, &zone) ||
        !da_token_is(&zone, "zone."))
        return;
    head->windows = true;
    struct da_name root = {.length = 1, .wire = {0}};
    if (da_zone_name(&token, &root, DA_ESCAPES_DECIMAL, &read) == DA_OK && head->zone.length == 0) {
        head->zone = read;
        head->zone_from = "the head of the file";
    }
}

/* What stands in front of the first record: directives. False at anything else. */
static bool read_directive(const char *text, const char *end, struct da_zone_head *head)
{
    struct da_tokens tokens = {.at = text, .end = end};
    struct da_token token;
    struct da_name name;

    if (!da_token_next(&tokens, &token))
        return true;
    if (da_token_is(&token, "$TTL"))
        return true;
    if (!da_token_is(&token, "$ORIGIN"))
        return false;
    if (head->zone.length == 0 && da_token_next(&tokens, &token) &&
        da_zone_name(&token, &no_origin, DA_ESCAPES_DECIMAL, &name) == DA_OK && name.length > 1) {
        head->zone = name;
        head->zone_from = "its $ORIGIN";
    }
    return true;
}

static bool begins_with(const char *text, const char *end, const char *word)
{
    return (size_t)(end - text) >= strlen(word) && strncasecmp(text, word, strlen(word)) == 0;
}

static bool has_stamp(const char *text, const char *end)
{
    const char *stop = text;

    while (stop < end && *stop != '"' && *stop != ';')
        stop++;
    for (const char *at = text; (at = memchr(at, '[', (size_t)(stop - at))) != NULL; at++)
        if (at > text && (at[-1] == ' ' || at[-1] == '\t') &&
            (begins_with(at, stop, "[AGE:") || begins_with(at, stop, "[Aging:")))
            return true;
    return false;
}

void da_zone_head_read(const char *text, size_t length, struct da_zone_head *head)
{
    const char *end = text + length;
    bool in_front = true;

    *head = (struct da_zone_head){0};
    for (uint64_t line = 1; text < end; line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop != NULL ? stop : end;
        if (*text == ';') {
            read_comment(text, stop, head);
        } else if (begins_with(text, stop, "Returned records:")) {
            head->windows = head->listing = true;
        } else {
            head->windows = head->windows || has_stamp(text, stop);
            if (in_front && !read_directive(text, stop, head)) {
                head->first_record = line;
                in_front = false;
            }
        }
        text = stop + (stop < end);
    }
}
