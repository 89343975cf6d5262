//! The model checks, one per test.

use rtvi_models::{events, freeing, mailbox, playback};

macro_rules! models {
    ($($module:ident::$name:ident,)+) => { $(
        #[test]
        fn $name() {
            $module::$name();
        }
    )+ };
}

models! {
    events::every_reader_gets_everything_in_the_same_order,
    events::waiting_for_room_ends,
    events::waiting_for_large_messages_ends,
    events::what_does_not_fit_is_not_lost,
    events::a_stream_made_at_the_end_ends,
    freeing::a_handle_is_freed_once,
    freeing::handles_are_never_mixed_up,
    freeing::freeing_waits_for_calls_and_callbacks,
    freeing::a_client_may_be_freed_in_its_callback,
    mailbox::an_app_that_waits_gets_everything,
    mailbox::two_that_wait_share_it,
    mailbox::jobs_of_two_threads_keep_their_order,
    mailbox::a_loop_that_waits_for_the_signal_misses_nothing,
    mailbox::a_signal_is_never_missed,
    playback::a_flush_drops_the_old_and_nothing_new,
    playback::the_last_flush_counts,
}
