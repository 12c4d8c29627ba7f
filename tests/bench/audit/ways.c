/* usage: bench_audit_ways [WAY FILE]
 *
 * Scans a zone file in one of the ways of audit/scan.h, and prints how many lines it has and how many entries were
 * given. Without arguments: prints the ways that this processor has, slowest first. */
#include "audit/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char *const ways[] = {[DA_SCAN_PORTABLE] = "portable", [DA_SCAN_SSE2] = "SSE2", [DA_SCAN_AVX2] = "AVX2"};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* What dadns looks for with one suffix, corp.example.net. */
static const char *const labels[] = {
    "directaccess-corpconnectivityhost",
    "directaccess-webprobehost",
    "directaccess-nls",
    "isatap",
    "wpad",
    "corp",
    "example",
    "net",
    "*",
};

static bool has_way(size_t way)
{
    return way < WAYS && way <= (size_t)da_scan_way();
}

/* WAYS where the processor has none of that name. */
static size_t find_way(const char *name)
{
    for (size_t way = 0; has_way(way); way++)
        if (strcmp(ways[way], name) == 0)
            return way;
    return WAYS;
}

/* Follows ours into the lines that have no owner, as dadns does. */
static bool count_entry(void *arg, const struct da_scan_entry *entry)
{
    static const char ours[] = "directaccess-";
    uint64_t *entries = arg;

    (*entries)++;
    return entry->length >= strlen(ours) && strncasecmp(entry->text, ours, strlen(ours)) == 0;
}

static void ignore_doubt(void *arg, enum da_scan_doubt doubt, uint64_t line)
{
    (void)arg;
    (void)doubt;
    (void)line;
}

static ssize_t read_file(void *arg, void *buffer, size_t size)
{
    const int *file = arg;

    return read(*file, buffer, size);
}

static int scan(enum da_scan_way way, const char *path)
{
    struct da_scan_filter *filter = NULL;
    uint64_t lines = 0, entries = 0;
    struct da_scan_handler handler = {.entry = count_entry, .doubt = ignore_doubt, .arg = &entries};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    enum da_status status = file >= 0 ? DA_OK : DA_ERR_IO;

    if (status == DA_OK)
        status = da_scan_filter_new(labels, sizeof(labels) / sizeof(labels[0]), &filter);
    if (status == DA_OK)
        status = da_scan(way, filter, read_file, &file, &handler, &lines);
    if (status == DA_OK)
        printf("%" PRIu64 " %" PRIu64 "\n", lines, entries);
    else
        fprintf(stderr, "%s: %s\n", path, status == DA_ERR_IO ? strerror(errno) : "out of memory");
    da_scan_filter_free(filter);
    if (file >= 0)
        close(file);
    return status == DA_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    size_t way = argc == 3 ? find_way(argv[1]) : WAYS;

    if (argc == 1) {
        for (way = 0; has_way(way); way++)
            puts(ways[way]);
        return 0;
    }
    if (way == WAYS) {
        fprintf(stderr, "usage: bench_audit_ways [WAY FILE]; WAY is one that this processor has\n");
        return 2;
    }
    return scan((enum da_scan_way)way, argv[2]);
}
