/* Markdown: CommonMark, with tables as GitHub's. Paragraphs are not broken into lines, so that no line begins with what
 * would be markup. Every character that could be is written with a backslash in front (CommonMark 0.31, section 2.4).
 */
#include "runbook/document_writer.h"

#include "audit/report_words.h"

#include <stdint.h>
#include <string.h>

/* Writes octets of text, or of code, where a backslash stands for itself; in tables "|" needs one even there. */
static void put(const char *text, size_t length, bool code, bool table, FILE *out)
{
    const char *end = text + length;
    bool shown;

    while (text < end) {
        size_t octets = da_words_character(text, &shown);
        if (!shown) {
            fprintf(out, code ? "\\x%02x" : "\\\\x%02x", (uint8_t)*text);
        } else {
            if ((code && table && *text == '|') || (!code && strchr("\\`*_[]<>&|~!#", *text) != NULL))
                fputc('\\', out);
            fwrite(text, 1, octets, out);
        }
        text += octets;
    }
}

static void put_text(const char *text, bool table, FILE *out)
{
    const char *piece;
    size_t length;
    bool code;

    if (*text != '\0' && strchr("+-=", *text) != NULL) /* a list or a heading, were it the first of a line */
        fputc('\\', out);
    while (da_document_piece(&text, &piece, &length, &code)) {
        if (code && length == 0)
            continue;
        fputs(code ? "`" : "", out);
        put(piece, length, code, table, out);
        fputs(code ? "`" : "", out);
    }
}

/* What stands before the lines of a part within an item. */
static const char *indent_of(const struct da_document_place *place)
{
    return place->list == DA_LIST_STEPS ? "    " : place->list == DA_LIST_POINTS ? "  " : "";
}

static void write_head(const struct da_document_contents *contents, FILE *out)
{
    fputs("# ", out);
    put_text(contents->title, false, out);
    fputc('\n', out);
}

static void write_foot(FILE *out)
{
    (void)out;
}

static void write_chapter(FILE *out, unsigned number, const char *heading)
{
    fprintf(out, "\n## %u. ", number);
    put_text(heading, false, out);
    fputc('\n', out);
}

static void write_section(FILE *out, const char *heading)
{
    fputs("\n### ", out);
    put_text(heading, false, out);
    fputc('\n', out);
}

static void write_paragraph(const struct da_document_place *place, const char *text)
{
    fputc('\n', place->out);
    put_text(text, false, place->out);
    fputc('\n', place->out);
}

static void write_note(const struct da_document_place *place, enum da_note note, const char *text)
{
    fprintf(place->out, "\n%s> **%s:** ", indent_of(place), note == DA_NOTE_WARNING ? "Warning" : "Note");
    put_text(text, false, place->out);
    fputc('\n', place->out);
}

static void write_item(const struct da_document_place *place, bool first, const char *text)
{
    if (first || place->filled || place->list == DA_LIST_STEPS)
        fputc('\n', place->out);
    if (place->list == DA_LIST_STEPS)
        fprintf(place->out, "%u.%s", place->number, place->number < 10 ? "  " : " ");
    else
        fputs("- ", place->out);
    put_text(text, false, place->out);
    fputc('\n', place->out);
}

static void write_list_end(const struct da_document_place *place)
{
    (void)place;
}

/* The longest run of backticks, so that the fence is a longer one. */
static size_t longest_run(const char *lines)
{
    size_t longest = 0;

    while (*lines != '\0') {
        size_t run = strspn(lines, "`");
        longest = run > longest ? run : longest;
        lines += run > 0 ? run : 1;
    }
    return longest;
}

static void write_fence(const char *indent, size_t length, FILE *out)
{
    fputs(indent, out);
    while (length-- > 0)
        fputc('`', out);
    fputc('\n', out);
}

static void write_commands(const struct da_document_place *place, const char *where, const char *lines)
{
    const char *indent = indent_of(place);
    size_t run = longest_run(lines), fence = run < 3 ? 3 : run + 1;

    fprintf(place->out, "\n%s", indent);
    put_text(where, false, place->out);
    fputs(":\n\n", place->out);
    write_fence(indent, fence, place->out);
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        fprintf(place->out, "%s%.*s\n", length > 0 ? indent : "", (int)length, lines);
        lines += length + 1;
    }
    write_fence(indent, fence, place->out);
}

static void write_table(FILE *out, const struct da_document_table *table)
{
    fputc('\n', out);
    for (size_t row = 0; row <= table->rows; row++) {
        for (size_t column = 0; column < table->columns; column++) {
            fputs("| ", out);
            put_text(table->cells[row * table->columns + column], true, out);
            fputc(' ', out);
        }
        fputs("|\n", out);
        for (size_t column = 0; column < table->columns && row == 0; column++)
            fputs(column + 1 < table->columns ? "| --- " : "| --- |\n", out);
    }
}

const struct da_document_writer da_document_markdown = {
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
