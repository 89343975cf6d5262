//! Our ICE user name fragments (RFC 8445 §5.3). Pure.

/// The user name fragments that identify checks for us: one, or two during an ICE restart.
#[derive(Debug, Default)]
pub(crate) struct Ufrags {
    present: Option<String>,
    former: Option<String>,
}

impl Ufrags {
    /// Sets the current fragment; the previous one stays valid. Returns whether it is another one.
    pub(super) fn set(&mut self, ufrag: &str) -> bool {
        let is_new = self.present.as_deref() != Some(ufrag);
        if is_new {
            self.former = self.present.replace(ufrag.to_owned());
        }
        is_new
    }

    pub(super) fn forget_former(&mut self) {
        self.former = None;
    }

    /// Whether a check for `addressee` is for us.
    pub(super) fn include(&self, addressee: &[u8]) -> bool {
        [&self.present, &self.former].into_iter().flatten().any(|ours| ours.as_bytes() == addressee)
    }
}

/// One fragment, or none.
impl From<Option<&str>> for Ufrags {
    fn from(ufrag: Option<&str>) -> Self {
        Self { present: ufrag.map(str::to_owned), former: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn included(ufrags: &Ufrags) -> Vec<&'static str> {
        ["a", "b", "c", ""].into_iter().filter(|name| ufrags.include(name.as_bytes())).collect()
    }

    #[test]
    fn the_former_one_holds_until_the_restart_is_over() {
        let mut ufrags = Ufrags::default();
        assert_eq!(included(&ufrags), [""; 0]);
        ufrags.set("a");
        ufrags.forget_former();
        assert_eq!(included(&ufrags), ["a"]);
        assert!(ufrags.set("b"));
        assert!(!ufrags.set("b"));
        assert_eq!(included(&ufrags), ["a", "b"], "an offer that renews nothing changes nothing");
        ufrags.set("c");
        assert_eq!(included(&ufrags), ["b", "c"]);
        ufrags.forget_former();
        assert_eq!(included(&ufrags), ["c"]);
    }
}
