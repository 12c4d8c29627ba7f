#include "audit/scan.h"

#include "audit/scan_state.h"

#include <errno.h>
#include <stdlib.h>

#define PAGE ((size_t)4096)

/* One allocation: what was read, the line ends behind the end of the file, copies of an entry and a suspect that are
 * cut. */
struct buffer {
    char *octets;
    const char *p; /* the first octet that is not scanned yet */
    char *end;     /* of what was read */
};

#define COPIES_AT   (DA_SCAN_BUFFER + PAGE)
#define BUFFER_SIZE (COPIES_AT + 2 * DA_SCAN_ENTRY_MAX)

struct way {
    da_scan_skip *skip;
    da_scan_walk *walk;
};

static const struct way ways[] = {
    [DA_SCAN_PORTABLE] = {da_scan_portable_skip, da_scan_portable_walk},
#ifdef __x86_64__
    [DA_SCAN_SSE2] = {da_scan_sse2_skip, da_scan_sse2_walk},
    [DA_SCAN_AVX2] = {da_scan_avx2_skip, da_scan_avx2_walk},
#endif
};

enum da_scan_way da_scan_way(void)
{
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
        __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("popcnt"))
        return DA_SCAN_AVX2;
    return DA_SCAN_SSE2;
#else
    return DA_SCAN_PORTABLE;
#endif
}

static void tell(struct da_scan_state *state, enum da_scan_doubt doubt, uint64_t line)
{
    if (state->told >> doubt & 1)
        return;
    state->told |= 1u << doubt;
    state->handler->doubt(state->handler->arg, doubt, line);
}

/* Gives what is held, and holds it no longer. Returns what the handler says. */
static bool give_held(struct da_scan_state *state, struct da_scan_held *held, const char *end, bool open)
{
    struct da_scan_entry entry = {
        .line = held->line,
        .text = held->text,
        .length = DA_SCAN_ENTRY_MAX,
        .suspect = held == &state->suspect,
        .cut = held->cut,
        .open = open,
    };

    if (!held->cut) {
        size_t length = (size_t)(end - held->text);
        entry.cut = length > DA_SCAN_ENTRY_MAX;
        entry.length = entry.cut ? DA_SCAN_ENTRY_MAX : length;
    }
    if (entry.cut)
        tell(state, DA_SCAN_CUT, held->line);
    *held = (struct da_scan_held){0};
    return state->handler->entry(state->handler->arg, &entry);
}

void da_scan_give(struct da_scan_state *state, const char *end)
{
    for (int doubt = 0; doubt < DA_SCAN_DOUBTS; doubt++)
        if (state->doubts >> doubt & 1)
            tell(state, (enum da_scan_doubt)doubt, state->line);
    if (state->suspect.text != NULL)
        give_held(state, &state->suspect, end, false);
    if (state->entry.text != NULL && state->depth == 0)
        state->follow = give_held(state, &state->entry, end, false);
}

/* What is held and too long already becomes a copy of what will be given of it. */
static void cut(struct buffer *buffer, struct da_scan_held *held, char *copy)
{
    if (held->text == NULL || held->cut || (size_t)(buffer->p - held->text) <= DA_SCAN_ENTRY_MAX)
        return;
    memcpy(copy, held->text, DA_SCAN_ENTRY_MAX);
    held->text = copy;
    held->cut = true;
}

/* Moves what is not scanned yet, and what is held, to where there is room behind it, at the end of a page. */
static void make_room(struct buffer *buffer, struct da_scan_state *state)
{
    struct da_scan_held *held[] = {&state->entry, &state->suspect};
    const char *first = buffer->p;

    for (size_t i = 0; i < 2; i++) {
        cut(buffer, held[i], buffer->octets + COPIES_AT + i * DA_SCAN_ENTRY_MAX);
        if (held[i]->text != NULL && !held[i]->cut && held[i]->text < first)
            first = held[i]->text;
    }
    size_t kept = (size_t)(buffer->end - first);
    char *end = buffer->octets + (kept + PAGE - 1) / PAGE * PAGE, *to = end - kept;
    memmove(to, first, kept);
    for (size_t i = 0; i < 2; i++)
        if (held[i]->text != NULL && !held[i]->cut)
            held[i]->text = to + (held[i]->text - first);
    buffer->p = to + (buffer->p - first);
    buffer->end = end;
}

/* Reads once. */
static enum da_status fill(struct buffer *buffer, struct da_scan_state *state, da_scan_read *read, void *read_arg)
{
    if ((size_t)(buffer->octets + DA_SCAN_BUFFER - buffer->end) < PAGE)
        make_room(buffer, state);
    ssize_t n = read(read_arg, buffer->end, (size_t)(buffer->octets + DA_SCAN_BUFFER - buffer->end));
    if (n < 0)
        return DA_ERR_IO;
    buffer->end += n;
    if (n == 0)
        memset(buffer->end, '\n', DA_SCAN_AHEAD);
    state->end = buffer->end;
    state->at_end = n == 0;
    state->searched = false;
    return DA_OK;
}

/* Scans what was read, all but the last octets as long as there may be more. */
static void scan_buffer(const struct way *way, struct buffer *buffer, struct da_scan_state *state)
{
    size_t ahead = state->at_end ? 0 : DA_SCAN_AHEAD;
    const char *p = buffer->p;

    if ((size_t)(buffer->end - p) <= ahead)
        return;
    const char *limit = buffer->end - ahead;
    while (p < limit) {
        if (da_scan_may_skip(state))
            p = way->skip(state, p, limit);
        p = way->walk(state, p, limit);
    }
    buffer->p = p;
}

static void end_file(const struct buffer *buffer, struct da_scan_state *state)
{
    if (state->mode != DA_SCAN_LINE_START)
        da_scan_end_line(state, buffer->end);
    if (state->depth == 0)
        return;
    tell(state, DA_SCAN_UNCLOSED_PAREN, state->paren_line);
    if (state->entry.text != NULL)
        give_held(state, &state->entry, buffer->end, true);
}

enum da_status da_scan(enum da_scan_way way, const struct da_scan_filter *filter, da_scan_read *read, void *read_arg,
                       const struct da_scan_handler *handler, uint64_t *lines)
{
    struct da_scan_state state = {.filter = filter, .handler = handler, .line = 1};
    struct buffer buffer = {.octets = aligned_alloc(PAGE, BUFFER_SIZE)};
    enum da_status status = DA_OK;

    if (buffer.octets == NULL)
        return DA_ERR_MEMORY;
    buffer.p = buffer.end = buffer.octets + PAGE;
    while (status == DA_OK && !state.at_end) {
        status = fill(&buffer, &state, read, read_arg);
        if (status == DA_OK)
            scan_buffer(&ways[way], &buffer, &state);
    }
    int error = errno;
    if (status == DA_OK) {
        end_file(&buffer, &state);
        if (lines != NULL)
            *lines = state.line - 1;
    }
    free(buffer.octets);
    errno = error;
    return status;
}
