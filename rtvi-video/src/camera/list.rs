//! Which cameras there are, from what the kernel shows in `/sys`. Opens none.

use std::{fs, path::Path};

use rtvi_core::{
    DeviceErrorKind, Error,
    media::{DEFAULT_DEVICE, DeviceInfo},
};

const CLASS: &str = "/sys/class/video4linux";

/// How ids begin.
const KIND: &str = "v4l:";

/// The cameras that are present now, the default one first.
///
/// An id is `v4l:` and the number of the device. The kernel numbers devices in the order in which
/// it finds them.
pub fn cameras() -> Vec<DeviceInfo> {
    found(Path::new(CLASS))
}

fn found(class: &Path) -> Vec<DeviceInfo> {
    let entries = fs::read_dir(class).into_iter().flatten().flatten();
    let mut found: Vec<(usize, String)> = entries.filter_map(|entry| camera(&entry.path())).collect();
    found.sort();
    let info = |(at, (number, label)): (usize, (usize, String))| DeviceInfo {
        id: format!("{KIND}{number}"),
        label,
        is_default: at == 0,
    };
    found.into_iter().enumerate().map(info).collect()
}

/// Number and name of the device; `None` for a camera's further devices, such as its metadata.
fn camera(path: &Path) -> Option<(usize, String)> {
    let number = path.file_name()?.to_str()?.strip_prefix("video")?.parse().ok()?;
    let text = |name: &str| fs::read_to_string(path.join(name)).map(|text| text.trim().to_owned());
    let is_first = text("index").is_ok_and(|index| index == "0");
    is_first.then(|| (number, text("name").unwrap_or_else(|_| format!("video{number}"))))
}

/// The camera with this id, or the default one.
pub(super) fn find(id: &str) -> Result<DeviceInfo, Error> {
    let wanted = |camera: &DeviceInfo| if id == DEFAULT_DEVICE { camera.is_default } else { camera.id == id };
    cameras().into_iter().find(wanted).ok_or_else(|| {
        let text = if id == DEFAULT_DEVICE {
            "there is no camera".to_owned()
        } else {
            format!("there is no camera {id}")
        };
        Error::device(DeviceErrorKind::NotFound, text)
    })
}

/// The number of the device in an id.
pub(super) fn number(id: &str) -> Option<usize> {
    id.strip_prefix(KIND)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_is_listed_once() {
        let class = tempfile::tempdir().unwrap();
        for (name, index, label) in [
            ("video10", "0\n", "Desk\n"),
            ("video2", "0\n", "Built-in\n"),
            ("video3", "1\n", "Built-in\n"),
            ("x", "0", "x"),
        ] {
            let path = class.path().join(name);
            fs::create_dir(&path).unwrap();
            fs::write(path.join("index"), index).unwrap();
            fs::write(path.join("name"), label).unwrap();
        }
        let found = found(class.path());
        let seen: Vec<_> =
            found.iter().map(|info| (info.id.as_str(), info.label.as_str(), info.is_default)).collect();
        assert_eq!(seen, [("v4l:2", "Built-in", true), ("v4l:10", "Desk", false)]);
        assert_eq!((number("v4l:10"), number("v4l:"), number("x:1")), (Some(10), None, None));
    }

    #[test]
    fn without_cameras_the_list_is_empty() {
        assert!(found(Path::new("/does/not/exist")).is_empty());
        let error = find("v4l:9999").unwrap_err();
        assert_eq!(error.device_kind(), Some(DeviceErrorKind::NotFound));
    }
}
