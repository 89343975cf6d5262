//! The command line of the demo bot, shared by the binary `rtvi-bot` and by `rtvi bot`.

use std::{io::Write, net::IpAddr};

use crate::{BotOptions, DemoBot, FaultPlan, FunctionDetail, IceServer, Protocol, StartTransport};

/// Options of the demo bot's command line.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// Port to listen on; 0 selects a free one
    #[arg(long, default_value_t = 7860)]
    pub port: u16,
    /// Token that clients must send; /start returns it
    #[arg(long)]
    pub token: Option<String>,
    /// Header that clients must send, as 'NAME: VALUE'
    #[arg(long, value_name = "HEADER", value_parser = header)]
    pub require_header: Option<(String, String)>,
    /// The only transport that /start offers; by default the requested one, or WebRTC if the
    /// request names none
    #[arg(short, long, value_enum)]
    pub transport: Option<StartTransport>,
    /// STUN or TURN server for WebRTC, which /start also returns; repeat for more
    #[arg(long, value_name = "URL")]
    pub ice_server: Vec<String>,
    /// What the bot says when the client is ready
    #[arg(long, value_name = "TEXT")]
    pub greeting: Option<String>,
    /// What the scripted recognizer hears, turn by turn; repeat for more turns
    #[arg(long, value_name = "TEXT")]
    pub prompt: Vec<String>,
    /// Generation of the RTVI protocol: 2 (2.2.0) or 1 (1.1.0)
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub protocol: u8,
    /// How much the function-call messages report
    #[arg(long, value_enum, default_value = "full")]
    pub function_detail: FunctionDetail,
    /// Also send the deprecated llm-function-call when calling a function
    #[arg(long)]
    pub legacy_function_call: bool,
    /// Return the client's audio at once
    #[arg(long)]
    pub echo: bool,
    /// Show a face whose mouth moves as the bot speaks, instead of returning the client's camera
    #[arg(long)]
    pub avatar: bool,
    /// Also send voice activity, audio levels and raw texts
    #[arg(long)]
    pub everything: bool,
    /// Factor on the bot's own durations: 0.1 is ten times as fast
    #[arg(long, default_value_t = 1.0)]
    pub pace: f32,
    /// Misbehave: a kind such as drop, or JSON such as '{"kind":"close","code":1011}'
    #[arg(long, value_name = "FAULT")]
    pub fault: Option<FaultPlan>,
    /// Stop when standard input ends, so that the bot does not outlive a test that starts it
    #[arg(long)]
    pub while_stdin: bool,
}

impl From<Args> for BotOptions {
    fn from(args: Args) -> Self {
        let defaults = Self::default();
        Self {
            host: args.host,
            port: args.port,
            token: args.token,
            required_header: args.require_header,
            transport: args.transport,
            ice_servers: args.ice_server.into_iter().map(ice_server).collect(),
            greeting: args.greeting,
            protocol: if args.protocol == 1 { Protocol::V1 } else { Protocol::V2 },
            function_detail: args.function_detail,
            legacy_function_call: args.legacy_function_call,
            echo: args.echo,
            avatar: args.avatar,
            vad_messages: args.everything,
            audio_levels: args.everything,
            raw_text: args.everything,
            prompts: if args.prompt.is_empty() { defaults.prompts } else { args.prompt },
            pace: args.pace,
            fault: args.fault,
            ..defaults
        }
    }
}

/// Runs a bot until Ctrl-C, or until the end of stdin if the arguments say so. Prints
/// `READY http://HOST:PORT` to stdout when it listens.
///
/// # Errors
/// If it can't listen on the address, or stdout is closed.
pub async fn run(args: Args) -> std::io::Result<()> {
    let while_stdin = args.while_stdin;
    let bot = DemoBot::start(args.into()).await?;
    let mut out = std::io::stdout();
    writeln!(out, "READY {}", bot.http_url())?;
    out.flush()?;
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => stopped?,
        () = end_of_stdin(), if while_stdin => {}
    }
    bot.stop().await;
    Ok(())
}

/// Waits for the end of stdin. A thread reads it: the runtime would wait for a task that does.
async fn end_of_stdin() {
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // An error ends it too.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = ended.send(());
    });
    let _ = end.await;
}

fn ice_server(url: String) -> IceServer {
    IceServer { urls: vec![url], ..IceServer::default() }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or_else(|| format!("'{text}' is not 'NAME: VALUE'"))?;
    let name = http::HeaderName::from_bytes(name.trim().as_bytes()).map_err(|error| error.to_string())?;
    Ok((name.as_str().to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::Fault;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    fn options(line: &str) -> Result<BotOptions, clap::Error> {
        Cli::try_parse_from(line.split_whitespace()).map(|cli| cli.args.into())
    }

    #[test]
    fn flags_become_options() {
        let bot = options(
            "bot --port 0 --protocol 1 --function-detail none --echo --fault drop --require-header X-A:b -t websocket --ice-server stun:h:1",
        )
        .expect("a valid line");
        assert_eq!((bot.port, bot.protocol, bot.echo), (0, Protocol::V1, true));
        assert_eq!(bot.function_detail, FunctionDetail::None);
        assert_eq!(bot.transport, Some(StartTransport::Websocket));
        assert_eq!(bot.ice_servers, [ice_server("stun:h:1".into())]);
        assert_eq!(bot.fault, Some(FaultPlan::new(Fault::Drop)));
        assert_eq!(bot.required_header, Some(("x-a".into(), "b".into())));
    }

    #[test]
    fn wrong_values_are_refused() {
        for line in
            ["bot --protocol 3", "bot --fault explode", "bot --require-header nothing", "bot --host nowhere"]
        {
            assert!(options(line).is_err(), "{line}");
        }
    }
}
