//! Asking the generated program.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::runner::{Answer, Question};

/// The program's answers about documents of a set, one for each, in order. Where it ends without
/// one, that document has ended it, and another process is asked about those behind.
///
/// # Errors
/// The program cannot be started, or its answer cannot be parsed.
pub fn ask(program: &Path, set: &str, questions: &[&Question]) -> io::Result<Vec<Answer>> {
    let mut answers: Vec<Answer> = Vec::with_capacity(questions.len());
    while let Some(open @ [_, ..]) = questions.get(answers.len()..) {
        let last_words = ask_once(program, set, open, &mut answers)?;
        if answers.len() < questions.len() {
            answers.push(Answer::Died(last_words));
        }
    }
    Ok(answers)
}

fn ask_once(
    program: &Path,
    set: &str,
    questions: &[&Question],
    answers: &mut Vec<Answer>,
) -> io::Result<String> {
    let mut child = Command::new(program)
        .arg(set)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdin = child.stdin.take();
    let output = thread::scope(|scope| {
        // A program that ended closes the pipe; the answers that are missing tell of it.
        scope.spawn(|| stdin.map(|stdin| write(questions, stdin)));
        child.wait_with_output()
    })?;
    for line in output.stdout.split_inclusive(|byte| *byte == b'\n') {
        answers.push(serde_json::from_slice(line)?);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Ok(format!("{}: {}", output.status, words.trim()))
}

fn write(questions: &[&Question], pipe: impl io::Write) -> io::Result<()> {
    let mut pipe = io::BufWriter::new(pipe);
    for question in questions {
        serde_json::to_writer(&mut pipe, question)?;
        pipe.write_all(b"\n")?;
    }
    pipe.flush()
}
