//! Draws lanes as SVG.
//!
//! Pure. Must escape every text of the trace.

use std::fmt::Write;

use rtvi_core::client::trace::Row;

use super::lanes::{Curve, Lane, Mark, Span};

/// The height of a lane of spans and marks, and of one with curves.
const LANE: f64 = 30.0;
const CURVES: f64 = 56.0;
/// The height of the axis at the top.
const AXIS: f64 = 24.0;
/// The width of the titles beside the picture.
pub(super) const TITLES: f64 = 118.0;
/// The width of the picture, in pixels: as much as a second takes, within limits.
const SECOND: f64 = 50.0;
const WIDTHS: (f64, f64) = (1152.0, 24_000.0);
/// How far apart the times on the axis are at least.
const TICK: f64 = 90.0;
/// The distances of times on the axis, in seconds.
const STEPS: [f64; 13] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0];

/// The text with everything replaced that HTML would read as markup.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in crate::printable::printable(text).chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            char => escaped.push(char),
        }
    }
    escaped
}

/// Seconds to pixels.
#[derive(Clone, Copy)]
struct Scale {
    end: f64,
    width: f64,
}

impl Scale {
    fn x(self, at: f64) -> f64 {
        at / self.end * self.width
    }
}

/// The titles of the lanes, to stand still beside the picture.
pub(super) fn titles(lanes: &[Lane]) -> String {
    let mut svg = open("titles", TITLES, height(lanes));
    let mut top = AXIS;
    for lane in lanes {
        let middle = top + lane.height() / 2.0 + if lane.unit.is_empty() { 4.0 } else { -12.0 };
        let _ = write!(
            svg,
            r#"<text x="{}" y="{middle}" text-anchor="end">{}</text>"#,
            TITLES - 10.0,
            lane.title
        );
        for (nth, curve) in lane.curves.iter().enumerate().filter(|_| !lane.unit.is_empty()) {
            let (x, y) = (TITLES - 10.0, middle + 13.0 * (f64::from(u32::try_from(nth).unwrap_or(0)) + 1.0));
            let _ = write!(
                svg,
                r#"<text class="key {}" x="{x}" y="{y}" text-anchor="end">{}</text>"#,
                curve.class, curve.name
            );
        }
        top += lane.height();
    }
    svg + "</svg>"
}

/// The lanes over time.
pub(super) fn picture(lanes: &[Lane], rows: &[Row], end: f64) -> String {
    let scale = Scale { end, width: (end * SECOND).clamp(WIDTHS.0, WIDTHS.1) };
    let mut svg = open("picture", scale.width, height(lanes));
    axis(&mut svg, scale, height(lanes));
    let mut top = AXIS;
    for (nth, lane) in lanes.iter().enumerate() {
        let stripe = if nth % 2 == 0 { "stripe" } else { "stripe odd" };
        let _ = write!(
            svg,
            r#"<rect class="{stripe}" y="{top}" width="{}" height="{}"/><g transform="translate(0 {top})">"#,
            scale.width,
            lane.height()
        );
        lane.curves.iter().for_each(|curve| draw_curve(&mut svg, scale, lane, curve));
        lane.spans.iter().for_each(|span| draw_span(&mut svg, scale, lane, span, rows));
        lane.marks.iter().for_each(|mark| draw_mark(&mut svg, scale, lane, mark, rows));
        svg.push_str("</g>");
        top += lane.height();
    }
    svg + "</svg>"
}

impl Lane {
    fn height(&self) -> f64 {
        if self.unit.is_empty() { LANE } else { CURVES }
    }

    /// What the top of the lane stands for; levels go up to 1.
    fn highest(&self) -> f64 {
        let points = self.curves.iter().flat_map(|curve| &curve.points);
        points.map(|(_, value)| *value).fold(if self.unit.is_empty() { 1.0 } else { 0.001 }, f64::max)
    }
}

fn height(lanes: &[Lane]) -> f64 {
    AXIS + lanes.iter().map(Lane::height).sum::<f64>()
}

fn open(class: &str, width: f64, height: f64) -> String {
    format!(
        r#"<svg class="{class}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">"#
    )
}

fn axis(svg: &mut String, scale: Scale, height: f64) {
    let fits = |step: &f64| scale.x(*step) >= TICK;
    let step = STEPS.into_iter().find(fits).unwrap_or(scale.end / 10.0);
    let mut at = 0.0;
    while at <= scale.end {
        let x = scale.x(at);
        let decimals = if step < 0.1 {
            2
        } else if step < 1.0 {
            1
        } else {
            0
        };
        let _ = write!(
            svg,
            r#"<line class="grid" x1="{x:.1}" x2="{x:.1}" y1="{AXIS}" y2="{height}"/><text class="time" x="{:.1}" y="15">{at:.decimals$} s</text>"#,
            x + 3.0
        );
        at += step;
    }
}

fn draw_span(svg: &mut String, scale: Scale, lane: &Lane, span: &Span, rows: &[Row]) {
    let (x, width) = (scale.x(span.from), (scale.x(span.to) - scale.x(span.from)).max(2.0));
    let (y, height) = (5.0, lane.height() - 10.0);
    let label = escape(&span.label);
    let title = escape(&format!("{:.3} to {:.3} s: {}", span.from, span.to, rows[span.row]));
    let _ = write!(
        svg,
        "<a href=\"#r{}\"><rect class=\"span {}\" x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"{height}\" rx=\"4\">\
         <title>{title}</title></rect>",
        span.row,
        escape(&span.class)
    );
    // About as wide as the letters of the label.
    if width > 7.0 * f64::from(u32::try_from(span.label.len()).unwrap_or(u32::MAX)) + 10.0 {
        let _ = write!(
            svg,
            r#"<text class="label" x="{:.1}" y="{}">{label}</text>"#,
            x + 6.0,
            lane.height() / 2.0 + 4.0
        );
    }
    svg.push_str("</a>");
}

fn draw_mark(svg: &mut String, scale: Scale, lane: &Lane, mark: &Mark, rows: &[Row]) {
    let row = &rows[mark.row];
    let title = escape(&format!("{:.3} s: {row}", mark.at));
    let _ = write!(
        svg,
        "<a href=\"#r{}\"><rect class=\"mark {}\" x=\"{:.1}\" y=\"6\" width=\"3\" height=\"{}\" rx=\"1.5\"><title>{title}</title></rect></a>",
        mark.row,
        escape(&mark.class),
        scale.x(mark.at) - 1.5,
        lane.height() - 12.0
    );
}

fn draw_curve(svg: &mut String, scale: Scale, lane: &Lane, curve: &Curve) {
    let (Some(first), Some(last)) = (curve.points.first(), curve.points.last()) else { return };
    let (bottom, highest) = (lane.height() - 3.0, lane.highest());
    let y = |value: f64| bottom - value / highest * (lane.height() - 8.0);
    let points = curve.points.iter().map(|(at, value)| format!("{:.1},{:.1}", scale.x(*at), y(*value)));
    let line = points.collect::<Vec<_>>().join(" ");
    let (from, to) = (scale.x(first.0), scale.x(last.0));
    let _ = write!(
        svg,
        r#"<polygon class="area {0}" points="{from:.1},{bottom} {line} {to:.1},{bottom}"/><polyline class="line {0}" points="{line}"/>"#,
        curve.class
    );
    if !lane.unit.is_empty() {
        let _ = write!(svg, r#"<text class="scale" x="4" y="13">{highest:.0} {}</text>"#, lane.unit);
    }
}
