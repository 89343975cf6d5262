//! The run as a picture.
//!
//! Depends on [`crate::sample`] and `plotters`. Must never show more points than can be told apart.

use std::{io, path::Path};

use plotters::{
    coord::Shift,
    prelude::{
        BLACK, ChartBuilder, Circle, Color, DrawingArea, IntoDrawingArea, IntoFont, LineSeries, PathElement,
        RGBColor, SVGBackend, SeriesLabelPosition, WHITE,
    },
};

use crate::{
    options::Options,
    sample::{RestPoint, Sample, median},
};

/// The size of the picture.
const SIZE: (u32, u32) = (1_000, 1_120);
/// The room for its title.
const TITLE: u32 = 40;
/// How many points a line has at most, and one of latencies, of which there are not some in every second.
const POINTS: (usize, usize) = (240, 60);

const BLUE: RGBColor = RGBColor(31, 119, 180);
const ORANGE: RGBColor = RGBColor(230, 126, 20);
const GREEN: RGBColor = RGBColor(44, 140, 60);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Points = Vec<(f64, f64)>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// A line, what it is called, and its points at rest.
struct Series {
    name: &'static str,
    color: RGBColor,
    points: Points,
    rests: Points,
}

/// Draws it into this file.
///
/// # Errors
/// When the file can't be written.
pub(crate) fn draw(
    file: &Path,
    options: &Options,
    samples: &[Sample],
    rests: &[RestPoint],
) -> io::Result<()> {
    paint(file, options, samples, rests).map_err(|error| io::Error::other(error.to_string()))
}

fn paint(file: &Path, options: &Options, samples: &[Sample], rests: &[RestPoint]) -> Drawn {
    let root = SVGBackend::new(file, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (title, body) = root.split_vertically(TITLE);
    let transports = match options.transports.name() {
        "both" => "WebSocket and WebRTC",
        "webrtc" => "WebRTC",
        _ => "WebSocket",
    };
    let minutes = samples.last().map_or(0.0, |sample| sample.at) / 60.0;
    let text = format!("{} clients over {transports} for {minutes:.0} minutes, with faults", options.clients);
    title.titled(&text, ("sans-serif", 22).into_font().color(&BLACK))?;
    let panels = body.split_evenly((4, 1));
    let [memory, open, tasks, latency] = panels.as_slice() else { return Ok(()) };
    let minute = |rest: &RestPoint| rest.at / 60.0;
    let at_rest =
        |of: fn(&RestPoint) -> f64| rests.iter().map(|rest| (minute(rest), of(rest))).collect::<Points>();
    panel(
        memory,
        samples,
        "Memory of the process in MB (points: at rest)",
        "MB",
        vec![
            Series {
                name: "resident",
                color: BLUE,
                points: line(samples, POINTS.0, |s| vec![s.usage.rss as f64 / 1e6]),
                rests: at_rest(|r| r.rss as f64 / 1e6),
            },
            Series {
                name: "allocated",
                color: ORANGE,
                points: line(samples, POINTS.0, |s| vec![s.beat.heap as f64 / 1e6]),
                rests: at_rest(|r| r.heap as f64 / 1e6),
            },
        ],
    )?;
    panel(
        open,
        samples,
        "Open descriptors and threads",
        "count",
        vec![
            Series {
                name: "descriptors",
                color: BLUE,
                points: line(samples, POINTS.0, |s| vec![s.usage.descriptors as f64]),
                rests: at_rest(|r| r.descriptors as f64),
            },
            Series {
                name: "threads",
                color: ORANGE,
                points: line(samples, POINTS.0, |s| vec![s.usage.threads as f64]),
                rests: at_rest(|r| r.threads as f64),
            },
        ],
    )?;
    panel(
        tasks,
        samples,
        "Tasks alive",
        "count",
        vec![Series {
            name: "tasks",
            color: GREEN,
            points: line(samples, POINTS.0, |s| vec![s.beat.tasks as f64]),
            rests: at_rest(|r| r.tasks as f64),
        }],
    )?;
    panel(
        latency,
        samples,
        "Median latency of what succeeded",
        "ms",
        vec![
            Series {
                name: "connect until the bot is ready",
                color: BLUE,
                points: line(samples, POINTS.1, |s| s.beat.connects.clone()),
                rests: Vec::new(),
            },
            Series {
                name: "request until its answer",
                color: ORANGE,
                points: line(samples, POINTS.1, |s| s.beat.requests.clone()),
                rests: Vec::new(),
            },
        ],
    )?;
    root.present()?;
    Ok(())
}

/// The medians of equal parts of the time.
fn line(samples: &[Sample], most: usize, of: impl Fn(&Sample) -> Vec<f64>) -> Points {
    let parts = samples.chunks(samples.len().div_ceil(most).max(1));
    let point = |part: &[Sample]| Some((part.first()?.at / 60.0, median(part.iter().flat_map(&of))?));
    parts.filter_map(point).collect()
}

fn panel(area: &Area<'_>, samples: &[Sample], title: &str, unit: &str, all: Vec<Series>) -> Drawn {
    let end = samples.last().map_or(1.0, |sample| sample.at / 60.0).max(0.1);
    let values =
        all.iter().flat_map(|series| series.points.iter().chain(&series.rests)).map(|(_, value)| *value);
    let top = values.fold(1.0, f64::max) * 1.1;
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 16))
        .margin(8)
        .x_label_area_size(34)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..end, 0.0..top)?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc("minutes")
        .y_desc(unit)
        .label_style(("sans-serif", 13))
        .axis_desc_style(("sans-serif", 14))
        .draw()?;
    for Series { name, color, points, rests } in all {
        chart
            .draw_series(LineSeries::new(points, color.stroke_width(1)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(3)));
        chart.draw_series(rests.into_iter().map(|at| Circle::new(at, 3, color.filled())))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font(("sans-serif", 13))
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    Ok(())
}
