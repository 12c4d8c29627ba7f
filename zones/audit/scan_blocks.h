/* scan_blocks.h - skip() and walk() over blocks of 64 octets, for the vector way that includes this file. Private to
 * the scanner.
 *
 * That file has defined before, each compiled for its processor:
 *   WAY             the attribute that says so
 *   look()          makes a struct look of a block
 *   look_closer()   makes a struct look_closer of a block
 *   find_marks()    makes a struct marks of a block
 *   quoted()        for a mask of quotes, the mask of what lies behind an odd number of them
 *   first()         number of the lowest bit of a mask; what it is for 0 does not matter
 *   count()         bits of a mask
 * Masks have bit n for octet n. The structs are in scan_masks.h. */
#ifndef DA_SCAN_BLOCKS_H
#define DA_SCAN_BLOCKS_H

#include "audit/scan_masks.h"
#include "audit/scan_state.h"

#define BLOCK    64
#define LAST_BIT ((uint64_t)1 << 63)

/* 0 where none of the lines that begin behind these LFs of a block may match. Most blocks have one or two, so that two
 * are always looked at, the first one twice if need be: to guess how many there are costs more. Without any it is an
 * octet behind the block that is looked at, which may cost a little, but says nothing wrong. */
WAY static inline unsigned may_match(const struct da_scan_filter *filter, const char *block, uint64_t lf)
{
    uint64_t left = lf & (lf - 1);
    unsigned one = first(lf), other = left != 0 ? first(left) : one;
    unsigned found = da_scan_may_match(filter, block + one + 1) | da_scan_may_match(filter, block + other + 1);

    for (left &= left - 1; left != 0; left &= left - 1)
        found |= da_scan_may_match(filter, block + first(left) + 1);
    return found;
}

/* Where the line that goes on at p begins, from that line start on. */
static const char *line_start(const char *from, const char *p)
{
    const char *lf = p > from ? memrchr(from, '\n', (size_t)(p - from)) : NULL;
    return lf != NULL ? lf + 1 : from;
}

/* Where skip() has to stop in a block that has octets it cannot pass, or lines that may match the filter: the beginning
 * of a line; NULL = nowhere. */
WAY static __attribute__((noinline)) const char *stop_in(struct da_scan_state *state, const char *from,
                                                         const char *block, uint64_t lf, uint64_t hard)
{
    uint64_t passed = 0;

    lf &= (hard & -hard) - 1; /* those in front of the first hard octet; all where there is none */
    for (; lf != 0; lf &= lf - 1) {
        const char *line = block + first(lf) + 1;
        state->line++;
        if (da_scan_may_match(state->filter, line) != 0 && da_scan_match(state->filter, line) != DA_SCAN_MATCH_NONE)
            return line;
        passed++;
        from = line;
    }
    if (hard != 0)
        return line_start(from, block);
    state->line -= passed;
    return NULL;
}

/* The octets that a line cannot be skipped with, of a block that has some of those of look_closer(), other than a quote
 * that is open at the line's end. Takes quotes that are escaped out of seen. */
WAY static inline uint64_t find_hard(const char *block, struct look *seen)
{
    struct look_closer closer;

    look_closer(block, &closer);
    uint64_t before_lf = seen->lf >> 1 | (block[BLOCK] == '\n' ? LAST_BIT : 0);
    uint64_t escaped = closer.escape << 1;
    /* "\" in front of "\" or of another block is rare, so that nobody needs to know here what it escapes. In a comment
     * it escapes nothing, but there it does not matter how many quotes are counted, see skip(). */
    uint64_t unclear = (escaped & (closer.escape | closer.cr | seen->lf)) | (closer.escape & LAST_BIT);

    seen->quote &= ~escaped;
    return closer.hard | (closer.cr & ~before_lf) | unclear;
}

/* A line without parentheses needs to be walked only where a quote may be open at its end: where it has an odd number
 * of them. With an even number none is open: all in front of a comment are closed, and those in it are no quotes. */
WAY static inline const char *skip(struct da_scan_state *state, const char *from, const char *limit)
{
    const struct da_scan_filter *filter = state->filter;
    const char *p = from, *stop;
    uint64_t open = 0;

    if (da_scan_may_match(filter, p) != 0 && da_scan_match(filter, p) != DA_SCAN_MATCH_NONE)
        return p;
    for (; limit - p >= BLOCK; p += BLOCK) {
        uint64_t hard = 0;
        struct look seen;
        look(p, &seen);
        if (seen.rest)
            hard = find_hard(p, &seen);
        uint64_t in = quoted(seen.quote) ^ open;
        hard |= in & seen.lf;
        if ((hard | may_match(filter, p, seen.lf)) != 0 && (stop = stop_in(state, from, p, seen.lf, hard)) != NULL)
            return stop;
        state->line += count(seen.lf);
        open = -(in >> 63); /* of the last octet, for all of the next block */
    }
    return line_start(from, p);
}

/* From mark to mark of those ahead in a block, which matter in the mode it is in, up to end or where the mode changes.
 * Returns true where walk() stops, at *p. */
WAY static inline bool walk_marks(struct da_scan_state *state, const char *block, uint64_t ahead, const char *end,
                                  const char *limit, const char **p)
{
    const enum da_scan_mode mode = state->mode;

    for (; ahead != 0; ahead &= ahead - 1) {
        const char *at = block + first(ahead);
        if (*at != '\n') {
            *p = da_scan_octet(state, at);
        } else {
            *p = at + 1;
            if (da_scan_end_line(state, at) || *p >= limit)
                return true;
            da_scan_begin_line(state, *p);
        }
        if (state->mode != mode || *p != at + 1)
            return false;
    }
    *p = end;
    return false;
}

WAY static inline const char *walk(struct da_scan_state *state, const char *p, const char *limit)
{
    if (p < limit && state->mode == DA_SCAN_LINE_START)
        da_scan_begin_line(state, p);
    for (const char *block = p; p < limit; block += BLOCK) {
        const char *end = limit - block < BLOCK ? limit : block + BLOCK;
        uint64_t within = UINT64_MAX >> (BLOCK - (end - block));
        struct marks marks;
        find_marks(block, &marks);
        while (p < end)
            if (walk_marks(state, block, marks.in[state->mode] & within & UINT64_MAX << (size_t)(p - block) % BLOCK,
                           end, limit, &p))
                return p;
    }
    return p;
}

#endif
