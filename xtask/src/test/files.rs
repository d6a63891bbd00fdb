//! Finds the files of a folder that hold tests.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::workspace::root;

/// The files of a folder whose names begin and end like this, sorted.
pub(super) fn test_files(folder: &Path, start: &str, end: &str) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            name.to_str()
                .is_some_and(|name| name.starts_with(start) && name.ends_with(end))
        })
        .map(|entry| entry.path())
        .collect();
    files.sort();
    if files.is_empty() {
        let shown = folder.strip_prefix(root()).unwrap_or(folder).display();
        bail!("there are no tests {shown}/{start}*{end}");
    }
    Ok(files)
}
