//! The exchanges between a client and a bot, written once for every bot.

pub mod calls;
pub mod conversation;
pub mod field;
pub mod messages;
pub mod session;

/// Creates a test for every exchange that each bot must pass over each transport.
///
/// Takes an async function that returns a bot for one test: anything with a method `target()`.
#[macro_export]
macro_rules! every_exchange {
    ($bot:path) => {
        $crate::every_exchange! { $bot;
            session: connect_and_disconnect, connect_again, calls_in_a_wrong_state, bot_leaves, bot_fails;
            messages: requests, large_answers, request_then_disconnect, server_messages, dtmf, files, texts, append_to_context;
            calls: function_call, failing_function;
            conversation: written_interruption;
        }
    };
    ($bot:path; $($module:ident: $($exchange:ident),+;)+) => { $($(
        #[tokio::test]
        async fn $exchange() {
            let bot = $bot().await;
            $crate::exchange::$module::$exchange(&bot.target()).await;
        }
    )+)+ };
}
