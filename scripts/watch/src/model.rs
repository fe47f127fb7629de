//! What the screen shows, and how each event changes it. It needs no terminal.

use std::time::Instant;

use lab::commands::hint::Hints;
use lab::commands::test::{Cause, Judgement, Verdict};
use lab::course::labs::Lab;
use report::Place;

use crate::event::{Action, Event, Key};

/// How many columns a key scrolls sideways.
const SIDEWAYS: usize = 8;

/// The state of the screen.
#[derive(Debug)]
pub struct Model {
    /// `01`
    pub number: String,
    /// `Echo`
    pub title: String,
    /// The run that is not finished.
    pub running: Option<Running>,
    /// The end of the last run; `None` before it.
    pub last: Option<Result<Judgement, String>>,
    /// The verdict before the last run. It has the steps if the last run has no verdict.
    earlier: Option<Box<Verdict>>,
    /// Which of the causes is shown in full.
    pub selected: usize,
    /// What is shown in the place of the verdict.
    pub overlay: Option<Overlay>,
    /// The first line that is shown. Drawing reduces it if the text is shorter.
    pub scroll: usize,
    /// The first line of the verdict that is shown after the overlay.
    scroll_of_verdict: usize,
    /// Whether the next drawing scrolls to the failure.
    pub seeks_failure: bool,
    /// The first column that is shown. Drawing reduces it if all lines are shorter.
    pub sideways: usize,
    /// How many lines a page has. Drawing sets it.
    pub page: usize,
    /// A message until the next key or the next run.
    pub notice: Option<String>,
}

/// A run that is not finished.
#[derive(Debug)]
pub struct Running {
    /// When it began.
    pub since: Instant,
    /// Whether it takes long, because all crates are compiled.
    pub is_first_build: bool,
}

/// What is shown in the place of the verdict.
#[derive(Debug)]
pub enum Overlay {
    /// The keys.
    Help,
    /// Hints for a step.
    Hints(Hints),
    /// The page of `cargo lab test`.
    Output,
}

impl Model {
    /// Before the first run of `lab`.
    pub fn new(lab: &Lab) -> Model {
        Model {
            number: lab.number.clone(),
            title: lab.manifest.title.clone(),
            running: None,
            last: None,
            earlier: None,
            selected: 0,
            overlay: None,
            scroll: 0,
            scroll_of_verdict: 0,
            seeks_failure: false,
            sideways: 0,
            page: 1,
            notice: None,
        }
    }

    /// Takes in `event`. Returns what has to be done outside of the model.
    pub fn update(&mut self, event: Event) -> Option<Action> {
        match event {
            Event::Key(key) => return self.press(key),
            Event::Resized => (),
            Event::Saved => return Some(Action::Judge),
            Event::Started { is_first_build } => {
                self.running = Some(Running { since: Instant::now(), is_first_build });
                // A run may have a notice of its own beside its result.
                self.notice = None;
            }
            Event::Ended(end) => self.finish(end),
            Event::Notice(text) => self.notice = Some(text),
            Event::Stop => return Some(Action::Quit),
            Event::Panicked => return Some(Action::Fail),
        }
        None
    }

    fn press(&mut self, key: Key) -> Option<Action> {
        self.notice = None;
        match key {
            Key::Quit => return Some(Action::Quit),
            Key::Judge => return Some(Action::Judge),
            Key::Hint => return Some(Action::ShowHint),
            Key::Edit => return Some(Action::OpenEditor),
            Key::Trace => return Some(Action::OpenTrace),
            Key::Compare => return Some(Action::Compare),
            Key::Next => self.go_to(self.selected + 1),
            Key::Previous => self.go_to(self.selected.saturating_sub(1)),
            Key::Help => self.toggle(Overlay::Help),
            Key::Output => self.toggle(Overlay::Output),
            Key::Back => self.show(None),
            Key::Down => self.scroll += 1,
            Key::Up => self.scroll = self.scroll.saturating_sub(1),
            Key::Right => self.sideways += SIDEWAYS,
            Key::Left => self.sideways = self.sideways.saturating_sub(SIDEWAYS),
            Key::PageDown => self.scroll += self.page,
            Key::PageUp => self.scroll = self.scroll.saturating_sub(self.page),
            Key::Top => self.scroll = 0,
            Key::Bottom => self.scroll = usize::MAX / 2,
        }
        None
    }

    /// A new result is what the student waits for, so it replaces everything else.
    fn finish(&mut self, end: Result<Judgement, String>) {
        self.running = None;
        if let Some(Ok(Judgement::Verdict(verdict))) = self.last.replace(end) {
            self.earlier = Some(verdict);
        }
        self.select(0);
    }

    /// Shows the cause at `index`, or the last one.
    fn select(&mut self, index: usize) {
        self.selected = index.min(self.causes().len().saturating_sub(1));
        self.show(None);
        self.scroll = 0;
    }

    /// The same, scrolled to the failure.
    fn go_to(&mut self, index: usize) {
        self.select(index);
        self.seeks_failure = true;
    }

    /// Shows `overlay`, or no overlay if it is shown already.
    fn toggle(&mut self, overlay: Overlay) {
        let is_shown = self.overlay.as_ref().is_some_and(|shown| shown.is_like(&overlay));
        self.show((!is_shown).then_some(overlay));
    }

    /// Shows `overlay` from its first line, or the verdict from the line that it was left at.
    pub fn show(&mut self, overlay: Option<Overlay>) {
        if self.overlay.is_none() {
            self.scroll_of_verdict = self.scroll;
        }
        self.scroll = if overlay.is_some() { 0 } else { self.scroll_of_verdict };
        self.sideways = 0;
        self.overlay = overlay;
    }

    /// The newest verdict, which may be older than the last run.
    pub fn newest_verdict(&self) -> Option<&Verdict> {
        self.verdict().or(self.earlier.as_deref())
    }

    /// The last run's verdict. `None` if it has none.
    pub fn verdict(&self) -> Option<&Verdict> {
        match &self.last {
            Some(Ok(Judgement::Verdict(verdict))) => Some(verdict),
            _ => None,
        }
    }

    /// The causes of all failures, those of the first failing step first.
    pub fn causes(&self) -> Vec<Cause<'_>> {
        let steps = self.verdict().map_or(&[][..], |verdict| &verdict.steps);
        steps.iter().flat_map(|step| step.causes()).collect()
    }

    /// The cause that is shown in full.
    pub fn cause(&self) -> Option<Cause<'_>> {
        self.causes().into_iter().nth(self.selected)
    }

    /// The place in the student's code that the screen is about, if the run has found one.
    pub fn place(&self) -> Option<Place> {
        match &self.last {
            Some(Ok(Judgement::DoesNotCompile(errors))) => errors.place.clone(),
            _ => self.cause()?.tests[0].failure()?.place.clone(),
        }
    }

    /// The step that the screen is about: that of the shown cause, or else the first that failed.
    pub fn step(&self) -> Option<&str> {
        let of_cause = self.cause().map(|cause| cause.step.name.as_str());
        of_cause.or_else(|| Some(self.verdict()?.current()?.name.as_str()))
    }
}

impl Overlay {
    fn is_like(&self, other: &Overlay) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
