#include "watch/lines.h"

#include "audit/aging.h"
#include "audit/report_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

bool da_lines_is_journal(const char *value, int fd)
{
    struct stat file;
    uintmax_t device, inode;
    char more;

    if (value == NULL || sscanf(value, "%ju:%ju%c", &device, &inode, &more) != 2 || fstat(fd, &file) != 0)
        return false;
    return device == file.st_dev && inode == file.st_ino;
}

/* Priorities of syslog(3). */
static int priority_of(enum da_severity severity)
{
    static const int priorities[DA_SEVERITIES] = {
        [DA_SEVERITY_SILENT] = 6,  [DA_SEVERITY_NOTE] = 5,     [DA_SEVERITY_WARNING] = 4,
        [DA_SEVERITY_UNKNOWN] = 3, [DA_SEVERITY_CRITICAL] = 2,
    };
    return priorities[severity];
}

void da_lines_put(const struct da_lines *lines, enum da_severity severity, const char *change, const char *format, ...)
{
    char when[DA_AGING_TEXT_MAX], *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (lines->journal)
        fprintf(lines->out, "<%d>", priority_of(severity));
    else
        fprintf(lines->out, "%s ", da_aging_text(lines->now, when));
    fprintf(lines->out, "%s %s ", severity == DA_SEVERITY_SILENT ? "ok" : da_severity_text(severity), change);
    da_words_put(length >= 0 ? text : "(out of memory)", lines->out);
    fputc('\n', lines->out);
    fflush(lines->out);
    if (length >= 0)
        free(text);
}
