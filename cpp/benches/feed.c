#define _POSIX_C_SOURCE 200809L
#include "feed.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"

enum { MOST_LINES = 4096 };

static char *lines[MOST_LINES];
static int line_count;
static double began_elapsed;
static double began_cpu;

void feed_read(const char *path) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    if (!file) {
        perror(path);
        exit(2);
    }
    while (line_count < MOST_LINES && (length = getline(&line, &room, file)) > 0) {
        line[strcspn(line, "\n")] = '\0';
        lines[line_count++] = strdup(line);
    }
    free(line);
    fclose(file);
    if (line_count < 2) {
        fprintf(stderr, "%s: no messages\n", path);
        exit(2);
    }
}

/* Fails, harmlessly, when the client is gone before all was sent. */
static void tell(rtvi_connection *connection, const char *message) {
    rtvi_error_free(rtvi_connection_message(connection, rtvi_text(message)));
}

static void *feed(void *connection) {
    int i;
    began_elapsed = elapsed_seconds();
    began_cpu = cpu_seconds();
    for (i = 0; i < FEED_COUNT; i++) {
        tell((rtvi_connection *)connection, lines[1 + i % (line_count - 1)]);
    }
    return NULL;
}

static void on_open(void *user_data, rtvi_connection *connection, rtvi_str params, uint32_t attempt) {
    (void)user_data;
    (void)params;
    (void)attempt;
    rtvi_error_free(rtvi_connection_opened(connection, rtvi_text("bot"), rtvi_text("Bot")));
}

/* The first message is client-ready, and no other comes. */
static void on_send(void *user_data, rtvi_connection *connection, rtvi_str message) {
    pthread_t thread;
    (void)user_data;
    (void)message;
    tell(connection, lines[0]);
    if (pthread_create(&thread, NULL, feed, connection) != 0) exit(2);
    pthread_detach(thread);
}

rtvi_transport *feed_transport(void) {
    rtvi_transport_functions functions;
    rtvi_transport *transport = NULL;
    memset(&functions, 0, sizeof functions);
    functions.size = sizeof functions;
    functions.open = on_open;
    functions.send = on_send;
    rtvi_error_free(rtvi_transport_custom(&functions, NULL, NULL, &transport));
    return transport;
}

double feed_began_elapsed(void) { return began_elapsed; }

double feed_began_cpu(void) { return began_cpu; }
