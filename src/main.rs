//! Arguments in, exit code out.

fn main() -> std::process::ExitCode {
    sdkaudit::cli::main()
}
