/* document_writer.h - what a format does with the parts of a document. Private to document*.c.
 *
 * Texts are as they were given: each writer escapes them. Errors of streams are told by ferror(). */
#ifndef DA_RUNBOOK_DOCUMENT_WRITER_H
#define DA_RUNBOOK_DOCUMENT_WRITER_H

#include "runbook/document.h"

enum da_list { DA_LIST_NONE, DA_LIST_STEPS, DA_LIST_POINTS };

/* Where a part stands. */
struct da_document_place {
    FILE *out;
    enum da_list list; /* within an item of such a list */
    unsigned number;   /* of the item, in a list of steps; from 1 */
    bool filled;       /* something followed the text of the item */
};

struct da_document_contents {
    const char *title;
    char *const *chapters; /* headings; the number of a chapter is its index + 1 */
    size_t count;
};

struct da_document_table {
    size_t columns, rows; /* rows: without the headings */
    char *const *cells;   /* row by row, the headings first */
};

struct da_document_writer {
    void (*head)(const struct da_document_contents *contents, FILE *out);
    void (*foot)(FILE *out);
    void (*chapter)(FILE *out, unsigned number, const char *heading);
    void (*section)(FILE *out, const char *heading);
    void (*paragraph)(const struct da_document_place *place, const char *text);
    void (*note)(const struct da_document_place *place, enum da_note note, const char *text);
    void (*item)(const struct da_document_place *place, bool first, const char *text); /* first: of its list */
    void (*list_end)(const struct da_document_place *place); /* of the last item, which place is in */
    void (*commands)(const struct da_document_place *place, const char *where,
                     const char *lines); /* each line has its end */
    void (*table)(FILE *out, const struct da_document_table *table);
};

extern const struct da_document_writer da_document_text, da_document_markdown, da_document_html;

/* Takes the next piece of text, which ends where code begins or ends; a backtick that is never closed is text. False
 * at the end. *text goes on behind it. */
bool da_document_piece(const char **text, const char **piece, size_t *length, bool *code);

#endif
