/* What a benchmark prints, and the clocks it looks at. */
#ifndef FIGURE_H
#define FIGURE_H

#ifdef __cplusplus
extern "C" {
#endif

/* Prints one figure as a line of JSON; `goal` is 0 for none, `better` "higher" or "lower". */
void figure(const char *name, double value, const char *unit, double goal, const char *better);

/* Seconds since some moment. */
double elapsed_seconds(void);

/* CPU seconds of all threads of the process, user and system. */
double cpu_seconds(void);

/* CPU seconds of the calling thread. */
double thread_cpu_seconds(void);

/* The most memory that was resident at any time, in megabytes (10^6 bytes); 0 where the system does not say. */
double peak_megabytes(void);

#ifdef __cplusplus
}
#endif

#endif
