//! A plain text table for the terminal.
//!
//! Depends on nothing. Must never wrap or cut off a cell, because logs are searched.

/// The rows as lines. Every column is as wide as its widest cell; the first row is the heading.
pub(crate) fn render<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let mut widths = [0; COLUMNS];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let rule = widths.map(|width| "-".repeat(width));
    let mut lines: Vec<String> = rows.iter().map(|row| line(row, &widths)).collect();
    lines.insert(lines.len().min(1), line(&rule, &widths));
    lines.join("\n")
}

fn line<const COLUMNS: usize>(row: &[String; COLUMNS], widths: &[usize; COLUMNS]) -> String {
    let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
    cells.join(" | ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [["suite", "n"], ["a long name", "12"]].map(|row| row.map(str::to_owned));
        assert_eq!(render(&rows), "suite       | n\n----------- | --\na long name | 12");
    }
}
