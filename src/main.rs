//! The program: see [`gradmark::cli`].

fn main() -> std::process::ExitCode {
    gradmark::cli::run()
}
