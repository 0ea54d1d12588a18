//! Small pieces of HTML. Everything that is text goes through [`escape`].

/// Text as HTML, also inside attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Control characters have no place in a page, not even escaped.
            c if c.is_control() && !matches!(c, '\n' | '\t') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// JSON that may stand inside a `<script>` element.
pub fn script_json(value: &serde_json::Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// A section of the page: a heading, a paragraph that explains (HTML), and the content (HTML).
pub fn section(id: &str, title: &str, explanation: &str, content: &str) -> String {
    format!(
        "<section id=\"{id}\"><h2>{}</h2><p class=\"lead\">{explanation}</p>{content}</section>\n",
        escape(title)
    )
}

/// How a column of a table is set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Text,
    /// Numbers.
    Number,
}

/// A table that scrolls sideways on its own where the page is narrow. Cells are HTML.
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: String,
    footer: String,
}

impl Table {
    /// A table with these headings (text).
    pub fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns
            .iter()
            .map(|(name, align)| (escape(name), *align))
            .collect();
        Self {
            columns,
            rows: String::new(),
            footer: String::new(),
        }
    }

    /// Adds a row of cells (HTML).
    pub fn row(&mut self, cells: &[String]) {
        let row = self.cells(cells);
        self.rows.push_str(&row);
    }

    /// Sets the row of totals (HTML).
    pub fn total(&mut self, cells: &[String]) {
        self.footer = format!("<tfoot>{}</tfoot>", self.cells(cells));
    }

    /// The table as HTML.
    pub fn finish(self) -> String {
        let head: String = self
            .columns
            .iter()
            .map(|(name, align)| format!("<th{}>{name}</th>", class(*align)))
            .collect();
        format!(
            "<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>{}</tbody>{}</table></div>",
            self.rows, self.footer
        )
    }

    fn cells(&self, cells: &[String]) -> String {
        let cells = cells.iter().zip(&self.columns);
        let cells: String = cells
            .map(|(cell, (_, align))| format!("<td{}>{cell}</td>", class(*align)))
            .collect();
        format!("<tr>{cells}</tr>")
    }
}

fn class(align: Align) -> &'static str {
    match align {
        Align::Text => "",
        Align::Number => " class=\"n\"",
    }
}

/// A legend: colour class and name of each entry.
pub fn legend(entries: &[(String, String)]) -> String {
    let entries: String = entries
        .iter()
        .map(|(class, name)| {
            format!(
                "<span class=\"key\"><i class=\"{class}\"></i>{}</span>",
                escape(name)
            )
        })
        .collect();
    format!("<div class=\"legend\">{entries}</div>")
}
