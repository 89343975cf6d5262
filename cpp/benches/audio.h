/* What pushing and pulling samples costs, and what a call with audio does. */
#ifndef AUDIO_H
#define AUDIO_H

/* Prints what 20 ms of samples cost. */
void audio_push(void);
/* The same for samples of the bot at `start`, a start endpoint; the bot sends back what it hears. */
void audio_pull(const char *start);
/* Prints the memory of a call with that bot. */
void audio_memory(const char *start);

#endif
