/* scan.h - the entries of a zone file that may matter, found without reading the others.
 *
 * RFC 1035 section 5.1 files of any size, in one pass and constant memory: one buffer of DA_SCAN_BUFFER octets, no
 * allocation after that. The fastest way that the processor has is chosen at run time (da_scan_way()); all of them
 * give the same entries for the same octets, however read() cuts these up. tests/unit/scan_oracle.h says the same
 * octet by octet.
 *
 * Lines. A line ends at LF; a CR in front of it is blank. What a line is depends on two things only: the parentheses
 * that are open where it begins, and its octets. A quoted string does not go on behind the end of its line (RFC 1035
 * has no such; BIND, Knot and ldns refuse it), so that one bad record never hides the next: it is a doubt.
 *
 * Entries. A line outside parentheses begins an entry, unless it is empty (LF or CR LF alone) or begins with ";". The
 * entry goes on for as long as parentheses are open: the ends of those lines are in its text. Blanks alone, or blanks
 * and a comment, are an entry, too. Quotes, comments (";" to the end of the line) and "\" escapes hide parentheses as
 * usual; "\" escapes one octet, but neither LF nor CR LF, and nothing in a comment. ")" with nothing open is passed
 * over.
 *
 * Which are given. The first label of a line is what stands in front of its first dot, blank, tab, CR, NUL, quote, "(",
 * ")", ";", "\", line end or text end. An entry is given to the handler exactly where
 *   - its first label is one of the filter's, letters folded; or
 *   - its first label ends at a "\" or a quote and is the beginning of one of the filter's, or empty; or
 *   - it begins with "@", ".", "$" or "("; or
 *   - it follows an entry for which the handler returned true.
 * A line within parentheses is given as well where its first label is one of the filter's, alone and as a suspect: an
 * unclosed parenthesis must not swallow our records. It is given at once, before the entry around it, and does not
 * change what follows. */
#ifndef DA_SCAN_H
#define DA_SCAN_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DA_SCAN_BUFFER    ((size_t)256 * 1024) /* octets */
#define DA_SCAN_ENTRY_MAX ((size_t)64 * 1024)  /* octets of an entry's text; a longer one is cut */
#define DA_SCAN_LABEL_MAX 63                   /* octets of a filter's label */

/* First labels: letters folded, as text without escapes. Immutable; any number of threads may use one. */
struct da_scan_filter;

/* Makes a filter of count labels, each of 1 to DA_SCAN_LABEL_MAX octets without NUL; copies are made. Duplicates and
 * upper case are allowed. A label with an octet that ends one, such as a dot, is found where that is escaped or quoted.
 * filter is set on success only. Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_VALUE for a label that is empty or too long.
 */
enum da_status da_scan_filter_new(const char *const *labels, size_t count, struct da_scan_filter **filter);

/* NULL is allowed. */
void da_scan_filter_free(struct da_scan_filter *filter);

struct da_scan_entry {
    uint64_t line;    /* number of its first line, from 1 */
    const char *text; /* from its first octet to the one before the LF that ends it, or to the end of the file; not
                         NUL-terminated; the handler's for the call only */
    size_t length;    /* octets of text, at most DA_SCAN_ENTRY_MAX */
    bool suspect;     /* a line within parentheses */
    bool cut;         /* there was more of it */
    bool open;        /* the file ended before its parentheses did; never of a suspect */
};

/* What makes a reading uncertain: from there on, what was not seen need not be absent. */
enum da_scan_doubt {
    DA_SCAN_UNCLOSED_QUOTE,   /* a quoted string has no end on its line */
    DA_SCAN_UNCLOSED_PAREN,   /* the file ends within parentheses; line: the one that opened the outermost */
    DA_SCAN_STRAY_PAREN,      /* ")" with nothing open */
    DA_SCAN_NUL,              /* octet 0 */
    DA_SCAN_LONE_CR,          /* CR that no LF follows: a line end to some programs, in comments, too */
    DA_SCAN_ESCAPED_LINE_END, /* "\" in front of LF or CR LF, other than in a comment */
    DA_SCAN_CUT,              /* an entry that was given cut; line: its first */
};
#define DA_SCAN_DOUBTS 7

struct da_scan_handler {
    /* True = give the entries that follow, too, until one returns false. The result for a suspect is not looked at. */
    bool (*entry)(void *arg, const struct da_scan_entry *entry);
    /* Of each kind the first is told, and no other. Between entries of other lines in the order of lines; an entry's
     * own doubts before it. */
    void (*doubt)(void *arg, enum da_scan_doubt doubt, uint64_t line);
    void *arg;
};

/* As read(2): fewer octets than asked for are no end, 0 is; -1 with errno set is a failure. It is not called again
 * after either. */
typedef ssize_t da_scan_read(void *arg, void *buffer, size_t size);

/* Ways to do it, fastest last. DA_SCAN_PORTABLE needs nothing but C and memchr(3). */
enum da_scan_way { DA_SCAN_PORTABLE, DA_SCAN_SSE2, DA_SCAN_AVX2 };

/* The fastest way this processor has. */
enum da_scan_way da_scan_way(void);

/* Scans to the end of what read gives.
 *
 * way      da_scan_way(), or a slower one that the processor has
 * lines    set to the number of lines, on success, one without an LF at the end included; may be NULL
 * Returns DA_OK, DA_ERR_MEMORY, or DA_ERR_IO with errno set. */
enum da_status da_scan(enum da_scan_way way, const struct da_scan_filter *filter, da_scan_read *read, void *read_arg,
                       const struct da_scan_handler *handler, uint64_t *lines);

#endif
