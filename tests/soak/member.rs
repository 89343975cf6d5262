//! One of the clients: what it does, by chance, until it is told to rest or to leave.
//!
//! Depends on [`crate::app`]. Three of four are visitors, whose clients come and go; the others are residents, who keep their client
//! and, unless something breaks it, their session.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{app::App, beat::Phase, chance::Chance, ledger::Ledger, over::Over};

/// Of so many clients one is a resident.
const ONE_RESIDENT_IN: usize = 4;
/// How long a client waits that could not connect, at most.
const PAUSE: u64 = 800;
/// How often a resident looks whether its session is restored.
const GLANCE: Duration = Duration::from_millis(100);

/// Whether the client of this number is a resident.
pub(crate) const fn is_resident(number: usize) -> bool {
    number.is_multiple_of(ONE_RESIDENT_IN)
}

/// A client's life.
#[derive(Debug)]
pub(crate) struct Member {
    number: usize,
    over: Over,
    sites: Arc<[String]>,
    ledger: Arc<Ledger>,
    phase: watch::Receiver<Phase>,
    chance: Chance,
}

impl Member {
    /// The client of this number, which talks to bots at these addresses.
    pub(crate) fn new(
        number: usize,
        over: Over,
        sites: Arc<[String]>,
        ledger: Arc<Ledger>,
        phase: watch::Receiver<Phase>,
    ) -> Self {
        Self { number, over, sites, ledger, phase, chance: Chance::new(number as u64) }
    }

    /// Lives until it is told to leave.
    pub(crate) async fn live(mut self) {
        if is_resident(self.number) {
            return self.reside().await;
        }
        loop {
            match self.phase() {
                Phase::Work => self.visit().await,
                Phase::Rest => self.rest().await,
                Phase::Leave => return,
            }
        }
    }

    fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    fn works(&self) -> bool {
        self.phase() == Phase::Work
    }

    async fn rest(&mut self) {
        let _resting = self.ledger.rest();
        // Without anybody who could tell it is over.
        drop(self.phase.wait_for(|phase| *phase != Phase::Rest).await);
    }

    /// Waits for some of it, but no longer than there is work.
    async fn pause(&mut self, most_millis: u64) {
        let length = Duration::from_millis(self.chance.below(most_millis));
        drop(timeout(length, self.phase.wait_for(|phase| *phase != Phase::Work)).await);
    }

    fn site(&mut self) -> String {
        let index = usize::try_from(self.chance.below(self.sites.len() as u64)).unwrap_or(0);
        self.sites.get(index).cloned().unwrap_or_default()
    }

    /// A client from its beginning to its end.
    async fn visit(&mut self) {
        let app = App::new(self.over, &self.ledger);
        for _ in 0..=self.chance.below(3) {
            if !self.works() {
                break;
            }
            if !self.enter(&app).await {
                self.pause(PAUSE).await;
                continue;
            }
            for _ in 0..=self.chance.below(6) {
                if self.works() {
                    self.act(&app).await;
                    self.pause(PAUSE).await;
                }
            }
            match self.chance.below(4) {
                // Without a goodbye, whatever goes on.
                0 => return app.leave().await,
                1 => app.disconnect_while_asking().await,
                _ => app.disconnect().await,
            }
        }
        app.leave().await;
    }

    async fn enter(&mut self, app: &App) -> bool {
        let site = self.site();
        match self.chance.below(8) {
            0 => {
                app.waver(&site, Duration::from_millis(self.chance.below(60))).await;
                app.connect(&site).await
            }
            1 | 2 => app.start_and_connect(&site).await,
            _ => app.connect(&site).await,
        }
    }

    async fn act(&mut self, app: &App) {
        match self.chance.below(16) {
            0..=3 => app.echo(self.chance.below(100_000)).await,
            4..=6 => app.language().await,
            7 | 8 => app.write("How is the weather in Rome?").await,
            9 | 10 => app.speak().await,
            11 => {
                app.write("Please count").await;
                self.pause(1_500).await;
                app.speak().await;
            }
            12 => app.mute().await,
            13 => app.change_network().await,
            14 => app.provoke(self.fault()).await,
            _ => self.pause(3 * PAUSE).await,
        }
    }

    /// What the bot is to do that it should not.
    fn fault(&mut self) -> Value {
        match self.chance.below(9) {
            0 => json!("drop"),
            1 => json!("reset"),
            2 => json!("freeze"),
            3 => json!("malformed"),
            4 => json!("unknown"),
            5 => json!({"kind": "flood", "n": 1_000}),
            6 => json!({"kind": "oversized", "n": 200_000}),
            7 => json!({"kind": "close", "code": 1011}),
            _ => json!("wrong-label"),
        }
    }

    async fn reside(mut self) {
        let app = App::new(self.over, &self.ledger);
        loop {
            match self.phase() {
                Phase::Work => self.dwell(&app).await,
                Phase::Rest => {
                    self.settle_down(&app).await;
                    self.rest().await;
                }
                Phase::Leave => break,
            }
        }
        app.disconnect().await;
        app.leave().await;
    }

    async fn dwell(&mut self, app: &App) {
        if app.is_disconnected() {
            let site = self.site();
            app.connect(&site).await;
        } else {
            self.act(app).await;
        }
        self.pause(PAUSE).await;
    }

    /// Sees to it that there is a session.
    async fn settle_down(&mut self, app: &App) {
        while !app.is_ready() && self.phase() == Phase::Rest {
            if app.is_disconnected() {
                let site = self.site();
                app.connect(&site).await;
            } else {
                sleep(GLANCE).await;
            }
        }
    }
}
