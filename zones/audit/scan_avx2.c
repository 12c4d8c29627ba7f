/* The AVX2 way: two vectors of 32 octets a block. */
#include "audit/scan_masks.h"

#ifdef __x86_64__

#include <immintrin.h>

#define WAY __attribute__((target("avx2,bmi,bmi2,pclmul,popcnt")))

WAY static inline uint64_t mask(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

/* For octets that differ in their low four bits: the octets of a vector that are one of them. At each place of table,
 * both halves of it, stands the octet with these bits, or where there is none, one with other bits. */
WAY static inline __m256i is_one_of(__m256i octets, __m256i table)
{
    /* An octet above 127 picks 0, which it is not. */
    return _mm256_cmpeq_epi8(octets, _mm256_shuffle_epi8(table, octets));
}

WAY static inline __m256i load(const char *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

WAY static inline __m256i is(__m256i octets, char octet)
{
    return _mm256_cmpeq_epi8(octets, _mm256_set1_epi8(octet));
}

WAY static inline void look(const char *p, struct look *seen)
{
    const __m256i rest =
        _mm256_broadcastsi128_si256(_mm_setr_epi8('\0', 0, 0, 0, 0, 0, 0, 0, '(', ')', 0, 0, '\\', '\r', 0, 0));
    __m256i low = load(p), high = load(p + 32);
    __m256i any = _mm256_or_si256(is_one_of(low, rest), is_one_of(high, rest));

    seen->lf = mask(is(low, '\n'), is(high, '\n'));
    seen->quote = mask(is(low, '"'), is(high, '"'));
    seen->rest = !_mm256_testz_si256(any, any);
}

WAY static inline void look_closer(const char *p, struct look_closer *closer)
{
    const __m256i hard =
        _mm256_broadcastsi128_si256(_mm_setr_epi8('\0', 0, 0, 0, 0, 0, 0, 0, '(', ')', 0, 0, 0, 0, 0, 0));
    __m256i low = load(p), high = load(p + 32);

    closer->cr = mask(is(low, '\r'), is(high, '\r'));
    closer->escape = mask(is(low, '\\'), is(high, '\\'));
    closer->hard = mask(is_one_of(low, hard), is_one_of(high, hard));
}

WAY static inline void find_marks(const char *p, struct marks *marks)
{
    const __m256i text =
        _mm256_broadcastsi128_si256(_mm_setr_epi8('\0', 0, '"', 0, 0, 0, 0, 0, '(', ')', '\n', ';', '\\', '\r', 0, 0));
    const __m256i quoted =
        _mm256_broadcastsi128_si256(_mm_setr_epi8('\0', 0, '"', 0, 0, 0, 0, 0, 0, 0, '\n', 0, '\\', '\r', 0, 0));
    const __m256i comment =
        _mm256_broadcastsi128_si256(_mm_setr_epi8('\0', 0, 0, 0, 0, 0, 0, 0, 0, 0, '\n', 0, 0, '\r', 0, 0));
    __m256i low = load(p), high = load(p + 32);

    marks->in[DA_SCAN_TEXT] = mask(is_one_of(low, text), is_one_of(high, text));
    marks->in[DA_SCAN_QUOTED] = mask(is_one_of(low, quoted), is_one_of(high, quoted));
    marks->in[DA_SCAN_COMMENT] = mask(is_one_of(low, comment), is_one_of(high, comment));
}

/* A carry-less product with all ones adds up, bit by bit, all bits below. */
WAY static inline uint64_t quoted(uint64_t quotes)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)quotes), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

WAY static inline unsigned first(uint64_t bits)
{
    return (unsigned)_tzcnt_u64(bits);
}

WAY static inline uint64_t count(uint64_t bits)
{
    return (uint64_t)_mm_popcnt_u64(bits);
}

#include "audit/scan_blocks.h"

WAY const char *da_scan_avx2_skip(struct da_scan_state *state, const char *p, const char *limit)
{
    return skip(state, p, limit);
}

WAY const char *da_scan_avx2_walk(struct da_scan_state *state, const char *p, const char *limit)
{
    return walk(state, p, limit);
}

#endif
