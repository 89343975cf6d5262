//! Plots as SVG.
//!
//! Pure. Draws numbers only: no text of a report comes in here.

use std::fmt::Write;

use crate::counts::Counts;

use super::{Second, text::number};

/// The size of a plot, and its margins for the axes.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 26.0;
/// How many bars a distribution has at most, and how many points a timeline.
const BARS: usize = 48;
const POINTS: usize = 120;
/// About how many steps an axis has.
const STEPS: f64 = 5.0;

/// From values to pixels.
#[derive(Clone, Copy)]
struct Scale {
    /// The largest value.
    max: f64,
    from: f64,
    to: f64,
}

impl Scale {
    fn across(max: f64) -> Self {
        Self { max, from: LEFT, to: WIDTH - RIGHT }
    }

    fn up(max: f64) -> Self {
        Self { max, from: HEIGHT - BOTTOM, to: TOP }
    }

    fn at(self, value: f64) -> f64 {
        self.from + (self.to - self.from) * (value / self.max).clamp(0.0, 1.0)
    }

    /// The values of the grid's lines.
    fn grid(self) -> Vec<f64> {
        let step = nice(self.max / STEPS);
        (0..).map(|index| f64::from(index) * step).take_while(|value| *value <= self.max * 1.0001).collect()
    }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below the value.
fn nice(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(1e-6).log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= value * 0.9999)
        .unwrap_or(value)
}

/// The end of an axis for values up to this.
fn end(max: f64) -> f64 {
    let step = nice(max / STEPS);
    (max / step).ceil().max(1.0) * step
}

fn open(label: &str) -> String {
    format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{label}\">")
}

fn axes(svg: &mut String, x: Option<Scale>, y: Scale, unit: &str) {
    for value in y.grid() {
        let at = y.at(value);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text class=\"tick end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 3.5,
            short(value)
        );
    }
    for (value, at) in x.iter().flat_map(|x| x.grid().into_iter().map(move |value| (value, x.at(value)))) {
        let _ = write!(
            svg,
            "<text class=\"tick mid\" x=\"{at:.1}\" y=\"{:.1}\">{}</text>",
            HEIGHT - 9.0,
            short(value)
        );
    }
    let _ = write!(svg, "<text class=\"unit end\" x=\"{:.1}\" y=\"11\">{unit}</text>", WIDTH - RIGHT);
}

/// A number for an axis.
fn short(value: f64) -> String {
    if value >= 10_000.0 {
        format!("{}k", number(value / 1_000.0))
    } else if value < 1.0 && value > 0.0 {
        format!("{value:.2}")
    } else {
        number(value)
    }
}

/// How often each time was measured, with marks at these percentiles.
pub(super) fn distribution(counts: &Counts, percents: &[f64]) -> String {
    let mut svg = open("distribution");
    // The last percent may be far away; it is named, not drawn.
    let most =
        counts.percentile(99.5).unwrap_or(1.0).max(counts.percentile(50.0).unwrap_or(1.0) * 1.2).max(1.0);
    let x = Scale::across(end(most));
    let mut bars = [0_u64; BARS];
    let mut beyond = 0;
    for (value, count) in counts.iter() {
        match bars.get_mut((value / x.max * BARS as f64) as usize) {
            Some(bar) => *bar += count,
            None => beyond += count,
        }
    }
    let y = Scale::up(end(bars.iter().copied().max().unwrap_or(0).max(1) as f64));
    axes(&mut svg, Some(x), y, "turns by ms");
    let width = (x.to - x.from) / BARS as f64;
    for (index, count) in bars.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (left, top) = (x.from + width * index as f64, y.at(*count as f64));
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"1.5\"><title>{count}</title></rect>",
            left + 0.75,
            width - 1.5,
            y.from - top
        );
    }
    marks(&mut svg, x, counts, percents);
    if beyond > 0 {
        let _ = write!(
            svg,
            "<text class=\"tick end\" x=\"{:.1}\" y=\"{:.1}\">{beyond} beyond</text>",
            x.to,
            TOP + 12.0
        );
    }
    svg + "</svg>"
}

fn marks(svg: &mut String, x: Scale, counts: &Counts, percents: &[f64]) {
    for (row, percent) in (0_u32..).zip(percents) {
        let Some(value) = counts.percentile(*percent) else { continue };
        let (at, label) = (x.at(value), TOP + 10.0 + 14.0 * f64::from(row));
        let (anchor, shift) = if at > WIDTH - 130.0 { ("end", -5.0) } else { ("start", 5.0) };
        let _ = write!(
            svg,
            "<line class=\"mark\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{:.1}\"/><text class=\"label {anchor}\" x=\"{:.1}\" y=\"{label:.1}\">p{} {} ms</text>",
            HEIGHT - BOTTOM,
            at + shift,
            number(*percent),
            value.round()
        );
    }
}

/// A stretch of a timeline, as wide as a point of the plot.
struct Stretch {
    /// Its middle, in seconds.
    at: f64,
    in_progress: u64,
    lost: u64,
    answers: Counts,
}

/// The timeline in at most [`POINTS`] parts.
fn stretches(seconds: &[Second]) -> Vec<Stretch> {
    let width = seconds.len().div_ceil(POINTS).max(1);
    let (mut ready, mut ended) = (0_u64, 0_u64);
    let stretch = |(index, part): (usize, &[Second])| {
        let mut sum = Second::default();
        part.iter().for_each(|second| sum.add(second));
        ready += sum.ready;
        // Those that end in a stretch were in progress during it.
        let in_progress = ready - ended.min(ready);
        ended += sum.ended;
        let at = (index * width) as f64 + part.len() as f64 / 2.0;
        Stretch { at, in_progress, lost: sum.lost, answers: sum.answers }
    };
    seconds.chunks(width).enumerate().map(stretch).collect()
}

/// How long callers waited in the course of the run: the median, and the band up to the 95th
/// percentile.
pub(super) fn waits(seconds: &[Second]) -> String {
    let mut svg = open("answers over time");
    let parts = stretches(seconds);
    let top = parts.iter().filter_map(|part| part.answers.percentile(95.0)).fold(1.0, f64::max);
    let (x, y) = (Scale::across(seconds.len().max(1) as f64), Scale::up(end(top)));
    axes(&mut svg, Some(x), y, "ms by second");
    let points = |percent: f64| -> Vec<(f64, f64)> {
        parts
            .iter()
            .filter_map(|part| Some((x.at(part.at), y.at(part.answers.percentile(percent)?))))
            .collect()
    };
    let (middle, high) = (points(50.0), points(95.0));
    let band: Vec<(f64, f64)> = high.iter().copied().chain(middle.iter().rev().copied()).collect();
    let _ = write!(svg, "<polygon class=\"band\" points=\"{}\"/>", path(&band));
    for (class, points) in [("line soft", &high), ("line", &middle)] {
        let _ = write!(svg, "<polyline class=\"{class}\" points=\"{}\"/>", path(points));
        if let [(x, y)] = points.as_slice() {
            let _ = write!(svg, "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
        }
    }
    svg + "</svg>"
}

/// How many calls were in progress, and where calls were lost.
pub(super) fn load(seconds: &[Second]) -> String {
    let mut svg = open("calls over time");
    let parts = stretches(seconds);
    let most = parts.iter().map(|part| part.in_progress).max().unwrap_or(0).max(1) as f64;
    let (x, y) = (Scale::across(seconds.len().max(1) as f64), Scale::up(end(most)));
    axes(&mut svg, Some(x), y, "calls by second");
    let mut points = vec![(x.from, y.from)];
    points.extend(parts.iter().map(|part| (x.at(part.at), y.at(part.in_progress as f64))));
    points.push((points.last().map_or(x.from, |(x, _)| *x), y.from));
    let _ = write!(svg, "<polygon class=\"area\" points=\"{}\"/>", path(&points));
    let _ = write!(
        svg,
        "<polyline class=\"line calls\" points=\"{}\"/>",
        path(points.get(1..points.len() - 1).unwrap_or_default())
    );
    for part in parts.iter().filter(|part| part.lost > 0) {
        let _ = write!(
            svg,
            "<circle class=\"lost\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{:.1}\"><title>{} failed or dropped</title></circle>",
            x.at(part.at),
            y.from - 5.0,
            (2.0 + part.lost as f64).min(7.0),
            part.lost
        );
    }
    svg + "</svg>"
}

/// The share of callers that waited at most so long; the axis stretches towards the slowest.
pub(super) fn curve(series: &[(&str, &Counts)]) -> String {
    const PERCENTS: [f64; 6] = [0.0, 50.0, 90.0, 99.0, 99.9, 99.99];
    let mut svg = open("percentiles");
    let top = series.iter().filter_map(|(_, counts)| counts.max()).fold(1.0, f64::max);
    let y = Scale::up(end(top));
    let most = series.iter().map(|(_, counts)| counts.len()).max().unwrap_or(0).max(10) as f64;
    // Each step to the right leaves a tenth of the callers.
    let nines = |percent: f64| -(1.0 - percent / 100.0).max(1.0 / most).log10();
    let x = Scale::across(nines(100.0));
    axes(&mut svg, None, y, "ms");
    for percent in PERCENTS.into_iter().filter(|percent| nines(*percent) < x.max * 0.999) {
        let at = x.at(nines(percent));
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{:.1}\"/><text class=\"tick mid\" x=\"{at:.1}\" y=\"{:.1}\">{percent} %</text>",
            y.from,
            HEIGHT - 9.0
        );
    }
    for (class, counts) in series {
        let mut below = 0;
        let total = counts.len().max(1) as f64;
        let mut points = Vec::new();
        for (value, count) in counts.iter() {
            points.push((x.at(nines(below as f64 / total * 100.0)), y.at(value)));
            below += count;
            points.push((x.at(nines(below as f64 / total * 100.0)), y.at(value)));
        }
        let _ = write!(svg, "<polyline class=\"line {class}\" points=\"{}\"/>", path(&thinned(points)));
    }
    svg + "</svg>"
}

/// The points without those that can't be seen beside their neighbours.
fn thinned(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (x, y) in points {
        if kept.last().is_none_or(|(a, b)| (x - a).abs() >= 0.5 || (y - b).abs() >= 0.5) {
            kept.push((x, y));
        }
    }
    kept
}

fn path(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn axes_have_round_numbers() {
        for (max, expected) in [(7.0, 8.0), (1_234.0, 1_250.0), (1.0, 1.0), (0.03, 0.03), (99.0, 100.0)] {
            assert!((end(max) - expected).abs() < 1e-9, "{max}: {}", end(max));
        }
        assert_eq!(Scale::across(10.0).grid(), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    }

    #[test]
    fn calls_in_progress_are_those_that_have_not_ended() {
        let second = |ready, ended| Second { ready, ended, ..Second::default() };
        let seconds = [second(5, 0), second(5, 0), second(0, 4), second(0, 6), second(0, 0)];
        let counts: Vec<u64> = stretches(&seconds).iter().map(|part| part.in_progress).collect();
        assert_eq!(counts, [5, 10, 10, 6, 0]);
        let long = vec![second(1, 1); 1_000];
        assert!(stretches(&long).len() <= POINTS);
    }

    #[test]
    fn plots_of_anything_are_well_formed() {
        let mut counts = Counts::default();
        for seconds in [
            vec![],
            vec![Second::default()],
            vec![Second { answers: counts.clone(), ..Second::default() }; 500],
        ] {
            for svg in
                [distribution(&counts, &[50.0]), waits(&seconds), load(&seconds), curve(&[("a", &counts)])]
            {
                assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            }
            counts.record(Duration::from_millis(800));
            counts.record(Duration::from_secs(80_000));
        }
    }
}
