//! TLS 1.2 and 1.3 from certificate files, without a proxy in front.

use axum_server::tls_rustls::RustlsConfig;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The certificate's two files.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

impl Files {
    /// Reads both. In case of trouble, one line that names the file.
    pub(crate) fn read(&self) -> Result<Arc<ServerConfig>, String> {
        let trouble = |setting: &str, path: &Path, why: &dyn std::fmt::Display| {
            format!("{setting} {} cannot be used: {why}", path.display())
        };
        let of_cert = |why: &dyn std::fmt::Display| trouble("TLS_CERT", &self.cert, why);
        let of_key = |why: &dyn std::fmt::Display| trouble("TLS_KEY", &self.key, why);
        let chain = CertificateDer::pem_file_iter(&self.cert)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| of_cert(&error))?;
        if chain.is_empty() {
            return Err(of_cert(&"it holds no certificate"));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| of_key(&error))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| of_key(&error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Reads the files again whenever SIGHUP comes, as renewers of certificates send it.
    #[cfg(unix)]
    pub(crate) async fn renew(self, running: RustlsConfig) {
        let Ok(mut hangups) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()) else { return };
        while hangups.recv().await.is_some() {
            match self.read() {
                Ok(config) => {
                    running.reload_from_config(config);
                    tracing::info!("the certificate was read again");
                }
                Err(why) => tracing::error!("the old certificate stays: {why}"),
            }
        }
    }
}
