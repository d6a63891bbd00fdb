//! Chromium and its driver, for tests.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{Environment, find_on_path};
use crate::report::say;

/// The names under which Chromium is installed.
const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

const MAC_BROWSER: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Tells the children where Chromium and its driver are, in `CHROME` and `CHROMEDRIVER`; installs them from Debian's
/// packages if that is possible.
pub(super) fn find_or_install(env: &mut Environment) -> Result<()> {
    if browser().is_none() || driver().is_none() {
        install(env)?;
    }
    let missing = "is not installed: install it, or name it in the variable";
    let browser = browser().with_context(|| format!("Chromium {missing} CHROME"))?;
    let driver = driver().with_context(|| format!("chromedriver {missing} CHROMEDRIVER"))?;
    env.set("CHROME", browser);
    env.set("CHROMEDRIVER", driver);
    Ok(())
}

fn browser() -> Option<PathBuf> {
    named_by("CHROME")
        .or_else(|| BROWSERS.iter().find_map(|name| find_on_path(name)))
        .or_else(|| Some(PathBuf::from(MAC_BROWSER)).filter(|file| file.is_file()))
}

fn driver() -> Option<PathBuf> {
    named_by("CHROMEDRIVER").or_else(|| find_on_path("chromedriver"))
}

fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|file| file.is_file())
}

fn install(env: &Environment) -> Result<()> {
    let by_hand = "install Chromium (or Chrome) and the chromedriver of the same version, or name them in the variables CHROME and CHROMEDRIVER";
    if !Path::new("/usr/bin/apt-get").is_file() {
        bail!("the tests need Chromium and chromedriver: {by_hand}");
    }
    let Some(prefix) = root_prefix(env) else {
        bail!(
            "the tests need Chromium and chromedriver: run `sudo apt-get install chromium chromium-driver`, or {by_hand}"
        );
    };
    say("installing chromium and chromium-driver (120 MB, once on this machine)");
    let apt_get = |args: &[&str]| {
        let words: Vec<&str> = prefix
            .iter()
            .chain(&["apt-get", "-q"])
            .chain(args)
            .copied()
            .collect();
        env.command(words[0])
            .args(&words[1..])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
    };
    apt_get(&["update"])
        .and_then(|()| {
            apt_get(&[
                "install",
                "-y",
                "--no-install-recommends",
                "chromium",
                "chromium-driver",
            ])
        })
        .with_context(|| format!("cannot install Chromium: {by_hand}"))
}

/// What to put before a command so that root runs it; nothing if that takes a password.
fn root_prefix(env: &Environment) -> Option<&'static [&'static str]> {
    if env.command("id").arg("-u").probe()?.trim() == "0" {
        return Some(&[]);
    }
    env.command("sudo")
        .args(["-n", "true"])
        .probe()
        .map(|_| &["sudo", "-n"] as &[&str])
}
