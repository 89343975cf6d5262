// A window to talk with a Pipecat bot, with Qt.
#include <QApplication>
#include <QPalette>
#include <QPixmap>
#include <QTimer>

#include <iostream>

#include "script.hpp"
#include "window.hpp"

namespace {

/// Dark, on every system.
void set_look() {
    QApplication::setStyle("fusion");
    QPalette palette(QColor(53, 53, 53));
    palette.setColor(QPalette::Base, QColor(25, 25, 25));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, QColor(130, 130, 130));
    }
    QApplication::setPalette(palette);
}

/// Saves a picture of the window and ends the program, with a code that tells whether all went well.
void leave(Window& window, const QString& file) {
    const bool is_saved = window.grab().save(file);
    if (!is_saved) std::cerr << "qt: " << file.toStdString() << ": can't be saved\n";
    QCoreApplication::exit(is_saved && window.conversation().failures() == 0 ? 0 : 1);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    const Arguments arguments = parse(app);
    set_look();
    Window window(arguments);
    Script script(arguments, window);
    bool is_leaving = false;
    window.on_change([&] {
        script.go_on();
        if (is_leaving || arguments.screenshot.isEmpty() || !script.is_over()) return;
        is_leaving = true;
        // Once everything that has happened is in the window.
        QTimer::singleShot(0, &window, [&] { leave(window, arguments.screenshot); });
    });
    window.show();
    if (arguments.connect) window.connect_bot();
    return QApplication::exec();
}
