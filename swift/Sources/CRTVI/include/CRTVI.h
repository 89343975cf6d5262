#ifndef CRTVI_H
#define CRTVI_H

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

/// A number that one thread stores and others load. What was written before a store can be read after the
/// load that sees it.
typedef struct {
    size_t value;
} crtvi_index;

size_t crtvi_load(const crtvi_index *index);
void crtvi_store(crtvi_index *index, size_t value);

/// Runs `body(context)`, and returns false if it has thrown an Objective-C exception. Its text is then in
/// `reason`, cut to `size` bytes with the zero at the end. There are none but on Apple's systems.
bool crtvi_catch(void (*body)(void *context), void *context, char *reason, size_t size);

#pragma clang assume_nonnull end

#endif
