//! The end of a client in C: its handle is freed while the handle calls the app and the app calls
//! the handle.

use std::{
    ptr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use rtvi_core::{Event, client::EventFeed};
use shuttle::{check_pct, check_random, sync::Mutex, thread};
use tokio_util::sync::CancellationToken;

use crate::c_interface::{
    handle::Handles,
    mailbox::{JobSender, Mailbox},
    pump::Pump,
};

/// How many orders of the steps are tried.
const ORDERS: usize = 2_000;
/// How often a thread is overtaken where it matters, at most.
const DEPTH: usize = 3;
/// How often each thread of the app calls.
const CALLS: usize = 2;

/// Two threads free a handle while a third uses it. One of them gets the object behind it, which is
/// dropped once nobody uses it. From then on, using the handle is an error.
pub fn a_handle_is_freed_once() {
    check(|| {
        let (table, object) = (Arc::new(Table::new("client")), Arc::new(()));
        let handle = table.add(Arc::clone(&object)).addr();
        let remove = |table: &Arc<Table<Arc<()>>>| {
            let table = Arc::clone(table);
            thread::spawn(move || usize::from(table.remove(at(handle)).is_ok()))
        };
        let removers = [remove(&table), remove(&table)];
        let user = Arc::clone(&table);
        let user = thread::spawn(move || user.get(at(handle)).map(|found| Arc::strong_count(&found) > 0));
        let removed: usize = removers.map(|remover| remover.join().unwrap()).iter().sum();
        assert_eq!(removed, 1);
        assert!(user.join().unwrap().unwrap_or(true));
        assert!(table.get(at(handle)).is_err(), "it was freed");
        assert_eq!(Arc::strong_count(&object), 1, "nobody has it any more");
    });
}

/// Two threads create and free handles: no handle refers to another's object.
pub fn handles_are_never_mixed_up() {
    check(|| {
        let table = Arc::new(Table::new("number"));
        let workers = [10, 20].map(|first| {
            let table = Arc::clone(&table);
            thread::spawn(move || {
                for number in first..first + CALLS {
                    let handle = table.add(number);
                    assert_eq!(table.get(handle).map(|found| *found).ok(), Some(number));
                    assert_eq!(table.remove(handle).map(|found| *found).ok(), Some(number));
                    assert!(table.get(handle).is_err());
                }
            })
        });
        for worker in workers {
            worker.join().unwrap();
        }
    });
}

/// A client is freed while a thread calls it and it sends events. Freeing returns; by then, every
/// call that has begun has received its end, and nothing is sent later.
pub fn freeing_waits_for_calls_and_callbacks() {
    check(|| {
        let app = App::new(|_, _| {});
        let caller = app.clone();
        let caller = thread::spawn(move || (0..CALLS).filter(|_| caller.call()).count());
        let bot = app.clone();
        let bot = thread::spawn(move || bot.tell());
        app.free();
        app.freed.store(true, Ordering::SeqCst);
        assert!(!app.call(), "a call of a freed client does not begin");
        bot.join().unwrap();
        assert_eq!(caller.join().unwrap(), app.ended.load(Ordering::SeqCst));
    });
}

/// A client is freed in its own callback, while a thread calls it, and by another thread as well.
/// Nobody waits for itself, and every call that has begun receives its end.
pub fn a_client_may_be_freed_in_its_callback() {
    check(|| {
        let app = App::new(|app, _| app.free());
        app.tell();
        let caller = app.clone();
        let caller = thread::spawn(move || (0..CALLS).filter(|_| caller.call()).count());
        let other = app.clone();
        let other = thread::spawn(move || other.free());
        let begun = caller.join().unwrap();
        other.join().unwrap();
        app.wait_for_end();
        assert_eq!(begun, app.ended.load(Ordering::SeqCst));
    });
}

fn check(model: fn()) {
    check_random(model, ORDERS);
    check_pct(model, ORDERS, DEPTH);
}

struct Name;

type Table<T> = Handles<Name, T>;

const fn at(address: usize) -> *const Name {
    ptr::without_provenance(address)
}

/// The object behind `rtvi_client`, as far as its end is concerned.
struct Client {
    feed: EventFeed,
    jobs: JobSender,
    closing: CancellationToken,
    pump: Mutex<Option<Pump>>,
}

/// An app with one client.
#[derive(Clone)]
struct App {
    clients: Arc<Table<Client>>,
    client: usize,
    /// Closed at the end of the thread that calls the app.
    pumping: Arc<Mutex<Option<shuttle::sync::mpsc::Receiver<()>>>>,
    /// How many calls have received their end.
    ended: Arc<AtomicUsize>,
    /// Whether nothing may be sent any more.
    freed: Arc<AtomicBool>,
}

impl App {
    /// Creates a client that passes its events to `on_event`, as `rtvi_client_new` does.
    fn new(on_event: fn(&Self, Event)) -> Self {
        let clients = Arc::new(Table::new("client"));
        let handle = clients.reserve();
        let (ends, pumping) = shuttle::sync::mpsc::channel();
        let app = Self {
            clients,
            client: handle.addr(),
            pumping: Arc::new(Mutex::new(Some(pumping))),
            ended: Arc::default(),
            freed: Arc::default(),
        };
        let (feed, closing) = (EventFeed::default(), CancellationToken::new());
        let (mailbox, jobs) = Mailbox::new(feed.events());
        let told = app.clone();
        let pump = Pump::start(Arc::new(mailbox), closing.clone(), move |event| {
            let _: &shuttle::sync::mpsc::Sender<()> = &ends;
            assert!(!told.freed.load(Ordering::SeqCst), "an event after the client was freed");
            on_event(&told, event);
        });
        let pump = Mutex::new(Some(pump.unwrap()));
        app.clients.insert(handle, Arc::new(Client { feed, jobs, closing, pump }));
        app
    }

    /// Sends an event, if the client still exists.
    fn tell(&self) {
        if let Ok(client) = self.clients.get(at(self.client)) {
            client.feed.emit(Event::UnsupportedFeature("event".to_owned()));
        }
    }

    /// Starts a call in the background that ends at once. Returns whether it has begun.
    fn call(&self) -> bool {
        let Ok(client) = self.clients.get(at(self.client)) else { return false };
        let (ended, freed) = (Arc::clone(&self.ended), Arc::clone(&self.freed));
        let job = move || {
            assert!(!freed.load(Ordering::SeqCst), "a call's end after the client was freed");
            ended.fetch_add(1, Ordering::SeqCst);
        };
        assert!(client.jobs.try_send(Box::new(job)).is_ok(), "there is room");
        true
    }

    /// Like `rtvi_client_free`.
    fn free(&self) {
        let Ok(client) = self.clients.remove(at(self.client)) else { return };
        client.closing.cancel();
        let pump = client.pump.lock().unwrap().take();
        drop(client);
        if let Some(pump) = pump {
            pump.finish();
        }
    }

    /// Waits for the end of the thread that calls the app.
    fn wait_for_end(&self) {
        let pumping = self.pumping.lock().unwrap().take();
        assert!(pumping.is_some_and(|pumping| pumping.recv().is_err()), "nothing is sent");
    }
}
