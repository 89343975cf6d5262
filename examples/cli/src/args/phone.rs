//! Options of phone calls.

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use rtvi_core::{
    protocol::telephony::PhoneProvider,
    transport::{PhoneTransportOptions, TlsOptions},
};

/// What a phone call announces to the bot.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct CallArgs {
    /// The caller's number, for --phone
    #[arg(long, value_name = "NUMBER", requires = "phone")]
    pub(crate) from: Option<String>,
    /// The number that is called, for --phone
    #[arg(long, value_name = "NUMBER", requires = "phone")]
    pub(crate) to: Option<String>,
    /// Parameter of the call for the bot, for --phone; repeatable
    #[arg(long = "param", value_name = "K=V", value_parser = parameter, requires = "phone")]
    pub(crate) params: Vec<(String, String)>,
}

impl CallArgs {
    /// The options of the transport for calls over `provider`.
    pub(crate) fn options(&self, provider: PhoneProvider, tls: TlsOptions) -> PhoneTransportOptions {
        PhoneTransportOptions {
            provider,
            from: self.from.clone(),
            to: self.to.clone(),
            parameters: self.params.iter().cloned().collect(),
            tls: Some(tls),
            ..PhoneTransportOptions::default()
        }
    }
}

/// Reads the name of a provider.
pub(super) fn provider() -> impl TypedValueParser<Value = PhoneProvider> {
    PossibleValuesParser::new(PhoneProvider::ALL.map(PhoneProvider::name))
        .try_map(|name| PhoneProvider::named(&name).ok_or("unknown"))
}

/// `K=V`.
fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a parameter is written NAME=VALUE".to_owned()),
    }
}
