//! Stubs: each names its step and the function to write, and no test passes on a stub.

use syn::{Block, Expr, ImplItem, Item, Stmt};

use crate::check::Check;
use crate::source;
use lab::build::cargo::{self, Reporting};
use lab::build::program::Program;
use lab::build::suite::Suite;
use lab::cancel::CancellationToken;
use lab::course::labs::{Lab, Step};
use lab::error::Error;
use lab::files;
use lab::judge::{self, Outcome};
use lab::workspace::Workspace;
use terminal::count_of;

/// Each function with `# Steps` ends in `todo!("labNN, step KEY: NAME")`, and there is no other
/// `todo!` in the lab.
///
/// The code before the `todo!` is given. A stub may do a little, so that other steps can run.
pub fn are_unwritten(workspace: &Workspace, lab: &Lab) -> Result<Check, Error> {
    let (mut steps, mut problems) = (Vec::new(), Vec::new());
    for path in files::rust_files(&lab.src()) {
        let file = source::read(&path)?;
        let place = files::relative(&path, &workspace.root);
        let mut functions = Vec::new();
        collect(&file.items, &mut functions);
        let found: Vec<&Function> =
            functions.iter().filter(|function| function.is_stub()).collect();
        steps.extend(found.iter().filter_map(|stub| stub.step(lab)));
        let wrong = found.iter().filter_map(|stub| stub.problem(lab));
        problems.extend(wrong.map(|problem| format!("{place}, {problem}")));
        // Documentation may mention `todo!`; there, no space is before the `!`.
        let todos = source::code(&file).matches("todo ! (").count();
        if todos != found.len() {
            let functions = count_of(found.len(), "function");
            problems.push(format!("{place}: {todos} `todo!`, but {functions} with `# Steps`"));
        }
    }
    for Step { name, functions, .. } in lab.steps() {
        let stubs = steps.iter().filter(|step| *step == name).count();
        if stubs != *functions {
            let says = format!("lab.toml says `functions = {functions}`");
            problems.push(format!("step {name}: {says}, but {stubs} are to write"));
        }
    }
    let summary = format!("{} to write, each names its step", count_of(steps.len(), "function"));
    Ok(Check::new("stubs", summary, problems))
}

/// A function or method, and its whole documentation.
struct Function<'a> {
    name: String,
    documentation: String,
    body: &'a Block,
}

fn collect<'a>(items: &'a [Item], functions: &mut Vec<Function<'a>>) {
    let mut add = |name: &syn::Ident, attributes, body| {
        let documentation = source::documentation(attributes);
        functions.push(Function { name: name.to_string(), documentation, body });
    };
    for item in items {
        match item {
            Item::Fn(function) => add(&function.sig.ident, &function.attrs, &function.block),
            Item::Impl(block) => block.items.iter().for_each(|item| {
                if let ImplItem::Fn(method) = item {
                    add(&method.sig.ident, &method.attrs, &method.block);
                }
            }),
            _ => (),
        }
    }
    for item in items {
        if let Item::Mod(syn::ItemMod { content: Some((_, items)), .. }) = item {
            collect(items, functions);
        }
    }
}

impl Function<'_> {
    fn is_stub(&self) -> bool {
        source::has_section(&self.documentation, "Steps")
    }

    /// The step that its `todo!` names.
    fn step(&self, lab: &Lab) -> Option<String> {
        let message = self.todo()?;
        let (step, _) = step_and_function(&message, lab)?;
        Some(step.to_owned())
    }

    /// The fault of the stub's body, if it has one.
    fn problem(&self, lab: &Lab) -> Option<String> {
        let name = &self.name;
        let Some(message) = self.todo() else {
            return Some(format!("fn {name}: the body does not end in `todo!(\"...\")`"));
        };
        let Some((step, function)) = step_and_function(&message, lab) else {
            let start = start(lab);
            return Some(format!("fn {name}: `{message}` does not read `{start}KEY: {name}`"));
        };
        if lab.steps().iter().all(|known| known.name != step) {
            return Some(format!("fn {name}: `{message}` names no step of lab.toml"));
        }
        (function != name).then(|| format!("fn {name}: `{message}` names another function"))
    }

    /// The message of the `todo!` that the body ends in.
    fn todo(&self) -> Option<String> {
        let mac = match self.body.stmts.last()? {
            Stmt::Expr(Expr::Macro(expression), None) => &expression.mac,
            Stmt::Macro(statement) => &statement.mac,
            _ => return None,
        };
        let message: syn::LitStr = mac.parse_body().ok()?;
        mac.path.is_ident("todo").then(|| message.value())
    }
}

/// How the message of each `todo!` of a stub begins.
fn start(lab: &Lab) -> String {
    format!("{}, step ", lab.package())
}

/// `echo` and `read` of the message `lab01, step echo: read`.
fn step_and_function<'message>(
    message: &'message str,
    lab: &Lab,
) -> Option<(&'message str, &'message str)> {
    message.strip_prefix(&start(lab))?.split_once(": ")
}

/// The stub and its suite compile, without a warning by rustc or clippy.
pub fn compile_cleanly(workspace: &Workspace, lab: &Lab) -> Result<Check, Error> {
    let mut command = cargo::command(&workspace.root);
    command.args(["clippy", "--all-targets", "--package", &lab.package()]);
    // As CI calls clippy, so that cargo has the result already.
    let built = cargo::compile_with(command, &["-D", "warnings"], Reporting::NONE)?;
    let problems = built.diagnostics.iter().map(|message| message.rendered.clone()).collect();
    Ok(Check::new("clippy", "no warning in stub and suite", problems))
}

/// Every test fails on the stub. A test that passes on the stub proves nothing.
pub fn fail_every_test(workspace: &Workspace, lab: &Lab, suite: &Suite) -> Result<Check, Error> {
    let name = "stub fails";
    let built = Program::of_student(workspace, lab).build_with_cargo(|_| (), Reporting::NONE)?;
    if !built.compiled {
        return Ok(Check::new(
            name,
            "",
            vec![format!("the stub does not compile\n{}", built.errors())],
        ));
    }
    let program = built.executable(&lab.package())?;
    let results =
        judge::judge_program(lab, |_| true, suite, &program, &CancellationToken::of_process())?;
    let problem = |outcome| match outcome {
        Outcome::Passed => Some("passes on the stub: it cannot fail"),
        Outcome::TimedOut => Some("times out on the stub, without naming the unwritten function"),
        Outcome::Machine => Some("is not judged on this machine"),
        Outcome::TestProgramFailed => Some("ends without a result on the stub"),
        Outcome::Failed | Outcome::Skipped => None,
    };
    let problems = results
        .iter()
        .filter_map(|test| Some(format!("{}: {}", test.test, problem(test.outcome)?)))
        .collect();
    let skipped = results.iter().filter(|test| test.outcome == Outcome::Skipped).count();
    let summary =
        format!("{} fail, {skipped} cannot run here", count_of(results.len() - skipped, "test"));
    Ok(Check::new(name, summary, problems))
}
