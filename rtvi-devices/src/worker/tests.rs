//! A system without sound cards, whose devices the test makes up.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::{Arc, mpsc::sync_channel},
};

use rtvi_core::media::AudioFormat;

use crate::{backend::StreamHandle, capture_ring::capture_ring};

use super::*;

/// What the system has now, shared with the test.
#[derive(Default)]
struct System {
    devices: RefCell<Vec<DeviceInfo>>,
    refuse: RefCell<Option<Error>>,
    open: RefCell<Vec<String>>,
    ends: RefCell<Vec<OnEnd>>,
    lists: Cell<u32>,
}

struct FakeBackend(Rc<System>);

struct FakeStream(Rc<System>, String);

impl Drop for FakeStream {
    fn drop(&mut self) {
        self.0.open.borrow_mut().retain(|id| *id != self.1);
    }
}

impl Backend for FakeBackend {
    type Stream = FakeStream;

    fn list(&mut self, _: Direction) -> Result<Vec<DeviceInfo>, Error> {
        self.0.lists.set(self.0.lists.get() + 1);
        Ok(self.0.devices.borrow().clone())
    }

    fn open(
        &mut self,
        _: Direction,
        device: &DeviceInfo,
        on_end: OnEnd,
    ) -> Result<(FakeStream, StreamHandle), Error> {
        if let Some(error) = self.0.refuse.borrow().clone() {
            return Err(error);
        }
        self.0.open.borrow_mut().push(device.id.clone());
        self.0.ends.borrow_mut().push(on_end);
        let (_, consumer) = capture_ring::<i16>(AudioFormat::mono(48_000));
        Ok((FakeStream(Rc::clone(&self.0), device.id.clone()), StreamHandle::Capture(consumer)))
    }
}

fn device(id: &str, is_default: bool) -> DeviceInfo {
    DeviceInfo { id: id.to_owned(), label: id.to_uppercase(), is_default }
}

/// A worker with one microphone, driven by hand.
struct Rig {
    worker: Worker<FakeBackend>,
    system: Rc<System>,
    mailbox: Arc<Mailbox>,
    wake: Arc<SyncSender<Command>>,
    commands: Receiver<Command>,
}

impl Rig {
    fn new(selection: Selection, devices: &[DeviceInfo]) -> Self {
        let system = Rc::new(System::default());
        system.devices.replace(devices.to_vec());
        let (wake, commands) = sync_channel(8);
        let wake = Arc::new(wake);
        let mut worker = Worker::new(FakeBackend(Rc::clone(&system)), Arc::downgrade(&wake));
        let mailbox = Arc::new(Mailbox::default());
        let weak = Arc::downgrade(&mailbox);
        worker.handle(Command::Add { id: 1, direction: Direction::Capture, selection, mailbox: weak });
        Self { worker, system, mailbox, wake, commands }
    }

    fn set_devices(&mut self, devices: &[DeviceInfo]) {
        self.system.devices.replace(devices.to_vec());
        self.worker.scan();
    }

    /// The events in short: how many devices were listed, which one is used, what is wrong.
    fn events(&self) -> Vec<String> {
        let text = |event| match event {
            DeviceEvent::Listed(list) => format!("{} listed", list.len()),
            DeviceEvent::Using(device) => format!("using {}", device.id),
            DeviceEvent::Failed(error) => error.message().to_owned(),
        };
        std::iter::from_fn(|| self.mailbox.next_event()).map(text).collect()
    }

    fn open(&self) -> Vec<String> {
        self.system.open.borrow().clone()
    }
}

#[test]
fn a_device_is_open_only_while_it_is_wanted() {
    let mut rig = Rig::new(Selection::Default, &[device("a", false), device("b", true)]);
    rig.worker.scan();
    assert_eq!((rig.events(), rig.system.lists.get()), (vec![], 0), "nobody asked");
    rig.worker.handle(Command::Watch { id: 1 });
    assert_eq!(rig.events(), ["2 listed", "using b"]);
    assert!(rig.open().is_empty() && rig.mailbox.state() == State::Closed);
    rig.worker.handle(Command::Want { id: 1, wanted: true });
    assert_eq!((rig.open(), rig.mailbox.state()), (vec!["b".to_owned()], State::Open));
    assert!(rig.mailbox.take_stream().is_some());
    rig.worker.scan();
    assert_eq!((rig.events(), rig.open().len()), (vec![], 1), "nothing changes by itself");
    rig.worker.handle(Command::Want { id: 1, wanted: false });
    assert!(rig.open().is_empty() && rig.mailbox.state() == State::Closed);
}

#[test]
fn the_default_is_followed() {
    let mut rig = Rig::new(Selection::Default, &[device("a", true), device("b", false)]);
    rig.worker.handle(Command::Watch { id: 1 });
    rig.worker.handle(Command::Want { id: 1, wanted: true });
    rig.events();
    rig.set_devices(&[device("a", false), device("b", true)]);
    assert_eq!((rig.events(), rig.open()), (vec!["2 listed".into(), "using b".into()], vec!["b".to_owned()]));
}

#[test]
fn a_device_that_vanishes_gives_way_to_the_default_and_says_so() {
    let mut rig = Rig::new(Selection::Id("a".into()), &[device("a", false), device("b", true)]);
    rig.worker.handle(Command::Watch { id: 1 });
    rig.worker.handle(Command::Want { id: 1, wanted: true });
    assert_eq!((rig.events(), rig.open()), (vec!["2 listed".into(), "using a".into()], vec!["a".to_owned()]));
    rig.set_devices(&[device("b", true)]);
    let reported = ["1 listed", "the microphone \"A\" is gone; using the default", "using b"];
    assert_eq!((rig.events(), rig.open()), (reported.map(String::from).into(), vec!["b".to_owned()]));
    rig.set_devices(&[device("a", false), device("b", true)]);
    assert_eq!((rig.events(), rig.open()), (vec!["2 listed".into()], vec!["b".to_owned()]), "it stays");
    rig.set_devices(&[]);
    assert_eq!(rig.events(), ["0 listed", "there is no microphone"]);
    assert!(rig.open().is_empty() && rig.mailbox.state() == State::Failed);
    rig.worker.scan();
    assert_eq!(rig.events(), [""; 0], "reported once");
    rig.set_devices(&[device("a", true)]);
    assert_eq!((rig.events(), rig.open()), (vec!["1 listed".into(), "using a".into()], vec!["a".to_owned()]));
}

#[test]
fn a_device_that_does_not_open_is_tried_again() {
    let mut rig = Rig::new(Selection::Default, &[device("a", true)]);
    rig.system.refuse.replace(Some(Error::device(DeviceErrorKind::InUse, "busy")));
    rig.worker.handle(Command::Watch { id: 1 });
    rig.worker.handle(Command::Want { id: 1, wanted: true });
    rig.worker.scan();
    assert_eq!(
        (rig.events(), rig.mailbox.state()),
        (vec!["1 listed".into(), "using a".into(), "busy".into()], State::Failed)
    );
    rig.system.refuse.replace(None);
    rig.worker.scan();
    assert_eq!((rig.events(), rig.mailbox.state()), (vec!["using a".into()], State::Open));
}

#[test]
fn another_device_can_be_selected() {
    let mut rig = Rig::new(Selection::Default, &[device("a", true), device("b", false)]);
    rig.worker.handle(Command::Watch { id: 1 });
    rig.worker.handle(Command::Want { id: 1, wanted: true });
    rig.events();
    rig.worker.handle(Command::Select { id: 1, selection: Selection::Id("b".into()) });
    assert_eq!((rig.events(), rig.open()), (vec!["using b".into()], vec!["b".to_owned()]));
    rig.worker.handle(Command::Select { id: 1, selection: Selection::Id("x".into()) });
    assert_eq!(rig.events(), ["there is no microphone \"x\"; using the default", "using a"]);
}

#[test]
fn a_stream_that_ends_is_opened_again() {
    let mut rig = Rig::new(Selection::Default, &[device("a", true)]);
    rig.worker.handle(Command::Want { id: 1, wanted: true });
    let ended = rig.system.ends.borrow_mut().pop().unwrap();
    ended();
    let command = rig.commands.try_recv().unwrap();
    rig.worker.handle(command);
    assert_eq!((rig.open().len(), rig.system.ends.borrow().len()), (1, 1), "the new one runs");
    rig.worker.handle(Command::Ended { id: 1, opening: 1 });
    assert_eq!(rig.system.ends.borrow().len(), 1, "a report of the old one is stale");
}

#[test]
fn nothing_is_kept_for_a_client_that_is_gone() {
    let mut rig = Rig::new(Selection::Default, &[device("a", true)]);
    rig.worker.handle(Command::Want { id: 1, wanted: true });
    let Rig { mut worker, system, mailbox, wake, .. } = rig;
    drop((mailbox, wake));
    worker.scan();
    assert!(system.open.borrow().is_empty() && worker.slots.is_empty());
    let (sender, queue) = sync_channel(1);
    drop(sender);
    worker.run(&queue);
}
