#include "runbook/document.h"

#include "runbook/document_writer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct da_document {
    const struct da_document_writer *writer;
    char *title;
    char *body;
    size_t body_length;
    struct da_document_place place; /* its stream writes body */
    struct da_list_of {
        char **items;
        size_t count;
    } chapters, cells;
    size_t columns;
    char *where; /* of the commands that are being put together; NULL = there are none */
    struct da_list_of lines;
    bool failed; /* out of memory */
};

/* ---- memory ---- */

static void add(struct da_document *document, struct da_list_of *list, char *item)
{
    if (item == NULL) {
        document->failed = true;
        return;
    }
    if ((list->count & (list->count - 1)) == 0) { /* room doubles when it is used up */
        char **items = reallocarray(list->items, list->count > 0 ? list->count * 2 : 1, sizeof(*items));
        if (items == NULL) {
            document->failed = true;
            free(item);
            return;
        }
        list->items = items;
    }
    list->items[list->count++] = item;
}

static void clear(struct da_list_of *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct da_list_of){0};
}

/* NULL = out of memory. */
__attribute__((format(printf, 1, 0))) static char *print(const char *format, va_list args)
{
    char *text;

    return vasprintf(&text, format, args) >= 0 ? text : NULL;
}

/* ---- beginning and end ---- */

struct da_document *da_document_begin(enum da_document_format format, const char *title)
{
    static const struct da_document_writer *const writers[] = {
        [DA_DOCUMENT_TEXT] = &da_document_text,
        [DA_DOCUMENT_MARKDOWN] = &da_document_markdown,
        [DA_DOCUMENT_HTML] = &da_document_html,
    };
    struct da_document *document = calloc(1, sizeof(*document));

    if (document == NULL)
        return NULL;
    document->writer = writers[format];
    document->title = strdup(title);
    document->place.out = open_memstream(&document->body, &document->body_length);
    if (document->title != NULL && document->place.out != NULL)
        return document;
    if (document->place.out != NULL)
        fclose(document->place.out);
    free(document->body);
    free(document->title);
    free(document);
    return NULL;
}

static void leave_list(struct da_document *document)
{
    if (document->place.list != DA_LIST_NONE)
        document->writer->list_end(&document->place);
    document->place.list = DA_LIST_NONE;
}

static enum da_status write_all(struct da_document *document, FILE *out)
{
    const struct da_document_contents contents = {
        .title = document->title, .chapters = document->chapters.items, .count = document->chapters.count};

    document->writer->head(&contents, out);
    fwrite(document->body, 1, document->body_length, out);
    document->writer->foot(out);
    return fflush(out) == 0 && !ferror(out) ? DA_OK : DA_ERR_IO;
}

enum da_status da_document_end(struct da_document *document, FILE *out)
{
    enum da_status status = DA_ERR_MEMORY;

    if (document == NULL)
        return status;
    leave_list(document);
    document->failed = ferror(document->place.out) || document->failed;
    document->failed = fclose(document->place.out) != 0 || document->failed;
    if (!document->failed)
        status = write_all(document, out);
    clear(&document->chapters);
    clear(&document->cells);
    clear(&document->lines);
    free(document->where);
    free(document->body);
    free(document->title);
    free(document);
    return status;
}

/* ---- parts ---- */

void da_document_chapter(struct da_document *document, const char *heading)
{
    leave_list(document);
    document->place.number = 0;
    add(document, &document->chapters, strdup(heading));
    document->writer->chapter(document->place.out, (unsigned)document->chapters.count, heading);
}

void da_document_section(struct da_document *document, const char *heading)
{
    leave_list(document);
    document->place.number = 0;
    document->writer->section(document->place.out, heading);
}

void da_document_paragraph(struct da_document *document, const char *format, ...)
{
    va_list args;

    leave_list(document);
    va_start(args, format);
    char *text = print(format, args);
    va_end(args);
    if (text != NULL)
        document->writer->paragraph(&document->place, text);
    document->failed = document->failed || text == NULL;
    free(text);
}

void da_document_note(struct da_document *document, enum da_note note, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = print(format, args);
    va_end(args);
    if (text != NULL)
        document->writer->note(&document->place, note, text);
    document->place.filled = true;
    document->failed = document->failed || text == NULL;
    free(text);
}

__attribute__((format(printf, 3, 0))) static void add_item(struct da_document *document, enum da_list list,
                                                           const char *format, va_list args)
{
    char *text = print(format, args);
    bool first = document->place.list != list;

    if (first)
        leave_list(document);
    document->place.list = list;
    document->place.number += list == DA_LIST_STEPS;
    if (text != NULL)
        document->writer->item(&document->place, first, text);
    document->place.filled = false;
    document->failed = document->failed || text == NULL;
    free(text);
}

void da_document_step(struct da_document *document, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_item(document, DA_LIST_STEPS, format, args);
    va_end(args);
}

void da_document_point(struct da_document *document, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_item(document, DA_LIST_POINTS, format, args);
    va_end(args);
}

/* ---- commands ---- */

void da_document_commands_begin(struct da_document *document, const char *where)
{
    free(document->where);
    document->where = strdup(where);
    document->failed = document->failed || document->where == NULL;
}

void da_document_command(struct da_document *document, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(document, &document->lines, print(format, args));
    va_end(args);
}

/* The pieces as one text, each with a newline at its end. */
static char *join(const struct da_list_of *lines)
{
    size_t length = 1;

    for (size_t i = 0; i < lines->count; i++)
        length += strlen(lines->items[i]) + 1;
    char *text = malloc(length), *end = text;
    for (size_t i = 0; i < lines->count && text != NULL; i++) {
        end = stpcpy(end, lines->items[i]);
        if (end > text && end[-1] != '\n')
            end = stpcpy(end, "\n");
    }
    if (text != NULL)
        *end = '\0';
    return text;
}

void da_document_commands_end(struct da_document *document)
{
    char *lines = join(&document->lines);

    if (lines != NULL && document->where != NULL)
        document->writer->commands(&document->place, document->where, lines);
    document->place.filled = true;
    document->failed = document->failed || lines == NULL;
    free(lines);
    free(document->where);
    document->where = NULL;
    clear(&document->lines);
}

/* ---- tables ---- */

void da_document_table_begin(struct da_document *document, size_t columns, const char *const *headings)
{
    leave_list(document);
    document->columns = columns;
    da_document_table_row(document, headings);
}

void da_document_table_row(struct da_document *document, const char *const *cells)
{
    for (size_t i = 0; i < document->columns; i++)
        add(document, &document->cells, strdup(cells[i]));
}

void da_document_table_end(struct da_document *document)
{
    const struct da_document_table table = {
        .columns = document->columns,
        .rows = document->cells.count / document->columns - 1,
        .cells = document->cells.items,
    };

    if (!document->failed && table.rows > 0)
        document->writer->table(document->place.out, &table);
    clear(&document->cells);
}

/* ---- for the writers ---- */

bool da_document_piece(const char **text, const char **piece, size_t *length, bool *code)
{
    const char *at = *text, *close = NULL;

    if (*at == '\0')
        return false;
    *code = *at == '`' && (close = strchr(at + 1, '`')) != NULL;
    if (*code) {
        *piece = at + 1;
        *length = (size_t)(close - at - 1);
        *text = close + 1;
        return true;
    }
    *piece = at;
    *length = 1 + strcspn(at + 1, "`");
    *text = at + *length;
    return true;
}
