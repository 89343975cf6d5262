#include "device_box.hpp"

#include <QAbstractItemView>
#include <QComboBox>
#include <QProgressBar>
#include <QVBoxLayout>

#include <utility>

namespace {

constexpr int meter_steps = 1000;

struct Choice {
    QString id;
    QString name;
};

QList<Choice> choices(const Devices& devices) {
    QString system = "the system's choice";
    if (!devices.label.empty()) system += ": " + QString::fromStdString(devices.label);
    QList<Choice> all{{Devices::systems_choice, system}};
    for (const auto& device : devices.all) all.append({QString::fromStdString(device.device_id), QString::fromStdString(device.label)});
    return all;
}

}  // namespace

DeviceBox::DeviceBox(const QString& title, std::function<void(const std::string&)> choose)
    : QGroupBox(title), menu_(new QComboBox), meter_(new QProgressBar) {
    menu_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    meter_->setRange(0, meter_steps);
    meter_->setTextVisible(false);
    auto* column = new QVBoxLayout(this);
    column->addWidget(menu_);
    column->addWidget(meter_);
    // Only what the user does, not what show_devices() does.
    connect(menu_, &QComboBox::activated, this, [this, choose = std::move(choose)](int index) {
        choose(menu_->itemData(index).toString().toStdString());
    });
}

void DeviceBox::show_devices(const Devices& devices, float level) {
    meter_->setValue(static_cast<int>(level * meter_steps));
    // Not while the user is looking at the menu.
    if (menu_->view()->isVisible()) return;
    const QList<Choice> now = choices(devices);
    while (menu_->count() > now.size()) menu_->removeItem(menu_->count() - 1);
    for (int index = 0; index < now.size(); ++index) {
        if (index == menu_->count()) menu_->addItem(QString());
        menu_->setItemText(index, now[index].name);
        menu_->setItemData(index, now[index].id);
    }
    menu_->setCurrentIndex(menu_->findData(QString::fromStdString(devices.chosen)));
}
