//! The C interface's side of an app: the mailbox of a client, and the signal that wakes waiting
//! threads.

use std::sync::Arc;

use rtvi_core::{Event, client::EventFeed};
use shuttle::{check_pct, check_random, thread};

use crate::c_interface::{
    mailbox::{Item, JobSender, Mailbox},
    signal::Signal,
};

/// How many orders of the steps are tried.
const ORDERS: usize = 4_000;
/// How often a thread is overtaken where it matters, at most.
const DEPTH: usize = 3;
/// The jobs of a second thread.
const OTHERS: [&str; 3] = ["job 100", "job 101", "job 102"];
/// The number of events and of jobs.
const COUNT: usize = 3;

fn check(model: fn()) {
    check_random(model, ORDERS);
    check_pct(model, ORDERS, DEPTH);
}

/// A client sends events and jobs, then ends, while an app waits. Nobody sleeps forever, nothing is
/// lost, and a job arrives after the events before it.
pub fn an_app_that_waits_gets_everything() {
    check(|| {
        let (mailbox, feed, jobs) = mailbox();
        let client = thread::spawn(move || work(&feed, &jobs));
        assert_in_order(&take_all(&mailbox));
        client.join().unwrap();
        assert!(matches!(mailbox.take(None), Item::Ended), "it stays ended");
    });
}

/// Two threads of an app wait for the same mailbox. Each item goes to one of them, and both see the
/// end.
pub fn two_that_wait_share_it() {
    check(|| {
        let (mailbox, feed, jobs) = mailbox();
        let client = thread::spawn(move || work(&feed, &jobs));
        let other = Arc::clone(&mailbox);
        let other = thread::spawn(move || take_all(&other));
        let mut got = take_all(&mailbox);
        got.extend(other.join().unwrap());
        got.sort();
        assert_eq!(got, [numbered("event"), numbered("job")].concat());
        client.join().unwrap();
    });
}

/// Two threads of the client add jobs while it sends events. Each keeps its order.
pub fn jobs_of_two_threads_keep_their_order() {
    check(|| {
        let (mailbox, feed, jobs) = mailbox();
        let more = jobs.clone();
        let second = thread::spawn(move || (100..103).for_each(|number| put(&more, number)));
        let first = thread::spawn(move || work(&feed, &jobs));
        let got = take_all(&mailbox);
        let (others, own): (Vec<_>, Vec<_>) =
            got.into_iter().partition(|item| OTHERS.contains(&item.as_str()));
        assert_eq!(others, OTHERS);
        assert_in_order(&own);
        first.join().unwrap();
        second.join().unwrap();
    });
}

/// An app's own loop waits for the signal and then takes items without waiting. It sleeps only if
/// there is nothing.
pub fn a_loop_that_waits_for_the_signal_misses_nothing() {
    check(|| {
        let (mailbox, feed, jobs) = mailbox();
        let client = thread::spawn(move || work(&feed, &jobs));
        let mut got = Vec::new();
        'ends: loop {
            assert!(mailbox.signal().wait(None), "nothing ends this wait but the signal");
            loop {
                match mailbox.take(Some(past())) {
                    Item::Nothing => break,
                    Item::Ended => break 'ends,
                    item => got.push(name(item)),
                }
            }
        }
        assert_in_order(&got);
        client.join().unwrap();
    });
}

/// Some threads set the signal while others clear it and wait. The last one to set it is always
/// noticed.
pub fn a_signal_is_never_missed() {
    check(|| {
        let signal = Signal::new();
        assert!(signal.take());
        let setters = [(); 2].map(|()| {
            let signal = Arc::clone(&signal);
            thread::spawn(move || signal.set())
        });
        assert!(signal.wait(None));
        signal.take();
        for setter in setters {
            setter.join().unwrap();
        }
        signal.set();
        assert!(signal.take() && !signal.take());
    });
}

fn mailbox() -> (Arc<Mailbox>, EventFeed, JobSender) {
    let feed = EventFeed::default();
    let (mailbox, jobs) = Mailbox::new(feed.events());
    (Arc::new(mailbox), feed, jobs)
}

/// A client's work: an event, a job, an event, and so on.
fn work(feed: &EventFeed, jobs: &JobSender) {
    for number in 0..COUNT {
        feed.emit(Event::UnsupportedFeature(format!("event {number}")));
        put(jobs, number);
    }
}

/// Adds a job that records its number when it runs.
fn put(jobs: &JobSender, number: usize) {
    let put = jobs.try_send(Box::new(move || DONE.with(|done| *done.lock().unwrap() = number)));
    assert!(put.is_ok(), "there is room");
}

shuttle::thread_local! {
    /// The number of the last job that ran.
    static DONE: shuttle::sync::Mutex<usize> = shuttle::sync::Mutex::new(usize::MAX);
}

fn numbered(kind: &str) -> Vec<String> {
    (0..COUNT).map(|number| format!("{kind} {number}")).collect()
}

/// Asserts that events and jobs each keep their order, and that a job arrives after the events
/// before it. It may also arrive after later ones.
fn assert_in_order(got: &[String]) {
    for kind in ["event", "job"] {
        let own: Vec<&String> = got.iter().filter(|item| item.starts_with(kind)).collect();
        assert_eq!(own, numbered(kind).iter().collect::<Vec<_>>());
    }
    let place = |item: String| got.iter().position(|other| *other == item);
    assert!(
        (0..COUNT).all(|number| place(format!("event {number}")) < place(format!("job {number}"))),
        "{got:?}"
    );
}

fn take_all(mailbox: &Mailbox) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        match mailbox.take(None) {
            Item::Ended => return all,
            item => all.push(name(item)),
        }
    }
}

fn name(item: Item) -> String {
    match item {
        Item::Event(Event::UnsupportedFeature(name)) => name,
        Item::Job(job) => {
            job();
            format!("job {}", DONE.with(|done| *done.lock().unwrap()))
        }
        _ => panic!("nothing else was told"),
    }
}

/// A time in the past.
#[expect(clippy::disallowed_methods, reason = "a wait that has no time left")]
fn past() -> std::time::Instant {
    std::time::Instant::now()
}
