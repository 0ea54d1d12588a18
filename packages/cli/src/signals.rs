//! When a command that runs for long is asked to end.

use tokio::signal::unix::{SignalKind, signal};

/// Ready when somebody at the terminal interrupts, or a service manager terminates. Where signals
/// cannot be listened for, they end the process as they always do.
pub async fn shutdown() {
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
