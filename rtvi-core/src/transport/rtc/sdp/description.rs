//! A session description, taken apart into sections and attributes (RFC 8866 §5). Pure; understands none of them.

/// A session description.
#[derive(Debug)]
pub(super) struct Description<'a> {
    /// What holds for all sections that don't say otherwise.
    pub(super) session: Attributes<'a>,
    pub(super) sections: Vec<Section<'a>>,
}

/// A media section: what follows an `m=` line.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// `audio`, `video`, `application`, or anything.
    pub(super) kind: &'a str,
    /// Payload types, or what the protocol has instead.
    pub(super) formats: Vec<&'a str>,
    pub(super) attributes: Attributes<'a>,
    is_refused: bool,
}

/// The texts of the `a=` lines of a section, or those before the first section.
#[derive(Debug, Default)]
pub(super) struct Attributes<'a>(Vec<&'a str>);

impl<'a> Description<'a> {
    /// Takes a text apart; `None` when it does not begin as a description does. Lines may end in any way.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut lines = text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty());
        lines.next().filter(|line| line.starts_with("v=0"))?;
        let mut description = Self { session: Attributes::default(), sections: Vec::new() };
        for line in lines {
            if let Some(media) = line.strip_prefix("m=") {
                description.sections.push(Section::new(media));
            } else if let Some(attribute) = line.strip_prefix("a=") {
                description.attributes().0.push(attribute.trim());
            }
        }
        Some(description)
    }

    fn attributes(&mut self) -> &mut Attributes<'a> {
        self.sections.last_mut().map_or(&mut self.session, |section| &mut section.attributes)
    }

    /// The sections that were not refused.
    pub(super) fn accepted(&self) -> impl Iterator<Item = &Section<'a>> {
        self.sections.iter().filter(|section| !section.is_refused)
    }

    /// The first section of this kind that was not refused.
    pub(super) fn accepted_of(&self, kind: &str) -> Option<&Section<'a>> {
        self.accepted().find(|section| section.kind == kind)
    }

    /// What the description says of the one connection under all sections, first of all in the first of them that was not refused (RFC 9143
    /// §7.3.3), then for the session, then anywhere.
    pub(super) fn shared(&self, name: &str) -> Option<&'a str> {
        let first = self.accepted().next().and_then(|section| section.attributes.value(name));
        let anywhere = || self.accepted().find_map(|section| section.attributes.value(name));
        first.or_else(|| self.session.value(name)).or_else(anywhere)
    }
}

impl<'a> Section<'a> {
    fn new(media: &'a str) -> Self {
        let mut words = media.split_ascii_whitespace();
        let (kind, port) = (words.next().unwrap_or_default(), words.next());
        // A section without a port is none; port 0 means that it was refused (RFC 3264 §6), whatever else it says.
        let port = port.and_then(|port| port.split('/').next()?.parse::<u32>().ok());
        let is_refused = port.is_none_or(|port| port == 0);
        Self { kind, formats: words.skip(1).collect(), attributes: Attributes::default(), is_refused }
    }

    /// Whether the section carries nothing (RFC 3264 §6).
    pub(super) const fn is_refused(&self) -> bool {
        self.is_refused
    }

    /// Which way the section's media goes, as the side that wrote it sees it; both where nothing is said (RFC 8866 §6.7).
    pub(super) fn direction(&self, all: &Description<'_>) -> &'static str {
        let directions = ["sendrecv", "sendonly", "recvonly", "inactive"];
        let of_section = directions.into_iter().find(|direction| self.attributes.has(direction));
        let of_session = || directions.into_iter().find(|direction| all.session.has(direction));
        of_section.or_else(of_session).unwrap_or("sendrecv")
    }

    /// The payload types of an RTP section.
    pub(super) fn payload_types(&self) -> impl Iterator<Item = u8> {
        self.formats.iter().filter_map(|format| payload_type(format))
    }
}

impl<'a> Attributes<'a> {
    /// The values of all attributes `a=NAME:VALUE` of this name, in any case.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let pairs = self.0.iter().filter_map(|text| text.split_once(':'));
        pairs.filter(move |(key, _)| is_name(key, name)).map(|(_, value)| value.trim())
    }

    /// The first of them that is not empty.
    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        self.values(name).find(|value| !value.is_empty())
    }

    /// Whether there is an attribute `a=NAME`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|text| is_name(text, name))
    }
}

fn is_name(text: &str, name: &str) -> bool {
    text.trim().eq_ignore_ascii_case(name)
}

/// A payload type of RTP (7 bits).
pub(super) fn payload_type(text: &str) -> Option<u8> {
    text.parse().ok().filter(|number| *number < 128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_taken_apart() {
        let text = "\n v=0\r\na=Setup: active \ns=-\r\nm=audio 9/2 X 111 0 x\na=MID:a\r\na=sendrecv\r\
            m=video 0 X 96\na=mid:v\nm=\nm=application 9\r\na=mid:\na=mid:d\n";
        let description = Description::read(text).unwrap();
        assert_eq!(
            (description.session.value("setup"), description.session.has("setup")),
            (Some("active"), false)
        );
        let kinds: Vec<_> = description.accepted().map(|section| section.kind).collect();
        assert_eq!(kinds, ["audio", "application"]);
        let audio = description.accepted_of("audio").unwrap();
        assert_eq!(audio.payload_types().collect::<Vec<_>>(), [111, 0]);
        assert_eq!((audio.attributes.value("mid"), audio.attributes.has("SENDRECV")), (Some("a"), true));
        assert_eq!(description.accepted_of("application").unwrap().attributes.value("mid"), Some("d"));
        assert!(description.accepted_of("video").is_none());
        for none in ["", "v=1\n", "m=audio 9 X 1", "nonsense"] {
            assert!(Description::read(none).is_none(), "{none}");
        }
    }

    #[test]
    fn what_all_sections_share_is_found_where_it_is() {
        let of = |text: &str| Description::read(text).unwrap().shared("x").map(str::to_owned);
        assert_eq!(of("v=0\na=x:session\nm=a 9 X\na=x:first\nm=b 9 X\na=x:second").as_deref(), Some("first"));
        assert_eq!(of("v=0\na=x:session\nm=a 0 X\na=x:refused\nm=b 9 X").as_deref(), Some("session"));
        assert_eq!(of("v=0\nm=a 9 X\nm=b 9 X\na=x:second").as_deref(), Some("second"));
        assert_eq!(of("v=0\nm=a 0 X\na=x:refused\n"), None);
    }
}
