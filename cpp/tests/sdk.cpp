// Runs the tests of the C++ SDK against a bot, all or those whose names are given.
#include "test.hpp"

#include <cstring>

int main(int argc, char** argv) {
    int run = 0;
    for (const auto& one : test::all()) {
        bool wanted = argc < 2;
        for (int i = 1; i < argc; ++i) wanted = wanted || std::strcmp(argv[i], one.name) == 0;
        if (!wanted) continue;
        std::printf("%s\n", one.name);
        std::fflush(stdout);
        one.run();
        ++run;
    }
    std::printf("%d tests passed\n", run);
    return run > 0 ? 0 : 1;
}
