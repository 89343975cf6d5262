//! Video files: pictures as Y4M, encoded frames as IVF.

mod ivf;
mod ivf_source;
mod recorder;
mod y4m_source;

pub use ivf_source::IvfSource;
pub use recorder::{RecordingStatus, VideoRecorder};
pub use y4m_source::Y4mSource;

use std::{fmt::Display, path::Path};

use rtvi_core::{Error, ErrorKind};

/// An error that names the file.
fn failure(path: &Path, kind: ErrorKind, error: impl Display) -> Error {
    Error::new(kind, format!("video file {}: {error}", path.display()))
}
