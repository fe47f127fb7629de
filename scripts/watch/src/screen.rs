//! The terminal: taken over, given back, and lent to an editor.

use std::io::{self, Stdout};
use std::mem::ManuallyDrop;
use std::panic;

use lab::error::Error;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
    is_raw_mode_enabled,
};
use ratatui::{Frame, Terminal};

/// The terminal in raw mode with the alternate screen. It is restored when this is dropped, and also
/// by a panic of any thread.
pub struct Screen {
    /// Its own end would print an error and panic if the terminal no longer exists.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Stdout>>>,
}

impl Screen {
    /// Takes over the terminal.
    pub fn open() -> Result<Screen, Error> {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            restore();
            print(panic);
        }));
        let terminal = Terminal::new(CrosstermBackend::new(io::stdout())).map_err(failed)?;
        let screen = Screen { terminal: ManuallyDrop::new(terminal) };
        take_over()?;
        Ok(screen)
    }

    /// Draws on the whole screen.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> Result<(), Error> {
        self.terminal.draw(draw).map(drop).map_err(failed)
    }

    /// Gives the terminal back while `program` runs in it.
    pub fn lend<T>(&mut self, program: impl FnOnce() -> T) -> Result<T, Error> {
        restore();
        let settings = Settings::now();
        let result = program();
        settings.restore();
        take_over()?;
        // The program has overwritten what we have drawn.
        self.terminal.clear().map_err(failed)?;
        Ok(result)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// The settings of the terminal. A program that a signal ends may leave others.
struct Settings {
    /// `None`: the terminal no longer exists.
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl Settings {
    fn now() -> Settings {
        Settings {
            #[cfg(unix)]
            before: rustix::termios::tcgetattr(io::stdin()).ok(),
        }
    }

    fn restore(self) {
        #[cfg(unix)]
        if let Some(before) = self.before {
            use rustix::termios::{OptionalActions, tcsetattr};
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
        }
    }
}

fn take_over() -> Result<(), Error> {
    enable_raw_mode().map_err(failed)?;
    execute!(io::stdout(), EnterAlternateScreen).map_err(failed)
}

/// Leaves the terminal as it was, if it was taken over. A terminal that no longer exists needs nothing.
fn restore() {
    // Leaving twice would move the cursor over the message of a panic.
    if is_raw_mode_enabled().unwrap_or(false) {
        let _ = disable_raw_mode();
        let _ = execute!(io::stdout(), LeaveAlternateScreen, Show);
    }
}

fn failed(error: io::Error) -> Error {
    Error::failed("cannot use the terminal", error)
}
