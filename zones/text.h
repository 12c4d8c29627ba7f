/* text.h - plain text broken into lines, for help and for the comments that head generated files; and ends of lines. */
#ifndef DA_TEXT_H
#define DA_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#define DA_TEXT_WIDTH 78 /* columns of a line, what stands before the text included */

/* Writes ASCII text as lines that break at blanks; first stands before the first line, other before the rest. A word
 * that is longer than a line stays whole. */
void da_text_wrap(FILE *out, const char *first, const char *other, const char *text);

/* Opens a stream for text whose lines end in CR LF where they arrive, in out: what Windows programs want of what is
 * written here as LF. Closing it leaves out open. NULL = out of memory. */
FILE *da_text_crlf(FILE *out);

/* Closes it. Returns false, with errno set, where something could not be written to out. */
bool da_text_crlf_close(FILE *lines);

/* Writes a word as a POSIX shell reads it: as it is where nothing in it means anything to the shell, else quoted; what
 * cannot be printed as $'\\ooo', which bash and newer shells read. A path that begins with "-" gets "./" in front. */
void da_text_shell_path(FILE *out, const char *path);

#endif
