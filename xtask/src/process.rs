//! Runs child processes, with their environment, and with errors that name the command.
//!
//! Cargo and rustup pass the current toolchain to `cargo xtask` in environment variables. A child that inherits these ignores
//! the toolchain that `rustup override` sets for the repository, so they are removed from every child's environment.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The variables that cargo and rustup set for the program that they run. They are wrong for its child processes.
const SET_BY_CARGO: &[&str] = &[
    "CARGO",
    "CARGO_MAKEFLAGS",
    "MAKEFLAGS",
    "OUT_DIR",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTDOC",
    "RUSTUP_TOOLCHAIN",
    "RUSTUP_TOOLCHAIN_SOURCE",
    "RUST_RECURSION_COUNT",
];

fn is_set_by_cargo(name: &str) -> bool {
    SET_BY_CARGO.contains(&name)
        || [
            "CARGO_PKG_",
            "CARGO_BIN_",
            "CARGO_MANIFEST_",
            "CARGO_CRATE_",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// What children receive in addition to the environment: folders at the front of PATH, and variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    path: Vec<PathBuf>,
    variables: BTreeMap<String, OsString>,
}

impl Environment {
    /// Adds a folder to the front of the children's PATH.
    pub(crate) fn add_path(&mut self, folder: PathBuf) {
        self.path.insert(0, folder);
    }

    /// Sets a variable for the children.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.insert(name.to_owned(), value.into());
    }

    /// The value of a variable that was set for the children.
    pub(crate) fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(name).map(OsString::as_os_str)
    }

    /// A command in the repository's root folder.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Cmd {
        let mut command = Command::new(program);
        command.current_dir(workspace::root());
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_set_by_cargo) {
                command.env_remove(name);
            }
        }
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = self
            .path
            .iter()
            .cloned()
            .chain(env::split_paths(&inherited));
        // This fails only for a folder with a `:` in its name, and such a folder cannot be on PATH.
        if let Ok(path) = env::join_paths(folders) {
            command.env("PATH", path);
        }
        command.envs(&self.variables);
        Cmd(command)
    }

    /// Cargo, with the repository's toolchain.
    pub(crate) fn cargo<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Cmd {
        self.command("cargo").args(args)
    }

    /// Runs a script of the repository with Node.
    pub(crate) fn node(&self, script: &str) -> Cmd {
        self.command("node").arg(script)
    }

    /// npm in one of the repository's folders.
    pub(crate) fn npm<I: AsRef<OsStr>>(
        &self,
        folder: &Path,
        args: impl IntoIterator<Item = I>,
    ) -> Cmd {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        self.command(npm).dir(folder).args(args)
    }
}

/// A command. Its error says what failed.
#[derive(Debug)]
pub(crate) struct Cmd(Command);

impl Cmd {
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.0.arg(arg);
        self
    }

    pub(crate) fn args<I: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = I>) -> Self {
        self.0.args(args);
        self
    }

    pub(crate) fn dir(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, names: &[&str]) -> Self {
        for name in names {
            self.0.env_remove(name);
        }
        self
    }

    /// Runs the command in this terminal.
    pub(crate) fn run(mut self) -> Result<()> {
        let status = self.0.status().map_err(|error| self.not_started(error))?;
        if !status.success() {
            bail!("`{}` failed: {status}", self.text());
        }
        Ok(())
    }

    /// Runs the command and returns its output; its errors go to this terminal.
    pub(crate) fn output(mut self) -> Result<String> {
        self.0.stderr(Stdio::inherit()).stdin(Stdio::null());
        let output = self.0.output().map_err(|error| self.not_started(error))?;
        if !output.status.success() {
            bail!("`{}` failed: {}", self.text(), output.status);
        }
        String::from_utf8(output.stdout)
            .with_context(|| format!("`{}` printed something that is not UTF-8", self.text()))
    }

    /// Runs the command, prints its output as it arrives, and returns it.
    pub(crate) fn echo(mut self) -> Result<String> {
        let (status, text) = self.echo_outcome()?;
        if !status.success() {
            bail!("`{}` failed: {status}", self.text());
        }
        Ok(text)
    }

    /// Runs the command, prints its output as it arrives, and returns its status and output.
    pub(crate) fn echo_outcome(&mut self) -> Result<(ExitStatus, String)> {
        self.0.stdout(Stdio::piped());
        let mut child = self.0.spawn().map_err(|error| self.not_started(error))?;
        let mut text = String::new();
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                let line = line?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                text.push_str(&line);
                text.push('\n');
            }
        }
        Ok((child.wait()?, text))
    }

    /// Runs the command, and returns whether it succeeded, together with its output.
    pub(crate) fn outcome(mut self) -> Result<(bool, String)> {
        self.0.stderr(Stdio::inherit()).stdin(Stdio::null());
        let output = self.0.output().map_err(|error| self.not_started(error))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok((output.status.success(), printed))
    }

    /// The output of the command, or nothing if the command is missing or fails.
    pub(crate) fn probe(mut self) -> Option<String> {
        self.0.stdin(Stdio::null()).stderr(Stdio::null());
        let output = self.0.output().ok()?;
        output.status.success().then_some(())?;
        String::from_utf8(output.stdout).ok()
    }

    /// Starts the command with its standard input and output piped.
    pub(crate) fn spawn_piped(mut self) -> Result<Child> {
        self.0.stdin(Stdio::piped()).stdout(Stdio::piped());
        self.0.spawn().map_err(|error| self.not_started(error))
    }

    fn text(&self) -> String {
        let words = std::iter::once(self.0.get_program()).chain(self.0.get_args());
        words
            .map(|word| word.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn not_started(&self, error: std::io::Error) -> anyhow::Error {
        let program = self.0.get_program().to_string_lossy().into_owned();
        let advice = match program.as_str() {
            "node" | "npm" | "npm.cmd" => ": install Node.js 20 or newer",
            "cargo" => ": install Rust from https://rustup.rs",
            _ => "",
        };
        match error.kind() {
            ErrorKind::NotFound => anyhow::anyhow!("`{program}` is not installed{advice}"),
            _ => anyhow::Error::new(error).context(format!("cannot start `{}`", self.text())),
        }
    }
}

/// The file that `program` refers to on PATH.
pub(crate) fn find_on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toolchain_that_runs_xtask_is_hidden_from_children() {
        for name in [
            "RUSTUP_TOOLCHAIN",
            "CARGO",
            "RUSTC",
            "CARGO_PKG_NAME",
            "CARGO_MANIFEST_DIR",
        ] {
            assert!(is_set_by_cargo(name), "{name}");
        }
        for name in [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "RUSTUP_HOME",
            "PATH",
            "RUST_BACKTRACE",
        ] {
            assert!(!is_set_by_cargo(name), "{name}");
        }
    }

    #[test]
    fn a_missing_program_is_named_with_what_to_do() {
        let missing = Environment::default()
            .command("no-such-program-anywhere")
            .run();
        let text = missing.unwrap_err().to_string();
        assert_eq!(text, "`no-such-program-anywhere` is not installed");
    }

    #[test]
    fn a_failed_command_is_quoted() {
        let failed = Environment::default()
            .cargo(["no-such-subcommand"])
            .output();
        assert!(
            failed
                .unwrap_err()
                .to_string()
                .contains("`cargo no-such-subcommand` failed")
        );
    }
}
