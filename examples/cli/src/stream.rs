//! Standard output and standard error.

use std::io::{self, BufWriter, Write};

/// Why standard output could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write standard output: {0}")]
pub(crate) struct StdoutError(#[from] io::Error);

/// Writes texts one after the other. A reader that went away has seen what it wanted: that is no error.
pub(crate) fn to_stdout(texts: &[impl AsRef<[u8]>]) -> Result<(), StdoutError> {
    const BUFFER: usize = 64 << 10;
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let written = texts.iter().try_for_each(|text| out.write_all(text.as_ref())).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            // What the buffer still holds must not be tried again.
            let _ = out.into_parts();
            Ok(())
        }
        other => Ok(other?),
    }
}

/// Tells something. Where nobody listens there is nobody to complain to.
pub(crate) fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
