//! What people who build voice clients report: each report is a test named after it, through a whole client.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod cookies;
mod http;
