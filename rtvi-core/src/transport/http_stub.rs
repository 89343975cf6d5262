//! temporary
use super::ApiRequest;
use crate::Error;
use std::time::Duration;
#[derive(Clone, Debug, Default)]
/// x
pub struct HttpClient;
/// x
pub async fn start_bot(
    _h: &HttpClient,
    _r: &ApiRequest,
    _t: Duration,
) -> Result<serde_json::Map<String, serde_json::Value>, Error> {
    std::future::pending().await
}
