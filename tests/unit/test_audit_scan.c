/* The scanner: each clause of its contract by hand, then every way of scanning against the oracle. */
#include "unit.h"

#include "audit/scan.h"
#include "scan_oracle.h"

#include <errno.h>
#include <stdio.h>

/* Under a sanitizer each file costs ten times as much. */
#if defined(__SANITIZE_ADDRESS__)
#define RANDOM_FILES 4000
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RANDOM_FILES 4000
#endif
#endif
#ifndef RANDOM_FILES
#define RANDOM_FILES 15000
#endif

static const char *const labels[] = {"wpad", "isatap", "Isatap-DA", "directaccess-webprobehost", "*", "a", "a.b", "ns"};

static const size_t read_sizes[] = {SCAN_READ_ALL, 1, 7, 63, 64, 65, 4095, SCAN_READ_RANDOM};

static struct da_scan_filter *make_filter(const char *const *from, size_t count)
{
    struct da_scan_filter *filter = NULL;
    assert_int_equal(da_scan_filter_new(from, count, &filter), DA_OK);
    return filter;
}

/* In the tables, an entry with a "+" asks for the next. */
static bool follow_plus(const struct da_scan_entry *entry)
{
    return memchr(entry->text, '+', entry->length) != NULL;
}

/* Scans the text every way and with the given read sizes; each must tell what is expected. */
static void check_ways(const char *name, struct scan_text text, const struct da_scan_filter *filter,
                       const struct scan_log *expected, const size_t *sizes, size_t size_count)
{
    for (int way = DA_SCAN_PORTABLE; way <= (int)da_scan_way(); way++) {
        for (size_t i = 0; i < size_count; i++) {
            struct scan_log log = {.follow = expected->follow};
            assert_int_equal(scan_log_way((enum da_scan_way)way, filter, text, sizes[i], &log), DA_OK);
            if (strcmp(log.text, expected->text) != 0) {
                size_t same = 0;
                while (log.text[same] == expected->text[same])
                    same++;
                same -= same < 20 ? same : 20;
                fail_msg("%s, way %d, read size %zd, at %zu: expected \"%.80s\", got \"%.80s\"", name, way,
                         (ssize_t)sizes[i], same, expected->text + same, log.text + same);
            }
            free(log.text);
        }
    }
}

/* The oracle, too, must tell what is expected. */
static void check_known(const char *octets, size_t length, const char *expected)
{
    const struct scan_text text = {octets, length};
    struct da_scan_filter *filter = make_filter(labels, LENGTH_OF(labels));
    struct scan_log oracle = {.follow = follow_plus};
    struct da_scan_handler handler = scan_log_handler(&oracle);
    uint64_t lines = 0;

    scan_oracle(text, labels, LENGTH_OF(labels), &handler, &lines);
    scan_log_lines(&oracle, lines);
    assert_string_equal(oracle.text, expected);
    check_ways(octets, text, filter, &oracle, read_sizes, LENGTH_OF(read_sizes));
    free(oracle.text);
    da_scan_filter_free(filter);
}

struct known {
    const char *text;
    const char *expected;
};

static void check_table(const struct known *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_known(table[i].text, strlen(table[i].text), table[i].expected);
}

static void counts_lines(void **state)
{
    static const struct known table[] = {
        {"", "=0"}, {"\n", "=1"}, {"x", "=1"}, {"x\n", "=1"}, {"x\ny", "=2"}, {"\r\n\r\n", "=2"}, {"\n\n\n", "=3"},
    };
    (void)state;
    check_table(table, LENGTH_OF(table));
}

static void gives_the_filters_labels(void **state)
{
    static const struct known table[] = {
        {"wpad A 192.0.2.1\n", "1[wpad A 192.0.2.1] =1"},
        {"x A 192.0.2.1\nwPaD\tA 192.0.2.1", "2[wPaD\tA 192.0.2.1] =2"},
        {"wpad", "1[wpad] =1"},
        {"wpad\n", "1[wpad] =1"},
        {"wpad\r\nx\r\n", "1[wpad<CR>] =2"},
        {"wpad.corp\n", "1[wpad.corp] =1"},
        {"wpad(\n)\n", "1[wpad(<LF>)] =2"},
        {"wpad;\n", "1[wpad;] =1"},
        {"wpad)\n", "stray@1 1[wpad)] =1"},
        {"wpadx\nxwpad\nwpa\nwpad-\n wpad\n", "=5"},
        {"*\na\n*a\naa\n", "1[*] 2[a] =4"},
        {"a.b\n", "1[a.b] =1"},
        {"ns\nNs.x\nns A\nnS\tA\nns\r\nns(\n)\nns)\nns;\nnsx\nn\nns\"\nns\\x\nns",
         "1[ns] 2[Ns.x] 3[ns A] 4[nS\tA] 5[ns<CR>] 6[ns(<LF>)] stray@8 8[ns)] 9[ns;] quote@12 12[ns\"] 13[ns\\x] "
         "14[ns] "
         "=14"},
        {"isatap-da A\nISATAP A\nisatap-d A\n", "1[isatap-da A] 2[ISATAP A] =3"},
        {"DIRECTACCESS-WEBPROBEHOST A\ndirectaccess-webprobehosts A\n", "1[DIRECTACCESS-WEBPROBEHOST A] =2"},
    };
    (void)state;
    check_table(table, LENGTH_OF(table));
}

static void gives_what_needs_decoding(void **state)
{
    static const struct known table[] = {
        {"@ A\n.\n\\119pad\n$TTL 1\n(wpad )\n\"wpad\" A\n",
         "1[@ A] 2[.] 3[\\119pad] 4[$TTL 1] 5[(wpad )] 6[\"wpad\" A] =6"},
        {"w\\112ad\nwpa\\d\nwx\\x\nx\\119pad\nx\n", "1[w\\112ad] 2[wpa\\d] =5"},
        {"wpad\\x\nwp\"ad\"\nwx\"\"\n", "1[wpad\\x] 2[wp\"ad\"] =3"},
        {"@x\n$x\n.x\n", "1[@x] 2[$x] 3[.x] =3"},
        {"@\\x\n$y\\z\n", "1[@\\x] 2[$y\\z] =2"},
        {"x@\nx$\nx.\nx(\n)\n", "=5"},
        {"a\\.b\nA\\\n", "1[a\\.b] escape@2 2[A\\] =2"},
    };
    (void)state;
    check_table(table, LENGTH_OF(table));
}

static void follows(void **state)
{
    static const struct known table[] = {
        {"wpad +\n A\n B\n", "1[wpad +] 2[ A] =3"},
        {"wpad +\n A+\n B\n C\n", "1[wpad +] 2[ A+] 3[ B] =4"},
        {"wpad +\n\n\r\n;c +\nx\ny\n", "1[wpad +] 5[x] =6"},
        {"wpad +\n  \nx\n", "1[wpad +] 2[  ] =3"},
        {"wpad +\n ; c+\nx\n", "1[wpad +] 2[ ; c+] 3[x] =3"},
        {"wpad (+\n )\nx (\n y )\nz\n", "1[wpad (+<LF> )] 3[x (<LF> y )] =5"},
        {"x (\nwpad +\n)\ny\n", "2S[wpad +] =4"},
        {"wpad +\nx (+\nwpad\n)\ny\n", "1[wpad +] 3S[wpad] 2[x (+<LF>wpad<LF>)] 5[y] =5"},
        {"wpad +\n\rx\n", "1[wpad +] cr@2 2[<CR>x] =2"},
        {"wpad +\n\r", "1[wpad +] cr@2 2[<CR>] =2"},
    };
    (void)state;
    check_table(table, LENGTH_OF(table));
}

static void reads_parentheses(void **state)
{
    static const struct known table[] = {
        {"wpad ( A\n 192.0.2.1 )\nwpad\n", "1[wpad ( A<LF> 192.0.2.1 )] 3[wpad] =3"},
        {"wpad ((\n)\n)\nx\n", "1[wpad ((<LF>)<LF>)] =4"},
        {"x \"(\"\nwpad\n", "2[wpad] =2"},
        {"x \\(\nwpad\n", "2[wpad] =2"},
        {"x ; (\nwpad\n", "2[wpad] =2"},
        {"x ( ; )\n; )\n\" ) \" \\)\nwpad (\n) )\nwpad\n", "4S[wpad (] 6[wpad] =6"},
        {";(\nwpad\n", "2[wpad] =2"},
        {"x \\\\(\nwpad\n)\n", "2S[wpad] =3"},
        {"x \"\\\\\"(\nwpad\n)\n", "2S[wpad] =3"},
        {"x \"\\\"(\"\nwpad\n", "2[wpad] =2"},
        {"x )\nwpad (\n)\n", "stray@1 2[wpad (<LF>)] =3"},
        {"x ( ) )\ny )\n", "stray@1 =2"},
    };
    (void)state;
    check_table(table, LENGTH_OF(table));
}

static void gives_suspects(void **state)
{
    static const struct known table[] = {
        {"x (\nwpad A\n wpad\nwpadx\n\\119pad\n@\n\"wpad\"\nisatap\r\n)\n", "2S[wpad A] 8S[isatap<CR>] =9"},
        {"x (\nwpad )\nwpad\n", "2S[wpad )] 3[wpad] =3"},
        {"x (\nwpad\\x\n)\n", "2S[wpad\\x] =3"},
        {"x (\nwp\\097d\n)\n", "=3"},
        {"wpad (\nwpad\nisatap", "2S[wpad] 3S[isatap] paren@1 1O[wpad (<LF>wpad<LF>isatap] =3"},
    };
    (void)state;
    check_table(table, LENGTH_OF(table));
}

static void tells_doubts(void **state)
{
    static const struct known table[] = {
        {"x \"y\nwpad\nz \"\n", "quote@1 2[wpad] =3"},
        {"x\nwpad \"(\nwpad\n", "quote@2 2[wpad \"(] 3[wpad] =3"},
        {"x ; \"\ny \"a\" ; \"\nz \"a\" \"b;\"\n", "=3"},
        {"x \"\\\"\n", "quote@1 =1"},
        {"x \\\"\n", "=1"},
        {"x\ny\n\nz (\nw (\n v )\nq", "paren@4 =7"},
        {"wpad (\n", "paren@1 1O[wpad (<LF>] =1"},
        {"wpad (\n) (\n", "paren@2 1O[wpad (<LF>) (<LF>] =2"},
        {"x\ry\nz ; \r;\n", "cr@1 =2"},
        {"x\r", "cr@1 =1"},
        {"x\r\r\n", "cr@1 =1"},
        {"x \\\r\n", "escape@1 =1"},
        {"x \\\ry\n", "cr@1 =1"},
        {"x \\\r", "cr@1 =1"},
        {"x \\\n", "escape@1 =1"},
        {"x \\\\\n", "=1"},
        {"x \\", "=1"},
        {"x \"\\\n", "quote@1 escape@1 =1"},
        {"x ; \\\n", "=1"},
        {"x \\\r\r\n", "cr@1 =1"},
        {"wpad ) \" \\\n", "quote@1 stray@1 escape@1 1[wpad ) \" \\] =1"},
    };
    static const char nul[] = "x\ny \0\nwpad \0\n", escaped_nul[] = "x \\\0\n", comment_nul[] = ";\0\n",
                      label_nul[] = "wpad\0";
    (void)state;
    check_table(table, LENGTH_OF(table));
    check_known(nul, sizeof(nul) - 1, "nul@2 3[wpad <NUL>] =3");
    check_known(escaped_nul, sizeof(escaped_nul) - 1, "nul@1 =1");
    check_known(comment_nul, sizeof(comment_nul) - 1, "nul@1 =1");
    check_known(label_nul, sizeof(label_nul) - 1, "nul@1 1[wpad<NUL>] =1");
}

/* Without the NUL. */
static void put(char *at, const char *text)
{
    while (*text != '\0')
        *at++ = *text++;
}

/* Whatever stands in front of a line, it must be found: the text moves through all places of two blocks. */
static void finds_at_every_place(void **state)
{
    (void)state;
    for (size_t before = 0; before < 130; before++) {
        char text[2000], expected[100];
        memset(text, 'x', sizeof(text));
        for (size_t i = 30; i < sizeof(text); i += 31)
            text[i] = '\n';
        text[400 + before - 1] = '\n';
        put(text + 400 + before, "wpad A\n");
        size_t line = 1;
        for (size_t i = 0; i < 400 + before; i++)
            line += text[i] == '\n';
        size_t lines = line;
        for (size_t i = 400 + before; i < sizeof(text); i++)
            lines += text[i] == '\n';
        lines -= text[sizeof(text) - 1] == '\n';
        snprintf(expected, sizeof(expected), "%zu[wpad A] =%zu", line, lines);
        check_known(text, sizeof(text), expected);
    }
}

/* Texts around the limit of an entry, around the size of the buffer, and far beyond both. */
static void cuts_long_entries(void **state)
{
    static const size_t lengths[] = {DA_SCAN_ENTRY_MAX - 1, DA_SCAN_ENTRY_MAX, DA_SCAN_ENTRY_MAX + 1,
                                     DA_SCAN_BUFFER - 4097, DA_SCAN_BUFFER,    3 * DA_SCAN_BUFFER + 5};
    static const size_t sizes[] = {SCAN_READ_ALL, 4095, SCAN_READ_RANDOM};
    (void)state;

    for (size_t i = 0; i < LENGTH_OF(lengths); i++) {
        struct da_scan_filter *filter = make_filter(labels, LENGTH_OF(labels));
        struct scan_text text = {.length = 2 * lengths[i] + 20};
        struct scan_log oracle = {.follow = follow_plus};
        struct da_scan_handler handler = scan_log_handler(&oracle);
        uint64_t lines = 0;
        char *octets = malloc(text.length);
        assert_non_null(octets);
        memset(octets, ' ', text.length);
        put(octets, "wpad (\nisatap");
        octets[lengths[i] - 2] = '\n'; /* the suspect's end */
        octets[lengths[i] - 1] = ')';
        octets[lengths[i]] = '\n'; /* the entry's end */
        put(octets + lengths[i] + 1, "a");
        octets[2 * lengths[i] + 1] = '\n';
        put(octets + 2 * lengths[i] + 2, "wpad");
        text.octets = octets;
        scan_oracle(text, labels, LENGTH_OF(labels), &handler, &lines);
        scan_log_lines(&oracle, lines);
        assert_int_equal(lines, 5);
        bool cut = lengths[i] > DA_SCAN_ENTRY_MAX;
        assert_true(cut == (strstr(oracle.text, "cut@") != NULL));
        assert_non_null(strstr(oracle.text, cut ? "1C[wpad" : "1[wpad"));
        assert_non_null(strstr(oracle.text, lengths[i] > DA_SCAN_ENTRY_MAX + 9 ? "2SC[isatap" : "2S[isatap"));
        check_ways("a long entry", text, filter, &oracle, sizes, LENGTH_OF(sizes));
        free(oracle.text);
        free(octets);
        da_scan_filter_free(filter);
    }
}

/* Logs what the oracle tells, then compares. */
static void check_oracle(const char *name, struct scan_text text, const char *const *from, size_t count,
                         const size_t *sizes, size_t size_count)
{
    struct da_scan_filter *filter = make_filter(from, count);
    struct scan_log oracle = {.follow = follow_plus};
    struct da_scan_handler handler = scan_log_handler(&oracle);
    uint64_t lines = 0;

    scan_oracle(text, from, count, &handler, &lines);
    scan_log_lines(&oracle, lines);
    check_ways(name, text, filter, &oracle, sizes, size_count);
    free(oracle.text);
    da_scan_filter_free(filter);
}

/* What was found out about the octets in a full buffer does not hold for those that come next; and an entry that is as
 * long as it may be just where the buffer ends is not cut. */
static void goes_on_in_the_next_buffer(void **state)
{
    static const char *const hard[] = {"x (\nwpad A\n)\n", "x )\n", "x \\\n", "x\ry\n", "x \"y\n", "wpad (\n)\n"};
    static const size_t whole = SCAN_READ_ALL;
    const size_t size = 3 * DA_SCAN_BUFFER, there = DA_SCAN_BUFFER + 40000;
    char *octets = malloc(size);
    (void)state;

    assert_non_null(octets);
    for (size_t i = 0; i < LENGTH_OF(hard); i++) {
        memset(octets, 'x', size);
        for (size_t at = 40; at < size; at += 41)
            octets[at] = '\n';
        octets[there - 1] = '\n';
        put(octets + there, hard[i]);
        check_oracle(hard[i], (struct scan_text){octets, size}, labels, LENGTH_OF(labels), &whole, 1);
    }
    for (size_t before_end = 4096 + 150; before_end < 4096 + 250; before_end++) {
        size_t start = DA_SCAN_BUFFER - before_end - DA_SCAN_ENTRY_MAX;
        memset(octets, 'x', size);
        put(octets + start - 1, "\nwpad ");
        octets[start + DA_SCAN_ENTRY_MAX] = '\n';
        check_oracle("an entry", (struct scan_text){octets, 2 * DA_SCAN_BUFFER}, labels, 1, &whole, 1);
    }
    free(octets);
}

/* With no label at all, what needs decoding is given still. */
static void works_without_labels(void **state)
{
    static const char text[] = "x\n\"x\"\n\\x\n@\nx\\\nwpad\n";
    (void)state;
    check_oracle(text, (struct scan_text){text, sizeof(text) - 1}, NULL, 0, read_sizes, LENGTH_OF(read_sizes));
}

struct random {
    uint64_t state;
};

static size_t below(struct random *random, size_t limit)
{
    random->state = random->state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)((random->state >> 33) % limit);
}

static const struct piece {
    const char *octets;
    size_t length;
} pieces[] = {
#define PIECE(text)                                                                                                    \
    {                                                                                                                  \
        text, sizeof(text) - 1                                                                                         \
    }
    /* what most lines are made of */
    PIECE("host"),
    PIECE(" IN A 192.0.2.1"),
    PIECE("\n"),
    PIECE("\n\t"),
    PIECE(" "),
    PIECE(" AAAA 2001:db8::1\n"),
    PIECE("\nwp"),
    PIECE("\r\n"),
    PIECE(" TXT \"v=1; -all\""),
    PIECE(" ; a comment\n"),
    PIECE("\nis"),
    /* what matters */
    PIECE("\nwpad"),
    PIECE("\nISATAP"),
    PIECE("\nisatap-da "),
    PIECE("\ndirectaccess-WebProbeHost"),
    PIECE("\n*"),
    PIECE("\na"),
    PIECE("\na."),
    PIECE("\n@"),
    PIECE("\n$"),
    PIECE("\n."),
    PIECE("\n\\"),
    PIECE("\n\""),
    PIECE("\n("),
    PIECE("\nns"),
    PIECE("\nw\\"),
    PIECE("\nwpa\""),
    PIECE("\n;"),
    PIECE("\""),
    PIECE("("),
    PIECE(")"),
    PIECE(";"),
    PIECE("\\"),
    PIECE("\\\""),
    PIECE("\\\n"),
    PIECE("\\\r\n"),
    PIECE("\r"),
    PIECE("\0"),
    PIECE("\\("),
    PIECE("\\\\"),
    PIECE("wpad"),
    PIECE("."),
    PIECE("( "),
    PIECE(" )\n"),
    PIECE("\xff"),
    PIECE("\x8a"),
    PIECE("\xa2"),
    PIECE("\xdc"),
#undef PIECE
};
#define PLAIN_PIECES 11

/* A file of pieces; how many of them matter differs from file to file, so that long stretches without are had, too. */
static size_t make_file(struct random *random, char *octets, size_t size)
{
    size_t matter = (size_t[]){0, 1, 2, 5, 20, 60, 100}[below(random, 7)], used = 0;
    size_t few = 1 + below(random, LENGTH_OF(pieces) - PLAIN_PIECES), length = below(random, size);

    while (used < length) {
        size_t kind = below(random, 400);
        if (kind == 0) { /* a run that may cross blocks */
            size_t run = below(random, 300);
            run = run < size - used ? run : size - used;
            memset(octets + used, "x ;\n("[below(random, 5)], run);
            used += run;
            continue;
        }
        const struct piece *piece =
            kind % 100 < matter ? &pieces[PLAIN_PIECES + below(random, few)] : &pieces[below(random, PLAIN_PIECES)];
        if (piece->length > size - used)
            break;
        memcpy(octets + used, piece->octets, piece->length);
        used += piece->length;
    }
    return used;
}

/* Whether the next is followed depends on what is given alone. */
static bool follow_hash(const struct da_scan_entry *entry)
{
    return scan_hash(entry->text, entry->length) % 3 == 0;
}

static void check_random(uint64_t seed, const struct da_scan_filter *filter, char *octets, size_t size)
{
    struct random random = {seed * 0x9e3779b97f4a7c15u};
    struct scan_text text = {octets, make_file(&random, octets, size)};
    struct scan_log oracle = {.follow = follow_hash};
    struct da_scan_handler handler = scan_log_handler(&oracle);
    size_t sizes[] = {read_sizes[below(&random, LENGTH_OF(read_sizes))], SCAN_READ_ALL};
    char name[40];
    uint64_t lines = 0;

    snprintf(name, sizeof(name), "seed %llu", (unsigned long long)seed);
    scan_oracle(text, labels, LENGTH_OF(labels), &handler, &lines);
    scan_log_lines(&oracle, lines);
    check_ways(name, text, filter, &oracle, sizes, LENGTH_OF(sizes));
    free(oracle.text);
}

/* Mostly small files, which are many; some that are larger than the buffer. */
static void equals_the_oracle(void **state)
{
    const size_t large = 3 * DA_SCAN_BUFFER;
    struct da_scan_filter *filter = make_filter(labels, LENGTH_OF(labels));
    char *octets = malloc(large);
    (void)state;

    assert_non_null(octets);
    for (uint64_t seed = 1; seed <= RANDOM_FILES; seed++)
        check_random(seed, filter, octets, seed % 1000 == 0 ? large : seed % 10 == 0 ? 20000 : 2000);
    free(octets);
    da_scan_filter_free(filter);
}

/* A filter of thousands of labels, each found, and nothing else. */
static void finds_among_many_labels(void **state)
{
    const size_t count = 10000;
    char(*names)[16] = calloc(2 * count, sizeof(*names));
    const char **pointers = calloc(count, sizeof(*pointers));
    struct scan_log log = {.follow = follow_plus};
    (void)state;

    assert_non_null(names);
    assert_non_null(pointers);
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof(names[i]), "site-%zu", i * 2);
        pointers[i] = names[i];
    }
    struct da_scan_filter *filter = make_filter(pointers, count);
    for (size_t i = 0; i < 2 * count; i++)
        snprintf(names[i], sizeof(names[i]), "SITE-%-9zu\n", i);
    struct scan_text text = {names[0], 0};
    char *file = malloc(count * 2 * sizeof(*names));
    assert_non_null(file);
    for (size_t i = 0; i < 2 * count; i++) {
        memcpy(file + text.length, names[i], strlen(names[i]));
        text.length += strlen(names[i]);
    }
    text.octets = file;
    for (int way = DA_SCAN_PORTABLE; way <= (int)da_scan_way(); way++) {
        size_t given = 0;
        log.length = 0;
        assert_int_equal(scan_log_way((enum da_scan_way)way, filter, text, SCAN_READ_ALL, &log), DA_OK);
        for (const char *at = log.text; (at = strchr(at, '[')) != NULL; at++) {
            assert_int_equal(strtoul(at + strlen("[SITE-"), NULL, 10), 2 * given);
            given++;
        }
        assert_int_equal(given, count);
    }
    da_scan_filter_free(filter);
    free(file);
    free(log.text);
    free(pointers);
    free(names);
}

static void refuses_what_is_no_label(void **state)
{
    char longest[65];
    const char *label = longest;
    struct da_scan_filter *filter = NULL;
    (void)state;

    memset(longest, 'l', 64);
    longest[64] = '\0';
    assert_int_equal(da_scan_filter_new(&label, 1, &filter), DA_ERR_VALUE);
    label = "";
    assert_int_equal(da_scan_filter_new(&label, 1, &filter), DA_ERR_VALUE);
    assert_null(filter);
    da_scan_filter_free(NULL);
}

static void takes_labels_to_their_limit(void **state)
{
    char text[200], longest[64], expected[200];
    const char *label = longest;
    struct scan_log log = {.follow = follow_plus};
    (void)state;

    memset(longest, 'l', 63);
    longest[63] = '\0';
    struct da_scan_filter *filter = make_filter(&label, 1);
    snprintf(text, sizeof(text), "%s A\nl%s A\n%.62s A\n", longest, longest, longest);
    snprintf(expected, sizeof(expected), "1[%s A] =3", longest);
    log.text = expected;
    check_ways("63 octets", (struct scan_text){text, strlen(text)}, filter, &log, read_sizes, LENGTH_OF(read_sizes));
    da_scan_filter_free(filter);
}

static ssize_t fail_later(void *arg, void *buffer, size_t size)
{
    int *calls = arg;

    if ((*calls)++ > 0) {
        errno = EISDIR;
        return -1;
    }
    memset(buffer, 'x', size);
    return (ssize_t)size;
}

static void reports_failures_to_read(void **state)
{
    struct da_scan_filter *filter = make_filter(NULL, 0);
    struct scan_log log = {.follow = follow_plus};
    struct da_scan_handler handler = scan_log_handler(&log);
    (void)state;

    for (int way = DA_SCAN_PORTABLE; way <= (int)da_scan_way(); way++) {
        uint64_t lines = 77;
        int calls = 0;
        errno = 0;
        assert_int_equal(da_scan((enum da_scan_way)way, filter, fail_later, &calls, &handler, &lines), DA_ERR_IO);
        assert_int_equal(errno, EISDIR);
        assert_int_equal(calls, 2);
        assert_int_equal(lines, 77);
    }
    assert_null(log.text);
    da_scan_filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_lines),
        cmocka_unit_test(gives_the_filters_labels),
        cmocka_unit_test(gives_what_needs_decoding),
        cmocka_unit_test(follows),
        cmocka_unit_test(reads_parentheses),
        cmocka_unit_test(gives_suspects),
        cmocka_unit_test(tells_doubts),
        cmocka_unit_test(finds_at_every_place),
        cmocka_unit_test(cuts_long_entries),
        cmocka_unit_test(goes_on_in_the_next_buffer),
        cmocka_unit_test(works_without_labels),
        cmocka_unit_test(equals_the_oracle),
        cmocka_unit_test(finds_among_many_labels),
        cmocka_unit_test(refuses_what_is_no_label),
        cmocka_unit_test(takes_labels_to_their_limit),
        cmocka_unit_test(reports_failures_to_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
