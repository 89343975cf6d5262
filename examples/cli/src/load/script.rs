//! A script as a caller runs it: the same steps as for `talk`, without output.
//!
//! A wait in vain is a failed check, and the script goes on. A failed call that should connect ends
//! it.

use std::rc::Rc;

use futures_util::{FutureExt, StreamExt, future::LocalBoxFuture, stream::FuturesUnordered};
use rtvi_core::{Error, EventStream, PipecatClient};
use rtvi_load::Act;
use serde_json::Value;
use tokio::time::{Instant, sleep_until};

use crate::{
    plan::{Call, Plan, Step, WaitFor},
    talk::{
        calls::{CallResult, Targets},
        event_log::EventLog,
    },
};

/// A running script.
struct Script {
    client: PipecatClient,
    events: EventStream,
    targets: Targets,
    log: EventLog,
    running: FuturesUnordered<LocalBoxFuture<'static, (Call, CallResult)>>,
    failed_checks: u32,
}

/// Runs all steps.
///
/// # Errors
/// Why connecting failed.
pub(super) async fn run(client: PipecatClient, targets: Targets, plan: Rc<Plan>) -> Result<Act, Error> {
    let events = client.events();
    let (log, running) = (EventLog::default(), FuturesUnordered::new());
    let mut script = Script { client, events, targets, log, running, failed_checks: 0 };
    for step in &plan.steps {
        script.step(step).await?;
    }
    Ok(Act::Finished { failed_checks: script.failed_checks })
}

impl Script {
    async fn step(&mut self, step: &Step) -> Result<(), Error> {
        match step {
            Step::Call { call, background: true } => {
                self.running.push(self.made(call));
                Ok(())
            }
            Step::Call { call, background: false } => self.call(call).await,
            Step::WaitFor(wait) => self.wait_for(wait).await,
            Step::Sleep(time) => {
                let until = Instant::now() + *time;
                while self.next(until).await? {}
                Ok(())
            }
            // Steps of `talk`'s options; a script has none.
            Step::Settle(_) | Step::Stay => Ok(()),
        }
    }

    fn made(&self, call: &Call) -> LocalBoxFuture<'static, (Call, CallResult)> {
        let of = call.clone();
        self.targets.make(&self.client, call.clone()).map(move |result| (of, result)).boxed_local()
    }

    async fn call(&mut self, call: &Call) -> Result<(), Error> {
        let mut made = self.made(call);
        loop {
            tokio::select! {
                (call, result) = &mut made => return self.ended(&call, result),
                event = self.events.next() => self.log_event(event),
                Some((call, result)) = self.running.next() => self.ended(&call, result)?,
            }
        }
    }

    async fn wait_for(&mut self, wait: &WaitFor) -> Result<(), Error> {
        let until = Instant::now() + wait.timeout;
        self.log.begin_wait();
        while self.log.find(wait).is_none() {
            if !self.next(until).await? {
                self.failed_checks += 1;
                break;
            }
        }
        Ok(())
    }

    /// Waits until something happens; false once the time has come.
    async fn next(&mut self, until: Instant) -> Result<bool, Error> {
        tokio::select! {
            event = self.events.next() => self.log_event(event),
            Some((call, result)) = self.running.next() => self.ended(&call, result)?,
            () = sleep_until(until) => return Ok(false),
        }
        Ok(true)
    }

    fn log_event(&mut self, event: Option<rtvi_core::Event>) {
        if let Some(event) = event {
            self.log.push(event.name(), event.data());
        }
    }

    fn ended(&mut self, call: &Call, result: CallResult) -> Result<(), Error> {
        match result {
            Ok(Value::Object(answer)) if *call == Call::StartBot => self.targets.started(answer),
            Err(error) if call.is_connecting() => return Err(error),
            _ => {}
        }
        Ok(())
    }
}
