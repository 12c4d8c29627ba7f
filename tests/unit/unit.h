/* unit.h - what every unit test starts with, and the few helpers they share. */
#ifndef DA_UNIT_H
#define DA_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "deployment.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A deployment from YAML that must be right; the caller frees it. */
static inline struct da_deployment *must_parse(const char *yaml)
{
    struct da_deployment *deployment = NULL;
    struct da_error error = {0};
    char text[DA_ERROR_PRINT_MAX];

    if (da_deployment_parse(yaml, strlen(yaml), &deployment, NULL, NULL, &error) != DA_OK)
        fail_msg("%s", da_error_print(&error, "yaml", text, sizeof(text)));
    return deployment;
}

/* A name in wire form from text of plain labels; "." is the root. */
static inline size_t wire_name(const char *text, uint8_t wire[static DA_NAME_MAX])
{
    size_t used = 0;

    while (*text != '\0' && *text != '.') {
        size_t n = strcspn(text, ".");
        assert_true(used + 1 + n < DA_NAME_MAX);
        wire[used++] = (uint8_t)n;
        memcpy(wire + used, text, n);
        used += n;
        text += n + (text[n] == '.');
    }
    wire[used++] = 0;
    return used;
}

#endif
