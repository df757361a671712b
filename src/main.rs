//! The program: see [`gradmark::cli`].

/// Formulas are many small things: with the allocator of the system, a fifth of a check is spent in it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    gradmark::cli::run()
}
