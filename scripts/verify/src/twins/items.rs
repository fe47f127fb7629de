//! The API of an item: what a caller sees of it, without the parts that may differ.

use syn::{
    Attribute, Fields, FnArg, ImplItem, Item, ItemImpl, ItemStruct, Pat, ReceiverKind, Signature,
    TraitItem, Visibility,
};

use crate::source::{self, code, documentation, has_section, tidy, without_section};

/// What a caller sees of one item.
#[derive(Debug, PartialEq, Eq)]
pub struct ApiItem {
    /// Its documentation, without the steps.
    contract: String,
    /// Its attributes and its signature or definition.
    code: String,
}

impl ApiItem {
    fn new(attributes: &[Attribute], code: String) -> ApiItem {
        let contract = without_section(&documentation(attributes), "Steps");
        let attributes: Vec<String> =
            attributes.iter().filter(|attribute| is_seen(attribute)).map(source::code).collect();
        ApiItem { contract, code: [attributes.join(" "), code].join(" ").trim().to_owned() }
    }

    /// What differs between the lab's item and the solution's, with both sides.
    pub fn difference(&self, solution: &ApiItem) -> Option<String> {
        if self.code != solution.code {
            let (ours, theirs) = (tidy(&self.code), tidy(&solution.code));
            return Some(format!("the code differs\nlab:      {ours}\nsolution: {theirs}"));
        }
        if self.contract == solution.contract {
            return None;
        }
        let same = self.contract.lines().zip(solution.contract.lines());
        let same = same.take_while(|(ours, theirs)| ours == theirs).count();
        let line = |item: &ApiItem| item.contract.lines().nth(same).unwrap_or("(ends)").to_owned();
        let (ours, theirs) = (line(self), line(solution));
        Some(format!("the documentation differs\nlab:      {ours}\nsolution: {theirs}"))
    }
}

/// Whether it is compared: not documentation, which is compared separately, and not an attribute that
/// only turns off a warning.
fn is_seen(attribute: &Attribute) -> bool {
    !["doc", "allow", "expect"].iter().any(|name| attribute.path().is_ident(name))
}

/// Whether an item is part of the API: public, or a stub with a contract.
fn is_api(visibility: &Visibility, attributes: &[Attribute]) -> bool {
    let text = documentation(attributes);
    matches!(visibility, Visibility::Public(_))
        || has_section(&text, "Contract")
        || has_section(&text, "Steps")
}

/// The names of the public types among `items`.
pub fn public_types(items: &[Item]) -> Vec<String> {
    let name = |item: &Item| match item {
        Item::Struct(item) => is_public(&item.vis).then(|| item.ident.to_string()),
        Item::Enum(item) => is_public(&item.vis).then(|| item.ident.to_string()),
        Item::Trait(item) => is_public(&item.vis).then(|| item.ident.to_string()),
        _ => None,
    };
    items.iter().filter_map(name).collect()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The items of the API among `items`, by name. Blocks of `impl` count if they concern a type in
/// `public`.
pub fn api_items(items: &[Item], public: &[String]) -> Vec<(String, ApiItem)> {
    items.iter().flat_map(|item| api_items_of(item, public)).collect()
}

fn api_items_of(item: &Item, public: &[String]) -> Vec<(String, ApiItem)> {
    match item {
        Item::Impl(block) => api_items_of_impl(block, public),
        Item::Mod(module) => match &module.content {
            Some((_, items)) => {
                let inside = api_items(items, public).into_iter();
                inside.map(|(name, item)| (format!("{}::{name}", module.ident), item)).collect()
            }
            None => api_item(item).into_iter().collect(),
        },
        _ => api_item(item).into_iter().collect(),
    }
}

fn api_item(item: &Item) -> Option<(String, ApiItem)> {
    let mut bare = item.clone();
    let Heading { attributes, visibility, kind, name } = take_heading(&mut bare)?;
    if !is_api(&visibility, &attributes) {
        return None;
    }
    let code = match bare {
        Item::Fn(function) => format!("{} {}", code(&function.vis), signature(&function.sig)),
        Item::Struct(item) => code(&without_private_fields(item)),
        Item::Trait(mut item) => {
            item.items.iter_mut().for_each(without_default_body);
            code(&item)
        }
        other => code(&other),
    };
    Some((format!("{kind} {name}"), ApiItem::new(&attributes, code)))
}

struct Heading {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    kind: &'static str,
    name: String,
}

/// The heading of an item, which loses its attributes; `None` for one that no caller sees.
fn take_heading(item: &mut Item) -> Option<Heading> {
    let of =
        |attributes: &mut Vec<Attribute>, visibility: &Visibility, kind, name: String| Heading {
            attributes: std::mem::take(attributes),
            visibility: visibility.clone(),
            kind,
            name,
        };
    Some(match item {
        Item::Fn(item) => of(&mut item.attrs, &item.vis, "fn", item.sig.ident.to_string()),
        Item::Const(item) => of(&mut item.attrs, &item.vis, "const", item.ident.to_string()),
        Item::Static(item) => of(&mut item.attrs, &item.vis, "static", item.ident.to_string()),
        Item::Struct(item) => of(&mut item.attrs, &item.vis, "struct", item.ident.to_string()),
        Item::Enum(item) => of(&mut item.attrs, &item.vis, "enum", item.ident.to_string()),
        Item::Type(item) => of(&mut item.attrs, &item.vis, "type", item.ident.to_string()),
        Item::Trait(item) => of(&mut item.attrs, &item.vis, "trait", item.ident.to_string()),
        Item::Mod(item) => of(&mut item.attrs, &item.vis, "mod", item.ident.to_string()),
        Item::Use(item) => of(&mut item.attrs, &item.vis, "use", tidy(&code(&item.tree))),
        _ => return None,
    })
}

fn without_private_fields(mut item: ItemStruct) -> ItemStruct {
    if let Fields::Named(fields) = &mut item.fields {
        let public = std::mem::take(&mut fields.named).into_iter();
        fields.named = public.filter(|field| is_public(&field.vis)).collect();
    }
    item
}

fn without_default_body(item: &mut TraitItem) {
    if let TraitItem::Fn(method) = item
        && let Some(body) = &mut method.default
    {
        body.stmts.clear();
    }
}

fn api_items_of_impl(block: &ItemImpl, public: &[String]) -> Vec<(String, ApiItem)> {
    let self_type = tidy(&code(&block.self_ty));
    let head = head_of_impl(block);
    let concerns_public =
        public.iter().any(|name| head.split_whitespace().any(|word| word == name));
    if !concerns_public {
        return Vec::new();
    }
    let Some((path, _)) = &block.trait_ else {
        return block
            .items
            .iter()
            .filter_map(|item| api_item_of_method(&self_type, item))
            .collect();
    };
    let last = path.segments.last().map(code).unwrap_or_default();
    let name = format!("impl {} for {self_type}", tidy(&last));
    vec![(name, ApiItem::new(&block.attrs, head))]
}

/// `impl < T > Trait for Type < T >`.
fn head_of_impl(block: &ItemImpl) -> String {
    let mut head = block.clone();
    head.items.clear();
    head.attrs.clear();
    code(&head)
}

fn api_item_of_method(self_type: &str, item: &ImplItem) -> Option<(String, ApiItem)> {
    match item {
        ImplItem::Fn(method) if is_api(&method.vis, &method.attrs) => {
            let code = format!("{} {}", code(&method.vis), signature(&method.sig));
            let name = format!("fn {self_type}::{}", method.sig.ident);
            Some((name, ApiItem::new(&method.attrs, code)))
        }
        ImplItem::Const(item) if is_public(&item.vis) => {
            let code = format!("{} : {} = {}", item.ident, code(&item.ty), code(&item.expr));
            Some((format!("const {self_type}::{}", item.ident), ApiItem::new(&item.attrs, code)))
        }
        _ => None,
    }
}

/// A signature as callers see it: without `mut` in front of an argument, and without the `_` of one that
/// the body does not use.
fn signature(signature: &Signature) -> String {
    let mut signature = signature.clone();
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Receiver(receiver) if matches!(receiver.kind, ReceiverKind::Value) => {
                receiver.mutability = None
            }
            FnArg::Receiver(_) => (),
            FnArg::Typed(argument) => hide_use_in_body(&mut argument.pat),
        }
    }
    code(&signature)
}

fn hide_use_in_body(pattern: &mut Pat) {
    if let Pat::Ident(name) = pattern {
        name.mutability = None;
        let bare = name.ident.to_string();
        let bare = bare.trim_start_matches('_');
        if !bare.is_empty() {
            name.ident = syn::Ident::new(bare, name.ident.span());
        }
    }
}
