//! What happens around the screen, and what the student asks for.

use lab::commands::test::Judgement;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Something that the screen may have to show.
#[derive(Debug)]
pub enum Event {
    /// The student pressed a key.
    Key(Key),
    /// The terminal has another size.
    Resized,
    /// A source of the lab has another content.
    Saved,
    /// A run began. It builds the test program first if `is_first_build`.
    Started {
        /// Whether the run takes long, because all crates are compiled.
        is_first_build: bool,
    },
    /// A run ended, with the message of an error if there is no judgement.
    Ended(Result<Judgement, String>),
    /// A command beside the screen ended. This is what the student should know of it.
    Notice(String),
    /// The program must end, because of a signal or a closed terminal.
    Stop,
    /// A run panicked. It has printed why.
    Panicked,
}

/// A key with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is described in `Key::HELP`")]
pub enum Key {
    Hint,
    Next,
    Previous,
    Output,
    Edit,
    Trace,
    Compare,
    Judge,
    Help,
    Back,
    Down,
    Up,
    Right,
    Left,
    PageDown,
    PageUp,
    Top,
    Bottom,
    Quit,
}

impl Key {
    /// The keys and what they do.
    pub const HELP: [(&str, &str); 13] = [
        ("n p", "the next failure, the previous failure"),
        ("h", "one more hint for this failure"),
        ("e", "open the place of the failure in your editor ($VISUAL or $EDITOR)"),
        ("o", "the whole page of `cargo lab test`, with longer conversations, or back"),
        ("t", "the conversation of this test in the browser"),
        ("c", "your program beside the model answer"),
        ("r", "run all tests again"),
        ("j k", "one line down, one line up; the arrow keys do the same"),
        ("Space b", "one page down, one page up; PgDn and PgUp do the same"),
        ("Right Left", "8 columns to the right, to the left: long lines of code in a hint"),
        ("g G", "the beginning, the end"),
        ("?", "this list, or back; Esc and Enter also go back"),
        ("q", "quit; Ctrl-C does the same"),
    ];

    /// The key of [`Key::Hint`].
    pub const HINT: char = 'h';

    /// The meaning of what the student pressed.
    pub fn of(pressed: KeyEvent) -> Option<Key> {
        if pressed.modifiers.contains(KeyModifiers::CONTROL) {
            return (pressed.code == KeyCode::Char('c')).then_some(Key::Quit);
        }
        Some(match pressed.code {
            KeyCode::Char(Key::HINT) => Key::Hint,
            KeyCode::Char('n') => Key::Next,
            KeyCode::Char('p') => Key::Previous,
            KeyCode::Char('o') => Key::Output,
            KeyCode::Char('e') => Key::Edit,
            KeyCode::Char('t') => Key::Trace,
            KeyCode::Char('c') => Key::Compare,
            KeyCode::Char('r') => Key::Judge,
            KeyCode::Char('?') => Key::Help,
            KeyCode::Esc | KeyCode::Enter => Key::Back,
            KeyCode::Char('j') | KeyCode::Down => Key::Down,
            KeyCode::Char('k') | KeyCode::Up => Key::Up,
            KeyCode::Right => Key::Right,
            KeyCode::Left => Key::Left,
            KeyCode::Char(' ') | KeyCode::PageDown => Key::PageDown,
            KeyCode::Char('b') | KeyCode::PageUp => Key::PageUp,
            KeyCode::Char('g') | KeyCode::Home => Key::Top,
            KeyCode::Char('G') | KeyCode::End => Key::Bottom,
            KeyCode::Char('q') => Key::Quit,
            _ => return None,
        })
    }
}

/// What the student asks for, beyond another view of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Action {
    Judge,
    ShowHint,
    OpenEditor,
    OpenTrace,
    Compare,
    Quit,
    Fail,
}
