/* bench_c BENCHMARK [ARGUMENT]: what the library costs an app in C. */
#define _POSIX_C_SOURCE 200809L
#include <rtvi.h>

#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio.h"
#include "feed.h"
#include "figure.h"

enum { CALLS = 100000, LOOKS = 5000000 };

static void check(rtvi_error *error) {
    if (!error) return;
    fprintf(stderr, "%s\n", rtvi_error_get_message(error).data);
    exit(1);
}

/* How an app takes its events. */
struct taking {
    sem_t end;
    size_t messages;
    size_t bytes;
    bool reads_json;
};

/* Counts a message after bot-ready; says whether it was the last. */
static bool count(struct taking *taking, const rtvi_event *event) {
    if (rtvi_event_get_kind(event) <= RTVI_EVENT_BOT_READY) return false;
    if (taking->reads_json) taking->bytes += rtvi_event_json(event).len;
    return ++taking->messages == FEED_COUNT;
}

static void on_event(void *user_data, rtvi_client *client, const rtvi_event *event) {
    struct taking *taking = (struct taking *)user_data;
    (void)client;
    if (count(taking, event)) sem_post(&taking->end);
}

static rtvi_client *client_of_feed(struct taking *taking, rtvi_event_fn events) {
    rtvi_client_options options;
    rtvi_client *client = NULL;
    rtvi_client_options_init(&options, sizeof options);
    options.custom_transport = feed_transport();
    options.on_event = events;
    options.user_data = taking;
    check(rtvi_client_new(&options, &client));
    check(rtvi_client_connect(client, rtvi_text("{}"), NULL));
    return client;
}

static void print_rate(const char *name, const char *elapsed_name, double goal) {
    figure(name, FEED_COUNT / (cpu_seconds() - feed_began_cpu()), "events/CPU s", goal, "higher");
    figure(elapsed_name, FEED_COUNT / (elapsed_seconds() - feed_began_elapsed()), "events/s", 0, "higher");
}

static void events(bool reads_json) {
    struct taking taking;
    rtvi_client *client;
    memset(&taking, 0, sizeof taking);
    taking.reads_json = reads_json;
    sem_init(&taking.end, 0, 0);
    client = client_of_feed(&taking, on_event);
    while (sem_wait(&taking.end) != 0) {
    }
    if (reads_json) {
        print_rate("c-events-json", "c-events-json-elapsed", 0);
    } else {
        print_rate("c-events", "c-events-elapsed", 500000);
    }
    rtvi_client_free(client);
}

static void polled_events(void) {
    struct taking taking;
    rtvi_client *client;
    bool is_last = false;
    memset(&taking, 0, sizeof taking);
    client = client_of_feed(&taking, NULL);
    while (!is_last) {
        rtvi_event *event = NULL;
        check(rtvi_client_next_event(client, -1, &event));
        is_last = count(&taking, event);
        rtvi_event_free(event);
    }
    print_rate("c-events-polled", "c-events-polled-elapsed", 500000);
    rtvi_client_free(client);
}

static rtvi_client *idle_client(void) {
    rtvi_client_options options;
    rtvi_client *client = NULL;
    rtvi_client_options_init(&options, sizeof options);
    check(rtvi_client_new(&options, &client));
    return client;
}

static void calls(void) {
    rtvi_client *client = idle_client();
    unsigned states = 0;
    double start = cpu_seconds();
    int i;
    for (i = 0; i < LOOKS; i++) states += (unsigned)rtvi_client_get_state(client);
    figure("c-state", (cpu_seconds() - start) / LOOKS * 1e9, "CPU ns", 0, "lower");
    if (states != 0) exit(1);
    start = cpu_seconds();
    for (i = 0; i < CALLS; i++) check(rtvi_client_enable_mic(client, true, NULL));
    figure("c-call", (cpu_seconds() - start) / CALLS * 1e6, "CPU us", 0, "lower");
    rtvi_client_free(client);
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    const char *argument = argc > 2 ? argv[2] : "";
    if (strncmp(name, "events", 6) == 0) feed_read(argument);
    if (strcmp(name, "events") == 0) {
        events(false);
    } else if (strcmp(name, "events-json") == 0) {
        events(true);
    } else if (strcmp(name, "events-polled") == 0) {
        polled_events();
    } else if (strcmp(name, "calls") == 0) {
        calls();
    } else if (strcmp(name, "push") == 0) {
        audio_push();
    } else if (strcmp(name, "pull") == 0) {
        audio_pull(argument);
    } else if (strcmp(name, "memory") == 0) {
        audio_memory(argument);
    } else if (strcmp(name, "start") == 0) {
        rtvi_client_free(idle_client());
    } else {
        fprintf(stderr, "usage: bench_c BENCHMARK [ARGUMENT]\n");
        return 2;
    }
    return 0;
}
