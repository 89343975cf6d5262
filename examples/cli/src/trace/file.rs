//! The file of `--trace`. Depends on `rtvi-core` for its content.

use std::{
    fs::{self, File},
    path::PathBuf,
};

use rtvi_core::PipecatClient;

use crate::{complain, outcome::Outcome};

/// Where a session's trace goes; nowhere if nobody asked for it.
#[derive(Clone, Debug)]
pub(crate) struct TraceFile(Option<PathBuf>);

impl TraceFile {
    /// Makes the file, so that one that can't be written is known before the session.
    pub(crate) fn create(path: Option<PathBuf>) -> Result<Self, String> {
        if let Some(path) = &path {
            File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(Self(path))
    }

    /// Writes the trace of the client's session, however it ended.
    pub(crate) fn write(&self, client: &PipecatClient, outcome: Outcome) -> Outcome {
        let Some(path) = &self.0 else { return outcome };
        match fs::write(path, client.session_trace()) {
            Ok(()) => outcome,
            Err(error) => {
                complain(&format!("the trace could not be written: {}: {error}", path.display()));
                Outcome::Failed
            }
        }
    }
}
