//! Runs cells, each in a process of its own.

use std::{
    cmp::Reverse,
    fs::File,
    io::Seek,
    process::Stdio,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{AT_ONCE, CALLS_AT_ONCE, cell::Cell, quarter, run::LATE, surroundings::Surroundings, table};

/// The environment variable that names the cell that this process runs once.
pub(crate) const CELL: &str = "RTVI_FAULTS_CELL";
/// The environment variable that names the cell that this process runs repeatedly.
pub(crate) const CELL_AGAIN: &str = "RTVI_FAULTS_CELL_AGAIN";
/// The environment variable that sets how often each cell runs; once if absent.
const RUNS: &str = "RTVI_FAULT_RUNS";
/// The environment variable that sets how much of the table runs: `all`; a quarter if absent.
const EXTENT: &str = "RTVI_FAULTS";
/// The environment variable with a part of the names of the cells to run, out of the whole table.
const CHOICE: &str = "RTVI_FAULT_CELLS";
/// After this time a cell counts as hung.
const LIMIT: Duration = Duration::from_secs(300);
/// How often to check whether a process has ended.
const GLANCE: Duration = Duration::from_millis(10);
/// How often to retry a late cell alone. One success is enough, because the machine may be busy.
const TRIES_ALONE: usize = 3;
/// How much of a failed cell's output is shown.
const SHOWN: usize = 3_000;

/// How many cells wait for their turn, including those that run: calls without room must not delay
/// other cells.
const IN_LINE: usize = 2 * AT_ONCE;

/// How many cells run, in all tests of this program, and how many of them use WebRTC.
static RUNNING: Mutex<[usize; 2]> = Mutex::new([0, 0]);
static ENDED: Condvar = Condvar::new();

/// The cells to run: those that are named, or all of them, or the [`quarter`].
pub(crate) fn chosen() -> Vec<Cell> {
    let is_all = std::env::var(EXTENT).is_ok_and(|extent| extent == "all");
    if is_all || std::env::var_os(CHOICE).is_some() {
        return named(table::all());
    }
    quarter::of(table::all())
}

/// The cells that [`CHOICE`] names; all cells without it.
pub(crate) fn named(cells: impl Iterator<Item = Cell>) -> Vec<Cell> {
    let choice = std::env::var(CHOICE).unwrap_or_default();
    cells.filter(|cell| cell.to_string().contains(&choice)).collect()
}

/// Runs all cells, as often as requested, each in a process that reads its cell's name from this
/// variable. Runs late cells again, alone.
///
/// # Panics
/// When some cells fail, with their output.
pub(crate) fn run_all(mut cells: Vec<Cell>, variable: &str) {
    // The longest first, so that the run does not end with a few long ones.
    cells.sort_by_key(|cell| Reverse(cell.row.within));
    let count = cells.len() * runs();
    let next = AtomicUsize::new(0);
    let problems = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..IN_LINE.min(count) {
            scope.spawn(|| {
                let of_all = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|next| *next < count);
                while let Some(cell) = of_all().and_then(|next| cells.get(next % cells.len())) {
                    if let Err(problem) = in_turn(cell, variable) {
                        problems.lock().expect("nobody panics here").push((*cell, problem));
                    }
                }
            });
        }
    });
    let problems = problems.into_inner().expect("nobody panics here");
    let (late, mut problems): (Vec<_>, Vec<_>) =
        problems.into_iter().partition(|(_, problem)| is_late(problem));
    problems.extend(in_time_alone(late, variable));
    let problems: Vec<_> = problems.iter().map(|(cell, problem)| format!("{cell}: {problem}")).collect();
    assert!(problems.is_empty(), "{} of {} cells:\n{}", problems.len(), count, problems.join("\n\n"));
}

fn runs() -> usize {
    let Ok(runs) = std::env::var(RUNS) else { return 1 };
    runs.parse().expect("the number of runs is a number")
}

/// Runs the cell when there is room.
fn in_turn(cell: &Cell, variable: &str) -> Result<(), String> {
    let calls = usize::from(cell.row.over.is_call());
    take_room([1, calls], [AT_ONCE, CALLS_AT_ONCE]);
    let result = run(cell, variable);
    give_room([1, calls]);
    result
}

/// Returns the cells that were late beside others and are late or wrong alone, too.
fn in_time_alone(late: Vec<(Cell, String)>, variable: &str) -> Vec<(Cell, String)> {
    if late.is_empty() {
        return late;
    }
    let all = [AT_ONCE, CALLS_AT_ONCE];
    take_room(all, all);
    let again = late.into_iter().filter_map(|(cell, problem)| {
        println!("{cell}: {problem}; once more, alone");
        alone(&cell, variable).err().map(|problem| (cell, problem))
    });
    let problems = again.collect();
    give_room(all);
    problems
}

fn alone(cell: &Cell, variable: &str) -> Result<(), String> {
    let mut result = run(cell, variable);
    for _ in 1..TRIES_ALONE {
        if !result.as_ref().is_err_and(|problem| is_late(problem)) {
            break;
        }
        result = run(cell, variable);
    }
    result
}

fn is_late(problem: &str) -> bool {
    problem.contains(LATE)
}

/// Waits until there is room for this many cells, and for this many WebRTC cells, beside those that
/// run.
fn take_room(cells: [usize; 2], room: [usize; 2]) {
    let running = RUNNING.lock().expect("nobody panics here");
    let is_full = |running: &mut [usize; 2]| (0..2).any(|of| running[of] + cells[of] > room[of]);
    let mut running = ENDED.wait_while(running, is_full).expect("nobody panics here");
    *running = [running[0] + cells[0], running[1] + cells[1]];
}

fn give_room(cells: [usize; 2]) {
    let mut running = RUNNING.lock().expect("nobody panics here");
    *running = [running[0] - cells[0], running[1] - cells[1]];
    drop(running);
    ENDED.notify_all();
}

/// A machine that builds the project for everyone must run every cell.
fn not_run(cell: &Cell) -> Result<(), String> {
    let text = format!("not run, because it requires root: {cell}");
    if std::env::var_os("CI").is_some() {
        return Err(text);
    }
    println!("{text}");
    Ok(())
}

fn run(cell: &Cell, variable: &str) -> Result<(), String> {
    let output = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let to_file = || output.as_file().try_clone().map(Stdio::from).map_err(|error| error.to_string());
    let surroundings = Surroundings::of(cell.row.fault);
    if surroundings.are_missing() {
        return not_run(cell);
    }
    let (mut command, _kept) = surroundings.command();
    let mut process = command
        .args(["--exact", "one_cell", "--nocapture"])
        .env(variable, cell.to_string())
        .stdin(Stdio::null())
        .stdout(to_file()?)
        .stderr(to_file()?)
        .spawn()
        .map_err(|error| error.to_string())?;
    let until = Instant::now() + LIMIT;
    loop {
        match process.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => {
                println!("{}", in_time(cell, output.as_file()));
                return Ok(());
            }
            Some(status) => return Err(format!("{status}: {}", said(output.as_file()))),
            None if Instant::now() > until => {
                process.kill().map_err(|error| error.to_string())?;
                process.wait().map_err(|error| error.to_string())?;
                return Err(format!("it hangs: {}", said(output.as_file())));
            }
            None => thread::sleep(GLANCE),
        }
    }
}

/// The line with the cell's duration.
fn in_time(cell: &Cell, output: &File) -> String {
    let name = cell.to_string();
    text_of(output).lines().find(|line| line.starts_with(&name)).unwrap_or(&name).to_owned()
}

fn text_of(mut output: &File) -> String {
    // Unreadable output counts as none.
    let _ = output.rewind();
    std::io::read_to_string(output).unwrap_or_default()
}

/// The end of the output. The fault itself may have been a panic, which comes first.
fn said(output: &File) -> String {
    let text = text_of(output);
    let (_, last) = text.rsplit_once("panicked at").unwrap_or(("", &text));
    let (problem, _) = last.split_once("note: run with").unwrap_or((last, ""));
    problem.chars().take(SHOWN).collect()
}
