//! The exercise, as its check and `serve --mine` use it.

use tonic::service::Routes;
use workbook::proto::users::user_service_server::UserServiceServer;

use super::check::Subject;
use super::exercise::Users;

pub const SUBJECT: Subject = |table| Routes::new(UserServiceServer::new(Users { table }));
