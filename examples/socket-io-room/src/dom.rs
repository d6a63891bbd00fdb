//! As much of the page as this program needs.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Document, Element, Event, EventTarget, HtmlInputElement};

/// Keeps a listener in its place, and removes it when it is dropped.
pub struct Handler {
    target: EventTarget,
    kind: &'static str,
    listener: Closure<dyn Fn(Event)>,
}

/// Calls `listener` for the events of one kind, instead of what the browser would do with a form.
pub fn on(id: &str, kind: &'static str, listener: impl Fn() + 'static) -> Handler {
    let target: EventTarget = element(id).into();
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if kind == "submit" {
            event.prevent_default();
        }
        listener();
    });
    let _ = target.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
    Handler {
        target,
        kind,
        listener,
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.kind, listener);
    }
}

/// Keeps the fields of a form enabled, and disables them when it is dropped. Without a handler, the browser would submit the form.
pub struct Enabled(Element);

pub fn enable(id: &str) -> Enabled {
    let fields = element(id);
    let _ = fields.remove_attribute("disabled");
    Enabled(fields)
}

impl Drop for Enabled {
    fn drop(&mut self) {
        let _ = self.0.set_attribute("disabled", "");
    }
}

pub fn show(id: &str, text: &str) {
    element(id).set_text_content(Some(text));
}

pub fn append(id: &str, text: &str) {
    let item = document()
        .create_element("li")
        .expect("the page is a document of HTML");
    item.set_text_content(Some(text));
    let _ = element(id).append_with_node_1(&item);
}

pub fn value(id: &str) -> String {
    input(id).value()
}

pub fn set_value(id: &str, value: &str) {
    input(id).set_value(value);
}

/// A parameter of the page's address.
pub fn parameter(name: &str) -> Option<String> {
    let search = web_sys::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search)
        .ok()?
        .get(name)
}

fn input(id: &str) -> HtmlInputElement {
    element(id).unchecked_into()
}

fn element(id: &str) -> Element {
    document().get_element_by_id(id).expect("index.html has it")
}

fn document() -> Document {
    web_sys::window()
        .and_then(|window| window.document())
        .expect("it runs in a page")
}
