//! Where things are, in units of the picture: one is a pixel of its natural size.

use std::collections::HashMap;

use report::Ladder;
use terminal::count_of;

use super::drawn::Drawn;
use html_page::escape;

/// The first row begins here, below the names.
pub const TOP: usize = 52;

/// Below the last row.
pub const BOTTOM: usize = 20;

/// The lane with the labels, between the last peer and the program.
const LANE: usize = 344;

/// Between two peers.
const PEER_GAP: usize = 84;

/// On the left of the first peer, and on the right of the program, where the times are.
const LEFT: usize = 44;
const RIGHT: usize = 88;

/// More peers than this share one lifeline, and each row has its peer's name.
const MOST_PEERS: usize = 4;

/// Most characters of a name above a lifeline.
const NAME: usize = 10;

/// What the rows of a picture are for a reader with a keyboard or a screen reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Each can have the focus, and a script shows its bytes.
    Buttons,
    /// They are parts of one image, and the page has the same as text.
    Lines,
}

/// The columns of a picture.
pub struct Layout {
    pub rows: Rows,
    peers: Vec<String>,
    columns: HashMap<String, usize>,
    /// Whether all peers share the first lifeline.
    pub is_shared: bool,
    program: String,
    pub program_x: usize,
    /// Where the lane begins.
    pub lane_x: usize,
    pub width: usize,
}

impl Layout {
    pub fn new(ladder: &Ladder, rows: Rows) -> Layout {
        let peers: Vec<String> = ladder.peers().into_iter().map(str::to_owned).collect();
        let is_shared = peers.len() > MOST_PEERS;
        let shown = if is_shared { vec![count_of(peers.len(), "peer")] } else { peers };
        let lane_x = LEFT + PEER_GAP * shown.len().saturating_sub(1);
        let columns = shown.iter().enumerate();
        Layout {
            rows,
            columns: columns.map(|(at, name)| (name.clone(), LEFT + PEER_GAP * at)).collect(),
            peers: shown,
            is_shared,
            program: ladder.program.clone(),
            program_x: lane_x + LANE,
            lane_x,
            width: lane_x + LANE + RIGHT,
        }
    }

    /// Where the lifeline of `peer` is.
    pub fn peer_x(&self, peer: &str) -> usize {
        self.columns.get(peer).copied().unwrap_or(LEFT)
    }

    /// The names and the lines below them.
    pub fn lifelines(&self, height: usize) -> String {
        let peers = self.peers.iter().map(|peer| (self.peer_x(peer), peer, "peer", NAME));
        let program = (self.program_x, &self.program, "program", 2 * NAME);
        let line = |(x, name, class, most): (usize, &String, &str, usize)| {
            let name = escape(&shortened(name, most));
            let end = height - 8;
            format!(
                "<text class=\"name {class}\" x=\"{x}\" y=\"24\">{name}</text>\
                 <line class=\"life\" x1=\"{x}\" y1=\"34\" x2=\"{x}\" y2=\"{end}\"/>"
            )
        };
        peers.chain([program]).map(line).collect()
    }

    /// The place of `count` rows that are not drawn.
    pub fn left_out(&self, count: usize, y: usize) -> Drawn {
        let x = self.lane_x + LANE / 2;
        let text = format!("… {} more …", count_of(count, "row"));
        let svg = format!("<text class=\"gap\" x=\"{x}\" y=\"{}\">{text}</text>", y + 18);
        Drawn { svg, height: 30 }
    }
}

/// `name`, cut if it is long. Equal beginnings are told apart by their ends.
fn shortened(name: &str, most: usize) -> String {
    let characters: Vec<char> = name.chars().collect();
    if characters.len() <= most {
        return name.to_owned();
    }
    let head: String = characters[..most - 4].iter().collect();
    let tail: String = characters[characters.len() - 3..].iter().collect();
    format!("{head}…{tail}")
}
