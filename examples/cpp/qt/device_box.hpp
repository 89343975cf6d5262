// A microphone or a speaker in the window: the choice of one, and how loud it is.
#pragma once

#include <QGroupBox>

#include <functional>
#include <string>

#include "devices.hpp"

class QComboBox;
class QProgressBar;

/// A menu of devices above a meter.
class DeviceBox : public QGroupBox {
public:
    /// `choose` gets the id of the device that the user chooses.
    DeviceBox(const QString& title, std::function<void(const std::string&)> choose);

    /// Shows the devices and the loudness, 0 to 1, as they are now.
    void show_devices(const Devices& devices, float level);

private:
    QComboBox* menu_;
    QProgressBar* meter_;
};
