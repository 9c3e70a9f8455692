//! Several workers at one queue, until they are told to stop.

use std::{pin::pin, time::Duration};
use tokio::{sync::watch, task::JoinSet};

/// Keeps so many at `work` until `stop`; then waits until each has finished what it has under way. Each is given what
/// fails to be read once there is nobody left to tell: that is the sign to end. After a `pause` another one takes the
/// place of one that broke down; `what` says of which kind it was.
pub(crate) async fn keep<F>(
    what: &'static str,
    workers: usize,
    pause: Duration,
    stop: impl Future<Output = ()>,
    work: impl Fn(watch::Receiver<()>) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let (going, told) = watch::channel(());
    let mut at_work = JoinSet::new();
    let mut stop = pin!(stop);
    for _ in 0..workers {
        at_work.spawn(work(told.clone()));
    }
    loop {
        tokio::select! {
            () = &mut stop => break,
            // Workers end by panicking only. What one had waits for its lease; the others must not wait for it.
            Some(_) = at_work.join_next() => {
                tracing::error!("a {what} worker broke down: another takes its place");
                tokio::time::sleep(pause).await;
                at_work.spawn(work(told.clone()));
            }
        }
    }
    drop(going);
    while at_work.join_next().await.is_some() {}
}
