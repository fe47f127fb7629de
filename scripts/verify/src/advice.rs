//! Each advice id of a suite stands for one text.
//!
//! Tests name an id with each advice: `peer.says("echo-each-read", "Write back what each read
//! returned.")`. Mistakes name the id only, so it must not have two meanings.

use std::collections::BTreeMap;
use std::fs;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{File, Item, Lit};
use terminal::count_of;

use crate::check::Check;
use crate::source;
use lab::course::labs::Lab;
use lab::course::mistake::is_id;
use lab::error::Error;
use lab::files;
use lab::workspace::Workspace;

/// How the functions of the test kit begin that take an id and a text, one after the other:
/// `says_if_open`, `check_line`.
const CALLS: [&str; 2] = ["says", "check"];

type Constants = BTreeMap<String, String>;

/// Reads the tests of the lab and of its solution.
pub fn is_unambiguous(workspace: &Workspace, lab: &Lab) -> Result<Check, Error> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for path in source::test_files(workspace, lab) {
        let place = files::relative(&path, &workspace.root);
        let file = source::read(&path)?;
        let constants = constants_of(&file);
        for (id, text) in advice_ids_in(file.to_token_stream(), &constants) {
            let first = texts.entry(id.clone()).or_insert_with(|| text.clone());
            if *first != text {
                problems.push(format!("{place}: `{id}` is\n{text}\nbut elsewhere\n{first}"));
            }
        }
    }
    Ok(Check::new("advice", format!("{}, one text each", count_of(texts.len(), "id")), problems))
}

/// The ids in [`also_check`](lab::course::labs::Step::also_check) that stand neither in a test nor in
/// the test kit. No failure has such an id, so the function would never be named.
pub fn are_known(workspace: &Workspace, lab: &Lab) -> Check {
    let kits =
        ["common/testkit/src", "common/testkit-tls/src"].map(|path| workspace.root.join(path));
    let kits = kits.iter().flat_map(|folder| files::rust_files(folder));
    let sources = source::test_files(workspace, lab).into_iter().chain(kits);
    let texts: Vec<String> = sources.filter_map(|path| fs::read_to_string(path).ok()).collect();
    let is_known = |id: &str| texts.iter().any(|text| text.contains(&format!("\"{id}\"")));
    let mut problems = Vec::new();
    let mut count = 0;
    for step in lab.steps() {
        let ids = step.also_check.iter().flat_map(|earlier| &earlier.seen);
        count += ids.clone().count();
        let unknown = ids.filter(|id| !is_known(id));
        problems.extend(unknown.map(|id| {
            format!(
                "step {}: also_check has the id {id}, and neither a test nor the kit has",
                step.name
            )
        }));
    }
    Check::new("also_check", format!("{}, all known", count_of(count, "id")), problems)
}

/// The texts of a file that have a name, by their names.
fn constants_of(file: &File) -> Constants {
    let constants = file.items.iter().filter_map(|item| match item {
        Item::Const(item) => Some((item.ident.to_string(), item.expr.to_token_stream())),
        _ => None,
    });
    constants
        .filter_map(|(name, value)| Some((name, literal(&value.into_iter().next()?)?)))
        .collect()
}

/// The ids and texts in `tokens`.
fn advice_ids_in(tokens: TokenStream, constants: &Constants) -> Vec<(String, String)> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let name = index.checked_sub(1).map(|before| tokens[before].to_string());
        let is_call = name.is_some_and(|name| CALLS.iter().any(|call| name.starts_with(call)));
        if is_call {
            found.extend(id_and_text(group.stream(), constants));
        }
        found.extend(advice_ids_in(group.stream(), constants));
    }
    found
}

/// An id and the text after it, among the arguments of a call.
fn id_and_text(arguments: TokenStream, constants: &Constants) -> Option<(String, String)> {
    let tokens: Vec<TokenTree> = arguments.into_iter().collect();
    tokens.windows(3).find_map(|three| {
        let id = literal(&three[0]).filter(|text| is_id(text))?;
        let text = literal(&three[2]).or_else(|| constants.get(&three[2].to_string()).cloned());
        Some((id, text.filter(|_| three[1].to_string() == ",")?))
    })
}

fn literal(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    match Lit::new(literal.clone()) {
        Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}
