/* What PowerShell prints, for libFuzzer: whatever it is, it is refused with one message or drafted; and a draft of
 * which nothing is missing or in doubt is YAML with a deployment of its own values alone, or is refused as one. */
#include "fuzz_names.h"
#include "import/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void draft(const struct da_objects *objects)
{
    static char address[] = "fd12:3456:789a:7777::7f00:1",
                host[] = "directaccess-corpConnectivityHost.corp.example.net";
    static char title[] = "policy";
    struct da_ncsi ncsi = {.title = title};
    char *text = NULL, *problems = NULL;
    size_t length, problems_length, count;
    struct da_deployment *deployment = NULL;

    ncsi.values[DA_NCSI_PROBE_ADDRESS] = address;
    ncsi.values[DA_NCSI_PROBE_HOST] = host;
    FILE *out = open_memstream(&text, &length), *told = open_memstream(&problems, &problems_length);
    promise(out != NULL && told != NULL);
    promise(da_draft_write(objects, &ncsi, out, told, &count) == DA_OK);
    fclose(out);
    fclose(told);
    promise((count == 0) == (problems_length == 0));
    for (size_t i = 0; i < length; i++)
        promise(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
    struct da_error error = {0};
    enum da_status status = da_deployment_parse(text, length, &deployment, NULL, NULL, &error);
    promise(status == DA_OK || error.text[0] != '\0');
    promise(status != DA_ERR_SYNTAX || count > 0 || error.path[0] != '\0');
    if (status == DA_OK)
        promise(deployment->suffix_count == 1 && deployment->isatap_router[0] == '\0' && deployment->block_count == 1);
    da_deployment_free(deployment);
    free(text);
    free(problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct da_objects objects = {0};
    struct da_error error = {0};

    enum da_status status = da_objects_parse("fuzz", (const char *)data, size, &objects, &error);
    promise((status == DA_OK) == (error.status == DA_OK));
    if (status == DA_OK)
        draft(&objects);
    da_objects_clear(&objects);
    return 0;
}
