/* The SSE2 way, which every x86-64 processor has: four vectors of 16 octets a block. */
#include "audit/scan_masks.h"

#ifdef __x86_64__

#include <emmintrin.h>

#define WAY

static inline __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline __m128i is(__m128i octets, char octet)
{
    return _mm_cmpeq_epi8(octets, _mm_set1_epi8(octet));
}

static inline __m128i either(__m128i a, __m128i b)
{
    return _mm_or_si128(a, b);
}

/* "(" and ")" differ in one bit. */
static inline __m128i is_parenthesis(__m128i octets)
{
    return is(_mm_and_si128(octets, _mm_set1_epi8(~('(' ^ ')'))), '(');
}

static inline uint64_t mask(__m128i octets)
{
    return (uint32_t)_mm_movemask_epi8(octets);
}

static inline void look(const char *p, struct look *seen)
{
    __m128i any = _mm_setzero_si128();

    seen->lf = seen->quote = 0;
    for (size_t i = 0; i < 4; i++) {
        __m128i octets = load(p + 16 * i);
        any = either(any, either(is_parenthesis(octets), is(octets, '\0')));
        any = either(any, either(is(octets, '\\'), is(octets, '\r')));
        seen->lf |= mask(is(octets, '\n')) << 16 * i;
        seen->quote |= mask(is(octets, '"')) << 16 * i;
    }
    seen->rest = _mm_movemask_epi8(any) != 0;
}

static inline void look_closer(const char *p, struct look_closer *closer)
{
    *closer = (struct look_closer){0};
    for (size_t i = 0; i < 4; i++) {
        __m128i octets = load(p + 16 * i);
        closer->cr |= mask(is(octets, '\r')) << 16 * i;
        closer->escape |= mask(is(octets, '\\')) << 16 * i;
        closer->hard |= mask(either(is_parenthesis(octets), is(octets, '\0'))) << 16 * i;
    }
}

static inline void find_marks(const char *p, struct marks *marks)
{
    *marks = (struct marks){0};
    for (size_t i = 0; i < 4; i++) {
        __m128i octets = load(p + 16 * i);
        __m128i comment = either(is(octets, '\0'), either(is(octets, '\n'), is(octets, '\r')));
        __m128i in_quotes = either(comment, either(is(octets, '"'), is(octets, '\\')));
        __m128i text = either(in_quotes, either(is(octets, ';'), is_parenthesis(octets)));
        marks->in[DA_SCAN_TEXT] |= mask(text) << 16 * i;
        marks->in[DA_SCAN_QUOTED] |= mask(in_quotes) << 16 * i;
        marks->in[DA_SCAN_COMMENT] |= mask(comment) << 16 * i;
    }
}

static inline uint64_t quoted(uint64_t quotes)
{
    for (int shift = 1; shift < 64; shift *= 2)
        quotes ^= quotes << shift;
    return quotes;
}

static inline unsigned first(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits | (uint64_t)1 << 63);
}

static inline uint64_t count(uint64_t bits)
{
    return (uint64_t)__builtin_popcountll(bits);
}

#include "audit/scan_blocks.h"

const char *da_scan_sse2_skip(struct da_scan_state *state, const char *p, const char *limit)
{
    return skip(state, p, limit);
}

const char *da_scan_sse2_walk(struct da_scan_state *state, const char *p, const char *limit)
{
    return walk(state, p, limit);
}

#endif
