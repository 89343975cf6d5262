//! How each call reaches the bot: the same options for all, and a token of its own where it needs
//! one.

use std::{fs, rc::Rc, time::Duration};

use futures_util::{FutureExt, future::LocalBoxFuture};
use rtvi_core::{
    Error, ErrorKind, PipecatClient, PipecatClientOptions,
    client::{ClientOptions, ReconnectPolicy},
    transport::SharedCalls,
};
use rtvi_load::{Act, Caller};

use crate::{
    args::{LoadArgs, TargetArgs},
    plan::{Call, Plan, script},
    talk::{self, calls::Targets},
    transport::Choice,
    values::Named,
};

use super::script::run;

/// How long connecting may take.
const TIMEOUT: Duration = Duration::from_secs(30);
const AGENT_TIMEOUT: Duration = Duration::from_secs(90);

/// The callers of a run.
pub(super) struct Callers {
    choice: Choice,
    client: ClientOptions,
    /// One for all calls, or one for each.
    targets: Vec<Targets>,
    connect: Call,
    script: Option<Rc<Plan>>,
    functions: Vec<Named>,
}

impl Callers {
    /// # Errors
    /// What is wrong with the target, its tokens or the script.
    pub(super) fn new(args: &LoadArgs, calls: u32) -> Result<Self, Error> {
        let target = &args.target;
        let default = if target.agent.agent.is_some() { AGENT_TIMEOUT } else { TIMEOUT };
        let timeout = args.scenario.timeout.unwrap_or(default);
        let choice = Choice { shared: Some(SharedCalls::default()), ..target.choice() };
        let mut client = choice.clone().client_options().client;
        client.timeouts.start = timeout;
        client.timeouts.open = Some(timeout);
        client.timeouts.bot_ready = Some(timeout);
        client.reconnect =
            ReconnectPolicy { max_attempts: args.scenario.reconnect, ..ReconnectPolicy::default() };
        client.about = talk::about();
        let connect = if target.is_started() { Call::StartBotAndConnect } else { Call::Connect };
        Ok(Self {
            choice,
            client,
            targets: targets(target, timeout, calls)?,
            connect,
            script: read_script(args)?.map(Rc::new),
            functions: args.scenario.functions.clone(),
        })
    }
}

impl Caller for Callers {
    fn options(&self) -> PipecatClientOptions {
        // A transport of its own for each: it remembers the connection that a reconnect replaces.
        let mut options = self.choice.clone().client_options();
        options.client = self.client.clone();
        options
    }

    fn act(&self, call: u32, client: &PipecatClient) -> LocalBoxFuture<'static, Result<Act, Error>> {
        talk::register(client, &self.functions);
        let own = self.targets.get(call as usize).or_else(|| self.targets.first());
        let Some(targets) = own.cloned() else { return std::future::pending().boxed_local() };
        match &self.script {
            Some(plan) => run(client.clone(), targets, Rc::clone(plan)).boxed_local(),
            None => targets
                .make(client, self.connect.clone())
                .map(|made| made.map(|_| Act::Connected))
                .boxed_local(),
        }
    }
}

/// The targets of the calls: one for each if each has a token of its own.
fn targets(args: &TargetArgs, timeout: Duration, calls: u32) -> Result<Vec<Targets>, Error> {
    let invalid = |text: String| Error::new(ErrorKind::InvalidArgument, text);
    let Some(path) = args.token.as_deref().and_then(|token| token.strip_prefix('@')) else {
        if args.livekit.is_some() && calls > 1 {
            let text = "a LiveKit room admits a token once: give each call its own with --token @FILE, one token a line";
            return Err(invalid(text.to_owned()));
        }
        return Ok(vec![Targets::new(args, timeout)?]);
    };
    let text = fs::read_to_string(path).map_err(|error| invalid(format!("{path}: {error}")))?;
    let tokens: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if (tokens.len() as u64) < u64::from(calls) {
        return Err(invalid(format!("{path}: has {} tokens for {calls} calls", tokens.len())));
    }
    let with = |token: &&str| {
        Targets::new(&TargetArgs { token: Some((*token).to_owned()), ..args.clone() }, timeout)
    };
    tokens.iter().take(calls as usize).map(with).collect()
}

fn read_script(args: &LoadArgs) -> Result<Option<Plan>, Error> {
    let Some(path) = &args.scenario.script else { return Ok(None) };
    let (file, is_started) = (path.display(), args.target.is_started());
    let invalid = |text: String| Error::new(ErrorKind::InvalidArgument, text);
    let text = fs::read_to_string(path).map_err(|error| invalid(format!("{file}: {error}")))?;
    let plan = script::parse(&text, script::Targets { start: is_started, bot: !is_started });
    plan.map(Some).map_err(|error| invalid(format!("{file}:{}: {}", error.line, error.message)))
}
