//! An embedded demo bot.
