//! C++.
use crate::model::Model;
pub(crate) fn print(_model: &Model) -> Vec<(&'static str, String)> {
    Vec::new()
}
