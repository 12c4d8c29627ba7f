/* scan_state.h - where the scanner stands, and what a line's beginning, its special octets and its end do. Private to
 * the scanner.
 *
 * A way of scanning is two functions. skip() passes over lines that cannot matter, as fast as it can; it may stop too
 * soon, but never too late. walk() knows everything, and goes from one special octet to the next. Both work on what is
 * in the buffer, and look up to DA_SCAN_AHEAD octets past what they are told to do: at the end of the file those are
 * line ends. */
#ifndef DA_SCAN_STATE_H
#define DA_SCAN_STATE_H

#include "audit/scan.h"
#include "audit/scan_filter.h"

#define DA_SCAN_AHEAD ((size_t)192)

enum da_scan_mode { DA_SCAN_LINE_START, DA_SCAN_TEXT, DA_SCAN_QUOTED, DA_SCAN_COMMENT };
#define DA_SCAN_MODES 4

/* What will be given once its end is seen. */
struct da_scan_held {
    const char *text; /* NULL = nothing */
    uint64_t line;
    bool cut; /* text is a copy of the first DA_SCAN_ENTRY_MAX octets, there are more */
};

/* Octets that the portable way looks ahead for. */
enum {
    DA_SCAN_NEXT_OPEN,
    DA_SCAN_NEXT_CLOSE,
    DA_SCAN_NEXT_ESCAPE,
    DA_SCAN_NEXT_NUL,
    DA_SCAN_NEXT_CR,
    DA_SCAN_NEXT_QUOTE
};
#define DA_SCAN_NEXT 6

struct da_scan_state {
    const struct da_scan_filter *filter;
    const struct da_scan_handler *handler;
    const char *end; /* of what was read */
    bool at_end;     /* of the file */
    enum da_scan_mode mode;
    bool follow;         /* the last entry was given and the handler wants the next */
    uint64_t line;       /* number of this one */
    uint64_t depth;      /* open parentheses */
    uint64_t paren_line; /* of the outermost */
    unsigned doubts;     /* bit n: this line has doubt n */
    unsigned told;       /* bit n: doubt n has been told */
    struct da_scan_held entry, suspect;
    bool searched; /* next holds for this buffer */
    const char *next[DA_SCAN_NEXT];
};

/* p        at the beginning of a line outside parentheses, no entry followed
 * Returns the beginning of a line: all in front of it hold nothing to give and no doubt, and are counted. */
typedef const char *da_scan_skip(struct da_scan_state *state, const char *p, const char *limit);

/* Returns where it stopped: at the limit, or an octet or two behind it, or sooner at a line where skip() may go on. */
typedef const char *da_scan_walk(struct da_scan_state *state, const char *p, const char *limit);

da_scan_skip da_scan_portable_skip;
da_scan_walk da_scan_portable_walk;
#ifdef __x86_64__
da_scan_skip da_scan_sse2_skip, da_scan_avx2_skip;
da_scan_walk da_scan_sse2_walk, da_scan_avx2_walk;
#endif

/* Gives what ends with this line, doubts first. end is where the LF is, or the text's end. */
void da_scan_give(struct da_scan_state *state, const char *end);

static inline bool da_scan_may_skip(const struct da_scan_state *state)
{
    return state->mode == DA_SCAN_LINE_START && state->depth == 0 && !state->follow;
}

/* True where p[at] is in the file and that octet. */
static inline bool da_scan_is(const struct da_scan_state *state, const char *p, size_t at, char octet)
{
    return p[at] == octet && (!state->at_end || (size_t)(state->end - p) > at);
}

static inline void da_scan_note(struct da_scan_state *state, enum da_scan_doubt doubt)
{
    state->doubts |= 1u << doubt;
}

static inline void da_scan_begin_line(struct da_scan_state *state, const char *line)
{
    const struct da_scan_held held = {.text = line, .line = state->line};

    state->mode = DA_SCAN_TEXT;
    if (state->depth > 0) {
        if (da_scan_may_match(state->filter, line) != 0 && da_scan_match(state->filter, line) == DA_SCAN_MATCH_LABEL)
            state->suspect = held;
    } else if (state->follow) {
        bool empty = *line == '\n' || (*line == '\r' && da_scan_is(state, line, 1, '\n'));
        if (!empty && *line != ';')
            state->entry = held;
    } else if (da_scan_may_match(state->filter, line) != 0 &&
               da_scan_match(state->filter, line) != DA_SCAN_MATCH_NONE) {
        state->entry = held;
    }
}

/* True where skip() may go on behind this LF. */
static inline bool da_scan_end_line(struct da_scan_state *state, const char *end)
{
    if (state->mode == DA_SCAN_QUOTED)
        da_scan_note(state, DA_SCAN_UNCLOSED_QUOTE);
    if ((state->doubts & ~state->told) != 0 || state->entry.text != NULL || state->suspect.text != NULL)
        da_scan_give(state, end);
    state->doubts = 0;
    state->line++;
    state->mode = DA_SCAN_LINE_START;
    return da_scan_may_skip(state);
}

/* "\" at p. Returns what comes behind the octet it escapes. */
static inline const char *da_scan_escape(struct da_scan_state *state, const char *p)
{
    if (state->mode == DA_SCAN_COMMENT || (state->at_end && state->end - p < 2))
        return p + 1;
    if (p[1] == '\n') {
        da_scan_note(state, DA_SCAN_ESCAPED_LINE_END);
        return p + 1;
    }
    if (p[1] == '\r') {
        bool line_end = da_scan_is(state, p, 2, '\n');
        da_scan_note(state, line_end ? DA_SCAN_ESCAPED_LINE_END : DA_SCAN_LONE_CR);
    } else if (p[1] == '\0') {
        da_scan_note(state, DA_SCAN_NUL);
    }
    return p + 2;
}

static inline void da_scan_parenthesis(struct da_scan_state *state, bool opens)
{
    if (opens) {
        if (state->depth++ == 0)
            state->paren_line = state->line;
    } else if (state->depth > 0) {
        state->depth--;
    } else {
        da_scan_note(state, DA_SCAN_STRAY_PAREN);
    }
}

/* What stands at p, other than LF, may be special. Returns where to go on looking. */
static inline const char *da_scan_octet(struct da_scan_state *state, const char *p)
{
    switch (*p) {
    case '"':
        if (state->mode != DA_SCAN_COMMENT)
            state->mode = state->mode == DA_SCAN_TEXT ? DA_SCAN_QUOTED : DA_SCAN_TEXT;
        break;
    case ';':
        if (state->mode == DA_SCAN_TEXT)
            state->mode = DA_SCAN_COMMENT;
        break;
    case '(':
    case ')':
        if (state->mode == DA_SCAN_TEXT)
            da_scan_parenthesis(state, *p == '(');
        break;
    case '\\':
        return da_scan_escape(state, p);
    case '\r':
        if (!da_scan_is(state, p, 1, '\n'))
            da_scan_note(state, DA_SCAN_LONE_CR);
        break;
    case '\0':
        da_scan_note(state, DA_SCAN_NUL);
        break;
    default:
        break;
    }
    return p + 1;
}

#endif
