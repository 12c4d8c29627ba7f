/* live_clock.h - the clock that waiting is measured with. Private to the audit's live sources. */
#ifndef DA_LIVE_CLOCK_H
#define DA_LIVE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Milliseconds of a clock that nobody sets. */
static inline int64_t da_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Milliseconds left until a deadline, as poll(2) wants them: never negative. */
static inline int da_clock_left(int64_t deadline)
{
    int64_t left = deadline - da_clock_ms();
    return left > 0 ? (int)left : 0;
}

#endif
