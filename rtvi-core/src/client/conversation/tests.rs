//! Tests of the conversation: rules, recordings and random orders.

mod bench;
mod properties;
mod recordings;
mod rules_bot;
mod rules_more;
mod rules_user;
mod vectors;
