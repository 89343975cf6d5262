/* A microphone of the app's own in C: what a muted one sees, and one that fails. The bot is a transport of the app's own. */
#include <rtvi.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                        \
    do {                                                                                        \
        if (!(condition)) {                                                                     \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);             \
            exit(1);                                                                            \
        }                                                                                       \
    } while (0)

static void works(rtvi_error *error) {
    if (error) fprintf(stderr, "%s\n", rtvi_error_get_message(error).data);
    CHECK(!error);
}

/* Records what the client does with it. */
typedef struct {
    atomic_int started, stopped;
    atomic_bool breaks;
} microphone;

static rtvi_error *mic_start(void *data) {
    atomic_fetch_add(&((microphone *)data)->started, 1);
    return NULL;
}

static size_t mic_read(void *data, int16_t *samples, size_t count) {
    (void)data;
    memset(samples, 0, count * sizeof *samples);
    return count;
}

static void mic_stop(void *data) { atomic_fetch_add(&((microphone *)data)->stopped, 1); }

static rtvi_error *mic_failure(void *data) {
    return atomic_exchange(&((microphone *)data)->breaks, false) ? rtvi_error_new(RTVI_ERROR_DEVICE, rtvi_text("unplugged")) : NULL;
}

static void bot_open(void *data, rtvi_connection *connection, rtvi_str params, uint32_t attempt) {
    (void)data;
    (void)params;
    CHECK(attempt == 0);
    works(rtvi_connection_opened(connection, rtvi_text("bot"), rtvi_text("Bot")));
}

/* Whether a text, which ends without a zero, holds another. */
static bool holds(rtvi_str text, const char *part) {
    const size_t length = strlen(part);
    for (size_t i = 0; i + length <= text.len; i++) {
        if (memcmp(text.data + i, part, length) == 0) return true;
    }
    return false;
}

/* Answers `client-ready`; nothing else is sent here. */
static void bot_send(void *data, rtvi_connection *connection, rtvi_str message) {
    (void)data;
    if (!holds(message, "client-ready")) return;
    const char *ready = "{\"label\":\"rtvi-ai\",\"type\":\"bot-ready\",\"id\":\"1\",\"data\":{\"version\":\"2.2.0\"}}";
    works(rtvi_connection_message(connection, rtvi_text(ready)));
}

/* A session with this microphone; `voice` are options as JSON. */
static rtvi_client *session(microphone *mic, const char *voice) {
    rtvi_audio_format format = {16000, 1};
    rtvi_transport_functions bot = {sizeof bot, 0, format, 20, bot_open, bot_send, NULL, NULL, NULL, NULL};
    rtvi_microphone_functions functions = {sizeof functions, mic_start, NULL, mic_read, NULL, mic_stop, mic_failure};
    rtvi_client_options options;
    rtvi_client_options_init(&options, sizeof options);
    works(rtvi_transport_custom(&bot, NULL, NULL, &options.custom_transport));
    works(rtvi_microphone_custom(format, &functions, mic, NULL, &options.microphone));
    rtvi_json *json = rtvi_json_new();
    if (*voice) works(rtvi_json_set_json(json, rtvi_text("/voice"), rtvi_text(voice)));
    rtvi_string *text = rtvi_json_text(json);
    rtvi_json_free(json);
    options.options = rtvi_string_view(text);
    rtvi_client *client = NULL;
    works(rtvi_client_new(&options, &client));
    rtvi_string_free(text);
    works(rtvi_client_connect(client, rtvi_text("{}"), NULL));
    return client;
}

/* Takes events until one has this name; null takes those of ten milliseconds. */
static void take_events(rtvi_client *client, const char *name) {
    for (bool found = false; !found;) {
        rtvi_event *event = NULL;
        works(rtvi_client_next_event(client, name ? 30000 : 10, &event));
        CHECK(event || !name);
        rtvi_str told = rtvi_event_name(event);
        found = !name || (told.len == strlen(name) && memcmp(told.data, name, told.len) == 0);
        rtvi_event_free(event);
    }
}

static void until(rtvi_client *client, microphone *mic, int started, int stopped) {
    for (int i = 0; i < 3000 && (mic->started != started || mic->stopped != stopped); i++) take_events(client, NULL);
    if (mic->started != started || mic->stopped != stopped) {
        fprintf(stderr, "started %d, stopped %d\n", mic->started, mic->stopped);
    }
    CHECK(mic->started == started && mic->stopped == stopped);
}

static void a_muted_microphone_is_released(void) {
    microphone mic = {0};
    rtvi_client *client = session(&mic, "{\"micReleaseAfterMs\":50}");
    until(client, &mic, 1, 0);
    works(rtvi_client_enable_mic(client, false, NULL));
    until(client, &mic, 1, 1);
    works(rtvi_client_enable_mic(client, true, NULL));
    until(client, &mic, 2, 1);
    works(rtvi_client_disconnect(client, NULL));
    until(client, &mic, 2, 2);
    rtvi_client_free(client);
}

static void a_muted_microphone_may_stay_open(void) {
    microphone mic = {0};
    rtvi_client *client = session(&mic, "{\"micReleaseAfterMs\":null}");
    until(client, &mic, 1, 0);
    for (int i = 0; i < 10; i++) works(rtvi_client_enable_mic(client, i % 2 == 1, NULL));
    works(rtvi_client_enable_mic(client, false, NULL));
    for (int i = 0; i < 20; i++) take_events(client, NULL);
    CHECK(mic.started == 1 && mic.stopped == 0);
    works(rtvi_client_disconnect(client, NULL));
    until(client, &mic, 1, 1);
    rtvi_client_free(client);
}

static void one_that_fails_is_an_event(void) {
    microphone mic = {0};
    rtvi_client *client = session(&mic, "{}");
    until(client, &mic, 1, 0);
    mic.breaks = true;
    take_events(client, "deviceError");
    CHECK(rtvi_client_get_state(client) == RTVI_STATE_READY);
    works(rtvi_client_disconnect(client, NULL));
    until(client, &mic, 1, 1);
    rtvi_client_free(client);
}

int main(void) {
    a_muted_microphone_is_released();
    a_muted_microphone_may_stay_open();
    one_that_fails_is_an_event();
    puts("mute ok");
    return 0;
}
