//! The API against programs of others: one that reads its description, and one that asks whatever it can think of.

use super::site::Site;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Python, with what `scripts/setup.sh test` has installed to check the API.
fn python() -> Command {
    let usual = || {
        let cache = std::env::var_os("ESTAFETTE_CACHE").map(PathBuf::from);
        let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/estafette");
        cache.unwrap_or_else(home).join("python-api")
    };
    let packages = std::env::var_os("API_PYTHONPATH").map_or_else(usual, PathBuf::from);
    assert!(packages.is_dir(), "{} is not there: run scripts/setup.sh test", packages.display());
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", packages);
    python
}

/// Runs it in that folder, and asserts that it ends well.
async fn ends_well(folder: &Path, mut command: Command) {
    command.current_dir(folder);
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it does not panic");
    let output = output.expect("python3 runs");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{said}");
}

#[tokio::test]
async fn the_description_is_openapi() {
    let site = Site::open().await;
    for lang in ["fr", "en"] {
        let document = site.get(&format!("/api/v1/openapi.json?lang={lang}")).send().await.is(200);
        let file = site.folder.0.join(format!("openapi.{lang}.json"));
        std::fs::write(&file, document.text()).expect("the temporary folder can be written");
        let mut command = python();
        command.args(["-m", "openapi_spec_validator", "--schema", "3.1"]).arg(&file);
        ends_well(&site.folder.0, command).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_is_answered_as_the_description_says() {
    let site = Site::open().await;
    let mut command = python();
    // The same questions each time, so that what fails fails again.
    command.args(["-m", "schemathesis.cli", "run", "--checks", "all", "--seed", "4", "--max-examples", "20"]);
    command.args(["--no-color", "--suppress-health-check", "all", "--generation-database", "none"]);
    command.arg(format!("http://{}/api/v1/openapi.json", site.addr));
    ends_well(&site.folder.0, command).await;
}
