//! A quarter of the matrix that covers every pair of its dimensions. It runs by default.
//!
//! The dimensions are the kind of fault, the phase and the transport. The quarter also covers every
//! fault with each of its outcomes.

use std::{cmp::Reverse, collections::BTreeSet, fmt};

use crate::{cell::Cell, faults::Fault};

/// What a fault affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A server that never works.
    Server,
    /// The name server.
    Names,
    /// The bot's messages and audio.
    Bot,
    /// The connection of a session.
    Connection,
    /// The connection of a session, and those that replace it.
    Restoring,
    /// The process of the server.
    Process,
    /// The machine of the app.
    Machine,
    /// The microphone or the speaker.
    Device,
    /// The app itself.
    App,
}

impl Kind {
    const fn of(fault: Fault) -> Self {
        match fault {
            Fault::Server { .. } => Self::Server,
            Fault::Named(_) | Fault::NameLost(_) => Self::Names,
            Fault::FromTheBeginning(_) | Fault::Misbehaves(_) | Fault::Code(_) => Self::Bot,
            Fault::Reset | Fault::Cut | Fault::HalfOpen | Fault::Light | Fault::Slow | Fault::Garbled => {
                Self::Connection
            }
            Fault::BlackHole | Fault::Refused | Fault::Answered(_) | Fault::Distrusted => Self::Restoring,
            Fault::Stopped | Fault::Killed | Fault::Restarted => Self::Process,
            Fault::Proxy | Fault::Suspended(_) | Fault::ClockSet(_) => Self::Machine,
            Fault::Breaks(_) => Self::Device,
            Fault::PanickingFactory | Fault::App(_) => Self::App,
        }
    }
}

/// The pairs that a cell covers, each as a text.
fn covered(cell: &Cell) -> BTreeSet<String> {
    let pair = |a: &dyn fmt::Display, b: &dyn fmt::Display| format!("{a}, {b}");
    let kind = format!("{:?}", Kind::of(cell.row.fault));
    let outcome = format!("{:?}", cell.row.outcome);
    BTreeSet::from([
        pair(&kind, &cell.when),
        pair(&kind, &cell.row.over),
        pair(&cell.when, &cell.row.over),
        pair(&cell.row.fault, &outcome),
    ])
}

/// Chooses cells until they cover everything that all cells cover. Each step takes the cell that
/// adds most; among equals the quickest, and among those the first.
pub(crate) fn of(cells: impl Iterator<Item = Cell>) -> Vec<Cell> {
    let mut rest: Vec<_> = cells.map(|cell| (covered(&cell), cell)).collect();
    let mut chosen = Vec::new();
    // `max_by_key` returns the last of equals.
    rest.reverse();
    while let Some((covers, cell)) =
        rest.iter().max_by_key(|(covers, cell)| (covers.len(), Reverse(cell.row.within))).cloned()
    {
        chosen.push(cell);
        rest.iter_mut().for_each(|(left, _)| left.retain(|pair| !covers.contains(pair)));
        rest.retain(|(left, _)| !left.is_empty());
    }
    chosen
}

#[test]
fn the_quarter_covers_every_pair_of_the_table() {
    let all: Vec<Cell> = crate::table::all().collect();
    let quarter = of(crate::table::all());
    let pairs = |cells: &[Cell]| cells.iter().flat_map(covered).collect::<BTreeSet<_>>();
    let (wanted, found) = (pairs(&all), pairs(&quarter));
    let missing: Vec<_> = wanted.difference(&found).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let (part, whole) = (quarter.len(), all.len());
    assert!(part * 10 < whole * 3, "{part} of {whole} cells are more than a quarter");
    let faults =
        |cells: &[Cell]| cells.iter().map(|cell| cell.row.fault.to_string()).collect::<BTreeSet<_>>();
    assert_eq!(faults(&quarter), faults(&all));
}

#[test]
fn the_quarter_is_the_same_each_time() {
    let names = || of(crate::table::all()).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(), names());
}
