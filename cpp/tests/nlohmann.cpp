// The adapter for nlohmann::json.
#include <rtvi/nlohmann.hpp>

#include "test.hpp"

int main() {
    const rtvi::Json text(R"({"a":[1,-2.5,"\u00fc",true,null],"n":9007199254740993})");
    const nlohmann::json value = rtvi::to_nlohmann(text);
    CHECK(value["a"].size() == 5 && value["a"][1] == -2.5 && value["a"][2] == "\xc3\xbc");
    CHECK(value["n"].get<std::int64_t>() == 9007199254740993);
    CHECK(rtvi::from_nlohmann(value).view() == text.view());
    CHECK(rtvi::to_nlohmann(text.view()["a"]) == value["a"]);

    // What is no JSON, or not there, is null.
    CHECK(rtvi::to_nlohmann(rtvi::Json()).is_null() && rtvi::to_nlohmann(rtvi::Json("{")).is_null());
    CHECK(rtvi::to_nlohmann(text.view()["missing"]).is_null());

    const rtvi::Json made = rtvi::from_nlohmann({{"city", "Oslo"}, {"days", {1, 2}}});
    CHECK(made.view()["city"].string() == "Oslo" && made.view().at("/days/1").integer() == 2);
    CHECK(rtvi::from_nlohmann(nullptr).text() == "null");
}
