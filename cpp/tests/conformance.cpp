// Every conformance vector (tests/conformance) through the C++ SDK, on a transport of the test's own.
#include <rtvi/rtvi.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "json_text.hpp"
#include "test.hpp"
#include "turn_json.hpp"
#include "typed_json.hpp"

namespace {

namespace fs = std::filesystem;
using rtvi::Json;
using rtvi::JsonView;

/// A bot that is ready and records what it is sent.
class Bot : public rtvi::Transport {
public:
    explicit Bot(std::string version) : version_(std::move(version)) {}

    void open(rtvi::Connection connection, const Json&, std::uint32_t) override {
        connection_.change([&](auto& it) { it = connection; });
        CHECK(connection.opened("bot", "Bot").ok());
    }
    void send(rtvi::Connection connection, std::string_view message) override {
        const JsonView sent = Json(message).view();
        CHECK(sent["label"].string() == "rtvi-ai");
        sent_.change([&](auto& all) { all.emplace_back(message); });
        if (sent["type"].string() != "client-ready") return;
        const std::string id = Json::of_string(*sent["id"].string()).text();
        say(connection, R"({"label":"rtvi-ai","type":"bot-ready","id":)" + id + R"(,"data":{"version":")" + version_ + R"("}})");
    }

    /// Loses the connection.
    void lose() { CHECK(connection_.get()->closed(rtvi::CloseReason::Lost, "lost").ok()); }
    static void say(rtvi::Connection connection, std::string_view message) { (void)connection.message(message); }
    void say(std::string_view message) { say(*connection_.get(), message); }
    std::vector<Json> sent() { return sent_.get(); }
    /// Waits until so many messages were sent.
    std::vector<Json> wait_for_sent(std::size_t count) {
        return sent_.wait([&](const auto& all) { return all.size() >= count; });
    }

private:
    std::string version_;
    test::Box<std::optional<rtvi::Connection>> connection_;
    test::Box<std::vector<Json>> sent_;
};

struct Seen {
    std::string name;
    Json data;
    /// The same as a type of its own.
    Json typed;
};

/// A client that is connected to a Bot.
struct Session {
    std::shared_ptr<Bot> bot;
    rtvi::PipecatClient client;
    rtvi::Conversation conversation{};

    static Session connected(const std::string& version = "2.2.0") {
        auto bot = std::make_shared<Bot>(version);
        rtvi::PipecatClientOptions options;
        options.custom_transport = bot;
        options.reconnect.max_attempts = 1;
        options.reconnect.first_delay = std::chrono::milliseconds(1);
        rtvi::PipecatClient client(std::move(options));
        client.connect("{}").get();
        Session session{bot, std::move(client)};
        (void)session.until("botReady");
        return session;
    }

    /// The events up to the first with this name and, if given, this text in its data; without states, and without that one.
    std::vector<Seen> until(const std::string& name, const std::string& part = {}) {
        std::vector<Seen> seen;
        const auto limit = std::chrono::steady_clock::now() + test::patience;
        while (std::chrono::steady_clock::now() < limit) {
            auto event = client.next_event(std::chrono::milliseconds(100)).value();
            if (!event) continue;
            conversation.apply(*event);
            if (event->name() == name && event->json().find(part) != std::string_view::npos) return seen;
            seen.push_back({std::string(event->name()), Json(event->json()), test::typed_json(*event)});
        }
        CHECK(false);
        return seen;
    }
};

Json read(const fs::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return Json(text.str());
}

[[noreturn]] void fail(const std::string& place, const std::string& why) {
    std::cerr << place << ": " << why << "\n";
    std::exit(1);
}

/// The text of a vector's message: raw if it is a text.
std::string wire_of(const JsonView& vector) {
    const JsonView wire = vector["wire"];
    return wire.type() == rtvi::JsonType::String ? wire.string_or() : wire.text();
}

/// Messages that mean something to the client's state, or answer what it has not asked: what becomes of them is tested elsewhere, in
/// scenarios; here only that the client takes them.
bool is_handled(const std::string& event) {
    return event == "botReady" || event == "serverResponse" || event == "messageError" || event == "error";
}

void check_server(const std::string& place, const JsonView& vector) {
    Session session = Session::connected();
    const std::string event = vector.at("/event/name").string_or();
    session.bot->say(wire_of(vector));
    if (event == "error" && vector.at("/event/data/fatal").boolean() == true) {
        (void)session.until("disconnected");
        return;
    }
    session.bot->say(R"({"label":"rtvi-ai","type":"server-message","data":"the end of the vector"})");
    std::vector<Seen> seen = session.until("serverMessage", "the end of the vector");
    if (vector["foreign"]) {
        // Reported, and otherwise without consequence.
        if (seen.size() != 1 || seen[0].name != "protocolError") fail(place, "not just a protocolError");
        return;
    }
    if (seen.empty()) {
        if (!is_handled(event)) fail(place, "no event");
        return;
    }
    if (vector["error"]) {
        const JsonView data = seen[0].data.view();
        const JsonView type = vector.at("/error/type");
        if (seen[0].name != "protocolError") fail(place, seen[0].name);
        if (!type.is_null() && type && data["type"] != type) fail(place, seen[0].data.text());
        if (data["reason"].string_or().find(vector.at("/error/reasonContains").string_or()) == std::string::npos) {
            fail(place, seen[0].data.text());
        }
        return;
    }
    const auto found = std::find_if(seen.begin(), seen.end(), [&](const Seen& it) { return it.name == event; });
    if (found == seen.end()) fail(place, "got " + seen[0].name + " instead of " + event);
    const JsonView wanted = vector.at("/event/data");
    if (is_handled(event) ? !test::contains(found->data.view(), wanted) : found->data.view() != wanted) {
        fail(place, "data " + found->data.text() + " instead of " + wanted.text());
    }
    if (!test::keeps(found->typed.view(), wanted)) fail(place, "typed " + found->typed.text() + " instead of " + wanted.text());
}

/// The call of a vector; none for messages that are no calls of an app.
std::optional<rtvi::Call<void>> call_of(rtvi::PipecatClient& client, const std::string& method, const JsonView& args) {
    const auto text = [&](const char* name) { return args[name].string_or(); };
    const auto json = [&](const char* name) { return Json(args[name].text()); };
    if (method == "disconnectBot") return client.disconnect_bot();
    if (method == "sendClientMessage") return client.send_client_message(text("type"), json("data"));
    if (method == "sendFile") return client.send_file(Json(args.text()));
    if (method == "sendDtmf") return client.send_dtmf(text("keys"));
    if (method == "sendUiEvent") return client.send_ui_event(text("event"), json("payload"));
    if (method == "sendUiSnapshot") return client.send_ui_snapshot(Json(args.text()));
    if (method == "cancelUiJobGroup") return client.cancel_ui_job_group(text("job_id"), text("reason"));
    return std::nullopt;
}

/// Function results are answers to calls of the bot.
void answer_function(Session& session, const JsonView& args) {
    const std::string result = args["result"].text();
    CHECK(session.client.register_function_call_handler(args["function_name"].string_or(), [result](const rtvi::FunctionCall&) {
        return Json(result);
    }).ok());
    session.bot->say(R"({"label":"rtvi-ai","type":"llm-function-call-in-progress","data":{"tool_call_id":)" +
                     args["tool_call_id"].text() + R"(,"function_name":)" + args["function_name"].text() +
                     R"(,"arguments":)" + args["arguments"].text() + "}}");
    (void)session.until("llmFunctionCallInProgress");
    // Functions are called by whoever takes events.
    const auto limit = std::chrono::steady_clock::now() + test::patience;
    while (session.bot->sent().size() < 2 && std::chrono::steady_clock::now() < limit) {
        (void)session.client.next_event(std::chrono::milliseconds(10));
    }
}

/// Says whether the vector is one for an app.
bool check_client(const std::string& place, const JsonView& vector) {
    const JsonView call = vector["call"];
    const std::string method = call["method"].string_or();
    Session session = Session::connected(call["botVersion"].string_or("2.2.0"));
    std::optional<rtvi::Error> error;
    std::optional<rtvi::Call<void>> made = call_of(session.client, method, call["args"]);
    if (method == "sendText" && !call.at("/args/options/custom_options")) {
        const auto option = [&](const char* name) { return call.at("/args/options")[name].boolean(); };
        // The C++ options leave out what is true; the vectors also write it.
        if (option("run_immediately") == true || option("audio_response") == true) return false;
        made = session.client.send_text(call.at("/args/content").string_or(),
                                        {option("run_immediately").value_or(true), option("audio_response").value_or(true)});
    }
    if (method == "functionCallResult") {
        answer_function(session, call["args"]);
    } else if (method == "sendClientRequest") {
        session.client.send_client_request(call.at("/args/type").string_or(), Json(call.at("/args/data").text())).then([](auto) {});
    } else if (made) {
        auto result = std::move(*made).result();
        if (!result.ok()) error = result.error();
    } else {
        return false;
    }
    const JsonView expected = vector["error"];
    if (expected) {
        if (!error || expected["kind"].string() != rtvi::to_string(error->kind())) fail(place, error ? error->message() : "no error");
        if (session.bot->sent().size() != 1) fail(place, "a message was sent");
        return true;
    }
    if (error) fail(place, error->message());
    const JsonView wire = vector["wire"];
    const auto sent = session.bot->wait_for_sent(wire.size() + 1);
    for (std::size_t i = 0; i < wire.size(); ++i) {
        const JsonView message = sent[i + 1].view();
        if (message["type"] != wire.item(i)["type"]) fail(place, message.text());
        const JsonView data = wire.item(i)["data"];
        // The client writes options that are all left out as an empty object.
        const bool same = method == "sendText" && !data["options"] ? test::contains(message["data"], data) : message["data"] == data;
        if (data && !same) fail(place, message.text());
    }
    return true;
}

/// Takes all events of what the bot has said so far. Calls and messages reach the client by different ways: without this, a call could overtake
/// a message.
void catch_up(Session& session) {
    session.bot->say(R"({"label":"rtvi-ai","type":"server-message","data":"caught up"})");
    (void)session.until("serverMessage", "caught up");
}

/// Brings about a step of a conversation: a message of the server, or what becomes of the connection.
void take_step(Session& session, const JsonView& step) {
    if (step.string() == "lost") {
        catch_up(session);
        session.bot->lose();
        (void)session.until("botReady");
    } else if (step.string() == "ended") {
        catch_up(session);
        session.client.disconnect().get();
        (void)session.until("disconnected");
    } else {
        const std::string data = step["data"] ? R"(,"data":)" + step["data"].text() : std::string();
        session.bot->say(R"({"label":"rtvi-ai","type":)" + step["type"].text() + data + "}");
    }
}

void check_conversation(const std::string& place, const JsonView& vector) {
    Session session = Session::connected(vector["botVersion"].string_or("2.2.0"));
    const JsonView steps = vector["steps"];
    for (std::size_t i = 0; i < steps.size(); ++i) take_step(session, steps.item(i));
    if (steps.item(steps.size() - 1).string() != "ended") catch_up(session);
    const JsonView wanted = vector["turns"];
    if (session.conversation.size() != wanted.size()) fail(place, "another number of turns");
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const Json turn = test::turn_json(session.conversation.turn(i).value());
        if (turn.view() != wanted.item(i)) fail(place, turn.text() + " instead of " + wanted.item(i).text());
    }
}

}  // namespace

int main(int argc, char** argv) {
    CHECK(argc == 2);
    int server = 0;
    int client = 0;
    int conversations = 0;
    int skipped = 0;
    for (const char* side : {"server", "client", "conversation"}) {
        for (const auto& entry : fs::directory_iterator(fs::path(argv[1]) / side)) {
            const Json file = read(entry.path());
            const JsonView vectors = file.view();
            CHECK(vectors.size() > 0);
            for (std::size_t i = 0; i < vectors.size(); ++i) {
                const JsonView vector = vectors.item(i);
                const std::string place = entry.path().filename().string() + ", " + vector["name"].string_or();
                if (std::string(side) == "server") {
                    check_server(place, vector);
                    ++server;
                } else if (std::string(side) == "conversation") {
                    check_conversation(place, vector);
                    ++conversations;
                } else if (check_client(place, vector)) {
                    ++client;
                } else {
                    ++skipped;
                }
            }
        }
    }
    CHECK(conversations > 0);
    std::cout << server << " vectors of the server, " << client << " of the client and " << conversations << " conversations hold; " << skipped
              << " are no calls of a C++ app\n";
}
