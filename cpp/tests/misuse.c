/* What C can do wrong: null, freed and foreign handles, wrong sizes, wrong moments. Nothing may crash or leak. */
#include <rtvi.h>

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

static int dropped;

static void drop(void *user_data) {
    (void)user_data;
    dropped++;
}

/* Checks an error's kind and frees it. */
static void fails(rtvi_error *error, rtvi_error_kind kind) {
    if (rtvi_error_get_kind(error) != kind) {
        fprintf(stderr, "%d: %s\n", (int)rtvi_error_get_kind(error), rtvi_error_get_message(error).data);
    }
    CHECK(rtvi_error_get_kind(error) == kind);
    rtvi_error_free(error);
}

static void works(rtvi_error *error) { fails(error, RTVI_ERROR_NONE); }

static void on_event(void *user_data, rtvi_client *client, const rtvi_event *event) {
    (void)user_data;
    (void)client;
    CHECK(rtvi_event_name(event).len > 0);
}

static void on_done(void *user_data, const rtvi_error *error, rtvi_str result) {
    (void)result;
    *(int *)user_data = (int)rtvi_error_get_kind(error);
}

static rtvi_client *make(rtvi_event_fn events) {
    rtvi_client_options options;
    rtvi_client *client = NULL;
    rtvi_client_options_init(&options, sizeof options);
    options.on_event = events;
    options.drop_user_data = drop;
    works(rtvi_client_new(&options, &client));
    CHECK(client != NULL);
    return client;
}

static void null_everywhere(void) {
    rtvi_str none = rtvi_text(NULL);
    rtvi_audio_format format = {16000, 1};
    int16_t sample = 0;
    CHECK(none.len == 0 && rtvi_text("abc").len == 3);
    fails(rtvi_client_new(NULL, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_client_connect(NULL, none, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_client_disconnect(NULL, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_client_start_bot(NULL, NULL, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_client_next_event(NULL, 0, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_client_event_fd(NULL, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_client_event_handle(NULL, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_client_register_function(NULL, none, NULL, NULL, drop), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_function_call_resolve(NULL, none), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_connection_opened(NULL, none, none), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_connection_closed(NULL, 99, 0, none), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_connection_unreadable(NULL, none), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_connection_audio_dropped(NULL, RTVI_AUDIO_DROP_REASON_PLAYOUT_FULL, 0, 0, none), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_connection_failed(NULL, RTVI_CLOSE_LOST, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_conversation_apply(NULL, NULL, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    CHECK(rtvi_connection_start_request(NULL) == NULL && !rtvi_connection_is_mic_enabled(NULL));
    CHECK(rtvi_error_get_device_kind(NULL) == RTVI_DEVICE_ERROR_NONE);
    fails(rtvi_cancel_now(NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_microphone_custom(format, NULL, NULL, drop, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_speaker_custom(format, NULL, NULL, drop, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_transport_custom(NULL, NULL, drop, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_json_parse(none, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    CHECK(dropped == 4);
    CHECK(rtvi_client_get_state(NULL) == RTVI_STATE_DISCONNECTED && rtvi_client_get_info(NULL) == NULL);
    CHECK(rtvi_info_read(NULL) == NULL);
    rtvi_info_free(NULL);
    CHECK(rtvi_client_get_session_trace(NULL) == NULL);
    CHECK(rtvi_json_at(NULL, none) == NULL && rtvi_json_get_type(NULL) == RTVI_JSON_NONE);
    CHECK(rtvi_json_text(NULL) == NULL && rtvi_json_key(NULL, 0) == NULL && rtvi_json_count(NULL) == 0);
    CHECK(rtvi_event_clone(NULL) == NULL && rtvi_event_data(NULL) == NULL && rtvi_event_json(NULL).len == 0);
    CHECK(rtvi_pcm_input_push(NULL, &sample, 1) == 0 && rtvi_pcm_output_pull(NULL, &sample, 1) == 0);
    CHECK(rtvi_string_view(NULL).len == 0 && rtvi_error_get_message(NULL).len == 0);
    rtvi_client_free(NULL);
    rtvi_error_free(NULL);
    rtvi_string_free(NULL);
    rtvi_event_free(NULL);
    rtvi_json_free(NULL);
    rtvi_cancel_free(NULL);
    rtvi_microphone_free(NULL);
    rtvi_speaker_free(NULL);
    rtvi_transport_free(NULL);
    rtvi_pcm_input_free(NULL);
    rtvi_pcm_output_free(NULL);
}

static bool is(rtvi_str text, const char *wanted) {
    return text.data && text.len == strlen(wanted) && memcmp(text.data, wanted, text.len) == 0;
}

static rtvi_event *message(const char *text) {
    rtvi_event *event = NULL;
    works(rtvi_event_from_message(rtvi_text(text), &event));
    CHECK(event != NULL);
    return event;
}

static void events_are_structs(void) {
    rtvi_event *event = message("{\"label\":\"rtvi-ai\",\"type\":\"bot-output\",\"data\":{\"text\":\"\",\"output_type\":\"url\",\"segment_id\":7,"
                                "\"spoken_progress\":{\"accumulated_text\":\"Hi\",\"remaining_text\":\"\"}}}");
    const rtvi_bot_output_data *output = rtvi_event_bot_output(event);
    CHECK(rtvi_event_get_kind(event) == RTVI_EVENT_BOT_OUTPUT && output == rtvi_event_bot_output(event));
    CHECK(is(output->text, "") && is(output->output_type, "url") && *output->segment_id == 7);
    CHECK(!output->spoken && !output->will_be_spoken && !output->spoken_status.data);
    CHECK(is(output->spoken_progress->accumulated_text, "Hi"));
    CHECK(!rtvi_event_user_input(event) && !rtvi_event_bot_output(NULL));
    rtvi_event_free(event);

    event = message("{\"label\":\"rtvi-ai\",\"type\":\"bot-llm-search-response\",\"data\":{\"search_result\":\"it rains\",\"origins\":["
                    "{\"site_uri\":\"a\",\"results\":[{\"text\":\"rain\",\"confidence\":[0.5,1]}]},{\"site_title\":\"B\"}]}}");
    const rtvi_bot_llm_search_response_data *found = rtvi_event_bot_llm_search_response(event);
    CHECK(found->origins_count == 2 && is(found->origins[1]->site_title, "B") && !found->origins[1]->site_uri.data);
    CHECK(found->origins[0]->results_count == 1 && found->origins[1]->results_count == 0);
    CHECK(found->origins[0]->results[0]->confidence_count == 2 && found->origins[0]->results[0]->confidence[1] == 1.0);
    rtvi_event_free(event);

    event = message("{\"label\":\"rtvi-ai\",\"type\":\"llm-function-call-in-progress\",\"data\":{\"tool_call_id\":\"1\",\"arguments\":{\"a\":[1]}}}");
    const rtvi_function_call_in_progress_data *call = rtvi_event_llm_function_call_in_progress(event);
    CHECK(rtvi_json_get_type(rtvi_json_at(call->arguments, rtvi_text("/a/0"))) == RTVI_JSON_INTEGER && !call->function_name.data);
    rtvi_event_free(event);

    event = message("{\"label\":\"rtvi-ai\",\"type\":\"server-message\"}");
    CHECK(rtvi_event_server_message(event) && !rtvi_event_server_message(event)->data);
    rtvi_event_free(event);
    event = message("{\"label\":\"rtvi-ai\",\"type\":\"error\",\"data\":{\"error\":\"no\",\"fatal\":true}}");
    CHECK(rtvi_event_error(event)->fatal && rtvi_error_get_kind(rtvi_event_error(event)->error) == RTVI_ERROR_BOT_ERROR);
    CHECK(is(rtvi_error_get_message(rtvi_event_error(event)->error), "no"));
    rtvi_event_free(event);
    fails(rtvi_event_from_message(rtvi_text("{}"), NULL), RTVI_ERROR_PROTOCOL);
}

static void freed_and_foreign_handles(void) {
    rtvi_client *client = make(on_event);
    rtvi_cancel *cancel = rtvi_cancel_new();
    rtvi_call call;
    int number = 5;
    fails(rtvi_client_disconnect((rtvi_client *)(void *)&number, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    fails(rtvi_client_disconnect((rtvi_client *)(void *)cancel, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    dropped = 0;
    rtvi_client_free(client);
    CHECK(dropped == 1);
    rtvi_client_free(client);
    CHECK(dropped == 1);
    fails(rtvi_client_disconnect(client, NULL), RTVI_ERROR_INVALID_ARGUMENT);
    CHECK(rtvi_client_get_state(client) == RTVI_STATE_DISCONNECTED);
    memset(&call, 0, sizeof call);
    call.size = sizeof call;
    call.drop_user_data = drop;
    fails(rtvi_client_disconnect(client, &call), RTVI_ERROR_INVALID_ARGUMENT);
    CHECK(dropped == 2);
    rtvi_cancel_free(cancel);
    rtvi_cancel_free(cancel);
    fails(rtvi_cancel_now(cancel), RTVI_ERROR_INVALID_ARGUMENT);
    client = make(on_event);
    call.cancel = cancel;
    fails(rtvi_client_disconnect(client, &call), RTVI_ERROR_INVALID_ARGUMENT);
    rtvi_client_free(client);
}

static void wrong_options(void) {
    rtvi_client_options options;
    rtvi_client *client = NULL;
    rtvi_microphone *microphone = NULL;
    rtvi_audio_format format = {16000, 1};
    rtvi_client_options_init(&options, sizeof options);
    options.transport = rtvi_text("pigeon");
    works(rtvi_microphone_tone(format, 440, 0.1, &microphone));
    options.microphone = microphone;
    fails(rtvi_client_new(&options, &client), RTVI_ERROR_INVALID_ARGUMENT);
    CHECK(client == NULL);
    rtvi_microphone_free(microphone);
    options.transport = rtvi_text("phone");
    options.microphone = NULL;
    options.transport_options = rtvi_text("{\"provider\":\"pigeon\"}");
    fails(rtvi_client_new(&options, &client), RTVI_ERROR_INVALID_ARGUMENT);
    options.transport_options = rtvi_text("{\"provider\":\"genesys\",\"from\":\"+15550100\"}");
    works(rtvi_client_new(&options, &client));
    rtvi_client_free(client);
    client = NULL;
    options.transport_options = rtvi_text(NULL);
    options.microphone = microphone;
    options.transport = rtvi_text("websocket");
    fails(rtvi_client_new(&options, &client), RTVI_ERROR_INVALID_ARGUMENT);
    options.microphone = NULL;
    options.options = rtvi_text("\xff");
    fails(rtvi_client_new(&options, &client), RTVI_ERROR_INVALID_ARGUMENT);
    options.options = rtvi_text("[]");
    fails(rtvi_client_new(&options, &client), RTVI_ERROR_INVALID_ARGUMENT);
    options.options = rtvi_text(NULL);
    options.size = 0;
    fails(rtvi_client_new(&options, &client), RTVI_ERROR_INVALID_ARGUMENT);
    memset(&options, 0, sizeof options);
    options.size = sizeof options.size;
    works(rtvi_client_new(&options, &client));
    rtvi_client_free(client);
    fails(rtvi_set_log(77, NULL, NULL, NULL), RTVI_ERROR_INVALID_ARGUMENT);
}

static void wrong_moments(void) {
    rtvi_client *pushed = make(on_event);
    rtvi_client *polled = make(NULL);
    rtvi_event *event = (rtvi_event *)(void *)&dropped;
    rtvi_call call;
    rtvi_string *result = NULL;
    int kind = -1;
    fails(rtvi_client_next_event(pushed, 0, &event), RTVI_ERROR_INVALID_STATE);
    CHECK(event == NULL);
    fails(rtvi_client_send_text(pushed, rtvi_text("early"), rtvi_text(NULL), NULL), RTVI_ERROR_NOT_READY);
    fails(rtvi_client_send_text(pushed, rtvi_text("x"), rtvi_text("{\"run_immediately\":3}"), NULL), RTVI_ERROR_INVALID_ARGUMENT);
    works(rtvi_client_disconnect(pushed, NULL));
    memset(&call, 0, sizeof call);
    call.size = sizeof call;
    call.result = &result;
    works(rtvi_client_disconnect(pushed, &call));
    CHECK(result == NULL);
    call.on_done = on_done;
    call.user_data = &kind;
    works(rtvi_client_send_dtmf(polled, rtvi_text("1"), &call));
    works(rtvi_client_next_event(polled, 0, NULL));
    while (kind < 0) {
        works(rtvi_client_next_event(polled, 10, &event));
        rtvi_event_free(event);
    }
    CHECK(kind == RTVI_ERROR_NOT_READY);
    rtvi_client_free(pushed);
    rtvi_client_free(polled);
}

/* Every function that takes a text, but those that need a bot: see callbacks.cpp and media.cpp. */
static void not_utf8(void) {
    const rtvi_str bad = {"cut \xf0\x9f\x98", 7}, none = rtvi_text(NULL), name = rtvi_text("x");
    const rtvi_error_kind wrong = RTVI_ERROR_INVALID_ARGUMENT;
    const rtvi_audio_format format = {16000, 1};
    rtvi_client *client = make(on_event);
    rtvi_client_options options;
    rtvi_start_request request;
    rtvi_json *json = NULL;
    rtvi_error *error = rtvi_error_new(RTVI_ERROR_DEVICE, bad);
    rtvi_str *in_options[] = {&options.transport, &options.transport_options, &options.options};
    rtvi_str *in_request[] = {&request.endpoint, &request.headers, &request.data, &request.agent, &request.public_key};
    size_t i;

    for (i = 0; i < sizeof in_options / sizeof *in_options; i++) {
        rtvi_client_options_init(&options, sizeof options);
        *in_options[i] = bad;
        fails(rtvi_client_new(&options, NULL), wrong);
    }
    for (i = 0; i < sizeof in_request / sizeof *in_request; i++) {
        memset(&request, 0, sizeof request);
        request.size = sizeof request;
        request.endpoint = rtvi_text("http://127.0.0.1:1/");
        request.agent = name;
        request.public_key = rtvi_text("pk_x");
        *in_request[i] = bad;
        fails(rtvi_client_start_bot(client, &request, NULL), wrong);
        fails(rtvi_client_start_bot_and_connect(client, &request, NULL), wrong);
    }
    fails(rtvi_client_connect(client, bad, NULL), wrong);
    fails(rtvi_client_session_request(client, bad, name, none, 0, NULL), wrong);
    fails(rtvi_client_session_request(client, rtvi_text("POST"), bad, none, 0, NULL), wrong);
    fails(rtvi_client_session_request(client, rtvi_text("POST"), name, bad, 0, NULL), wrong);
    fails(rtvi_client_send_client_message(client, bad, none, NULL), wrong);
    fails(rtvi_client_send_client_message(client, name, bad, NULL), wrong);
    fails(rtvi_client_send_client_request(client, bad, none, 0, NULL), wrong);
    fails(rtvi_client_send_client_request(client, name, bad, 0, NULL), wrong);
    fails(rtvi_client_send_text(client, bad, none, NULL), wrong);
    fails(rtvi_client_send_text(client, name, bad, NULL), wrong);
    fails(rtvi_client_send_file(client, bad, NULL), wrong);
    fails(rtvi_client_send_dtmf(client, bad, NULL), wrong);
    fails(rtvi_client_send_ui_event(client, bad, none, NULL), wrong);
    fails(rtvi_client_send_ui_event(client, name, bad, NULL), wrong);
    fails(rtvi_client_send_ui_snapshot(client, bad, NULL), wrong);
    fails(rtvi_client_cancel_ui_job_group(client, bad, none, NULL), wrong);
    fails(rtvi_client_cancel_ui_job_group(client, name, bad, NULL), wrong);
    fails(rtvi_client_append_to_context(client, bad, NULL), wrong);
    fails(rtvi_client_update_audio_processing(client, bad, NULL), wrong);
    fails(rtvi_client_start_recording(client, bad, NULL), wrong);
    fails(rtvi_client_update_mic(client, bad), wrong);
    fails(rtvi_client_update_speaker(client, bad), wrong);
    fails(rtvi_client_update_cam(client, bad), wrong);
    fails(rtvi_client_register_function(client, bad, NULL, NULL, NULL), wrong);
    fails(rtvi_client_unregister_function(client, bad), wrong);
    fails(rtvi_function_call_resolve(NULL, bad), wrong);
    fails(rtvi_function_call_reject(NULL, bad), wrong);
    fails(rtvi_connection_opened(NULL, bad, none), wrong);
    fails(rtvi_connection_opened(NULL, name, bad), wrong);
    fails(rtvi_connection_closed(NULL, RTVI_CLOSE_LOST, 0, bad), wrong);
    fails(rtvi_microphone_device(bad, NULL), wrong);
    fails(rtvi_microphone_wav(bad, false, NULL), wrong);
    fails(rtvi_speaker_device(bad, NULL), wrong);
    fails(rtvi_speaker_wav(bad, format, NULL), wrong);
    fails(rtvi_json_parse(bad, &json), wrong);
    CHECK(json == NULL);
    works(rtvi_json_parse(rtvi_text("{\"a\":1}"), &json));
    CHECK(rtvi_json_at(json, bad) == NULL);
    fails(rtvi_json_set_null(json, bad), wrong);
    fails(rtvi_json_set_string(json, rtvi_text("/b"), bad), wrong);
    fails(rtvi_json_set_json(json, rtvi_text("/b"), bad), wrong);
    fails(rtvi_json_set_bool(NULL, rtvi_text("/b"), true), wrong);
    works(rtvi_json_set_integer(json, rtvi_text("/b/0/c"), -7));
    CHECK(rtvi_json_count(json) == 2);
    rtvi_json_free(json);
    CHECK(strstr(rtvi_error_get_message(error).data, "not UTF-8") != NULL);
    fails(error, RTVI_ERROR_DEVICE);
    rtvi_client_free(client);
}

/* Video of null, of used and freed feeds and displays, and pictures that lie about themselves. */
static void video(void) {
    const rtvi_error_kind wrong = RTVI_ERROR_INVALID_ARGUMENT;
    const uint8_t pixels[64] = {0};
    const int32_t unknown = 77;
    rtvi_video_feed *feed = NULL;
    rtvi_video_display *display = NULL;
    rtvi_frame_input *input = NULL;
    rtvi_frame_output *output = NULL;
    rtvi_video_display_functions functions = {0};
    rtvi_video_frame frame = {0};
    rtvi_encoded_frame encoded = {0};
    rtvi_client_options options;
    rtvi_client *client = NULL;
    rtvi_error *error;
    int before = dropped;
    bool taken = true;

    fails(rtvi_frame_input_push(NULL, &frame, drop, NULL, NULL), wrong);
    CHECK(dropped == before + 1);
    fails(rtvi_frame_input_push_encoded(NULL, &encoded, NULL), wrong);
    rtvi_frame_input_fail(NULL, rtvi_error_new(RTVI_ERROR_DEVICE, rtvi_text("gone")));
    CHECK(!rtvi_frame_input_is_on(NULL) && rtvi_frame_input_dropped(NULL) == 0);
    CHECK(rtvi_frame_output_read(NULL) == NULL && !rtvi_frame_output_is_on(NULL) && rtvi_frame_output_dropped(NULL) == 0);
    rtvi_frame_output_request_key_frame(NULL);
    CHECK(rtvi_video_picture_frame(NULL) == NULL && rtvi_video_picture_encoded(NULL) == NULL && rtvi_video_picture_share(NULL) == NULL);
    fails(rtvi_video_picture_to_bgra(NULL, NULL, 0), wrong);
    fails(rtvi_video_feed_preview(NULL, NULL), wrong);
    fails(rtvi_video_display_custom(NULL, 0, NULL, NULL, drop, NULL), wrong);
    CHECK(dropped == before + 2);
    rtvi_video_feed_free(NULL);
    rtvi_video_display_free(NULL);
    rtvi_frame_input_free(NULL);
    rtvi_frame_output_free(NULL);
    rtvi_video_picture_free(NULL);

    error = rtvi_video_feed_pictures(NULL, NULL, drop, &feed, &input);
    if (rtvi_error_get_kind(error) == RTVI_ERROR_UNSUPPORTED_FEATURE) {
        rtvi_error_free(error);
        return;
    }
    works(error);
    works(rtvi_video_display_encoded((const int32_t[]){RTVI_VIDEO_H264}, 1, &display, &output));
    fails(rtvi_video_display_encoded(&unknown, 1, NULL, NULL), wrong);
    functions.size = sizeof functions;
    fails(rtvi_video_display_custom(NULL, 0, &functions, NULL, NULL, NULL), wrong);
    fails(rtvi_video_feed_encoded(unknown, NULL, NULL, drop, NULL, NULL), wrong);
    fails(rtvi_frame_input_push(input, &frame, NULL, NULL, NULL), wrong);
    frame.size = sizeof frame;
    frame.width = 4;
    frame.height = 4;
    frame.format = RTVI_PIXELS_BGRA;
    frame.data[0] = pixels;
    frame.stride[0] = 15;
    fails(rtvi_frame_input_push(input, &frame, NULL, NULL, &taken), wrong);
    frame.stride[0] = 16;
    works(rtvi_frame_input_push(input, &frame, NULL, NULL, &taken));
    CHECK(!taken && rtvi_frame_input_dropped(input) == 1);

    rtvi_client_options_init(&options, sizeof options);
    options.camera = feed;
    options.screen = feed;
    options.display = display;
    /* One feed is not two sources. Everything is used up all the same. */
    fails(rtvi_client_new(&options, &client), wrong);
    CHECK(client == NULL);
    fails(rtvi_video_feed_preview(feed, NULL), wrong);
    rtvi_video_feed_free(feed);
    rtvi_video_display_free(display);
    works(rtvi_frame_input_push(input, &frame, NULL, NULL, &taken));
    CHECK(!taken && rtvi_frame_output_read(output) == NULL);
    rtvi_frame_input_free(input);
    rtvi_frame_output_free(output);
}

int main(void) {
    CHECK(rtvi_abi_version() == RTVI_ABI_VERSION);
    CHECK(rtvi_has_feature(RTVI_FEATURE_DEVICES) && rtvi_has_feature(RTVI_FEATURE_PROCESSING));
    CHECK(rtvi_has_feature(RTVI_FEATURE_WEBRTC) && rtvi_has_feature(RTVI_FEATURE_VIDEO) == RTVI_TEST_VIDEO && !rtvi_has_feature(0) && !rtvi_has_feature(-1));
    null_everywhere();
    events_are_structs();
    freed_and_foreign_handles();
    wrong_options();
    wrong_moments();
    not_utf8();
    video();
    printf("passed\n");
    return 0;
}
