//! Lesson 22, file transfer: both sides crash, the network breaks, and the file arrives once and whole.

mod attempt;
mod blind;
mod broken;
mod check;
mod claims;
mod client;
mod commit;
mod counting;
mod disk;
mod exercise;
mod folder;
mod get;
mod memory;
mod names;
mod note;
mod operator;
mod program;
mod put;
mod receive;
mod retry;
mod scenes;
mod service;
mod source;
mod store;
mod stores;
mod subject;
mod supply;
mod terminal;
mod upload;

use std::process::ExitCode;

use workbook::Lesson;
use workbook::proto::files::transfer_service_server::SERVICE_NAME;

use subject::SUBJECT;

fn main() -> ExitCode {
    let lesson = Lesson::new("22_file_transfer", "file transfer", &[SERVICE_NAME], program::router, || check::check(SUBJECT))
        .command(program::put_command(), program::put)
        .command(program::get_command(), program::get)
        .command(program::store_command(), program::store)
        .grpcurl(&[
            r#"-d '{"name":"hi.txt"}{"piece":{"data":"SGkh"}}{"end":{"size":"3","sha256":"ylHOH7FazG1puKVwAlYXL8xQfgIHPm8ZWS40G9ZQirg="}}' ADDR files.v1.TransferService/Put"#,
            r#"-d '{"name":"hi.txt"}' ADDR files.v1.TransferService/Get"#,
            r#"-d '{"name":"../hi.txt"}' ADDR files.v1.TransferService/Put"#,
        ]);
    scenes::all().into_iter().fold(lesson, Lesson::scene).run()
}
