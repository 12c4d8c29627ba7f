/* HTML: one page that needs nothing else, for a screen of any width, light or dark, and for paper. */
#include "runbook/document_writer.h"

#include "audit/report_html.h"

#include <stdlib.h>
#include <string.h>

/* Beside the style of the audit's page. */
static const char style[] =
    "nav ol{margin:.4rem 0;padding-left:1.4rem}\n"
    "a{color:var(--note)}\n"
    "h2{border-top:1px solid var(--line);padding-top:1.5rem}\n"
    "h3{margin:1.5rem 0 .4rem}\n"
    "main>ol,main>ul{padding-left:1.6rem}\n"
    "main>ol>li{margin:.7rem 0}\n"
    "aside{border-left:.3rem solid var(--mark);background:var(--mark-back);border-radius:.3rem;padding:.5rem .9rem;"
    "margin:.8rem 0;break-inside:avoid}\n"
    "aside b{color:var(--mark)}\n"
    "figure{margin:.8rem 0;break-inside:avoid}\n"
    "figcaption{color:var(--soft);font-size:.85rem}\n"
    "pre{background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.6rem .8rem;margin:.2rem 0;"
    "white-space:pre-wrap;overflow-wrap:anywhere}\n"
    "h1,h2,h3,p,li,aside,figcaption{overflow-wrap:anywhere}\n"
    "td code,p code,li code{overflow-wrap:anywhere}\n"
    "table{table-layout:auto;margin:.8rem 0}\n"
    "@media (max-width:44rem){thead{position:static;width:auto;height:auto;clip-path:none}thead th{display:none}"
    "tbody tr{display:block;border-top:1px solid var(--grid);padding:.4rem "
    "0}td[data-label]::before{margin-right:.6rem}}\n"
    "@media print{pre{border-color:#999}a{color:inherit}}\n";

/* Writes text with code marked up. */
static void put_text(const char *text, FILE *out)
{
    const char *piece;
    size_t length;
    bool code;

    while (da_document_piece(&text, &piece, &length, &code)) {
        char *copy = strndup(piece, length);
        fputs(code ? "<code>" : "", out);
        if (copy != NULL)
            da_html_put(copy, out);
        fputs(code ? "</code>" : "", out);
        free(copy);
    }
}

static void write_head(const struct da_document_contents *contents, FILE *out)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
          out);
    da_html_put(contents->title, out);
    fprintf(out, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n<header>\n<h1>", da_html_style, style);
    put_text(contents->title, out);
    fputs("</h1>\n<nav aria-label=\"Contents\">\n<ol>\n", out);
    for (size_t i = 0; i < contents->count; i++) {
        fprintf(out, "<li><a href=\"#chapter-%zu\">", i + 1);
        put_text(contents->chapters[i], out);
        fputs("</a></li>\n", out);
    }
    fputs("</ol>\n</nav>\n</header>\n<main>\n", out);
}

static void write_foot(FILE *out)
{
    fputs("</main>\n</body>\n</html>\n", out);
}

static void write_chapter(FILE *out, unsigned number, const char *heading)
{
    fprintf(out, "<h2 id=\"chapter-%u\">%u. ", number, number);
    put_text(heading, out);
    fputs("</h2>\n", out);
}

static void write_section(FILE *out, const char *heading)
{
    fputs("<h3>", out);
    put_text(heading, out);
    fputs("</h3>\n", out);
}

static void write_paragraph(const struct da_document_place *place, const char *text)
{
    fputs("<p>", place->out);
    put_text(text, place->out);
    fputs("</p>\n", place->out);
}

static void write_note(const struct da_document_place *place, enum da_note note, const char *text)
{
    bool warning = note == DA_NOTE_WARNING;

    fprintf(place->out, "<aside class=\"%s\"><b>%s:</b> ", warning ? "warning" : "note", warning ? "Warning" : "Note");
    put_text(text, place->out);
    fputs("</aside>\n", place->out);
}

/* An item stays open for what follows it, until the next one or the end of the list. */
static void write_item(const struct da_document_place *place, bool first, const char *text)
{
    if (!first)
        fputs("</li>\n", place->out);
    else
        fputs(place->list == DA_LIST_STEPS ? "<ol" : "<ul>\n", place->out);
    if (first && place->list == DA_LIST_STEPS)
        fprintf(place->out, place->number > 1 ? " start=\"%u\">\n" : ">\n", place->number);
    fputs("<li>", place->out);
    put_text(text, place->out);
    fputc('\n', place->out);
}

static void write_list_end(const struct da_document_place *place)
{
    fputs(place->list == DA_LIST_STEPS ? "</li>\n</ol>\n" : "</li>\n</ul>\n", place->out);
}

static void write_commands(const struct da_document_place *place, const char *where, const char *lines)
{
    fputs("<figure><figcaption>", place->out);
    put_text(where, place->out);
    fputs("</figcaption>\n<pre><code>", place->out);
    while (*lines != '\0') { /* line by line, as a newline would be shown as what it is not */
        size_t length = strcspn(lines, "\n");
        char *line = strndup(lines, length);
        if (line != NULL)
            da_html_put(line, place->out);
        fputc('\n', place->out);
        free(line);
        lines += length + 1;
    }
    fputs("</code></pre></figure>\n", place->out);
}

static void write_table(FILE *out, const struct da_document_table *table)
{
    fputs("<table>\n<thead><tr>", out);
    for (size_t column = 0; column < table->columns; column++) {
        fputs("<th scope=\"col\">", out);
        put_text(table->cells[column], out);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t row = 1; row <= table->rows; row++) {
        fputs("<tr>", out);
        for (size_t column = 0; column < table->columns; column++) {
            fputs("<td data-label=\"", out);
            da_html_put(table->cells[column], out);
            fputs("\">", out);
            put_text(table->cells[row * table->columns + column], out);
            fputs("</td>", out);
        }
        fputs("</tr>\n", out);
    }
    fputs("</tbody>\n</table>\n", out);
}

const struct da_document_writer da_document_html = {
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
