#include "text.h"

#include <string.h>

void da_text_wrap(FILE *out, const char *first, const char *other, const char *text)
{
    size_t column = (size_t)fprintf(out, "%s", first);
    const size_t start = strlen(other);
    size_t word;

    for (size_t words = 0; (word = strcspn(text, " ")) > 0; words++) {
        size_t blank = words > 0;
        if (blank && column + blank + word > DA_TEXT_WIDTH) {
            fprintf(out, "\n%s", other);
            column = start;
            blank = 0;
        }
        fprintf(out, "%s%.*s", blank ? " " : "", (int)word, text);
        column += blank + word;
        text += word;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}
