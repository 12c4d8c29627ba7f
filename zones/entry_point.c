#include "entry_point.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SHOWN_MAX 8 /* names in an error */
#define NAMES_MAX 400

/* The names there are: the first, and as many as fit. */
static void list_names(const struct da_deployment *deployment, char text[static NAMES_MAX])
{
    size_t used = 0, shown = 0;

    for (; shown < deployment->entry_point_count && shown < SHOWN_MAX; shown++) {
        const char *name = deployment->entry_points[shown].name;
        if (used + strlen(name) + sizeof(" and 12345678 more") > NAMES_MAX)
            break;
        used += (size_t)snprintf(text + used, NAMES_MAX - used, "%s%s", shown > 0 ? ", " : "", name);
    }
    if (shown < deployment->entry_point_count)
        snprintf(text + used, NAMES_MAX - used, " and %zu more", deployment->entry_point_count - shown);
}

enum da_status da_entry_point_choose(const struct da_arguments *arguments, size_t option,
                                     const struct da_deployment *deployment, size_t *index, struct da_error *error)
{
    const char *text = da_arguments_text(arguments, option);
    char quoted[DA_ERROR_QUOTE_MAX], names[NAMES_MAX];

    *index = SIZE_MAX;
    for (size_t i = 0; text != NULL && i < deployment->entry_point_count; i++)
        if (strcasecmp(deployment->entry_points[i].name, text) == 0)
            *index = i;
    if (text == NULL || *index != SIZE_MAX)
        return DA_OK;
    list_names(deployment, names);
    return da_error_set(error, DA_ERR_VALUE, NULL, "--%s %s: not an entry point of this deployment; expected %s%s",
                        arguments->options[option].name, da_error_quote(text, quoted, sizeof(quoted)),
                        deployment->entry_point_count > 1 ? "one of " : "", names);
}
