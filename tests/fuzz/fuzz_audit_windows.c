/* Exports of Get-DnsServerResourceRecord for libFuzzer: whatever a file holds, it is read to its end, and what comes of
 * it keeps the promises of zones/audit/collection.h. */
#include "audit/aging.h"
#include "audit/input.h"
#include "audit/windows_export.h"
#include "fuzz_names.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char yaml[] = "suffixes: [corp.example.net, example.com]\n"
                           "network-location-server: true\n"
                           "isatap-router: router\n" FUZZ_ENTRY_POINT;

static void check_record(const struct da_collection *collection, const struct da_found *found)
{
    promise(found->type != 0 && da_names_interest(collection->names, found->owner->wire) != 0);
    promise(found->place.line > 0 && found->place.line <= collection->lines);
    promise((found->aging == DA_AGING_DYNAMIC) == (found->stamp != 0));
    promise(collection->ages || found->aging == DA_AGING_UNKNOWN);
    if (found->type == DA_TYPE_A)
        promise(found->rdata_length == 0 || found->rdata_length == 4);
    if (found->type == DA_TYPE_AAAA)
        promise(found->rdata_length == 0 || found->rdata_length == 16);
}

static void check_doubt(const struct da_collection *collection, const struct da_doubt *doubt)
{
    size_t length = strnlen(doubt->text, sizeof(doubt->text));

    promise(length > 0 && length < sizeof(doubt->text));
    for (size_t i = 0; i < length; i++)
        promise(doubt->text[i] >= ' ' && doubt->text[i] <= '~');
    promise(doubt->place.line > 0 && doubt->place.line <= collection->lines + 1);
}

static void collect(struct da_input *input, struct da_collection *collection)
{
    size_t length;
    const char *head = da_input_peek(input, &length);
    const char *file = da_collection_file(collection, "f");

    if (da_windows_is_json(head, length))
        promise(da_windows_json_collect(input, file, collection) == DA_OK);
    else
        promise(da_windows_csv_collect(input, file, collection) == DA_OK);
    da_collection_finish(collection);
    for (size_t i = 0; i < collection->record_count; i++)
        check_record(collection, &collection->records[i]);
    for (size_t i = 0; i < collection->doubt_count; i++)
        check_doubt(collection, &collection->doubts[i]);
    promise(collection->failed || collection->record_count + collection->doubt_count + collection->lines > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct da_collection *collection = NULL;
    struct da_input *input = NULL;
    char path[32];

    int fd = memfd_create("export", MFD_CLOEXEC);
    promise(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    promise(da_collection_new(DA_SOURCE_ZONE_FILE, "f", fuzz_names(yaml, NULL), &collection) == DA_OK);
    if (da_input_open(path, &input, NULL) == DA_OK)
        collect(input, collection);
    da_input_close(input);
    da_collection_free(collection);
    close(fd);
    return 0;
}
