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
    over::Transports,
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

/// Lines on the same axes.
struct Panel {
    title: &'static str,
    unit: &'static str,
    series: Vec<Series>,
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
    title.titled(&heading(options, samples), ("sans-serif", 22).into_font().color(&BLACK))?;
    let panels = [memory(samples, rests), open(samples, rests), tasks(samples, rests), latency(samples)];
    for (area, panel) in body.split_evenly((panels.len(), 1)).iter().zip(panels) {
        draw_panel(area, samples, panel)?;
    }
    root.present()?;
    Ok(())
}

fn heading(options: &Options, samples: &[Sample]) -> String {
    let transports = match options.transports {
        Transports::Both => "WebSocket and WebRTC",
        Transports::WebRtc => "WebRTC",
        Transports::WebSocket => "WebSocket",
    };
    let minutes = samples.last().map_or(0.0, |sample| sample.at) / 60.0;
    format!("{} clients over {transports} for {minutes:.0} minutes, with faults", options.clients)
}

fn memory(samples: &[Sample], rests: &[RestPoint]) -> Panel {
    let resident = Series {
        name: "resident",
        color: BLUE,
        points: line(samples, |sample| sample.usage.rss as f64 / 1e6),
        rests: at_rest(rests, |rest| rest.rss as f64 / 1e6),
    };
    let allocated = Series {
        name: "allocated",
        color: ORANGE,
        points: line(samples, |sample| sample.beat.heap as f64 / 1e6),
        rests: at_rest(rests, |rest| rest.heap as f64 / 1e6),
    };
    let title = "Memory of the process (points: at rest)";
    Panel { title, unit: "MB", series: vec![resident, allocated] }
}

fn open(samples: &[Sample], rests: &[RestPoint]) -> Panel {
    let descriptors = Series {
        name: "descriptors",
        color: BLUE,
        points: line(samples, |sample| sample.usage.descriptors as f64),
        rests: at_rest(rests, |rest| rest.descriptors as f64),
    };
    let threads = Series {
        name: "threads",
        color: ORANGE,
        points: line(samples, |sample| sample.usage.threads as f64),
        rests: at_rest(rests, |rest| rest.threads as f64),
    };
    let title = "Open descriptors and threads (points: at rest)";
    Panel { title, unit: "count", series: vec![descriptors, threads] }
}

fn tasks(samples: &[Sample], rests: &[RestPoint]) -> Panel {
    let tasks = Series {
        name: "tasks",
        color: GREEN,
        points: line(samples, |sample| sample.beat.tasks as f64),
        rests: at_rest(rests, |rest| rest.tasks as f64),
    };
    Panel { title: "Tasks of the runtime (points: at rest)", unit: "count", series: vec![tasks] }
}

fn latency(samples: &[Sample]) -> Panel {
    let series = |name, color, of: fn(&Sample) -> &Vec<f64>| Series {
        name,
        color,
        points: medians(samples, POINTS.1, |sample| of(sample).clone()),
        rests: Vec::new(),
    };
    let connects = series("connect until the bot is ready", BLUE, |sample| &sample.beat.connects);
    let requests = series("request until its answer", ORANGE, |sample| &sample.beat.requests);
    Panel { title: "Median latency of what succeeded", unit: "ms", series: vec![connects, requests] }
}

fn at_rest(rests: &[RestPoint], of: impl Fn(&RestPoint) -> f64) -> Points {
    rests.iter().map(|rest| (rest.at / 60.0, of(rest))).collect()
}

fn line(samples: &[Sample], of: impl Fn(&Sample) -> f64) -> Points {
    medians(samples, POINTS.0, |sample| vec![of(sample)])
}

/// The medians of equal parts of the time.
fn medians(samples: &[Sample], most: usize, of: impl Fn(&Sample) -> Vec<f64>) -> Points {
    let parts = samples.chunks(samples.len().div_ceil(most).max(1));
    let point = |part: &[Sample]| Some((part.first()?.at / 60.0, median(part.iter().flat_map(&of))?));
    parts.filter_map(point).collect()
}

fn draw_panel(area: &Area<'_>, samples: &[Sample], panel: Panel) -> Drawn {
    let Panel { title, unit, series } = panel;
    let end = samples.last().map_or(1.0, |sample| sample.at / 60.0).max(0.1);
    let values =
        series.iter().flat_map(|series| series.points.iter().chain(&series.rests)).map(|(_, value)| *value);
    // With room for the legend.
    let top = values.fold(1.0, f64::max) * 1.35;
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
    for Series { name, color, points, rests } in series {
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
