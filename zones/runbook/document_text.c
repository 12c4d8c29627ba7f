/* Plain text: lines of 78 columns at the most, but for commands, which stay whole. Each part begins with an empty line.
 * Code keeps its backticks. */
#include "runbook/document_writer.h"

#include "audit/report_words.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define INDENT_MAX 16
#define GAP        2  /* columns between cells */
#define LAST_MIN   24 /* columns that the last cell of a row needs, to be broken into lines there */

static size_t columns_of(const char *text)
{
    size_t columns = 0;

    for (; *text != '\0'; text++)
        columns += ((unsigned char)*text & 0xc0) != 0x80; /* not within a character of UTF-8 */
    return columns;
}

static void repeat(char character, size_t count, FILE *out)
{
    while (count-- > 0)
        fputc(character, out);
}

/* Wraps text that may have octets not fit to be shown. */
static void wrap(FILE *out, const char *first, const char *other, const char *text)
{
    char *shown = NULL;
    size_t length;
    FILE *stream = open_memstream(&shown, &length);

    if (stream != NULL)
        da_words_put(text, stream);
    if (stream != NULL && fclose(stream) == 0)
        da_text_wrap(out, first, other, shown);
    free(shown);
}

/* What stands before the lines of a part within an item. */
static const char *indent_of(const struct da_document_place *place)
{
    return place->list == DA_LIST_STEPS ? "    " : place->list == DA_LIST_POINTS ? "  " : "";
}

static void write_heading(FILE *out, const char *heading, char line)
{
    da_words_put(heading, out);
    fputc('\n', out);
    repeat(line, columns_of(heading), out);
    fputc('\n', out);
}

static void write_head(const struct da_document_contents *contents, FILE *out)
{
    write_heading(out, contents->title, '=');
}

static void write_foot(FILE *out)
{
    (void)out;
}

static void write_chapter(FILE *out, unsigned number, const char *heading)
{
    char numbered[256];

    snprintf(numbered, sizeof(numbered), "%u. %s", number, heading);
    fputs("\n\n", out);
    write_heading(out, numbered, '-');
}

static void write_section(FILE *out, const char *heading)
{
    fputc('\n', out);
    write_heading(out, heading, '~');
}

static void write_paragraph(const struct da_document_place *place, const char *text)
{
    fputc('\n', place->out);
    wrap(place->out, "", "", text);
}

static void write_note(const struct da_document_place *place, enum da_note note, const char *text)
{
    char first[INDENT_MAX], other[INDENT_MAX];

    snprintf(first, sizeof(first), "%s%s", indent_of(place), note == DA_NOTE_WARNING ? "Warning: " : "Note: ");
    snprintf(other, sizeof(other), "%s", indent_of(place));
    fputc('\n', place->out);
    wrap(place->out, first, other, text);
}

static void write_item(const struct da_document_place *place, bool first, const char *text)
{
    char head[INDENT_MAX];

    if (first || place->filled || place->list == DA_LIST_STEPS)
        fputc('\n', place->out);
    if (place->list == DA_LIST_STEPS)
        snprintf(head, sizeof(head), "%2u. ", place->number);
    else
        snprintf(head, sizeof(head), "- ");
    wrap(place->out, head, indent_of(place), text);
}

static void write_list_end(const struct da_document_place *place)
{
    (void)place;
}

static void write_commands(const struct da_document_place *place, const char *where, const char *lines)
{
    const char *indent = indent_of(place);

    fprintf(place->out, "\n%s", indent);
    da_words_put(where, place->out);
    fputs(":\n\n", place->out);
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        if (length > 0)
            fprintf(place->out, "%s    %.*s", indent, (int)length, lines);
        fputc('\n', place->out);
        lines += length + 1;
    }
}

/* ---- tables ---- */

static size_t width_of(const struct da_document_table *table, size_t column)
{
    size_t width = 0;

    for (size_t row = 0; row <= table->rows; row++) {
        size_t columns = columns_of(table->cells[row * table->columns + column]);
        width = columns > width ? columns : width;
    }
    return width;
}

/* The last cell is broken into lines where it is too wide. */
static void write_row(const struct da_document_table *table, size_t row, FILE *out)
{
    char *head = NULL;
    size_t length, blanks = 2;
    char other[DA_TEXT_WIDTH + 1];
    FILE *stream = open_memstream(&head, &length);

    for (size_t column = 0; column + 1 < table->columns && stream != NULL; column++) {
        const char *cell = table->cells[row * table->columns + column];
        repeat(' ', blanks, stream);
        da_words_put(cell, stream);
        blanks = width_of(table, column) - columns_of(cell) + GAP;
    }
    if (stream != NULL)
        repeat(' ', blanks, stream);
    const char *last = table->cells[row * table->columns + table->columns - 1];
    if (stream != NULL && fclose(stream) == 0) {
        snprintf(other, sizeof(other), "%*s", (int)columns_of(head), "");
        for (size_t end = length; *last == '\0' && end > 0 && head[end - 1] == ' ';)
            head[--end] = '\0'; /* no blanks at the end of a line */
        wrap(out, head, other, last);
    }
    free(head);
}

/* A table that is too wide, as a list of what each row has. */
static void write_records(const struct da_document_table *table, FILE *out)
{
    size_t width = 0;

    for (size_t column = 0; column < table->columns; column++) {
        size_t columns = columns_of(table->cells[column]);
        width = columns > width ? columns : width;
    }
    for (size_t row = 1; row <= table->rows; row++) {
        fputs(row > 1 ? "\n" : "", out);
        for (size_t column = 0; column < table->columns; column++) {
            const char *cell = table->cells[row * table->columns + column];
            char first[DA_TEXT_WIDTH], other[DA_TEXT_WIDTH];
            if (*cell == '\0')
                continue;
            snprintf(first, sizeof(first), "  %-*s  ", (int)width, table->cells[column]);
            snprintf(other, sizeof(other), "  %*s  ", (int)width, "");
            wrap(out, first, other, cell);
        }
    }
}

static void write_table(FILE *out, const struct da_document_table *table)
{
    const size_t last = width_of(table, table->columns - 1);
    size_t width = 2;

    for (size_t column = 0; column + 1 < table->columns; column++)
        width += width_of(table, column) + GAP;
    fputc('\n', out);
    if (width + (last < LAST_MIN ? last : LAST_MIN) > DA_TEXT_WIDTH) {
        write_records(table, out);
        return;
    }
    width = width + last > DA_TEXT_WIDTH ? DA_TEXT_WIDTH : width + last;
    write_row(table, 0, out);
    fputs("  ", out);
    repeat('-', width - 2, out);
    fputc('\n', out);
    for (size_t row = 1; row <= table->rows; row++)
        write_row(table, row, out);
}

const struct da_document_writer da_document_text = {
    .head = write_head,
    .foot = write_foot,
    .chapter = write_chapter,
    .section = write_section,
    .paragraph = write_paragraph,
    .note = write_note,
    .item = write_item,
    .list_end = write_list_end,
    .commands = write_commands,
    .table = write_table,
};
