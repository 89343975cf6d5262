// What CRTVI uses of Apple's string.h: for the compiler on Linux only.
#include <stddef.h>
size_t strlcpy(char *target, const char *source, size_t size);
