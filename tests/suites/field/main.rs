//! Problems that developers of voice clients report. Each report is a test named after it, with a
//! complete client.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod cookies;
mod http;
