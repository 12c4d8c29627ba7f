#include "audit/live_progress.h"

#include "audit/live_clock.h"

#include <stdarg.h>

#define INTERVAL 200 /* milliseconds */

/* ECMA-48: to the first column; erase to the end of the line. */
#define RETURN_AND_ERASE "\r\033[K"

bool da_progress_is_due(struct da_progress *progress)
{
    if (progress->out == NULL)
        return false;
    int64_t now = da_clock_ms();
    if (progress->next == 0) /* what is over at once shows nothing */
        progress->next = now + INTERVAL;
    if (now < progress->next)
        return false;
    progress->next = now + INTERVAL;
    return true;
}

void da_progress_show(struct da_progress *progress, const char *format, ...)
{
    va_list args;

    fputs(RETURN_AND_ERASE, progress->out);
    va_start(args, format);
    vfprintf(progress->out, format, args);
    va_end(args);
    fflush(progress->out);
    progress->shown = true;
}

void da_progress_end(struct da_progress *progress)
{
    if (!progress->shown)
        return;
    fputs(RETURN_AND_ERASE, progress->out);
    fflush(progress->out);
    progress->shown = false;
}
