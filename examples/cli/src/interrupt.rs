//! Ctrl-C between two files, never within one.
//!
//! A rename keeps targets whole whatever happens; this keeps what is written beside them from being left over.

use std::process::exit;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Held by those who write; who stops the program takes it for good.
static WRITING: RwLock<()> = RwLock::new(());

/// As shells tell of a program that was stopped by Ctrl-C.
const INTERRUPTED: i32 = 130;

/// From now on Ctrl-C, and a polite request to end, wait for files that are being written.
pub(crate) fn wait_for_writes() {
    // Without a handler the system's own way to end remains.
    let _ = ctrlc::set_handler(|| {
        let _nobody_writes = WRITING.write().unwrap_or_else(PoisonError::into_inner);
        exit(INTERRUPTED);
    });
}

/// While this is held the program is not stopped.
pub(crate) fn writing() -> RwLockReadGuard<'static, ()> {
    WRITING.read().unwrap_or_else(PoisonError::into_inner)
}
