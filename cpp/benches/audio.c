#define _POSIX_C_SOURCE 200809L
#include "audio.h"

#include <rtvi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "figure.h"

static const rtvi_audio_format DEVICE = {48000, 1};

/* 20 ms at 48 kHz; two seconds fit into the queue. */
enum { PIECE = 960, PIECES = 100, ROUNDS = 200, PULLS = 200, CALL_SECONDS = 5 };

static void check(rtvi_error *error) {
    if (!error) return;
    fprintf(stderr, "%s\n", rtvi_error_get_message(error).data);
    exit(1);
}

static void pause_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

void audio_push(void) {
    static int16_t piece[PIECE];
    double spent = 0;
    int i, round;
    for (round = 0; round < ROUNDS; round++) {
        rtvi_microphone *microphone = NULL;
        rtvi_pcm_input *input = NULL;
        size_t taken = 0;
        double start;
        check(rtvi_microphone_pcm(DEVICE, true, &microphone, &input));
        start = cpu_seconds();
        for (i = 0; i < PIECES; i++) taken += rtvi_pcm_input_push(input, piece, PIECE);
        spent += cpu_seconds() - start;
        if (taken != (size_t)PIECE * PIECES) exit(1);
        rtvi_pcm_input_free(input);
        rtvi_microphone_free(microphone);
    }
    figure("c-pcm-push", spent / ROUNDS / PIECES * 1e9, "CPU ns/20 ms", 0, "lower");
}

/* A client in a call with a tone as its microphone, and where its bot's samples come out. */
static rtvi_client *call(const char *endpoint, rtvi_pcm_output **output) {
    rtvi_client_options options;
    rtvi_start_request start;
    rtvi_client *client = NULL;
    rtvi_client_options_init(&options, sizeof options);
    check(rtvi_microphone_tone(DEVICE, 440, 0.5, &options.microphone));
    check(rtvi_speaker_pcm(DEVICE, &options.speaker, output));
    check(rtvi_client_new(&options, &client));
    memset(&start, 0, sizeof start);
    start.size = sizeof start;
    start.endpoint = rtvi_text(endpoint);
    check(rtvi_client_start_bot_and_connect(client, &start, NULL));
    return client;
}

/* Takes the events that wait. */
static void drain(rtvi_client *client) {
    rtvi_event *event = NULL;
    do {
        check(rtvi_client_next_event(client, 0, &event));
        rtvi_event_free(event);
    } while (event);
}

void audio_pull(const char *start) {
    static int16_t piece[PIECE];
    double spent = 0;
    int pulls = 0;
    rtvi_pcm_output *output = NULL;
    rtvi_client *client = call(start, &output);
    while (pulls < PULLS) {
        const double before = thread_cpu_seconds();
        const size_t pulled = rtvi_pcm_output_pull(output, piece, PIECE);
        const double after = thread_cpu_seconds();
        if (pulled == PIECE) {
            spent += after - before;
            pulls++;
        } else {
            pause_ms(20);
            drain(client);
        }
    }
    rtvi_client_free(client);
    rtvi_pcm_output_free(output);
    figure("c-pcm-pull", spent / PULLS * 1e9, "CPU ns/20 ms", 0, "lower");
}

void audio_memory(const char *start) {
    static int16_t piece[PIECE];
    size_t heard = 0;
    int i;
    rtvi_pcm_output *output = NULL;
    rtvi_client *client = call(start, &output);
    for (i = 0; i < CALL_SECONDS * 50; i++) {
        heard += rtvi_pcm_output_pull(output, piece, PIECE);
        drain(client);
        pause_ms(20);
    }
    check(rtvi_client_disconnect(client, NULL));
    rtvi_client_free(client);
    rtvi_pcm_output_free(output);
    /* A busy machine may hear less than all of it, but not next to nothing. */
    if (heard < (size_t)DEVICE.sample_rate) exit(1);
    figure("c-call-memory", peak_megabytes(), "MB", 12, "lower");
}
