/* Creates a client, which needs the whole library, and prints the library's version. */
#include <rtvi.h>

#include <stdio.h>

int main(void) {
    rtvi_client_options options;
    rtvi_client_options_init(&options, sizeof options);
    rtvi_client *client = NULL;
    rtvi_error *error = rtvi_client_new(&options, &client);
    if (error) {
        fprintf(stderr, "%s\n", rtvi_error_get_message(error).data);
        return 1;
    }
    rtvi_client_free(client);
    printf("rtvi %s\n", rtvi_version().data);
    return 0;
}
