//! The browsers for the tests, and their drivers.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{Environment, find_on_path};
use crate::report::say;

/// A browser and its programs.
pub(super) struct Browser {
    name: &'static str,
    programs: &'static [Program],
    /// Debian's packages, and their size.
    packages: &'static [&'static str],
    megabytes: u32,
}

/// A program that is named by a variable, or has one of these names on PATH, or is one of these files.
struct Program {
    variable: &'static str,
    names: &'static [&'static str],
    files: &'static [&'static str],
    /// Whether another program does its work where it is missing.
    optional: bool,
}

pub(super) const CHROMIUM: Browser = Browser {
    name: "Chromium with chromedriver of the same version",
    programs: &[
        Program {
            variable: "CHROME",
            names: &[
                "chromium",
                "chromium-browser",
                "google-chrome",
                "google-chrome-stable",
                "chrome",
            ],
            files: &["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
            optional: false,
        },
        Program {
            variable: "CHROMEDRIVER",
            names: &["chromedriver"],
            files: &[],
            optional: false,
        },
        Program {
            variable: "HEADLESS_SHELL",
            names: &["chromium-headless-shell", "chrome-headless-shell"],
            files: &[],
            optional: true,
        },
    ],
    packages: &["chromium", "chromium-driver", "chromium-headless-shell"],
    megabytes: 190,
};

pub(super) const FIREFOX: Browser = Browser {
    name: "Firefox",
    programs: &[Program {
        variable: "FIREFOX",
        names: &["firefox-esr", "firefox"],
        files: &["/Applications/Firefox.app/Contents/MacOS/firefox"],
        optional: false,
    }],
    packages: &["firefox-esr"],
    megabytes: 80,
};

/// The driver's package brings `MiniBrowser`, which is on no PATH; the tests know where.
pub(super) const WEBKIT: Browser = Browser {
    name: "WebKitGTK with its driver, and Xvfb",
    programs: &[
        Program {
            variable: "WEBKIT_DRIVER",
            names: &["WebKitWebDriver"],
            files: &[],
            optional: false,
        },
        Program {
            variable: "XVFB",
            names: &["Xvfb"],
            files: &[],
            optional: false,
        },
    ],
    packages: &["webkit2gtk-driver", "xvfb"],
    megabytes: 110,
};

impl Program {
    fn find(&self) -> Option<PathBuf> {
        let named = env::var_os(self.variable).map(PathBuf::from);
        let files = self.files.iter().map(PathBuf::from);
        named
            .into_iter()
            .chain(self.names.iter().filter_map(|name| find_on_path(name)))
            .chain(files)
            .find(|file| file.is_file())
    }
}

/// Sets the variables with the paths of a browser's programs for the children. Installs missing programs from Debian's packages if
/// possible.
pub(super) fn find_or_install(env: &mut Environment, browser: &Browser) -> Result<()> {
    let is_missing = |program: &Program| !program.optional && program.find().is_none();
    if browser.programs.iter().any(is_missing) {
        install(env, browser)?;
    }
    for program in browser.programs {
        match program.find() {
            Some(found) => env.set(program.variable, found),
            None if program.optional => {}
            None => bail!("cannot find {}: {}", browser.name, by_hand(browser)),
        }
    }
    Ok(())
}

/// What the user can do.
fn by_hand(browser: &Browser) -> String {
    let variables: Vec<&str> = browser.programs.iter().map(|one| one.variable).collect();
    format!(
        "install {}, or name it in the environment: {}",
        browser.name,
        variables.join(", ")
    )
}

fn install(env: &Environment, browser: &Browser) -> Result<()> {
    let by_hand = by_hand(browser);
    let packages = browser.packages.join(" ");
    if !Path::new("/usr/bin/apt-get").is_file() {
        bail!("the tests need {}: {by_hand}", browser.name);
    }
    let Some(prefix) = root_prefix(env) else {
        bail!(
            "the tests need {}: run `sudo apt-get install {packages}`, or {by_hand}",
            browser.name
        );
    };
    say(format!(
        "installing {packages} ({} MB, once on this machine)",
        browser.megabytes
    ));
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
    let install = [
        &["install", "-y", "--no-install-recommends"],
        browser.packages,
    ]
    .concat();
    apt_get(&["update"])
        .and_then(|()| apt_get(&install))
        .with_context(|| format!("cannot install {packages}: {by_hand}"))
}

/// The prefix that runs a command as root; `None` if that requires a password.
fn root_prefix(env: &Environment) -> Option<&'static [&'static str]> {
    if env.command("id").arg("-u").probe()?.trim() == "0" {
        return Some(&[]);
    }
    env.command("sudo")
        .args(["-n", "true"])
        .probe()
        .map(|_| &["sudo", "-n"] as &[&str])
}
