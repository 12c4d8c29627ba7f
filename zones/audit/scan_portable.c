/* The portable way: memchr(3) for line ends, and for the octets that matter ahead, each searched once. */
#include "audit/scan_state.h"

static const char searched[DA_SCAN_NEXT] = {
    [DA_SCAN_NEXT_OPEN] = '(', [DA_SCAN_NEXT_CLOSE] = ')', [DA_SCAN_NEXT_ESCAPE] = '\\',
    [DA_SCAN_NEXT_NUL] = '\0', [DA_SCAN_NEXT_CR] = '\r',   [DA_SCAN_NEXT_QUOTE] = '"',
};

static void search(struct da_scan_state *state, int which, const char *p, const char *limit)
{
    const char *found = memchr(p, searched[which], (size_t)(limit - p));
    state->next[which] = found != NULL ? found : limit;
}

/* True where that line, which ends at lf, must be walked. */
static bool is_hard(struct da_scan_state *state, const char *line, const char *lf, const char *limit)
{
    bool quoted = false;

    for (int i = DA_SCAN_NEXT_OPEN; i <= DA_SCAN_NEXT_CR; i++)
        if (state->next[i] < line)
            search(state, i, line, limit);
    for (int i = DA_SCAN_NEXT_OPEN; i <= DA_SCAN_NEXT_NUL; i++)
        if (state->next[i] < lf)
            return true;
    if (state->next[DA_SCAN_NEXT_CR] + 1 < lf)
        return true;
    if (state->next[DA_SCAN_NEXT_QUOTE] < line)
        search(state, DA_SCAN_NEXT_QUOTE, line, limit);
    while (state->next[DA_SCAN_NEXT_QUOTE] < lf) {
        quoted = !quoted;
        search(state, DA_SCAN_NEXT_QUOTE, state->next[DA_SCAN_NEXT_QUOTE] + 1, limit);
    }
    /* No quote is escaped here. With an even number of them none is open at the line's end, whether or not a comment
     * begins between two. */
    return quoted;
}

const char *da_scan_portable_skip(struct da_scan_state *state, const char *p, const char *limit)
{
    const char *lf;

    if (!state->searched)
        for (int i = 0; i < DA_SCAN_NEXT; i++)
            search(state, i, p, limit);
    state->searched = true;
    while (p < limit && (lf = memchr(p, '\n', (size_t)(limit - p))) != NULL) {
        if (da_scan_may_match(state->filter, p) != 0 && da_scan_match(state->filter, p) != DA_SCAN_MATCH_NONE)
            break;
        if (is_hard(state, p, lf, limit))
            break;
        state->line++;
        p = lf + 1;
    }
    return p;
}

const char *da_scan_portable_walk(struct da_scan_state *state, const char *p, const char *limit)
{
    static const bool special[256] = {['\0'] = true, ['\n'] = true, ['\r'] = true, ['"'] = true,
                                      ['('] = true,  [')'] = true,  [';'] = true,  ['\\'] = true};

    while (p < limit) {
        if (state->mode == DA_SCAN_LINE_START)
            da_scan_begin_line(state, p);
        while (p < limit && !special[(uint8_t)*p])
            p++;
        if (p >= limit)
            break;
        if (*p != '\n')
            p = da_scan_octet(state, p);
        else if (da_scan_end_line(state, p++))
            break;
    }
    return p;
}
