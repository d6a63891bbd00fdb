//! The public items of a crate, read from its source.
//!
//! It knows as much of Rust as this crate uses: modules in files, re-exports by name, and macros whose input is itself an
//! item. Items for tests, for the npm package and for this repository alone are left out.

mod source;
mod text;

use std::collections::BTreeSet;
use std::path::Path;

use syn::{Fields, ImplItem, Item, ItemImpl, Type, Visibility};

use source::{Crate, Module, is_for_users};
use text::{plain, signature};

/// The public items, one a line, sorted.
pub(crate) fn items(src: &Path) -> Vec<String> {
    let all = Crate::read(src);
    let mut listing = Listing {
        all: &all,
        lines: BTreeSet::new(),
    };
    listing.module(&[], "flowise_stream");
    listing.foreign_impls();
    listing.lines.into_iter().collect()
}

struct Listing<'a> {
    all: &'a Crate,
    lines: BTreeSet<String>,
}

impl Listing<'_> {
    /// Lists what a public module makes public.
    fn module(&mut self, path: &[String], public: &str) {
        for (item, from) in self.all.exports(path) {
            match item {
                Ok(item) => self.item(&item, from, public),
                Err(external) => self.add(format!("{public} re-exports {external}")),
            }
        }
    }

    fn add(&mut self, line: String) {
        self.lines.insert(line);
    }

    fn item(&mut self, item: &Item, module: &Module, public: &str) {
        match item {
            Item::Struct(item) => {
                let name = format!("{public}::{}", item.ident);
                self.declare("struct", &name, &item.attrs);
                self.fields(&name, &item.fields, true);
                self.impls(&item.ident.to_string(), module, &name);
            }
            Item::Enum(item) => {
                let name = format!("{public}::{}", item.ident);
                self.declare("enum", &name, &item.attrs);
                for variant in &item.variants {
                    let variant_name = format!("{name}::{}", variant.ident);
                    self.add(variant_name.clone());
                    self.fields(&variant_name, &variant.fields, false);
                }
                self.impls(&item.ident.to_string(), module, &name);
            }
            Item::Const(item) => self.add(format!("{public}::{}: {}", item.ident, plain(&item.ty))),
            Item::Fn(item) => self.add(format!("{public}::{}", signature(&item.sig))),
            Item::Mod(item) => {
                let name = item.ident.to_string();
                let path = [module.path.as_slice(), std::slice::from_ref(&name)].concat();
                self.add(format!("mod {public}::{name}"));
                self.module(&path, &format!("{public}::{name}"));
            }
            other => panic!("the listing does not know such an item: {}", plain(other)),
        }
    }

    fn declare(&mut self, kind: &str, name: &str, attributes: &[syn::Attribute]) {
        let is = |word| attributes.iter().any(|it| it.path().is_ident(word));
        let open = if is("non_exhaustive") {
            " (non-exhaustive)"
        } else {
            ""
        };
        self.add(format!("{kind} {name}{open}"));
        for derive in attributes.iter().filter(|it| it.path().is_ident("derive")) {
            let _ = derive.parse_nested_meta(|derived| {
                let derived = derived
                    .path
                    .segments
                    .last()
                    .expect("a derive")
                    .ident
                    .to_string();
                self.add(format!("{name}: {derived}"));
                Ok(())
            });
        }
    }

    fn fields(&mut self, name: &str, fields: &Fields, only_public: bool) {
        for (place, field) in fields.iter().enumerate() {
            if only_public && !matches!(field.vis, Visibility::Public(_)) {
                continue;
            }
            let field_name = field
                .ident
                .as_ref()
                .map_or(place.to_string(), ToString::to_string);
            self.add(format!("{name}.{field_name}: {}", plain(&field.ty)));
        }
    }

    fn impls(&mut self, ident: &str, module: &Module, name: &str) {
        for (block, its_module) in self.all.impls() {
            let Type::Path(of) = block.self_ty.as_ref() else {
                continue;
            };
            if self.all.is(&of.path, its_module, ident, module) {
                self.block(block, name);
            }
        }
    }

    fn block(&mut self, block: &ItemImpl, name: &str) {
        if let Some((_, of, _)) = &block.trait_ {
            // private traits of the crate's own are no promise
            if !self.all.has_private_trait(of) {
                self.add(format!("{name}: {}", plain(of)));
            }
            return;
        }
        for item in &block.items {
            match item {
                ImplItem::Fn(item) if is_public(&item.vis) && is_for_users(&item.attrs) => {
                    self.add(format!("{name}::{}", signature(&item.sig)));
                }
                ImplItem::Const(item) if is_public(&item.vis) => {
                    self.add(format!("{name}::{}: {}", item.ident, plain(&item.ty)));
                }
                _ => {}
            }
        }
    }

    /// Traits with arguments of ours for the types of others, such as `From<Error> for String`.
    fn foreign_impls(&mut self) {
        for (block, module) in self.all.impls() {
            let (Some((_, of, _)), Type::Path(target)) = (&block.trait_, block.self_ty.as_ref())
            else {
                continue;
            };
            let last = target.path.segments.last().expect("a type");
            if last.ident != "Self"
                && !self.all.defines(&target.path, module)
                && plain(of).contains('<')
            {
                self.add(format!("{}: {}", plain(&target.path), plain(of)));
            }
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}
