#define _POSIX_C_SOURCE 200809L
#include "figure.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void figure(const char *name, double value, const char *unit, double goal, const char *better) {
    printf("{\"name\":\"%s\",\"value\":%.6f,\"unit\":\"%s\",\"better\":\"%s\",\"goal\":", name, value, unit, better);
    if (goal > 0) {
        printf("%.6f}\n", goal);
    } else {
        printf("null}\n");
    }
}

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

double elapsed_seconds(void) { return seconds(CLOCK_MONOTONIC); }

double cpu_seconds(void) { return seconds(CLOCK_PROCESS_CPUTIME_ID); }

double thread_cpu_seconds(void) { return seconds(CLOCK_THREAD_CPUTIME_ID); }

double peak_megabytes(void) {
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    double kibibytes = 0;
    if (!status) return 0;
    while (fgets(line, sizeof line, status)) {
        if (strncmp(line, "VmHWM:", 6) == 0) sscanf(line + 6, "%lf", &kibibytes);
    }
    fclose(status);
    return kibibytes * 1024 / 1e6;
}
