//! The exercise, as its check and `serve --mine` use it.

use tonic::service::Routes;
use workbook::proto::greeter::greeter_service_server::GreeterServiceServer;

use super::check::Subject;
use super::exercise::Greeter;

pub const SUBJECT: Subject = || Routes::new(GreeterServiceServer::new(Greeter));
