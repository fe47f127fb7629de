//! The program around the model: it waits for events, draws, and does what the student asks for.

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, after, bounded, never, select};
use lab::commands::next;
use lab::course::labs::Lab;
use lab::course::progress::Progress;
use lab::error::{Error, Exit};
use lab::output;
use lab::workspace::Workspace;
use report::Place;
use terminal::{ColorChoice, Style};

use crate::editor::Editor;
use crate::event::{Action, Event};
use crate::hints;
use crate::keys::Keys;
use crate::model::{Model, Overlay};
use crate::outside;
use crate::saves::Saves;
use crate::screen::Screen;
use crate::signals::Signals;
use crate::view;
use crate::worker::{Subject, Worker};

/// More events than threads send before the next drawing.
const EVENTS: usize = 64;

/// How often the time of a run is drawn.
const TICK: Duration = Duration::from_millis(250);

/// Shows `lab` until the student quits.
pub fn run(workspace: &Workspace, lab: &Lab) -> Result<Exit, Error> {
    let (sender, events) = bounded(EVENTS);
    show_notices(sender.clone());
    App::start(workspace, lab, sender, events)?.run()
}

/// Text on stderr would be written over the screen.
fn show_notices(events: Sender<Event>) {
    // This thread receives the events, so it must not wait until there is room for one.
    output::send_notices_to(move |text| drop(events.try_send(Event::Notice(text.to_owned()))));
}

/// All parts of the program. They are dropped from top to bottom: first the terminal is restored, then the
/// worker ends its processes.
struct App<'lab> {
    screen: Screen,
    /// `None` while another program has the terminal.
    keys: Option<Keys>,
    /// Dropped before the worker, which must not wait until its events are received.
    events: Receiver<Event>,
    /// They end the program, which first ends its processes and restores the terminal.
    signals: Signals,
    _saves: Saves,
    worker: Worker,
    sender: Sender<Event>,
    model: Model,
    style: Style,
    workspace: &'lab Workspace,
    lab: &'lab Lab,
}

impl<'lab> App<'lab> {
    fn start(
        workspace: &'lab Workspace,
        lab: &'lab Lab,
        sender: Sender<Event>,
        events: Receiver<Event>,
    ) -> Result<App<'lab>, Error> {
        let style = Style::of_stdout(ColorChoice::Auto);
        let (number, color) = (lab.number.clone(), style.color);
        let subject = Subject { workspace: workspace.clone(), number, color };
        let signals = Signals::handle()?;
        Ok(App {
            screen: Screen::open()?,
            keys: Some(Keys::start(sender.clone())),
            events,
            signals,
            _saves: Saves::start(lab, sender.clone()),
            worker: Worker::start(subject, sender.clone()),
            sender,
            model: Model::new(lab),
            style,
            workspace,
            lab,
        })
    }

    fn run(mut self) -> Result<Exit, Error> {
        self.worker.judge();
        loop {
            let (model, style) = (&mut self.model, &self.style);
            self.screen.draw(|frame| view::draw(frame, model, style))?;
            let Some(event) = self.next() else { continue };
            match self.model.update(event) {
                Some(Action::Quit) => return Ok(Exit::Success),
                Some(Action::Fail) => {
                    return Err(Error::failed("a run has panicked", "its message is above"));
                }
                Some(action) => self.act(action)?,
                None => (),
            }
        }
    }

    /// The next event. `None` if it is only time to draw again.
    fn next(&self) -> Option<Event> {
        let tick = if self.model.running.is_some() { after(TICK) } else { never() };
        while !self.signals.has_any() {
            select! {
                // This object has a sender, so the channel is open.
                recv(self.events) -> event => return event.ok(),
                recv(tick) -> _ => return None,
                // The end of a child is no reason to draw.
                recv(self.signals.wakes()) -> _ => (),
            }
        }
        Some(Event::Stop)
    }

    fn act(&mut self, action: Action) -> Result<(), Error> {
        match action {
            Action::Judge => self.worker.judge(),
            Action::ShowHint => self.show_hint(),
            Action::OpenEditor => return self.open_editor(),
            Action::OpenTrace => self.open_trace(),
            Action::Compare => return self.compare(),
            Action::Quit | Action::Fail => (),
        }
        Ok(())
    }

    fn show_hint(&mut self) {
        match hints::one_more(&self.model, self.workspace, self.lab) {
            Ok(hints) => self.model.show(Some(Overlay::Hints(hints))),
            Err(error) => self.model.notice = Some(error.cause()),
        }
    }

    /// Opens the place that the screen is about, or else the first function to write.
    fn open_editor(&mut self) -> Result<(), Error> {
        let place = self.place();
        let Some(editor) = Editor::of_environment() else {
            let notice = format!("Set EDITOR to your editor, and e opens {place}.");
            self.model.notice = Some(notice);
            return Ok(());
        };
        let mut command = editor.command(&self.workspace.root, &place);
        if editor.has_window() {
            outside::run_beside(command, "The editor", self.sender.clone());
            return Ok(());
        }
        let ended =
            self.lend_terminal(|signals| outside::run_in_terminal(&mut command, signals))?;
        if let Err(error) = ended {
            self.model.notice = Some(format!("cannot run {}: {error}", editor.program()));
        }
        Ok(())
    }

    fn place(&self) -> Place {
        let of_step = || {
            let name = self.model.step().and_then(|step| self.lab.step(step).ok());
            let progress = Progress::read(self.workspace);
            let step = name.or_else(|| progress.first_to_do(self.lab));
            let step = step.unwrap_or(&self.lab.steps()[0]);
            next::place_of(self.workspace, self.lab, step)
        };
        self.model.place().unwrap_or_else(of_step)
    }

    fn open_trace(&mut self) {
        let Some(test) = self.model.cause().map(|cause| cause.tests[0].test.clone()) else {
            let why = match self.model.last {
                None => "The first run is not finished, so there is no trace to show.",
                Some(_) => "No test has failed, so there is no trace to show.",
            };
            self.model.notice = Some(why.to_owned());
            return;
        };
        let words = ["trace", &self.lab.number, &test, "--open"];
        let mut command = outside::cargo_lab(self.workspace, &words);
        // Cargo runs cargo again. Its status lines are not the result.
        command.env("CARGO_TERM_QUIET", "true");
        self.model.notice = Some("The browser opens when the test has run again.".to_owned());
        outside::run_beside(command, "The trace", self.sender.clone());
    }

    fn compare(&mut self) -> Result<(), Error> {
        if !self.lab.solution_path(self.workspace).is_dir() {
            self.model.notice = Some(self.no_model_answer());
            return Ok(());
        }
        let mut command = outside::cargo_lab(self.workspace, &["compare", &self.lab.number]);
        let about = "`cargo lab compare` builds your program and the model answer, and measures \
                     both.\nCtrl-C goes back to `cargo lab watch`.";
        let ended =
            self.lend_terminal(|signals| outside::show_in_terminal(&mut command, about, signals))?;
        if let Err(error) = ended {
            self.model.notice = Some(format!("cannot run cargo: {error}"));
        }
        Ok(())
    }

    /// Without it, the comparison would build much and have nothing to show.
    fn no_model_answer(&self) -> String {
        format!(
            "This copy has no model answer. `cargo lab compare {} --with FOLDER` compares your \
             program with another one.",
            self.lab.number
        )
    }

    /// Gives the terminal, and its keys, to `program`.
    fn lend_terminal<T>(&mut self, program: impl FnOnce(&Signals) -> T) -> Result<T, Error> {
        if let Some(keys) = self.keys.take() {
            keys.stop();
        }
        let result = self.screen.lend(|| program(&self.signals));
        self.signals.forget_interrupt();
        self.keys = Some(Keys::start(self.sender.clone()));
        result
    }
}
