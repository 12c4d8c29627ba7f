#include "audit/zone_name.h"
#include "audit/zone_reader.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void take_origin(struct da_zone_reader *reader, const struct da_zone_at *at, struct da_tokens tokens)
{
    struct da_zone_source *source = reader->source;
    char quoted[DA_ZONE_QUOTE_MAX];
    struct da_token token;
    struct da_name name;

    if (da_token_next(&tokens, &token) && da_zone_name(&token, &source->origin, DA_ESCAPES_DECIMAL, &name) == DA_OK) {
        source->origin = name;
        return;
    }
    da_zone_doubt(reader, at->line, NULL, "a directive cannot be read, so that what follows has no origin: %s",
                  da_zone_quote(at->text, at->length, quoted));
    source->origin.length = 0;
    reader->no_origin = true;
}

static void take_ttl(struct da_zone_reader *reader, const struct da_zone_at *at, struct da_tokens tokens)
{
    struct da_zone_ttl *ttl = &reader->ttl;
    char quoted[DA_ZONE_QUOTE_MAX];
    struct da_token token;

    ttl->has_default = da_token_next(&tokens, &token) && da_token_ttl(&token, &ttl->value);
    ttl->unreadable = !ttl->has_default;
    if (ttl->unreadable)
        da_zone_doubt(reader, at->line, NULL, "a directive cannot be read: %s",
                      da_zone_quote(at->text, at->length, quoted));
}

/* ---- $INCLUDE ---- */

/* Writes the path of an included file: relative to the including one. False where it is too long. */
static bool join_path(const struct da_zone_source *source, const struct da_token *token, char path[static PATH_MAX])
{
    const char *slash = strrchr(source->path, '/');
    size_t directory = token->text[0] == '/' || slash == NULL ? 0 : (size_t)(slash - source->path) + 1;

    if (directory + token->length >= PATH_MAX || memchr(token->text, '\0', token->length) != NULL)
        return false;
    memcpy(path, source->path, directory);
    memcpy(path + directory, token->text, token->length);
    path[directory + token->length] = '\0';
    return true;
}

/* Why a path leads out of root, as a phrase; NULL = it does not. */
static const char *outside(const char *path, const char *root)
{
    char real_path[PATH_MAX], real_root[PATH_MAX];

    if (realpath(root, real_root) == NULL || realpath(path, real_path) == NULL)
        return strerror(errno);
    size_t length = strcmp(real_root, "/") == 0 ? 0 : strlen(real_root);
    return strncmp(real_path, real_root, length) == 0 && real_path[length] == '/' ? NULL
                                                                                  : "it is outside --include-root";
}

/* Why a file cannot be included, as a phrase; NULL = it can. A pipe or device could keep us waiting for ever. */
static const char *refuse(struct da_zone_reader *reader, const char *path)
{
    const char *root = reader->request->include_root;
    struct stat status;

    if (reader->source->depth == DA_INCLUDE_DEPTH)
        return "files include each other too deep";
    if (reader->files == DA_INCLUDE_FILES)
        return "too many files are included";
    if (stat(path, &status) < 0)
        return strerror(errno);
    if (!S_ISREG(status.st_mode))
        return "it is not a regular file";
    return root != NULL ? outside(path, root) : NULL;
}

static bool is_open(const struct da_zone_source *source, const struct da_input *input)
{
    while (source != NULL && !da_input_same(source->input, input))
        source = source->parent;
    return source != NULL;
}

void da_zone_include(struct da_zone_reader *reader, uint64_t line, const char *path, const struct da_name *origin)
{
    struct da_zone_source *parent = reader->source;
    struct da_zone_source source = {.parent = parent,
                                    .path = path,
                                    .depth = parent->depth + 1,
                                    .origin = *origin,
                                    .owner = parent->owner,
                                    .follow = parent->follow};
    char quoted[DA_ZONE_QUOTE_MAX];
    struct da_error error = {0};
    const char *why = refuse(reader, path);

    if (why == NULL && da_input_open(path, &source.input, &error) != DA_OK)
        why = error.text;
    if (why == NULL && is_open(parent, source.input))
        why = "it includes itself";
    if (why != NULL) {
        da_zone_doubt(reader, line, NULL, "$INCLUDE of %s: %s", da_zone_quote(path, strlen(path), quoted), why);
        da_input_close(source.input);
        return;
    }
    reader->files++;
    source.file = da_collection_file(reader->collection, path);
    reader->status = source.file != NULL ? reader->status : DA_ERR_MEMORY;
    reader->source = &source;
    if (reader->status == DA_OK)
        da_zone_read_source(reader);
    reader->source = parent;
    da_input_close(source.input);
}

static void take_include(struct da_zone_reader *reader, const struct da_zone_at *at, struct da_tokens tokens)
{
    struct da_name origin = reader->source->origin;
    struct da_token file, name;
    char quoted[DA_ZONE_QUOTE_MAX], path[PATH_MAX];
    bool is_read = da_token_next(&tokens, &file) && file.length > 0 && join_path(reader->source, &file, path);

    if (is_read && da_token_next(&tokens, &name))
        is_read = da_zone_name(&name, &reader->source->origin, DA_ESCAPES_DECIMAL, &origin) == DA_OK;
    if (is_read)
        da_zone_include(reader, at->line, path, &origin);
    else
        da_zone_doubt(reader, at->line, NULL, "a directive cannot be read: %s",
                      da_zone_quote(at->text, at->length, quoted));
}

void da_zone_directive(struct da_zone_reader *reader, const struct da_scan_entry *entry)
{
    const struct da_zone_at at = {
        .line = entry->line - reader->source->primed, .text = entry->text, .length = entry->length};
    struct da_tokens tokens = {.at = entry->text, .end = entry->text + entry->length};
    struct da_token token;
    char quoted[DA_ZONE_QUOTE_MAX];

    if (!da_token_next(&tokens, &token))
        return;
    if (entry->cut)
        da_zone_doubt(reader, at.line, NULL, "an entry is too long to be read whole");
    else if (da_token_is(&token, "$ORIGIN"))
        take_origin(reader, &at, tokens);
    else if (da_token_is(&token, "$TTL"))
        take_ttl(reader, &at, tokens);
    else if (da_token_is(&token, "$INCLUDE"))
        take_include(reader, &at, tokens);
    else if (da_token_is(&token, "$GENERATE"))
        da_zone_generate(reader, &at, tokens);
    else if (!da_token_is(&token, "$DATE")) /* BIND's, of dumps: TTLs there are as of that date */
        da_zone_doubt(reader, at.line, NULL, "a directive is not known: %s",
                      da_zone_quote(token.text, token.length, quoted));
}
