/* text.h - plain text broken into lines, for help and for the comments that head generated files. */
#ifndef DA_TEXT_H
#define DA_TEXT_H

#include <stdio.h>

#define DA_TEXT_WIDTH 78 /* columns of a line, what stands before the text included */

/* Writes ASCII text as lines that break at blanks; first stands before the first line, other before the rest. A word
 * that is longer than a line stays whole. */
void da_text_wrap(FILE *out, const char *first, const char *other, const char *text);

#endif
