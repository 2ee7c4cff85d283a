//! The exercise, as its check and `serve --mine` use it.

use tonic::service::Routes;
use workbook::proto::files::file_service_server::FileServiceServer;

use super::check::Subject;
use super::exercise::Files;

pub const SUBJECT: Subject = |store| Routes::new(FileServiceServer::new(Files { store }));
