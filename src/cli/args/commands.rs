//! The list of commands. What clap derives for such a list describes the arguments of all of them at every start, though one is
//! meant; here those of a command are described when it is called, or when its help is.

/// Declares `Command` from lines such as `Lint(Lint) = "lint", [hide(true)];` with what each is about.
macro_rules! commands {
    ($($(#[doc = $about:literal])+ $variant:ident($arguments:ty) = $name:literal, [$($method:ident($value:expr)),*];)+) => {
        #[derive(Debug)]
        pub enum Command {
            $($(#[doc = $about])+ $variant($arguments),)+
        }

        impl clap::FromArgMatches for Command {
            fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Command, clap::Error> {
                match matches.subcommand() {
                    $(Some(($name, matches)) => {
                        <$arguments as clap::FromArgMatches>::from_arg_matches(matches).map(Command::$variant)
                    })+
                    _ => Err(clap::Error::new(clap::error::ErrorKind::MissingSubcommand)),
                }
            }

            fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
                *self = Command::from_arg_matches(matches)?;
                Ok(())
            }
        }

        impl Subcommand for Command {
            fn augment_subcommands(command: clap::Command) -> clap::Command {
                command.subcommands([
                    $(clap::Command::new($name)
                        .about(concat!($($about),+).trim_ascii_start())
                        $(.$method($value))*
                        .defer(|command| {
                            let command = <$arguments as Args>::augment_args(command);
                            // Again: structures of arguments tell about themselves.
                            command.about(concat!($($about),+).trim_ascii_start()).long_about(None)
                        }),)+
                ])
            }

            fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
                Command::augment_subcommands(command)
            }

            fn has_subcommand(name: &str) -> bool {
                [$($name),+].contains(&name)
            }
        }
    };
}
