//! Microphones and speakers that are there, missing, or come and go.

use super::bench::Bench;
use crate::{
    client::{
        DeviceState, Event, MediaDevice, MediaState, TransportState,
        machine::{Command, DeviceKind, Devices, Input, Output, Reply},
    },
    error::{DeviceErrorKind, Error, Phase},
    media::{DeviceEvent, DeviceInfo},
};

/// A device of the machine, by its id.
fn device(id: &str) -> DeviceInfo {
    DeviceInfo { id: id.to_owned(), label: id.to_uppercase(), is_default: false }
}

fn device_event(device: DeviceKind, event: DeviceEvent) -> Input {
    Input::DeviceEvent { device, event }
}

fn no_microphone() -> Error {
    Error::device(DeviceErrorKind::NotFound, "there is no microphone")
}

#[test]
fn a_missing_device_is_an_error_of_init_devices_alone() {
    let mut bench = Bench::new();
    bench.opens_devices = false;
    let call = bench.call(Command::InitDevices);
    bench.feed(device_event(DeviceKind::Speaker, DeviceEvent::Using(device("s"))));
    bench.feed(device_event(DeviceKind::Mic, DeviceEvent::Listed(vec![])));
    bench.feed(device_event(DeviceKind::Mic, DeviceEvent::Failed(no_microphone())));
    bench.feed(Input::DevicesOpened(Devices::default()));
    let error = bench.reply(call).expect_err("there is no microphone");
    assert_eq!((error.device_kind(), error.phase()), (Some(DeviceErrorKind::NotFound), Some(Phase::Devices)));
    assert_eq!(bench.state(), TransportState::Initialized);
    let again = bench.call(Command::InitDevices);
    assert!(bench.reply(again).is_err(), "it still is not there");
    bench.feed(device_event(DeviceKind::Mic, DeviceEvent::Using(device("m"))));
    let then = bench.call(Command::InitDevices);
    assert_eq!(bench.reply(then), Ok(Reply::Done));
}

#[test]
fn devices_come_and_go_in_a_session() {
    let mut bench = Bench::ready();
    bench.take();
    bench.feed(device_event(DeviceKind::Mic, DeviceEvent::Listed(vec![device("b")])));
    bench.feed(device_event(DeviceKind::Mic, DeviceEvent::Failed(no_microphone())));
    bench.feed(device_event(DeviceKind::Mic, DeviceEvent::Using(device("b"))));
    let mut media = MediaState { mic: DeviceState::failed(&no_microphone()), ..MediaState::default() };
    let failed = Output::Emit(Event::MediaStateUpdated(media.clone()));
    media.mic = DeviceState::Granted;
    let b = MediaDevice::from(device("b"));
    let expected = [
        Output::Emit(Event::AvailableMicsUpdated(vec![b.clone()])),
        failed,
        Output::Emit(Event::DeviceError(no_microphone())),
        Output::Emit(Event::MediaStateUpdated(media)),
        Output::Emit(Event::MicUpdated(b)),
    ];
    assert_eq!((bench.take(), bench.state()), (expected.into(), TransportState::Ready));
    let call = bench.call(Command::SelectDevice { device: DeviceKind::Speaker, id: "x".into() });
    assert_eq!(bench.reply(call), Ok(Reply::Done));
}
