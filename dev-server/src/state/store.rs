//! The database and file storage of a Flowise server, as far as a chat page can reach them.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

/// How many of the newest entries are kept.
const ROWS: usize = 10_000;

/// Messages, feedback and files of both listeners.
#[derive(Debug, Default)]
pub(crate) struct Store {
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    messages: Vec<Value>,
    feedback: Vec<Value>,
    files: Vec<File>,
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) flow: String,
    pub(crate) chat: String,
    pub(crate) name: String,
    pub(crate) mime: String,
    pub(crate) content: Bytes,
}

impl Store {
    /// Stores a message; `more` are the members that only some messages have.
    pub(crate) fn add_message(
        &self,
        flow: &str,
        role: &str,
        id: &str,
        content: &str,
        more: &Value,
    ) {
        let mut row = json!({
            "id": id, "role": role, "chatflowid": flow, "content": content, "chatType": "EXTERNAL",
        });
        if let (Some(row), Some(more)) = (row.as_object_mut(), more.as_object()) {
            row.extend(more.clone());
        }
        self.with(|tables| push(&mut tables.messages, row));
    }

    /// The messages whose members have these values.
    pub(crate) fn messages(&self, members: &[(&str, &str)]) -> Vec<Value> {
        let fits = |row: &&Value| {
            members
                .iter()
                .all(|(name, value)| row[*name].as_str() == Some(*value))
        };
        self.with(|tables| tables.messages.iter().filter(fits).cloned().collect())
    }

    /// Stores feedback under a new id.
    pub(crate) fn add_feedback(&self, mut feedback: Value) -> Value {
        feedback["id"] = Uuid::new_v4().to_string().into();
        self.with(|tables| push(&mut tables.feedback, feedback.clone()));
        feedback
    }

    /// Changes feedback; returns `None` if the id is unknown.
    pub(crate) fn change_feedback(&self, id: &str, change: &Value) -> Option<Value> {
        self.with(|tables| {
            let row = tables.feedback.iter_mut().find(|row| row["id"] == id)?;
            if let (Some(row), Some(change)) = (row.as_object_mut(), change.as_object()) {
                row.extend(change.clone());
            }
            Some(row.clone())
        })
    }

    pub(crate) fn add_file(&self, file: File) {
        self.with(|tables| push(&mut tables.files, file));
    }

    pub(crate) fn file(&self, flow: &str, chat: &str, name: &str) -> Option<File> {
        let fits = |file: &&File| file.flow == flow && file.chat == chat && file.name == name;
        self.with(|tables| tables.files.iter().rev().find(fits).cloned())
    }

    pub(crate) fn clear(&self) {
        self.with(|tables| *tables = Tables::default());
    }

    fn with<T>(&self, access: impl FnOnce(&mut Tables) -> T) -> T {
        access(&mut self.tables.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn push<T>(rows: &mut Vec<T>, row: T) {
    if rows.len() >= ROWS {
        rows.drain(..ROWS / 10);
    }
    rows.push(row);
}
