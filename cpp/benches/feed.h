/* A bot in the program itself, which sends recorded messages as fast as they are taken. */
#ifndef FEED_H
#define FEED_H

#include <rtvi.h>

/* How many messages it sends after bot-ready. */
enum { FEED_COUNT = 1000000 };

/* Reads the messages, one a line, the first being bot-ready; ends the program when it can't. */
void feed_read(const char *path);

/* A transport to that bot; it sends as soon as the client is there. */
rtvi_transport *feed_transport(void);

/* The seconds at which it began to send. */
double feed_began_elapsed(void);
double feed_began_cpu(void);

#endif
