use super::*;

/// Panics in every call but the first ones.
struct Bad {
    good_calls: u32,
}

impl Bad {
    fn call(&mut self) {
        assert!(self.good_calls > 0, "pulled out");
        self.good_calls -= 1;
    }

    fn ask(&self) {
        assert!(self.good_calls > 0, "pulled out");
    }
}

impl AudioSource for Bad {
    fn format(&self) -> AudioFormat {
        self.ask();
        AudioFormat::mono(8_000)
    }

    fn start(&mut self) -> Result<(), Error> {
        self.call();
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        self.ask();
        None
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        self.call();
        out.len()
    }

    fn is_finished(&self) -> bool {
        self.ask();
        false
    }

    fn needs_processing(&self) -> bool {
        self.ask();
        true
    }

    fn stop(&mut self) {
        self.call();
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        Some(Box::new(Self { good_calls: 0 }))
    }
}

impl AudioSink for Bad {
    fn format(&self) -> AudioFormat {
        self.ask();
        AudioFormat::mono(8_000)
    }

    fn start(&mut self) -> Result<(), Error> {
        self.call();
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        self.ask();
        Some(7)
    }

    fn write(&mut self, _samples: &[i16]) {
        self.call();
    }

    fn flush(&mut self) {
        self.call();
    }

    fn stop(&mut self) {
        self.call();
    }
}

impl DeviceControl for Bad {
    fn watch(&mut self) {}

    fn select(&mut self, _id: &str) {
        self.call();
    }

    fn next_event(&mut self) -> Option<DeviceEvent> {
        None
    }
}

fn source(good_calls: u32) -> (GuardedSource, PanicReport) {
    let panic_report = PanicReport::default();
    (GuardedSource::new(Box::new(Bad { good_calls }), panic_report.clone()), panic_report)
}

fn message(panic_report: &PanicReport) -> Option<String> {
    panic_report.take().map(|error| {
        assert_eq!(error.kind(), ErrorKind::Device);
        error.message().to_owned()
    })
}

#[test]
fn a_source_that_panics_has_ended_and_says_so_once() {
    let (mut source, panic_report) = source(2);
    source.start().unwrap();
    assert_eq!((source.read(&mut [0; 4]), message(&panic_report)), (4, None));
    assert_eq!(source.read(&mut [0; 4]), 0);
    assert_eq!(message(&panic_report).as_deref(), Some("the app's microphone panicked: pulled out"));
    assert_eq!((source.available(), source.is_finished(), source.read(&mut [0; 4])), (Some(0), true, 0));
    source.stop();
    assert_eq!(message(&panic_report), None);
}

#[test]
fn a_source_that_panics_when_asked_is_survived_too() {
    let (source, panic_report) = source(0);
    assert_eq!(source.format(), NO_FORMAT);
    assert!(message(&panic_report).is_some());
    assert!(source.is_finished() && !source.needs_processing());
    assert_eq!((source.available(), message(&panic_report)), (Some(0), None));
}

#[test]
fn a_start_that_panics_fails_and_may_be_tried_again() {
    let (mut source, panic_report) = source(0);
    for _ in 0..2 {
        let error = source.start().unwrap_err();
        assert_eq!(error.message(), "the app's microphone panicked: pulled out");
        assert_eq!(message(&panic_report), None);
    }
}

#[test]
fn a_sink_that_panics_takes_no_more() {
    let panic_report = PanicReport::default();
    let mut sink = GuardedSink::new(Box::new(Bad { good_calls: 3 }), panic_report.clone());
    sink.start().unwrap();
    sink.write(&[0; 4]);
    assert_eq!((sink.wanted(), message(&panic_report)), (Some(7), None));
    sink.flush_within(Duration::ZERO);
    assert_eq!(message(&panic_report), None);
    sink.flush();
    assert_eq!(message(&panic_report).as_deref(), Some("the app's speaker panicked: pulled out"));
    sink.write(&[0; 4]);
    sink.stop();
    assert_eq!((sink.wanted(), message(&panic_report)), (None, None));
}

#[test]
fn a_control_that_panics_says_so_as_its_last_news() {
    let (mut source, panic_report) = source(1);
    let mut control = source.control().unwrap();
    assert_eq!(control.next_event(), None);
    control.select("other");
    assert!(matches!(control.next_event(), Some(DeviceEvent::Failed(_))));
    assert_eq!((control.next_event(), message(&panic_report)), (None, None));
}

/// Tells a failure once, after its first read or write, and notes that it was stopped.
#[derive(Default)]
struct Failing {
    failure: Cell<Option<Error>>,
    stops: Arc<Mutex<u32>>,
}

impl Failing {
    fn fail(&self) {
        self.failure.set(Some(Error::new(ErrorKind::Device, "unplugged")));
    }

    fn note_stop(&self) {
        *self.stops.lock().unwrap() += 1;
    }
}

impl AudioSource for Failing {
    fn format(&self) -> AudioFormat {
        AudioFormat::mono(8_000)
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        Some(4)
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        self.fail();
        out.len()
    }

    fn is_finished(&self) -> bool {
        false
    }

    fn failure(&self) -> Option<Error> {
        self.failure.take()
    }

    fn stop(&mut self) {
        self.note_stop();
    }
}

impl AudioSink for Failing {
    fn format(&self) -> AudioFormat {
        AudioFormat::mono(8_000)
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        Some(4)
    }

    fn write(&mut self, _samples: &[i16]) {
        self.fail();
    }

    fn flush(&mut self) {}

    fn failure(&self) -> Option<Error> {
        self.failure.take()
    }

    fn stop(&mut self) {
        self.note_stop();
    }
}

#[test]
fn a_source_that_tells_a_failure_has_failed_and_is_stopped_all_the_same() {
    let (panic_report, device) = (PanicReport::default(), Failing::default());
    let stops = Arc::clone(&device.stops);
    let mut source = GuardedSource::new(Box::new(device), panic_report.clone());
    source.start().unwrap();
    assert_eq!((source.available(), source.is_finished(), message(&panic_report)), (Some(4), false, None));
    assert_eq!((source.read(&mut [0; 4]), message(&panic_report).as_deref()), (4, Some("unplugged")));
    assert_eq!((source.available(), source.is_finished(), source.read(&mut [0; 4])), (Some(0), true, 0));
    source.stop();
    assert_eq!((*stops.lock().unwrap(), message(&panic_report)), (1, None));
    source.start().unwrap();
    assert_eq!(source.available(), Some(4));
}

#[test]
fn a_sink_that_tells_a_failure_has_failed_and_is_stopped_all_the_same() {
    let (panic_report, device) = (PanicReport::default(), Failing::default());
    let stops = Arc::clone(&device.stops);
    let mut sink = GuardedSink::new(Box::new(device), panic_report.clone());
    sink.start().unwrap();
    sink.write(&[0; 4]);
    assert_eq!((message(&panic_report).as_deref(), sink.wanted()), (Some("unplugged"), None));
    sink.stop();
    assert_eq!((*stops.lock().unwrap(), message(&panic_report)), (1, None));
}
