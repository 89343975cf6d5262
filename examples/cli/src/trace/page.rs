//! The trace as one HTML page that needs nothing else.
//!
//! Pure. Must escape every text of the trace.

use std::fmt::Write;

use rtvi_core::client::trace::{Kind, Row, SessionTrace};

use super::{
    lanes,
    svg::{self, escape},
};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page.
pub(super) fn render(trace: &SessionTrace) -> String {
    let rows = trace.rows();
    let (lanes, end) = (lanes::lanes(rows), lanes::end(rows));
    let (summary, facts, table) = (escape(&trace.summary()), facts(trace, end), table(rows));
    let (titles, picture) = (svg::titles(&lanes), svg::picture(&lanes, rows, end));
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>RTVI session trace</title>
<style>{STYLE}</style>
</head>
<body>
<header><h1>RTVI session trace</h1><p>{summary}</p><ul class="facts">{facts}</ul></header>
<section class="chart">{titles}<div class="scroll">{picture}<div class="cursor" hidden></div></div></section>
<section>
<div class="filter">{filter}<input type="search" placeholder="Filter rows" aria-label="Filter rows"></div>
<table><thead><tr><th>Time (s)</th><th>Kind</th><th>What</th></tr></thead><tbody>{table}</tbody></table>
</section>
<script>const end = {end:.6};
{SCRIPT}</script>
</body>
</html>
"#,
        filter = filter(rows)
    )
}

/// The figures at the top.
fn facts(trace: &SessionTrace, end: f64) -> String {
    let rows = trace.rows();
    let count = |is: fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count();
    let item = |value: &str, name: &str, is_bad: bool| {
        let class = if is_bad { " class=\"bad\"" } else { "" };
        format!("<li{class}><b>{value}</b> {name}</li>")
    };
    let number = |count: usize, name: &str| item(&count.to_string(), name, false);
    let trouble = |count: usize, name: &str| item(&count.to_string(), name, count > 0);
    [
        item(&format!("{end:.1} s"), "long", false),
        number(count(|row| row.kind == Kind::Sent), "messages sent"),
        number(count(|row| row.kind == Kind::Received), "messages received"),
        trouble(count(|row| row.what.starts_with("reconnect")), "reconnects"),
        trouble(count(|row| row.kind == Kind::Audio && row.what.starts_with("dropped")), "audio drops"),
        trouble(count(|row| row.kind == Kind::Error), "errors"),
        item(&trace.dropped_rows().to_string(), "rows missing", trace.dropped_rows() > 0),
    ]
    .concat()
}

/// A button for each kind that there is.
fn filter(rows: &[Row]) -> String {
    let mut kinds: Vec<String> = rows.iter().map(|row| row.kind.to_string()).collect();
    kinds.sort();
    kinds.dedup();
    let button = |kind: &String| {
        format!(r#"<button class="chip {kind}" aria-pressed="true" data-kind="{kind}">{kind}</button>"#)
    };
    kinds.iter().map(button).collect()
}

fn table(rows: &[Row]) -> String {
    let mut table = String::new();
    for (index, row) in rows.iter().enumerate() {
        let (kind, what, time) = (row.kind, escape(&row.to_string()), row.at.as_secs_f64());
        let _ = writeln!(
            table,
            "<tr id=\"r{index}\" data-kind=\"{kind}\"><td>{time:.3}</td><td><span class=\"chip {kind}\">{kind}</span></td>\
             <td>{what}</td></tr>"
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers as no client writes them, after a header as every client does.
    #[test]
    fn any_numbers_make_a_page() {
        let header = r#"{"rtviTrace":1,"sdk":"0","platform":"p","transport":"t","state":"s","droppedRows":18446744073709551615,
            "audio":{"sent":1e30,"sendDropped":0,"received":0,"played":0,"flushed":0,"receiveDropped":0}}"#;
        let rows = [
            r#"{"at":18446744073709551615,"kind":"state","what":"ready"}"#,
            r#"{"at":0,"kind":"network","what":"report","detail":{"network":{"roundTripMs":-1e300,"packetsLost":18446744073709551615,"packetsDropped":9}}}"#,
            r#"{"at":5,"kind":"network","what":"report","detail":{"network":{}}}"#,
            r#"{"at":7,"kind":"audio","what":"levels","detail":{"levels":{"user":1e30,"bot":-5}}}"#,
            r#"{"at":9,"kind":"call","what":"","detail":{"call":18446744073709551615}}"#,
        ];
        let text = [header.replace('\n', "").as_str()].into_iter().chain(rows).collect::<Vec<_>>().join("\n");
        let page = render(&SessionTrace::parse(&text).expect("a trace"));
        assert!(page.len() < 100_000 && page.matches("<tr id=").count() == rows.len(), "{page}");
        let empty = render(&SessionTrace::parse(&header.replace('\n', "")).expect("a trace without rows"));
        assert!(empty.ends_with("</html>\n"));
    }
}
