/* The smallest useful client in C: connects, says something, prints what the bot answers, and leaves.
 *
 * minimal ws://HOST:PORT/ws [TEXT]
 */
#include <rtvi.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program if there is an error. */
static void check(rtvi_error *error, const char *what) {
    if (error) {
        fprintf(stderr, "%s: %s\n", what, rtvi_error_get_message(error).data);
        rtvi_error_free(error);
        exit(1);
    }
}

/* Prints a sentence of the bot once it was spoken. */
static void print_output(const rtvi_bot_output_data *output) {
    const rtvi_str status = output->spoken_status;
    if (status.len == strlen("completed") && memcmp(status.data, "completed", status.len) == 0) {
        printf("bot: %.*s\n", (int)output->text.len, output->text.data);
    }
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: %s ws://HOST:PORT/ws [TEXT]\n", argv[0]);
        return 2;
    }
    rtvi_client_options options;
    rtvi_client_options_init(&options, sizeof options);
    rtvi_client *client = NULL;
    check(rtvi_client_new(&options, &client), "making a client");

    /* JSON is made by these functions, which escape what must be. */
    rtvi_json *params = rtvi_json_new();
    check(rtvi_json_set_string(params, rtvi_text("/wsUrl"), rtvi_text(argv[1])), "the URL");
    rtvi_string *text = rtvi_json_text(params);
    rtvi_json_free(params);
    check(rtvi_client_connect(client, rtvi_string_view(text), NULL), "connecting");
    rtvi_string_free(text);
    check(rtvi_client_send_text(client, rtvi_text(argc > 2 ? argv[2] : "Hello"), rtvi_text(NULL), NULL), "sending");

    /* Without an `on_event` in the options, the app takes its events itself. */
    for (bool has_spoken = false; !has_spoken;) {
        rtvi_event *event = NULL;
        check(rtvi_client_next_event(client, 30000, &event), "waiting for the bot");
        if (!event) {
            fprintf(stderr, "the bot says nothing\n");
            return 1;
        }
        switch (rtvi_event_get_kind(event)) {
        case RTVI_EVENT_BOT_OUTPUT:
            print_output(rtvi_event_bot_output(event));
            break;
        case RTVI_EVENT_BOT_STOPPED_SPEAKING:
        case RTVI_EVENT_DISCONNECTED:
            has_spoken = true;
            break;
        default:
            break;
        }
        rtvi_event_free(event);
    }
    check(rtvi_client_disconnect(client, NULL), "leaving");
    rtvi_client_free(client);
    return 0;
}
