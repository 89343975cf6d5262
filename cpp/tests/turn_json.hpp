// A turn as the vectors of conversations have it.
#pragma once

#include <rtvi/rtvi.hpp>

#include <optional>
#include <string>
#include <vector>

namespace test {

/// A JSON object, member by member; those that are absent are left out.
class ObjectText {
public:
    ObjectText& text(const std::string& name, const std::string& value) { return json(name, rtvi::Json::of_string(value).text()); }
    ObjectText& text(const std::string& name, const std::optional<std::string>& value) { return value ? text(name, *value) : *this; }
    ObjectText& truth(const std::string& name, bool value) { return json(name, value ? "true" : "false"); }
    ObjectText& json(const std::string& name, const std::string& value) {
        if (!value.empty()) text_ += (text_.empty() ? "\"" : ",\"") + name + "\":" + value;
        return *this;
    }
    std::string object() const { return '{' + text_ + '}'; }

private:
    std::string text_;
};

inline std::string list(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ",") + one;
    return '[' + text + ']';
}

inline std::string part_json(const rtvi::BotPart& part) {
    ObjectText json;
    json.text("part", std::string(to_string(part.kind))).text("text", part.text);
    if (const auto& segment = part.segment) {
        json.text("kind", segment->kind).text("text", segment->text).text("state", std::string(to_string(segment->state)));
        json.text("spokenText", segment->spoken_text).truth("growing", segment->growing);
        if (segment->id) json.json("id", std::to_string(*segment->id));
    }
    if (const auto& call = part.function_call) {
        json.text("toolCallId", call->tool_call_id).text("functionName", call->function_name);
        json.json("arguments", call->arguments.text()).json("result", call->result.text());
        json.text("state", std::string(to_string(call->state)));
    }
    return json.object();
}

inline rtvi::Json turn_json(const rtvi::Turn& turn) {
    ObjectText json;
    json.json("id", std::to_string(turn.id)).text("text", turn.text).text("heardText", turn.heard_text).truth("truncated", turn.truncated);
    json.text("role", std::string(to_string(turn.content.kind)));
    std::vector<std::string> all;
    if (const auto& user = turn.content.user) {
        json.text("finalText", user->final_text).text("interim", user->interim).text("llmText", user->llm_text);
        json.truth("typed", user->typed).truth("speaking", user->speaking).text("userId", user->user_id);
        json.text("timestamp", user->timestamp).text("msgId", user->msg_id);
        for (const auto& text : user->backchannels) all.push_back(rtvi::Json::of_string(text).text());
        if (!all.empty()) json.json("backchannels", list(all));
    }
    if (const auto& bot = turn.content.bot) {
        for (const auto& part : bot->parts) all.push_back(part_json(part));
        json.json("parts", list(all));
    }
    return rtvi::Json(json.object());
}

}  // namespace test
