//! A terminal for a command: a pseudo-terminal of `script`, with a person who answers.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use crate::support::world::World;

/// What a person saw, and how the command ended.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) code: i32,
    /// Both streams, as they came, without the carriage returns of the terminal.
    pub(crate) screen: String,
}

/// Runs `mms` on a terminal. Each answer is typed once its prompt is there.
pub(crate) fn run(world: &World, command: &str, answers: &[(&str, &str)]) -> Watched {
    run_meanwhile(world, command, answers, &|| {})
}

/// Does the same while something else happens, between each prompt and its answer.
pub(crate) fn run_meanwhile(world: &World, command: &str, answers: &[(&str, &str)], meanwhile: &dyn Fn()) -> Watched {
    let mms = world.command(&[]);
    let mut script = Command::new("script");
    script.args(["-qec", &format!("exec '{}' {command}", env!("CARGO_BIN_EXE_mms")), "/dev/null"]);
    script.env_clear().env("PATH", "/usr/bin:/bin").env("TERM", "xterm").env("SHELL", "/bin/sh");
    for (name, value) in mms.get_envs() {
        script.env(name, value.unwrap_or_default());
    }
    script.current_dir(mms.get_current_dir().unwrap());
    let mut process = script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut keyboard, mut screen) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
    let mut seen = Vec::new();
    for (prompt, answer) in answers {
        let from = seen.len();
        while !String::from_utf8_lossy(&seen[from..]).contains(prompt) {
            let mut byte = [0];
            assert_eq!(screen.read(&mut byte).unwrap(), 1, "{prompt}: {}", String::from_utf8_lossy(&seen));
            seen.push(byte[0]);
        }
        meanwhile();
        keyboard.write_all(answer.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }
    screen.read_to_end(&mut seen).unwrap();
    let code = process.wait().unwrap().code().unwrap();
    Watched { code, screen: String::from_utf8_lossy(&seen).replace('\r', "") }
}
