// The whole SDK without exceptions: results only.
#include <rtvi/rtvi.hpp>

#include <cstdio>

#include "test.hpp"

int main() {
    rtvi::PipecatClientOptions wrong;
    wrong.transport = "pigeon";
    CHECK(rtvi::PipecatClient::create(std::move(wrong)).error().kind() == rtvi::ErrorKind::InvalidArgument);

    rtvi::PipecatClientOptions options;
    options.on_event = [](const rtvi::Event&) {};
    auto made = rtvi::PipecatClient::create(std::move(options));
    CHECK(made.ok());
    auto client = std::move(made).value();
    CHECK(client.send_text("too early").result().error().kind() == rtvi::ErrorKind::NotReady);
    const rtvi::Json params("{\"wsUrl\":\"" + test::variable("RTVI_TEST_WS") + "\"}");
    CHECK(client.connect(params).result().ok());
    CHECK(client.send_client_request("echo", "1").future_result().get().value_or({}).text() == "1");
    CHECK(client.disconnect().result().ok());
    std::printf("passed\n");
}
