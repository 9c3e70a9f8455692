//! `estafette serve`.

use super::{refuse, say};
use crate::{
    http::{Server, StartError},
    logging,
    settings::Settings,
};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// What `serve` may be told.
#[derive(Debug, Args)]
pub struct Serve {
    /// The settings file [default: ./estafette.toml, if it is there]; variables of the environment win over it
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Serves until a signal says stop.
pub fn run(serve: &Serve) -> ExitCode {
    let settings = match Settings::load(serve.config.as_deref(), std::env::vars_os()) {
        Ok(settings) => settings,
        Err(refused) => return refuse(refused),
    };
    let log = logging::start(settings.log_format, settings.log_level.clone());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(format_args!("cannot start threads: {error}")),
    };
    let ended = runtime.block_on(async {
        let server = Server::open(settings).await?;
        let _ = say(format_args!("Estafette: {}", server.address()));
        server.run(crate::http::told_to_stop()).await.map_err(StartError::Serving)
    });
    drop(runtime);
    log.finish();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(error),
    }
}
