//! The modules of a crate, and what names mean in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Item, ItemImpl, Meta, Token, UseTree, Visibility, parse_quote};

/// A module, and the items in it.
pub(super) struct Module {
    pub(super) path: Vec<String>,
    items: Vec<Item>,
    /// Local names, and the paths that they were imported by.
    imports: BTreeMap<String, Vec<String>>,
}

/// All modules of a crate.
pub(super) struct Crate(BTreeMap<Vec<String>, Module>);

impl Crate {
    pub(super) fn read(src: &Path) -> Self {
        let mut all = Self(BTreeMap::new());
        all.add(&src.join("lib.rs"), src, Vec::new());
        all
    }

    fn add(&mut self, file: &Path, folder: &Path, path: Vec<String>) {
        let text = fs::read_to_string(file).unwrap_or_else(|_| panic!("{}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        let mut items = Vec::new();
        parsed
            .items
            .into_iter()
            .for_each(|item| expand(item, &mut items));
        let mut imports = BTreeMap::new();
        for item in &items {
            match item {
                Item::Mod(item) if item.content.is_none() => {
                    let name = item.ident.to_string();
                    let beside = folder.join(&name).join("mod.rs");
                    let file = if beside.exists() {
                        beside
                    } else {
                        folder.join(format!("{name}.rs"))
                    };
                    let path = [path.as_slice(), std::slice::from_ref(&name)].concat();
                    if self.0.contains_key(&path) {
                        continue;
                    }
                    self.add(&file, &folder.join(&name), path);
                }
                Item::Use(item) => import(&item.tree, &mut Vec::new(), &mut imports),
                _ => {}
            }
        }
        let module = Module {
            path: path.clone(),
            items,
            imports,
        };
        self.0.insert(path, module);
    }

    /// What a module makes public: items with the modules that define them, or paths into other crates.
    pub(super) fn exports(&self, path: &[String]) -> Vec<(Result<Item, String>, &Module)> {
        let module = &self.0[path];
        let mut found = Vec::new();
        for item in &module.items {
            match item {
                Item::Use(item) if matches!(item.vis, Visibility::Public(_)) => {
                    let mut names = BTreeMap::new();
                    import(&item.tree, &mut Vec::new(), &mut names);
                    for (name, path) in names {
                        let target = self.find(&path, module);
                        let item =
                            target.and_then(|target| Some((target.item(path.last()?)?, target)));
                        found.push(match item {
                            Some((item, target)) => (Ok(item.clone()), target),
                            None => (Err(name), module),
                        });
                    }
                }
                item if is_public(item) => found.push((Ok(item.clone()), module)),
                _ => {}
            }
        }
        found
    }

    /// All `impl` blocks, with their modules.
    pub(super) fn impls(&self) -> impl Iterator<Item = (&ItemImpl, &Module)> {
        self.0.values().flat_map(|module| {
            module.items.iter().filter_map(move |item| match item {
                Item::Impl(block) => Some((block, module)),
                _ => None,
            })
        })
    }

    /// Whether a path that is written in one module names the type of another.
    pub(super) fn is(
        &self,
        path: &syn::Path,
        written: &Module,
        ident: &str,
        defined: &Module,
    ) -> bool {
        let path: Vec<_> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        let found = self.find(&path, written);
        path.last().is_some_and(|last| last == ident)
            && found.is_some_and(|found| found.path == defined.path)
    }

    /// Whether a path names a type of this crate.
    pub(super) fn defines(&self, path: &syn::Path, written: &Module) -> bool {
        let path: Vec<_> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        self.find(&path, written).is_some()
    }

    pub(super) fn has_private_trait(&self, path: &syn::Path) -> bool {
        let name = &path.segments.last().expect("a trait").ident;
        let mut items = self.0.values().flat_map(|module| &module.items);
        items.any(|item| matches!(item, Item::Trait(it) if it.ident == *name && !is_public(item)))
    }

    /// The module that defines what a path names.
    fn find(&self, path: &[String], from: &Module) -> Option<&Module> {
        let (first, rest) = path.split_first()?;
        if rest.is_empty() && first != "crate" {
            if from.item(first).is_some() {
                return self.0.get(&from.path);
            }
            let imported = from.imports.get(first)?;
            return (imported.len() > 1).then(|| self.find(imported, from))?;
        }
        let parent = || self.0.get(&from.path[..from.path.len().checked_sub(1)?]);
        match first.as_str() {
            "crate" => self.find(rest, &self.0[&Vec::new()]),
            "self" => self.find(rest, from),
            "super" => self.find(rest, parent()?),
            name => {
                let inner = [from.path.as_slice(), &[name.to_owned()]].concat();
                self.find(rest, self.0.get(&inner)?)
            }
        }
    }
}

impl Module {
    fn item(&self, name: &str) -> Option<&Item> {
        self.items.iter().find(|item| match item {
            Item::Struct(item) => item.ident == name,
            Item::Enum(item) => item.ident == name,
            Item::Const(item) => item.ident == name,
            Item::Fn(item) => item.sig.ident == name,
            _ => false,
        })
    }
}

/// Leaves out what is not for users, and reads the items that macros are given.
fn expand(item: Item, out: &mut Vec<Item>) {
    if !is_for_users(attributes(&item)) {
        return;
    }
    let Item::Macro(called) = &item else {
        return out.push(item);
    };
    let Ok(inner) = syn::parse2::<syn::File>(called.mac.tokens.clone()) else {
        return;
    };
    let makes_records = called.mac.path.is_ident("records");
    for mut item in inner.items {
        if let (true, Item::Struct(record)) = (makes_records, &mut item) {
            // what `records!` adds
            if let syn::Fields::Named(fields) = &mut record.fields {
                let other: Field = parse_quote!(pub other: Map<String, Value>);
                fields.named.push(other);
            }
            record.attrs.push(parse_quote!(#[non_exhaustive]));
            record.attrs.push(parse_quote!(
                #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
            ));
        }
        out.push(item);
    }
}

fn import(tree: &UseTree, before: &mut Vec<String>, out: &mut BTreeMap<String, Vec<String>>) {
    let path = |before: &[String], last: &syn::Ident| [before, &[last.to_string()]].concat();
    match tree {
        UseTree::Path(tree) => {
            before.push(tree.ident.to_string());
            import(&tree.tree, before, out);
            before.pop();
        }
        UseTree::Name(name) => drop(out.insert(name.ident.to_string(), path(before, &name.ident))),
        UseTree::Rename(name) => {
            drop(out.insert(name.rename.to_string(), path(before, &name.ident)))
        }
        UseTree::Group(group) => group
            .items
            .iter()
            .for_each(|tree| import(tree, before, out)),
        UseTree::Glob(_) => {}
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_public(item: &Item) -> bool {
    let visibility = match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Mod(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        _ => return false,
    };
    matches!(visibility, Visibility::Public(_))
}

/// Whether an item is there for a Rust program, on whatever target.
pub(super) fn is_for_users(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .all(|attribute| {
            attribute
                .parse_args()
                .is_ok_and(|condition| may_hold(&condition, true))
        })
}

/// Whether a condition holds on some target, or with `wanted` false, whether it fails on some.
fn may_hold(condition: &Meta, wanted: bool) -> bool {
    let inner = |list: &syn::MetaList| {
        list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .unwrap_or_default()
    };
    match condition {
        Meta::List(list) if list.path.is_ident("not") => {
            inner(list).iter().any(|it| may_hold(it, !wanted))
        }
        Meta::List(list) if list.path.is_ident("all") == wanted => {
            inner(list).iter().all(|it| may_hold(it, wanted))
        }
        Meta::List(list) => inner(list).iter().any(|it| may_hold(it, wanted)),
        Meta::NameValue(pair) if pair.path.is_ident("feature") => {
            let feature = quote::ToTokens::to_token_stream(&pair.value).to_string();
            ["\"js\"", "\"__internals\""].contains(&feature.as_str()) != wanted
        }
        Meta::Path(path) if path.is_ident("test") => !wanted,
        // targets
        _ => true,
    }
}
