/* document.h - a document of chapters, as plain text, Markdown (CommonMark, tables as GitHub's) or HTML.
 *
 * Whoever writes a chapter knows no format. Text is plain UTF-8, and is escaped as the format needs; in it, `code`
 * between backticks is a command, name or value. Texts are copied; none is kept by reference. Nothing is written before
 * the end, so that the contents can stand in front. */
#ifndef DA_RUNBOOK_DOCUMENT_H
#define DA_RUNBOOK_DOCUMENT_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum da_document_format { DA_DOCUMENT_TEXT, DA_DOCUMENT_MARKDOWN, DA_DOCUMENT_HTML };

/* What stands out beside a step or table. */
enum da_note { DA_NOTE_PLAIN, DA_NOTE_WARNING };

struct da_document;

/* NULL = out of memory. */
struct da_document *da_document_begin(enum da_document_format format, const char *title);

/* Writes it all to out, and frees the document. Returns DA_OK, DA_ERR_MEMORY where a part is missing and nothing was
 * written, or DA_ERR_IO. NULL is allowed, and is DA_ERR_MEMORY. */
enum da_status da_document_end(struct da_document *document, FILE *out);

/* A chapter has a number and, in HTML, an anchor and a line in the contents; a section is part of a chapter. */
void da_document_chapter(struct da_document *document, const char *heading);
void da_document_section(struct da_document *document, const char *heading);

__attribute__((format(printf, 2, 3))) void da_document_paragraph(struct da_document *document, const char *format, ...);
__attribute__((format(printf, 3, 4))) void da_document_note(struct da_document *document, enum da_note note,
                                                            const char *format, ...);

/* A numbered step; numbers begin anew in each chapter and section. Commands and notes may follow it. */
__attribute__((format(printf, 2, 3))) void da_document_step(struct da_document *document, const char *format, ...);

/* A point of a list. */
__attribute__((format(printf, 2, 3))) void da_document_point(struct da_document *document, const char *format, ...);

/* Lines for a shell or a device's prompt, to be copied as they are; where tells which: "On each server, PowerShell".
 * Lines are put in between, with newlines or without; nothing in them is escaped but for the format's sake, and
 * backticks are not looked at. */
void da_document_commands_begin(struct da_document *document, const char *where);
__attribute__((format(printf, 2, 3))) void da_document_command(struct da_document *document, const char *format, ...);
void da_document_commands_end(struct da_document *document);

/* A table of so many columns: first the headings, then rows of as many cells. One without rows is left out. */
void da_document_table_begin(struct da_document *document, size_t columns, const char *const *headings);
void da_document_table_row(struct da_document *document, const char *const *cells);
void da_document_table_end(struct da_document *document);

#endif
