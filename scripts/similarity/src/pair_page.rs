//! Two answers side by side, with the ranges that they share.

use html_page::{Page, escape};
use lab::course::labs::Lab;

use crate::answer::{Answer, SourceFile};
use crate::overview::CAUTION;
use crate::pairs::Pair;
use crate::regions::{Place, Region};

const STYLE: &str = include_str!("pair_page.css");

/// How many colours the style has for ranges.
const COLOURS: usize = 4;

/// The page.
pub fn html(lab: &Lab, members: [&Answer; 2], pair: &Pair, regions: &[Region]) -> String {
    let [one, other] = members.map(|answer| escape(&answer.name));
    let body = format!(
        "<header>\n<p class=\"where\">Lab {} <span aria-hidden=\"true\">›</span> \
         <a href=\"index.html\">similar submissions</a></p>\n<h1>{one} and {other}</h1>\n</header>\n<main>\n\
         <p class=\"advice\">{}</p>\n\
         <p>{:.0} percent of the smaller answer is in common, beyond the stub. A number leads to the same \
         range in the other answer.</p>\n<div class=\"pair\">\n{}{}</div>\n</main>\n",
        escape(&lab.number),
        escape(CAUTION),
        pair.share * 100.0,
        side(members[0], regions, Side::First),
        side(members[1], regions, Side::Second),
    );
    let title = format!("{} and {}", members[0].name, members[1].name);
    Page { title: &title, style: STYLE, script: "", body: &body }.html()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Second,
}

impl Side {
    fn place(self, region: &Region) -> &Place {
        match self {
            Side::First => &region.places[0],
            Side::Second => &region.places[1],
        }
    }

    /// The id of range `number` on this side, and on the other one.
    fn ids(self, number: usize) -> [String; 2] {
        let ids = [format!("a{number}"), format!("b{number}")];
        if self == Side::First {
            ids
        } else {
            let [a, b] = ids;
            [b, a]
        }
    }
}

fn side(answer: &Answer, regions: &[Region], side: Side) -> String {
    let name = escape(&answer.name);
    let numbered =
        || regions.iter().enumerate().map(|(index, region)| (index + 1, side.place(region)));
    let file = |(index, file): (usize, &SourceFile)| {
        let marks: Vec<(usize, &Place)> =
            numbered().filter(|(_, place)| place.file == index).collect();
        let label = format!("{name}: {}", escape(&file.name));
        format!(
            "<h3>{}</h3>\n<pre class=\"text\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">{}</pre>\n",
            escape(&file.name),
            marked(&file.text, marks, side)
        )
    };
    let files: String = answer.files.iter().enumerate().map(file).collect();
    format!("<section aria-label=\"{name}\">\n<h2>{name}</h2>\n{files}</section>\n")
}

/// `text` with its ranges. On the second side, ranges may overlap: the rest of an earlier one is not
/// marked again.
fn marked(text: &str, mut marks: Vec<(usize, &Place)>, side: Side) -> String {
    marks.sort_by_key(|(_, place)| place.bytes.start);
    let (mut html, mut done) = (String::new(), 0);
    for (number, place) in marks {
        let (start, end) = (place.bytes.start.max(done), place.bytes.end.max(done));
        html += &escape(&text[done..start]);
        let [own, other] = side.ids(number);
        html += &format!(
            "<mark class=\"c{}\" id=\"{own}\"><a href=\"#{other}\" aria-label=\"range {number}, in the \
             other answer\">{number}</a>{}</mark>",
            number % COLOURS,
            escape(&text[start..end])
        );
        done = end;
    }
    html + &escape(&text[done..])
}
