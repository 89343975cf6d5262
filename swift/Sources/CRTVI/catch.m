#include "CRTVI.h"

#ifdef __APPLE__
#import <Foundation/Foundation.h>
#include <string.h>

bool crtvi_catch(void (*body)(void *context), void *context, char *reason, size_t size) {
    @try {
        body(context);
        return true;
    } @catch (NSException *exception) {
        NSString *text = [NSString stringWithFormat:@"%@: %@", exception.name, exception.reason];
        strlcpy(reason, text.UTF8String, size);
        return false;
    }
}

#else

bool crtvi_catch(void (*body)(void *context), void *context, char *reason, size_t size) {
    (void)reason;
    (void)size;
    body(context);
    return true;
}

#endif
