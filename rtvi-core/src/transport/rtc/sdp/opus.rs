//! What a media section says about Opus (RFC 7587 §7). Pure.

use super::description::{Section, payload_type};

/// The payload type of Opus; the first in the order of the section.
pub(super) fn payload_type_of(section: &Section<'_>) -> Option<u8> {
    let of_opus = |number: u8| maps(section).any(|(map, codec)| map == number && is_opus(codec));
    let listed = section.payload_types().find(|number| of_opus(*number));
    listed.or_else(|| maps(section).find(|(_, codec)| is_opus(codec)).map(|(number, _)| number))
}

/// Whether this payload type is Opus in the section, or nothing.
pub(super) fn is_free(section: &Section<'_>, number: u8) -> bool {
    maps(section).filter(|(map, _)| *map == number).all(|(_, codec)| is_opus(codec))
}

/// The format parameters of a payload type, if the section has any.
pub(super) fn parameters<'a>(section: &Section<'a>, number: u8) -> Option<&'a str> {
    let mut lines = section.attributes.values("fmtp").filter_map(|line| line.split_once(' '));
    lines.find(|(format, _)| payload_type(format) == Some(number)).map(|(_, parameters)| parameters)
}

/// Whether the side that wrote the section makes use of in-band error correction in what it
/// receives; it does not unless it says so (RFC 7587 §6.1).
pub(super) fn takes_fec(section: &Section<'_>, number: u8) -> bool {
    let parameters = parameters(section, number).unwrap_or_default();
    parameters.split(';').any(|parameter| {
        parameter.split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("useinbandfec") && value.trim() == "1"
        })
    })
}

/// The payload types of a section with the codecs that they stand for.
pub(super) fn maps<'a>(section: &Section<'a>) -> impl Iterator<Item = (u8, &'a str)> {
    let pairs = section.attributes.values("rtpmap").filter_map(|map| map.split_once([' ', '\t']));
    pairs.filter_map(|(number, codec)| Some((payload_type(number)?, codec.trim())))
}

fn is_opus(codec: &str) -> bool {
    codec.get(..11).is_some_and(|name| name.eq_ignore_ascii_case("opus/48000/"))
}

#[cfg(test)]
mod tests {
    use super::{super::description::Description, *};

    #[test]
    fn error_correction_is_used_only_where_the_section_says_so() {
        for (line, expected) in [
            ("a=fmtp:96 minptime=10;useinbandfec=1", true),
            ("a=fmtp:96 UseInbandFEC = 1 ; stereo=1", true),
            ("a=fmtp:96 useinbandfec=0", false),
            ("a=fmtp:97 useinbandfec=1", false),
            ("a=fmtp:96 useinbandfec", false),
            ("a=fmtp:96", false),
            ("", false),
        ] {
            let text = format!("v=0\nm=audio 9 X 96 97\na=rtpmap:96 opus/48000/2\n{line}\n");
            let description = Description::read(&text).unwrap();
            let section = &description.sections[0];
            assert_eq!(payload_type_of(section), Some(96));
            assert_eq!(takes_fec(section, 96), expected, "{line}");
        }
    }
}
