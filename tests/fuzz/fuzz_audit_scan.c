/* The scanner, every way, against the oracle. The input: an octet that chooses the read size, one that chooses the
 * filter and whether runs are made long, then the file. */
#include "audit/scan.h"
#include "scan_oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"wpad", "isatap", "isatap-da", "*", "a", "ab", "abc", "a.b", "directaccess-nls"};

/* The filter has the first of these names, or the last. */
struct choice {
    size_t read_size;
    const char *const *labels;
    size_t label_count;
    bool stretch;
};

static struct choice choose(uint8_t first, uint8_t second)
{
    static const size_t sizes[] = {SCAN_READ_ALL, SCAN_READ_RANDOM, 1, 2, 7, 63, 64, 65, 191, 192, 193, 4095};
    size_t count = (size_t)(second & 0x0f) % (LENGTH_OF(names) + 1);
    bool last = (second & 0x40) != 0;

    return (struct choice){
        .read_size = sizes[first % LENGTH_OF(sizes)],
        .labels = last ? names + LENGTH_OF(names) - count : names,
        .label_count = count,
        .stretch = (second & 0x80) != 0,
    };
}

/* Octets 1 and 2 become runs longer than a block and longer than an entry may be: a fuzzer makes none by itself. */
static struct scan_text make_text(const uint8_t *data, size_t size, bool stretch)
{
    static const size_t runs[] = {0, 70, 66000};
    size_t length = 0, used = 0;

    for (size_t i = 0; i < size; i++)
        length += stretch && (data[i] == 1 || data[i] == 2) ? runs[data[i]] : 1;
    char *octets = malloc(length + 1);
    if (octets == NULL)
        abort();
    for (size_t i = 0; i < size; i++) {
        size_t run = stretch && (data[i] == 1 || data[i] == 2) ? runs[data[i]] : 1;
        memset(octets + used, run == 1 ? data[i] : ' ', run);
        used += run;
    }
    return (struct scan_text){octets, length};
}

static bool follow_hash(const struct da_scan_entry *entry)
{
    return scan_hash(entry->text, entry->length) % 3 == 0;
}

static void compare(struct scan_text text, const struct choice *choice)
{
    struct da_scan_filter *filter = NULL;
    struct scan_log expected = {.follow = follow_hash};
    struct da_scan_handler handler = scan_log_handler(&expected);
    uint64_t lines = 0;

    scan_oracle(text, choice->labels, choice->label_count, &handler, &lines);
    scan_log_lines(&expected, lines);
    if (da_scan_filter_new(choice->labels, choice->label_count, &filter) != DA_OK)
        abort();
    for (int way = DA_SCAN_PORTABLE; way <= (int)da_scan_way(); way++) {
        struct scan_log log = {.follow = follow_hash};
        enum da_status status = scan_log_way((enum da_scan_way)way, filter, text, choice->read_size, &log);
        if (status != DA_OK || strcmp(log.text, expected.text) != 0) {
            fprintf(stderr, "way %d, read size %zd:\nexpected %s\ngot      %s\n", way, (ssize_t)choice->read_size,
                    expected.text, log.text);
            abort();
        }
        free(log.text);
    }
    da_scan_filter_free(filter);
    free(expected.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct choice choice = choose(data[0], data[1]);
    size_t stretched = 0;
    for (size_t i = 2; i < size; i++)
        stretched += data[i] == 2;
    if (stretched > 8)
        choice.stretch = false;
    struct scan_text text = make_text(data + 2, size - 2, choice.stretch);
    /* octet by octet this would take seconds */
    if (text.length > 10000 && choice.read_size != SCAN_READ_ALL)
        choice.read_size = SCAN_READ_RANDOM;
    compare(text, &choice);
    free((char *)(uintptr_t)text.octets);
    return 0;
}
