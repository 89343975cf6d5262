//! The event queues of a client, with several senders and readers, and readers that leave.

use std::sync::Arc;

use shuttle::{check_pct, check_random, future::block_on, thread};

use hub::{EVENT_QUEUE, EventHub, EventStream, HEADROOM};

mod sync {
    pub(super) use shuttle::sync::{Mutex, MutexGuard};
}

#[expect(dead_code, unreachable_pub, reason = "the SDK uses more of it")]
#[path = "../../../rtvi-core/src/client/hub.rs"]
mod hub;

/// An event, as far as the queues know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event(usize);

impl Event {
    #[expect(clippy::unused_self, reason = "as the one of the SDK")]
    const fn is_lossy(&self) -> bool {
        false
    }
}

/// How many orders of the steps are tried, and in how many the queues are filled first.
const ORDERS: usize = 2_000;
const FILLED: usize = 200;
/// How often a thread is overtaken where it matters, at most.
const DEPTH: usize = 3;

fn check(orders: usize, model: fn()) {
    check_random(model, orders);
    check_pct(model, orders, DEPTH);
}

/// Two threads send at once; two read, and a third begins in the middle. Every event reaches each
/// of them, in one order.
pub fn every_reader_gets_everything_in_the_same_order() {
    check(ORDERS, || {
        let hub = Arc::new(EventHub::default());
        let readers =
            [hub.subscribe(), hub.subscribe()].map(|events| thread::spawn(move || read_all(events)));
        let tellers = [0, 10].map(|first| {
            let hub = Arc::clone(&hub);
            thread::spawn(move || (first..first + 3).for_each(|number| hub.emit(Event(number))))
        });
        let late = hub.subscribe();
        let late = thread::spawn(move || read_all(late));
        for teller in tellers {
            teller.join().unwrap();
        }
        hub.close();
        let [first, second] = readers.map(|reader| reader.join().unwrap());
        assert_eq!(first, second);
        assert_eq!(first.len(), 6);
        for kept in [0, 10] {
            let own = |event: &&Event| (kept..kept + 3).any(|number| **event == Event(number));
            let order: Vec<_> = first.iter().filter(own).cloned().collect();
            assert_eq!(order, (kept..kept + 3).map(Event).collect::<Vec<_>>());
        }
        assert!(first.ends_with(&late.join().unwrap()));
    });
}

/// The driver waits for room while one app reads and another, whose queue is just as full, leaves.
/// The wait always ends.
pub fn waiting_for_room_ends() {
    check(FILLED, || {
        let hub = Arc::new(EventHub::default());
        let (mut reads, goes) = (hub.subscribe(), hub.subscribe());
        for number in 0..EVENT_QUEUE {
            hub.emit(Event(number));
        }
        let driver = Arc::clone(&hub);
        let driver = thread::spawn(move || {
            block_on(driver.wait_for_room());
            driver.emit(Event(EVENT_QUEUE));
        });
        let goes = thread::spawn(move || drop(goes));
        let mut next = 0;
        while next <= EVENT_QUEUE {
            for got in block_on(reads.next_batch(HEADROOM)) {
                assert_eq!(got, Event(next));
                next += 1;
            }
        }
        driver.join().unwrap();
        goes.join().unwrap();
    });
}

/// The driver waits until large messages are taken, while one app reads and another, for which they
/// also wait, leaves. The wait always ends.
pub fn waiting_for_large_messages_ends() {
    check(ORDERS, || {
        let hub = Arc::new(EventHub::default());
        let (reads, goes) = (hub.subscribe(), hub.subscribe());
        let driver = Arc::clone(&hub);
        let driver = thread::spawn(move || {
            for number in 0..4 {
                block_on(driver.wait_for_room());
                driver.emit(Event(number));
                driver.weigh(usize::MAX / 8);
            }
            driver.close();
        });
        let goes = thread::spawn(move || drop(goes));
        assert_eq!(read_all(reads), (0..4).map(Event).collect::<Vec<_>>());
        driver.join().unwrap();
        goes.join().unwrap();
    });
}

/// More events are sent than a queue holds, while it is read. Events that do not fit are kept and
/// arrive in order.
pub fn what_does_not_fit_is_not_lost() {
    check(FILLED, || {
        let hub = Arc::new(EventHub::default());
        let events = hub.subscribe();
        let total = EVENT_QUEUE + 8;
        (0..EVENT_QUEUE - 2).for_each(|number| hub.emit(Event(number)));
        let reader = thread::spawn(move || read_all(events));
        (EVENT_QUEUE - 2..total).for_each(|number| hub.emit(Event(number)));
        block_on(hub.wait_for_room());
        hub.close();
        assert_eq!(reader.join().unwrap(), (0..total).map(Event).collect::<Vec<_>>());
    });
}

/// A stream that is created as the client ends also ends.
pub fn a_stream_made_at_the_end_ends() {
    check(ORDERS, || {
        let hub = Arc::new(EventHub::default());
        let app = Arc::clone(&hub);
        let app = thread::spawn(move || read_all(app.subscribe()));
        hub.emit(Event(1));
        hub.close();
        assert!(app.join().unwrap().len() <= 1);
        assert_eq!(read_all(hub.subscribe()), []);
    });
}

fn read_all(mut events: EventStream) -> Vec<Event> {
    let mut all = Vec::new();
    while let Some(event) = block_on(events.next()) {
        all.push(event);
    }
    all
}
