#include "CRTVI.h"

size_t crtvi_load(const crtvi_index *index) {
    return __atomic_load_n(&index->value, __ATOMIC_ACQUIRE);
}

void crtvi_store(crtvi_index *index, size_t value) {
    __atomic_store_n(&index->value, value, __ATOMIC_RELEASE);
}
