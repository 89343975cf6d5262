//! Short stand-ins for the texts of others, such as ids of function calls: what is the same is told by the same stand-in, and the
//! text can't be told from it.
//!
//! Pure but for the random key that a client begins with.

use std::{collections::hash_map::RandomState, fmt, hash::BuildHasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// What stands for a text: eight hexadecimal digits. Two texts have the same by chance once in four billions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alias(u32);

impl Alias {
    /// How many there are.
    pub(crate) const DIGITS: usize = 8;
}

/// How texts get their stand-ins.
#[derive(Clone, Debug)]
pub(crate) enum Aliases {
    /// By a random key: without it nobody can try texts until one fits.
    Keyed(RandomState),
    /// The texts are stand-ins already: in a replay.
    Kept,
}

impl Default for Aliases {
    fn default() -> Self {
        Self::Keyed(RandomState::new())
    }
}

impl Aliases {
    /// What stands for the text.
    pub(crate) fn of(&self, text: &str) -> Alias {
        match self {
            #[expect(clippy::cast_possible_truncation, reason = "half of the hash is enough")]
            Self::Keyed(key) => Alias(key.hash_one(text) as u32),
            Self::Kept => Alias(u32::from_str_radix(text, 16).unwrap_or_default()),
        }
    }
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl Serialize for Alias {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Alias {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        u32::from_str_radix(&text, 16).map(Self).map_err(|_| D::Error::custom("expected hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_stable_and_kept_in_a_replay() {
        let aliases = Aliases::default();
        let alias = aliases.of("call_1");
        assert_eq!(alias, aliases.of("call_1"));
        assert_ne!(alias, aliases.of("call_2"));
        assert_ne!(alias, Aliases::default().of("call_1"), "each client has a key of its own");
        assert_eq!(Aliases::Kept.of(&alias.to_string()), alias);
        let json = serde_json::to_string(&alias).unwrap();
        assert_eq!(serde_json::from_str::<Alias>(&json).unwrap(), alias);
    }
}
