//! When a command that runs for long is asked to end.

use std::future::{Future, pending};

use tokio::signal::unix::{SignalKind, signal};

/// Ready when somebody at the terminal interrupts, or a service manager terminates, from now on.
/// Where signals cannot be listened for, they end the process as they always do.
pub fn shutdown() -> impl Future<Output = ()> {
    let interrupt = signal(SignalKind::interrupt());
    let terminate = signal(SignalKind::terminate());
    async move {
        let (Ok(mut interrupt), Ok(mut terminate)) = (interrupt, terminate) else {
            return pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}
