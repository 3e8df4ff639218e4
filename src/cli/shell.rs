//! What a shell wants to know: completions and manual pages, both made from the arguments themselves.

use super::CLEAN;
use super::args::{Cli, Completions, Man};
use super::run::print;
use crate::error::Error;
use crate::lang::Text;
use clap::CommandFactory;
use std::path::Path;

/// Prints the completions of one shell.
pub fn completions(arguments: &Completions) -> Result<u8, Error> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "sdkaudit", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(CLEAN)
}

/// Prints the main page, or writes one page a command.
pub fn man(arguments: &Man) -> Result<u8, Error> {
    match &arguments.folder {
        None => {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
            rendered.map_err(|cause| failed(Path::new("stdout"), cause))?;
            print(&String::from_utf8_lossy(&page))?;
        }
        Some(folder) => {
            let written =
                std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
            written.map_err(|cause| failed(folder, cause))?;
        }
    }
    Ok(CLEAN)
}

fn failed(folder: &Path, cause: std::io::Error) -> Error {
    let name = folder.display();
    Error::new(
        Text::new(format!("cannot write manual pages to {name}: {cause}"), format!("无法将手册页写入 {name}：{cause}")),
        Text::new("give a folder that can be written to", "请提供可写的目录"),
    )
    .because(cause)
}
