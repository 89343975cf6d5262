// Leaves main with a session under way and the client never destroyed: the process must end well.
#include <rtvi/rtvi.hpp>

#include <cstdio>

#include "recorder.hpp"

int main() {
    static auto* const made = new std::pair(test::client());
    made->first.connect(test::bot_params()).get();
    made->first.send_text("Please count").get();
    made->first.send_client_request("never").then([](auto) {});
    made->second.wait_for("botStartedSpeaking");
    std::printf("leaving\n");
    return 0;
}
