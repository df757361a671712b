//! Where output goes: results to standard output, diagnostics to standard error, colour only on a terminal.

use crate::limit::{self, Limit};
use crate::report::{self, Paint};
use crate::text::{Code, Diagnostic, Span};
use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// The terminal, as far as the program knows it.
#[derive(Copy, Clone, Debug)]
pub(super) struct Console {
    /// For standard output.
    pub(super) paint: Paint,
    /// Whether standard error has colour.
    error_colour: bool,
}

/// A diagnostic with the text it is about.
#[derive(Clone, Debug)]
pub(super) struct Complaint {
    /// What the text is called: a file or an option.
    pub(super) origin: String,
    /// The text, where there is one to show.
    pub(super) source: Option<String>,
    pub(super) diagnostic: Diagnostic,
}

impl Complaint {
    /// A complaint without a text to point into.
    pub(super) fn plain(code: Code, message: impl Into<String>) -> Self {
        Self { origin: String::new(), source: None, diagnostic: Diagnostic::new(code, Span::default(), message) }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.diagnostic.hint = Some(hint.into());
        self
    }
}

/// Whether something could not be written to standard output, as on a full disk.
static UNWRITTEN: AtomicBool = AtomicBool::new(false);

/// What is said of a result that could not be written to standard output.
pub(super) fn unwritten(e: &std::io::Error) -> Complaint {
    Complaint::plain(Code::CANNOT_WRITE, format!("cannot write to standard output: {}", reason(e)))
}

impl Console {
    pub(super) fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        Self {
            paint: Paint { colour: wanted && std::io::stdout().is_terminal() },
            error_colour: wanted && std::io::stderr().is_terminal(),
        }
    }

    /// Prints a result for a person. What a terminal would obey is shown instead.
    pub(super) fn print(self, text: &str) {
        self.write(&self.paint.shown(text));
    }

    /// Prints JSON, its hidden characters as escapes.
    pub(super) fn json(self, value: &impl std::fmt::Display) {
        self.write(&format!("{}\n", report::escaped(&value.to_string())));
    }

    /// Prints a file as it is: its format has escaped what it must. A reader that has gone away is no error.
    pub(super) fn write(self, text: &str) {
        let mut out = std::io::stdout().lock();
        if let Err(e) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
            && e.kind() != ErrorKind::BrokenPipe
            && !UNWRITTEN.swap(true, Ordering::Relaxed)
        {
            self.complain(&unwritten(&e));
        }
    }

    /// Whether a result could not be written.
    pub(super) fn has_failed() -> bool {
        UNWRITTEN.load(Ordering::Relaxed)
    }

    /// Prints a remark on the run.
    pub(super) fn note(self, text: &str) {
        let _ = std::io::stderr().lock().write_all(report::visible(text).as_bytes());
    }

    /// Prints a diagnostic.
    pub(super) fn complain(self, c: &Complaint) {
        let text = report::diagnostic(&c.diagnostic, &c.origin, c.source.as_deref(), self.error_colour);
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// The text of a file, or of standard input for `-`.
pub(super) fn read(path: &str) -> Result<String, Complaint> {
    decode(path, contents(path)?)
}

/// The text of a submission. Where only some bytes are not UTF-8 they are replaced by
/// U+FFFD, and the reader of documents says in which lines: what stands around them is still graded.
pub(super) fn read_submission(path: &str) -> Result<String, Complaint> {
    /// One byte in so many may be wrong before a file is no text at all.
    const READABLE: usize = 20;
    let bytes = contents(path)?;
    if utf16(&bytes).is_none() && std::str::from_utf8(&bytes).is_err() {
        let text = String::from_utf8_lossy(&bytes);
        let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
        if replaced * READABLE <= bytes.len() && !bytes.contains(&0) {
            return Ok(text.into_owned());
        }
    }
    decode(path, bytes)
}

fn contents(path: &str) -> Result<Vec<u8>, Complaint> {
    let shown = shown(path);
    let bytes = bytes(path).map_err(|e| {
        Complaint::plain(Code::BAD_FILE, format!("cannot read {shown}: {}", reason(&e)))
            .hint("check the path and its permissions")
    })?;
    let most = limit::of(Limit::File);
    if bytes.len() as u64 > most {
        let message = format!("{shown} is larger than {most} bytes");
        return Err(Complaint::plain(Code::TOO_LONG, message).hint("split it, or raise the limit with --limit file=N"));
    }
    Ok(bytes)
}

fn shown(path: &str) -> &str {
    if path == "-" { "standard input" } else { path }
}

fn decode(path: &str, bytes: Vec<u8>) -> Result<String, Complaint> {
    let shown = shown(path);
    if let Some(text) = utf16(&bytes) {
        return Ok(text);
    }
    String::from_utf8(bytes).map(|t| t.strip_prefix('\u{feff}').map_or(t.clone(), str::to_owned)).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let line = 1 + e.as_bytes().iter().take(at).filter(|b| **b == b'\n').count();
        Complaint::plain(
            Code::BAD_FILE,
            format!("{shown} is not UTF-8: the byte {at}, in line {line}, begins no character"),
        )
        .hint("save the file in the encoding UTF-8")
    })
}

/// Text that some editors write in two bytes a character: it begins with a mark that no UTF-8 begins with.
fn utf16(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let pairs = bytes[2..].chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let units: Vec<u16> = pairs.map(|p| unit([p[0], p[1]])).collect();
    String::from_utf16(&units).ok()
}

fn bytes(path: &str) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = limit::of(Limit::File);
    if path == "-" {
        std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Why something could not be read, in the same words on every system where that is possible.
pub(super) fn reason(e: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match e.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "reading it is not permitted".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => e.to_string(),
    }
}
