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
        $crate::every_short_exchange! { $bot }
        $crate::every_exchange! { $bot; messages: large_answers; }
    };
    ($bot:path; $($module:ident: $($exchange:ident),+;)+) => { $($(
        #[tokio::test]
        async fn $exchange() {
            let bot = $bot().await;
            $crate::exchange::$module::$exchange(&bot.target()).await;
        }
    )+)+ };
}

/// Works like `every_exchange`, for transports that carry no message over 64,000 bytes.
#[macro_export]
macro_rules! every_short_exchange {
    ($bot:path) => {
        $crate::every_exchange! { $bot;
            session: connect_and_disconnect, connect_again, calls_in_a_wrong_state, bot_leaves, bot_fails;
            messages: requests, request_then_disconnect, server_messages, dtmf, files, texts, append_to_context;
            calls: function_call, failing_function;
            conversation: written_interruption;
        }
    };
}

/// Makes tests of the exchanges that depend on how the server is reached: connecting again, messages both
/// ways, large ones among them, and audio both ways. The bot understands words.
#[macro_export]
macro_rules! exchanges_over_another_way {
    ($bot:path) => {
        $crate::every_exchange! { $bot;
            session: connect_again;
            messages: requests, files;
            calls: function_call;
        }
        $crate::every_spoken_exchange! { $bot, understands_words: true; spoken_turn, muting }
    };
}

/// Makes a test of every exchange in which the user speaks. Those of a bot that understands words
/// also check what it heard.
#[macro_export]
macro_rules! every_spoken_exchange {
    ($bot:path, understands_words: $understands:literal) => {
        $crate::every_spoken_exchange! { $bot, understands_words: $understands; spoken_turn, muting, spoken_interruption }
    };
    ($bot:path, understands_words: $understands:literal; $($exchange:ident),+) => {
        $($crate::every_spoken_exchange! { @$exchange $bot, $understands })+
    };
    (@spoken_turn $bot:path, $understands:literal) => {
        #[tokio::test]
        async fn spoken_turn() {
            let bot = $bot().await;
            let heard =
                $crate::exchange::conversation::spoken_turn(&bot.target(), "Hello, can you hear me?").await;
            let words = heard.to_lowercase();
            let words = words.trim_end_matches(['.', '?']);
            assert!(!words.is_empty() && (!$understands || words == "hello can you hear me"), "{heard}");
        }
    };
    (@spoken_interruption $bot:path, $understands:literal) => {
        #[tokio::test]
        async fn spoken_interruption() {
            let bot = $bot().await;
            $crate::exchange::conversation::spoken_interruption(&bot.target(), "Stop, that is enough.").await;
        }
    };
    (@muting $bot:path, $understands:literal) => {
        #[tokio::test]
        async fn muting() {
            let bot = $bot().await;
            $crate::exchange::conversation::muting(&bot.target(), "Hello, can you hear me?").await;
        }
    };
}
