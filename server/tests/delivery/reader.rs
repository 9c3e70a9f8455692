//! A server that delivers, and those who read from it: over sockets of their own, so that they can be slow.

use axum::{Router, extract::Request, routing::any};
use hyper_util::rt::TokioIo;
use server::media::{
    delivery::{Deliverable, Outlet, Socket, deliver},
    vault::Vault,
};
use std::{collections::HashMap, convert::Infallible, net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// Serves one deliverable under any address.
pub(crate) async fn serve(vault: &Vault, what: Deliverable) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let vault = vault.clone();
    let answer = any(async move |request: Request| deliver(&vault, &what, &request.into_parts().0).await);
    tokio::spawn(axum::serve(listener, Router::new().fallback(answer)).into_future());
    addr
}

/// As [`serve`], over connections that files go to without passing through the program.
pub(crate) async fn serve_straight(vault: &Vault, what: Deliverable) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (vault, what) = (vault.clone(), Arc::new(what));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (vault, what, outlet) = (vault.clone(), Arc::clone(&what), Outlet::default());
            let socket = TokioIo::new(Socket::new(stream, outlet.clone()));
            let answer = hyper::service::service_fn(move |request: http::Request<hyper::body::Incoming>| {
                let (vault, what, outlet) = (vault.clone(), Arc::clone(&what), outlet.clone());
                async move {
                    let mut request = request.into_parts().0;
                    request.extensions.insert(outlet);
                    Ok::<_, Infallible>(deliver(&vault, &what, &request).await)
                }
            });
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(socket, answer));
        }
    });
    addr
}

/// An answer whose head has come.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    body: BufReader<TcpStream>,
}

pub(crate) async fn get(addr: SocketAddr, headers: &str) -> Answer {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut body = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        body.read_line(&mut line).await.unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let status = lines[0].split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines[1..].iter().map(|line| line.split_once(": ").unwrap());
    Answer { status, headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(), body }
}

impl Answer {
    pub(crate) fn length(&self) -> usize {
        self.headers["content-length"].parse().unwrap()
    }

    /// All that comes.
    pub(crate) async fn rest(mut self) -> Vec<u8> {
        let mut all = Vec::new();
        // A connection that is reset has told what it has told.
        let _ = self.body.read_to_end(&mut all).await;
        all
    }

    /// So many bytes.
    pub(crate) async fn some(&mut self, bytes: usize) -> Vec<u8> {
        let mut some = vec![0; bytes];
        self.body.read_exact(&mut some).await.unwrap();
        some
    }
}
